#!/usr/bin/env python3
"""Runs the GradBench programs on inputs with known answers: check.py PROGRAMS [NAME...].

PROGRAMS is the folder of the programs. Each function of NAME's data (data/NAME-*.input.json.gz; all names if none is given) must
give what data/NAME-*.expected.json.gz says: max|a - b| ≤ 1e-9 max|b| + 1e-13 for each array, 1e-6 where a descent's stopping
rule is no sharper. --times prints the mean time of a run for each.
"""
import argparse
import gzip
import json
import math
import pathlib
import subprocess
import sys
import tempfile

DATA = pathlib.Path(__file__).parent / "data"
DESCENTS = {"saddle", "particle"}


def numbers(value):
    """Shape and numbers of nested lists."""
    if not isinstance(value, list):
        return (), [value]
    parts = [numbers(v) for v in value]
    if len({shape for shape, _ in parts}) > 1:
        sys.exit("rows of different lengths")
    return ((len(value),) + parts[0][0] if parts else (0,)), [x for _, part in parts for x in part]


def distance(name, found, expected):
    """How far apart, as a fraction of what is allowed; infinite for another shape or a NaN."""
    if isinstance(expected, dict):
        if not isinstance(found, dict) or found.keys() != expected.keys():
            return math.inf
        return max(distance(name, found[key], expected[key]) for key in expected)
    (shape_a, a), (shape_b, b) = numbers(found), numbers(expected)
    if shape_a != shape_b or any(x is None or not math.isfinite(x) for x in a):
        return math.inf
    allowed = 1e-6 if name in DESCENTS else 1e-9 * max((abs(x) for x in b), default=0) + 1e-13
    return max((abs(x - y) for x, y in zip(a, b)), default=0) / allowed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--data", type=pathlib.Path, default=DATA)
    parser.add_argument("--times", action="store_true")
    args = parser.parse_args()
    ran, failed = 0, 0
    for file in sorted(args.data.glob("*.input.json.gz")):
        name, workload = file.name.split(".")[0].split("-")
        if args.names and name not in args.names:
            continue
        with gzip.open(str(file).replace(".input.", ".expected.")) as f:
            outputs = json.load(f)["outputs"]
        with tempfile.NamedTemporaryFile(suffix=".json") as unpacked:
            unpacked.write(gzip.open(file).read())
            unpacked.flush()
            for function, expected in outputs.items():
                done = subprocess.run([args.programs / name, unpacked.name, function], capture_output=True, text=True)
                lines = [json.loads(line) for line in done.stdout.splitlines()]
                far = distance(name, lines[0], expected) if done.returncode == 0 and lines else math.inf
                ran, failed = ran + 1, failed + (not far <= 1)
                text = f"{name:8} {workload:6} {function:9} {'ok' if far <= 1 else 'WRONG'}  {far:.1e} of the tolerance"
                if args.times:
                    runs = [line["nanoseconds"] for line in lines[1:] if line["name"] == "evaluate"]
                    text += f"  {sum(runs) / len(runs) / 1000:12.1f} µs" if runs else ""
                print(text + ("\n" + done.stderr.strip() if done.returncode else ""))
    print(f"{ran} functions, {failed} wrong")
    sys.exit(1 if failed or not ran else 0)


main()
