#!/bin/sh
# Writes one seed per answer of the corpus: seeds.sh FOLDER
set -eu
folder=$1
here=$(dirname "$0")
mkdir -p "$folder"
cat "$here"/../answers/*.txt | grep -v '^#' | awk -v folder="$folder" '
  { text = $0
    split($1, id, ".")
    for (k = 0; k < 4; ++k) sub(/^[^|]*\| ?/, "", text)
    file = folder "/" NR
    printf "%c%s", 75 + (id[1] == 1 ? 0 : 17) + id[2] - 1, text > file  # 75 % 25 is 0: the question
    close(file) }'
