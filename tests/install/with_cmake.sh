#!/bin/sh
# with_cmake.sh CMAKE COMPILER PREFIX WORK: builds the program with find_package(xgrad) and checks the fit.
set -eu
here=$(dirname "$0")
cmake=$1 compiler=$2 prefix=$3 work=$4
rm -rf "$work"
"$cmake" -S "$here/line" -B "$work" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$prefix"
"$cmake" --build "$work"
sh "$here/check_fit.sh" "$work/line"
