#!/bin/sh
# Compile time (processor time, so that other load does not count) and peak memory of a small training program that includes <xgrad/xgrad.hpp>, against a file that uses xtensor alone.
# usage: measure.sh [RUNS]   (default 5; the median counts)   CXX and CXXFLAGS say how both are compiled.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
runs=${1:-5}
compiler=${CXX:-g++}
flags=${CXXFLAGS:--std=c++20 -O2 -march=native}
work=$(mktemp -d "${TMPDIR:-/tmp}/xgrad-compile.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work/include"
ln -s "$here/../.." "$work/include/xgrad"
export CCACHE_DISABLE=1 # where the compiler is ccache in disguise

# seconds and MiB of one compilation, as the median over the runs of each
measure() {
  i=0
  while [ "$i" -lt "$runs" ]; do
    python3 - "$compiler" "$flags" "$work" "$1" <<'END' || return 1
import resource, shlex, subprocess, sys
compiler, flags, work, source = sys.argv[1:]
command = [*shlex.split(compiler), *shlex.split(flags), "-I" + work + "/include", "-c", source, "-o", work + "/out.o"]
status = subprocess.call(command)
if status: sys.exit(status)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{used.ru_utime + used.ru_stime:.3f} {used.ru_maxrss / 1024:.0f}")
END
    i=$((i + 1))
  done >"$work/times"
  for column in 1 2; do
    cut -d' ' -f"$column" "$work/times" | sort -n | sed -n "$(((runs + 1) / 2))p"
  done | paste -sd' ' -
}

echo "$($compiler --version | head -n 1), $flags, median of $runs"
alone=$(measure "$here/xtensor_alone.cpp") || exit 1
ours=$(measure "$here/train.cpp") || exit 1
printf '%s %s\n' "$alone" "$ours" | awk '{
  printf "xtensor alone (xarray, xmath)   %5.2f s  %4d MiB\n", $1, $2
  printf "xgrad, a small net trained      %5.2f s  %4d MiB\n", $3, $4
  printf "ratio                           %5.2f    %5.2f\n", $3 / $1, $4 / $2
}'
