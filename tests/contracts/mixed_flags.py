#!/usr/bin/env python3
"""Files of one program compiled for different processors, linked in both orders: each runs its own kernels.

Function templates that both files instantiate stand in both objects under one name, and the linker keeps either. So
whatever both define under a name of this library's must hold no instruction that the older processor lacks.
"""

import argparse
import itertools
import pathlib
import re
import shlex
import subprocess
import sys

MAIN = """
#include <cmath>
#include <cstdio>
#include <vector>
std::vector<double> baseline();
std::vector<double> newer();
int main() {
  const auto a = baseline(), b = newer();
  if (a.size() != b.size() || a.empty()) return std::puts("sizes differ"), 1;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(std::abs(a[i] - b[i]) <= 1e-12 * (1 + std::abs(a[i]))))
      return std::printf("result %zu: %.17g and %.17g\\n", i, a[i], b[i]), 1;
  std::puts("equal");
}
"""


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def weak(obj):
    """Names that may be defined in several objects."""
    lines = (line.split() for line in output("nm", "--defined-only", obj).splitlines())
    return {words[-1] for words in lines if words[-2] in "WVu"}


def vector_extensions(obj):
    """Functions with instructions of AVX (all of these begin with v, but verr, verw and the like)."""
    found, function = set(), None
    for line in output("objdump", "-d", "--no-show-raw-insn", obj).splitlines():
        if match := re.match(r"[0-9a-f]+ <(.+)>:$", line):
            function = match[1]
        elif re.match(r"\s+[0-9a-f]+:\s+v(?!err|erw|mcall)", line):
            found.add(function)
    return found


def main():
    parser = argparse.ArgumentParser()
    for name in ("source", "work", "compiler", "flags", "library", "libraries"):
        parser.add_argument("--" + name, required=True)
    args = parser.parse_args()
    work = pathlib.Path(args.work)
    work.mkdir(parents=True, exist_ok=True)
    flags = shlex.split(args.flags)

    objects = {}
    for name, processor in (("baseline", "x86-64"), ("newer", "x86-64-v3")):
        objects[name] = str(work / f"{name}.o")
        output(args.compiler, *flags, "-O2", f"-march={processor}", f"-DFILE_NAME={name}", "-c", args.source, "-o", objects[name])

    shared = weak(objects["baseline"]) & weak(objects["newer"])
    risky = sorted(shared & vector_extensions(objects["newer"]))
    names = subprocess.run(["c++filt"], input="\n".join(risky), check=True, capture_output=True, text=True).stdout.splitlines()
    ours = [name for name in names if re.match(r"(?:\S+ )*?xg::", name.split("(")[0].split("<")[0] + "::") or name.startswith("xg::")]
    if not shared:
        sys.exit("no name is in both objects: nothing was tested")
    for name in ours:
        print("in both objects, with AVX instructions in one:", name)

    (work / "main.cpp").write_text(MAIN)
    output(args.compiler, "-c", str(work / "main.cpp"), "-o", str(work / "main.o"))
    can_run = "avx2" in pathlib.Path("/proc/cpuinfo").read_text()
    for order in itertools.permutations(("baseline", "newer")):
        program = str(work / "_".join(order))
        output(args.compiler, str(work / "main.o"), *(objects[o] for o in order), args.library, *shlex.split(args.libraries), "-o", program)
        if can_run:
            print(" before ".join(order) + ":", output(program).strip())
    print(f"{len(shared)} functions in both objects, {len(risky)} of them with AVX in one, {len(ours)} of those this library's")
    sys.exit(1 if ours else 0)


main()
