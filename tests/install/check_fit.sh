#!/bin/sh
# check_fit.sh PROGRAM: for the points of line.cpp the means are 2 and 5.02, the sum of (x - 2)² is 10 and that of (x - 2)(y - 5.02) is
# 19.9: the least-squares line has a = 19.9 / 10 and b = 5.02 - 2 a; the mean of the squared errors is 0.107 / 5.
set -eu
want='y = 1.990 x + 1.040, loss 0.0214'
got=$("$1")
echo "$got"
if [ "$got" != "$want" ]; then
  echo "the fit should be: $want"
  exit 1
fi
