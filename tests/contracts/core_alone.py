#!/usr/bin/env python3
"""core links alone: a program that uses it needs none of the objects of ops."""

import argparse
import pathlib
import shlex
import subprocess
import sys

EXPECTED = "261 162 162 54\n"


def main():
    parser = argparse.ArgumentParser()
    for name in ("root", "work", "compiler", "flags", "library", "libraries"):
        parser.add_argument("--" + name, required=True)
    args = parser.parse_args()
    if not args.library.endswith(".a"):
        sys.exit("a shared library has no parts to be linked alone")
    work = pathlib.Path(args.work)
    work.mkdir(parents=True, exist_ok=True)
    core = {path.name + ".o" for path in pathlib.Path(args.root, "core").glob("*/*.cpp")}
    objects = set(subprocess.run(["ar", "t", args.library], check=True, capture_output=True, text=True).stdout.split())
    if not core or core - objects or not objects - core:
        sys.exit(f"the library's objects are {sorted(objects)}, core's {sorted(core)}")
    subprocess.run(["ar", "x", args.library, *core], check=True, cwd=work)
    source = pathlib.Path(__file__).with_suffix(".cpp")
    subprocess.run([args.compiler, *shlex.split(args.flags), "-O1", str(source), *sorted(core), *shlex.split(args.libraries),
                    "-o", "core_alone"], check=True, cwd=work)
    output = subprocess.run([work / "core_alone"], check=True, capture_output=True, text=True).stdout
    print(output, end="")
    sys.exit(0 if output == EXPECTED else f"expected {EXPECTED}")


main()
