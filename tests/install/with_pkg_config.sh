#!/bin/sh
# with_pkg_config.sh PKG_CONFIG COMPILER PREFIX LIBDIR WORK: builds the program with one plain compiler call and checks the fit.
set -eu
here=$(dirname "$0")
pkg_config=$1 compiler=$2 prefix=$3 libdir=$4 work=$5
rm -rf "$work"
mkdir -p "$work"
export PKG_CONFIG_PATH="$prefix/$libdir/pkgconfig"
flags=$("$pkg_config" --cflags --libs xgrad)
echo "$flags"
# pkg-config escapes what a shell would take apart, such as spaces.
eval "set -- $flags"
"$compiler" -O2 -o "$work/line" "$here/../../examples/line.cpp" "$@"
LD_LIBRARY_PATH="$prefix/$libdir" sh "$here/check_fit.sh" "$work/line"
