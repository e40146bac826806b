#!/bin/sh
# check_fit.sh PROGRAM: for the points of line.cpp the means are 2 and 5, the sum of (x - 2)² is 10 and that of (x - 2)(y - 5) is 19.8:
# the least-squares line has a = 19.8 / 10 and b = 5 - 2 a.
set -eu
want='a = 1.980000, b = 1.040000'
got=$("$1")
echo "$got"
if [ "$got" != "$want" ]; then
  echo "the fit should be: $want"
  exit 1
fi
