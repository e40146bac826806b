#!/bin/sh
# Writes one seed per answer of the corpus: seeds.sh FOLDER
set -eu
folder=$1
here=$(dirname "$0")
mkdir -p "$folder"
cat "$here"/../homework/answers/*.txt | grep -v '^#' | awk -v folder="$folder" '
  { text = $0
    for (k = 0; k < 4; ++k) sub(/^[^|]*\| ?/, "", text)
    file = folder "/" NR
    printf "%c%s", 65 + NR % 25, text > file
    close(file) }'
