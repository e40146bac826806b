#!/bin/sh
# with_nn.sh CMAKE PKG_CONFIG COMPILER PREFIX LIBDIR WORK: builds a network with xgrad::nn, through CMake and through pkg-config.
set -eu
here=$(dirname "$0")
cmake=$1 pkg_config=$2 compiler=$3 prefix=$4 libdir=$5 work=$6
rm -rf "$work"
mkdir -p "$work"
"$cmake" -S "$here/network" -B "$work" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$prefix" >"$work.log" 2>&1 ||
  { cat "$work.log" && exit 1; }
"$cmake" --build "$work"
"$work/iris" 20 | grep 'test accuracy'

export PKG_CONFIG_PATH="$prefix/$libdir/pkgconfig"
flags=$("$pkg_config" --cflags --libs xgrad-nn)
echo "$flags"
eval "set -- $flags"
"$compiler" -O1 -o "$work/by_hand" "$here/../../examples/iris.cpp" "$@"
LD_LIBRARY_PATH="$prefix/$libdir" "$work/by_hand" 20 | grep 'test accuracy'
