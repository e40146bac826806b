#!/usr/bin/env python3
"""Checks docs/cheat-sheet.md: every op of the op table (tests/op_table_*.cpp) stands in it; what its last columns show compiles, on variables;
what its third columns call is in xtensor.

cheat_sheet.py DOCUMENT --tables FILE... --compiler C++ --flags=FLAGS --work FOLDER [--wrong LINE --must-find REGEX]

With --wrong, only this line is compiled, and no op but those of it is there: that must be found.
"""
import argparse
import re
import subprocess
import sys
from pathlib import Path

# What the expressions of the sheet are made of.
PROGRAM = """
#include <xgrad/xgrad.hpp>
#include <xtensor-blas/xlinalg.hpp>
#include <xtensor/xhistogram.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xnorm.hpp>
#include <xtensor/xpad.hpp>
#include <xtensor/xrandom.hpp>
#include <xtensor/xset_operation.hpp>
#include <xtensor/xsort.hpp>
#include <xtensor/xview.hpp>

namespace xtensor_has {
%(names)s
}

using xt::placeholders::_;
using variable = xg::var<double>;

void compiles(xg::tape<double>& t, const variable& x, const variable& a, const variable& b, const variable& c, const variable& y,
              const variable& A, const variable& B, const xg::indices<double>& i, const xt::xarray<bool>& mask, double n,
              const xt::xarray<double>& p, const xt::xarray<double>& q, xg::rng& rng) {
  const auto rational = [](auto u, auto v) { return u / (1 + v * v); };
  const auto f = [](const auto& v) { return xg::sum(v * v); };
  const auto f_vjp = [](const auto& g, const auto&, const auto& v) { return 2 * g * v; };
  const auto step = [](const auto& z, const auto& v) { return v - z; };
  const auto flow = [](const auto&, const auto& z, const auto& v) { return v * z; };
%(lines)s
}
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("document", type=Path)
    parser.add_argument("--tables", type=Path, nargs="+", required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--flags", required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--wrong", metavar="LINE")
    parser.add_argument("--must-find", metavar="REGEX")
    args = parser.parse_args()

    rows = list(table_rows(args.document))
    ops = {name for table in args.tables for name in re.findall(r'row\(\s*"([^"]+)"', table.read_text(encoding="utf-8"))}
    if len(ops) < 100 or len(rows) < 100:
        return f"{len(ops)} ops, {len(rows)} lines: has the form of the tables changed?"
    if args.wrong:
        rows = [(1, cells_of(args.wrong))]
    mistakes = missing_ops(rows, ops) + does_not_compile(args, rows)
    if args.wrong:
        return 0 if re.search(args.must_find, "\n".join(mistakes)) else f"not found: {args.must_find}; but\n" + "\n".join(mistakes)
    print("\n".join(mistakes) or f"{args.document.name}: {len(ops)} ops, {len(rows)} lines; all is there")
    return 1 if mistakes else 0


def table_rows(document):
    """(line, cells) of each table row, heads and rules left out."""
    lines = document.read_text(encoding="utf-8").splitlines() + [""]
    for number, line in enumerate(lines, 1):
        if line.startswith("|") and not line.startswith("|---") and not lines[number].startswith("|---"):
            yield number, cells_of(line)


def cells_of(line):
    return [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def code(cell):
    return re.findall(r"`([^`]+)`", cell)


def missing_ops(rows, ops):
    """An op stands in the last column of a line, or, where its name is explained, in the first of two."""
    texts = [text for _, cells in rows for text in code(cells[-1]) + (code(cells[0]) if len(cells) == 2 else [])]
    missing = []
    for op in sorted(ops):
        word = rf"(?<!\w){re.escape(op)}(?!\w)" if re.match(r"\w", op) else rf"(?:^|[\w )]){re.escape(op)}(?=[\w ]|$)"
        if not any(re.search(word, text) for text in texts):
            missing.append(f"the op `{op}` does not stand in the sheet: add a line for it")
    return missing


def does_not_compile(args, rows):
    names, lines = set(), []
    for number, cells in rows:
        if len(cells) != 4:
            continue
        for text in code(cells[2]):
            names |= {(number, name.replace("la::", "xt::linalg::")) for name in re.findall(r"\b(?:xt|la)::(?:\w+::)*\w+", text)}
        place = f'#line {number} "{args.document.name}"'
        lines += [f"{place}\n  {{ using result = decltype({text}); }}" for text in code(cells[3])]
    using = [f'#line {number} "{args.document.name}"\nusing {name};' for number, name in sorted(names)]
    args.work.mkdir(parents=True, exist_ok=True)
    source = args.work / "cheat_sheet.cpp"
    source.write_text(PROGRAM % {"names": "\n".join(using), "lines": "\n".join(lines)}, encoding="utf-8")
    command = [args.compiler, *args.flags.split(), "-fsyntax-only", str(source)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode == 0:
        return []
    wrong = [line for line in result.stderr.splitlines() if re.match(rf"{re.escape(args.document.name)}:\d+:\d+: error:", line)]
    return wrong or [result.stderr]


if __name__ == "__main__":
    sys.exit(main())
