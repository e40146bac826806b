#!/bin/sh
# lint.sh ROOT BUILD JOBS [FILE...]: clang-format and shellcheck over the whole tree; clang-tidy, which is slow, over the files, or
# without files over the whole tree too. Nothing is changed.
set -eu
root=$1 build=$2 jobs=$3
shift 3

find "$root" -path "$root/build" -prune -o -type f \( -name '*.hpp' -o -name '*.cpp' \) -print0 | sort -z >"$build/lint.files"
if [ $# != 0 ]; then
  for file; do printf '%s\0' "$(readlink -f -- "$file")"; done >"$build/lint.named"
else
  cp "$build/lint.files" "$build/lint.named"
fi
cd -- "$root"

echo 'clang-format' >&2
xargs -0 -r clang-format --dry-run -Werror <"$build/lint.files"

echo 'shellcheck' >&2
find . -path ./build -prune -o -type f \( -name '*.sh' -o -path ./xg -o -path ./.ci/run \) -print0 | xargs -0 shellcheck

# clang-tidy knows only files of the build; programs that must not compile and files without a build are not among them. It spends
# its time on the headers, so the library's sources go into two lots, each a file that includes all of its own.
echo 'clang-tidy' >&2
sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' "$build/compile_commands.json" | sort -u >"$build/lint.built"
tr '\0' '\n' <"$build/lint.named" | grep -xFf "$build/lint.built" >"$build/lint.tidy" || :
mkdir -p "$build/lint"
rm -f "$build"/lint/*
python3 "$root/cmake/unity.py" "$root" "$build" "$build/lint" 2 <"$build/lint.tidy"
# The flags are GCC's; clang passes over those it does not know.
find "$build/lint" -name '*.cpp' -print0 | xargs -0 -r -n 1 -P "$jobs" clang-tidy-16 -p "$build/lint" --quiet --warnings-as-errors='*' \
  --config-file="$root/.clang-tidy" --checks=-bugprone-suspicious-include --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-everything
echo 'lint: nothing to complain of' >&2
