"""slowest.py BUILD...: the ten steps of each build and the ten tests that took longest, by ninja's and CTest's own records."""
import os
import sys


def steps(build):
    """[(seconds, output)] of the last run of every step in .ninja_log."""
    path = os.path.join(build, ".ninja_log")
    last = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            for line in file:
                if not line.startswith("#"):
                    start, end, _, output, command = line.rstrip("\n").split("\t")
                    last.setdefault((start, end, command), ((int(end) - int(start)) / 1000, output))
    return list(last.values())


def tests(build):
    """[(seconds, test)] of what CTest remembers: NAME RUNS AVERAGE, one a line."""
    path = os.path.join(build, "Testing", "Temporary", "CTestCostData.txt")
    found = []
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.startswith("---"):
                    break
                name, _, seconds = line.rsplit(None, 2)
                found.append((float(seconds), name))
    return found


for build in sys.argv[1:]:
    for what, found in (("build steps", steps(build)), ("tests", tests(build))):
        if found:
            print(f"\n=== slowest {what} of {build}: {len(found)} took {sum(seconds for seconds, _ in found):.0f} s together")
            for seconds, name in sorted(found, reverse=True)[:10]:
                print(f"{seconds:7.1f} s  {name}")
