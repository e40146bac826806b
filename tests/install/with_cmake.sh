#!/bin/sh
# with_cmake.sh CMAKE COMPILER PREFIX WORK: builds the program with find_package(xgrad), as the README says it, and checks the fit.
set -eu
here=$(dirname "$0")
cmake=$1 compiler=$2 prefix=$3 work=$4
unset CMAKE_BUILD_TYPE

configure() {
  rm -rf "$work"
  "$cmake" -S "$here/line" -B "$work" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON "$@" >"$work.log" 2>&1 || { cat "$work.log" && exit 1; }
}

# Only where no type of build is set does the package set one, and says so.
configure -DCMAKE_BUILD_TYPE=Debug
if grep 'CMAKE_BUILD_TYPE is not set' "$work.log" || grep -q -e ' -O' "$work/compile_commands.json"; then
  echo 'a Debug build was made another'
  exit 1
fi
configure
grep 'xgrad: CMAKE_BUILD_TYPE is not set; building for Release' "$work.log"
grep -q -e ' -O[23] ' "$work/compile_commands.json" || { echo 'the program is built without optimisation' && exit 1; }

"$cmake" --build "$work"
sh "$here/check_fit.sh" "$work/line"
