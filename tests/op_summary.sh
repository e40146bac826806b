#!/bin/sh
# op_summary.sh FOLDER: what the tests of the op table and the random networks have counted, in a few words. They write lines
# of a name, a tab and a number to files in the folder (op_checks.hpp); counts are added up, of what is worst the largest is told.
set -eu
for file in "$1"/*; do
  if ! [ -e "$file" ]; then exit 0; fi # none of these tests has run
done
cat -- "$1"/* | LC_ALL=C awk -F '\t' '
  /^worst/ { if (!($1 in worst) || $2 + 0 > worst[$1]) worst[$1] = $2 + 0; next }
  { count[$1] += $2 }
  function part(text) { line = line (line == "" ? "" : "; ") text }
  function off(name) { return name in worst ? sprintf("%.1e", worst[name]) : "none checked" }
  function networks(scalar) {
    if (!(("networks in " scalar) in count)) return
    part(count["networks in " scalar] " random networks in " scalar ", worst gradient " off("worst gradient of a network in " scalar))
  }
  END {
    if ("values" in count) {
      ops = count["elementwise ops"] + count["structured ops"]
      if (ops) part(ops " ops (" count["elementwise ops"] + 0 " elementwise, " count["structured ops"] + 0 " structured)")
      part(count["gradients"] " gradient cases, " count["values"] " values")
      part("worst error in double: of values " off("worst value in double") ", of gradients " off("worst gradient in double") \
        ", seen from differences " off("worst gradient against differences in double"))
    }
    if ("controls" in count) part(count["controls caught"] " of " count["controls"] " wrong derivatives caught")
    networks("double")
    networks("float")
    if (line != "") print line
  }'
