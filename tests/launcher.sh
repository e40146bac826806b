#!/bin/sh
# launcher.sh ROOT WORK: what ./xg says and where, without building anything: nothing here gets further than the packages.
set -eu
root=$1 work="$2/with a space"
rm -rf "$2"
mkdir -p "$work/tools" "$work/cwd"
ln -s "$root/xg" "$work/xg"
cd "$work/cwd"

fail() {
  echo "$1"
  echo '--- standard output'
  cat "$work/out"
  echo '--- standard error'
  cat "$work/err"
  exit 1
}

# expect CODE STDOUT STDERR ARGUMENTS...: the texts are extended regular expressions that a line matches; empty: nothing is printed.
expect() {
  code=$1 out=$2 err=$3
  shift 3
  status=0
  "$work/xg" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
  if [ "$status" != "$code" ]; then fail "xg $*: exit code $status instead of $code"; fi
  for stream in out err; do
    if [ "$stream" = out ]; then text=$out; else text=$err; fi
    if [ -n "$text" ]; then
      grep -qE -- "$text" "$work/$stream" || fail "xg $*: no line of $stream matches: $text"
    elif [ -s "$work/$stream" ]; then
      fail "xg $*: std$stream should be empty"
    fi
  done
}

expect 0 '^usage: ./xg ' '' help
expect 0 '^usage: ./xg ' ''
expect 0 '^homework$' '' example
expect 0 '^line$' '' example
for verb in test bench lint; do expect 0 '^usage: ./xg ' '' "$verb" --help; done
expect 2 '' '^xg: test --long takes no further arguments' test --long tape
expect 2 '' "^xg: lint: there is no file 'fly.cpp'" lint fly.cpp
expect 2 '' "^xg: unknown verb 'fly'; there are: .*homework" fly
expect 2 '' "^xg: there is no example 'fly'; there are: .*homework" example fly
expect 2 '' "^xg: there is no benchmark 'fly'; there are: compile " bench fly

# The last line of `xg test`: counts of several tests are added up, the worst is the largest; nothing, where none has run.
mkdir -p "$work/summary"
test -z "$(sh "$root/tests/op_summary.sh" "$work/summary")" || { echo 'a summary of nothing' && exit 1; }
printf 'elementwise ops\t12\nvalues\t100\ngradients\t300\nworst value in double\t2e-15\n' >"$work/summary/a"
printf 'structured ops\t10\nvalues\t20\ngradients\t30\nworst value in double\t1e-14\ncontrols\t7\ncontrols caught\t6\n' >"$work/summary/b"
sum=$(sh "$root/tests/op_summary.sh" "$work/summary")
case $sum in
  '22 ops (12 elementwise, 10 structured); 330 gradient cases, 120 values; '*'of values 1.0e-14, '*'6 of 7 wrong derivatives caught') ;;
  *) echo "the summary says: $sum" && exit 1 ;;
esac

# A machine on which nothing is installed.
printf '#!/bin/sh\nexit 1\n' >"$work/tools/dpkg-query"
printf '#!/bin/sh\necho "apt-get was called" >&2\nexit 1\n' >"$work/tools/apt-get"
chmod +x "$work/tools/dpkg-query" "$work/tools/apt-get"
PATH="$work/tools:$PATH"
refuses='missing, needed to build and run the homework: (.* )?libxtensor-dev .*Install with: sudo apt-get install --no-install-recommends '
expect 125 '' "$refuses" --no-install homework
XG_NO_INSTALL=1
export XG_NO_INSTALL
expect 125 '' "$refuses" homework sweep
expect 125 '' 'needed to build and run the tests: .*doctest-dev' test
expect 125 '' 'needed to build and run the benchmarks: .*libbenchmark-dev' bench
XG_CXX=clang++-99
export XG_CXX
expect 125 '' 'needed to build and run the tests: clang-99 ' test
unset XG_CXX
if grep -q 'called' "$work/err"; then fail 'apt-get was called'; fi

# Where it may install, it says what, and shows the whole of what apt-get said when that fails.
XG_NO_INSTALL=0
if [ "$(id -u)" = 0 ]; then
  expect 125 '' '^xg: installing .*libxtensor-dev.* \(needed to build and run the homework\)$' homework
  grep -q '^apt-get was called$' "$work/err" || fail 'what apt-get said is not shown'
fi

# Help of a program that is there needs neither packages nor the lock of the build.
mkdir -p "$work/built/bin"
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "help of $1"\n' >"$work/built/bin/homework"
chmod +x "$work/built/bin/homework"
if command -v flock >/dev/null; then exec 8>"$work/built/xg.lock" && flock 8; fi
XG_BUILD_DIR="$work/built"
export XG_BUILD_DIR
expect 0 '^help of sweep$' '' homework sweep --help
unset XG_BUILD_DIR
exec 8>&-

# Where the build directory cannot be made.
PATH=${PATH#*:}
touch "$work/file"
if dpkg-query -W nlohmann-json3-dev >/dev/null 2>&1; then
  XG_BUILD_DIR="$work/file/build"
  export XG_BUILD_DIR
  expect 125 '' '^xg: cannot write to .*XG_BUILD_DIR' homework
  mkdir -p "$work/other/xg.lock" # what is there cannot be written
  XG_BUILD_DIR="$work/other"
  expect 125 '' '^xg: cannot write to .*XG_BUILD_DIR' homework
fi
