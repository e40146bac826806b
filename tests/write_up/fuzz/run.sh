#!/bin/sh
# Builds the fuzzer with clang, address and undefined-behaviour sanitizers, and runs it: run.sh [RUNS], 20000 by default.
set -eu
runs=${1:-20000}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
root=$here/../../..
build=$root/build/fuzz
cmake -S "$root" -B "$build" -G Ninja -D CMAKE_CXX_COMPILER="${XG_FUZZ_CXX:-clang++-16}" -D CMAKE_BUILD_TYPE=Release -D XGRAD_FUZZ=ON
cmake --build "$build" --target write_up_fuzz
mkdir -p "$build/corpus"
sh "$here/seeds.sh" "$build/seeds"
exec "$build/bin/write_up_fuzz" -runs="$runs" -timeout=5 -max_len=4096 "$build/corpus" "$build/seeds"
