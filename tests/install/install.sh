#!/bin/sh
# install.sh CMAKE BUILD STAGE PREFIX: installs to STAGE and moves the tree to PREFIX, so that only what is relocatable works there.
set -eu
cmake=$1 build=$2 stage=$3 prefix=$4
rm -rf "$stage" "$prefix"
"$cmake" --install "$build" --prefix "$stage"
mv "$stage" "$prefix"
test -e "$prefix/include/xgrad/xgrad.hpp"
if grep -rF -e "$stage" -e "$build" "$prefix" --include='*.cmake' --include='*.pc'; then
  echo 'the installed files name the build directory or the place of installation, see above'
  exit 1
fi
