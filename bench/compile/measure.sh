#!/bin/sh
# Compile time (processor time, so that other load does not count) and peak memory of whole programs, NAME_xgrad.cpp, each against the
# same program on xtensor alone with a backward pass written by hand, NAME_xtensor.cpp. The two take turns.
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

# compile NAME: seconds and MiB of one compilation
compile() {
  python3 - "$compiler" "$flags" "$work" "$here/$1.cpp" <<'END'
import resource, shlex, subprocess, sys
compiler, flags, work, source = sys.argv[1:]
command = [*shlex.split(compiler), *shlex.split(flags), "-I" + work + "/include", "-c", source, "-o", work + "/out.o"]
status = subprocess.call(command)
if status: sys.exit(status)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{used.ru_utime + used.ru_stime:.3f} {used.ru_maxrss / 1024:.0f}")
END
}

# median FILE COLUMN
median() { cut -d' ' -f"$2" "$1" | sort -n | sed -n "$(((runs + 1) / 2))p"; }

echo "$($compiler --version | head -n 1), $flags, median of $runs"
for name in mlp rnn; do
  i=0
  while [ "$i" -lt "$runs" ]; do
    for side in xtensor xgrad; do compile "${name}_$side" >>"$work/${name}_$side"; done
    i=$((i + 1))
  done
  for side in xtensor xgrad; do
    echo "$(median "$work/${name}_$side" 1) $(median "$work/${name}_$side" 2)"
  done | paste -sd' ' - | awk -v name="$name" '{
    printf "%s on xtensor alone   %5.2f s  %4d MiB\n", name, $1, $2
    printf "%s with xgrad         %5.2f s  %4d MiB\n", name, $3, $4
    printf "    ratio            %5.2f    %5.2f\n", $3 / $1, $4 / $2
  }'
done
