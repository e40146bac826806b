#!/usr/bin/env python3
"""Compiles and runs the programs and commands that a Markdown document shows, and compares what they print.

```cpp            a program with `int main`: compiled and run; after <!-- file: NAME --> it must be what that file holds
```cpp fragment   statements: put into a function after tests/readme/prelude.hpp, compiled and run
```cpp no-run     shown only
```sh             commands; run if a ```text block follows and every command is `./xg homework`, `./xg example` or `./xg help`,
                  or if marked with <!-- run --> before the block; all must succeed, unless it says <!-- run: exit 1 -->
```text           right after one of these: what it prints on standard output, exactly, but for how last digits round;
                  after unmarked commands it is not compared
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Block:
    info: str  # what follows the opening fence
    line: int  # number of its first line of content
    text: str
    mark: str  # what <!-- run ... --> before it says, or ""
    follows: bool  # nothing but empty lines between the block before and this one


class Mistake(Exception):
    pass


def main():
    args = arguments()
    blocks = parse(args.document)
    shutil.rmtree(args.work, ignore_errors=True)
    args.work.mkdir(parents=True)
    (args.work / "xg").symlink_to(args.root / "xg")
    mistakes = []
    for block, after in zip(blocks, blocks[1:] + [None]):
        expected = after.text if after and after.info == "text" and after.follows else None
        try:
            check(args, block, expected)
        except Mistake as mistake:
            mistakes.append(f"{args.document.name}:{block.line}: {mistake}")
    report = "\n".join(mistakes)
    print(report or f"{args.document.name}: all is as shown")
    if args.must_fail is not None:
        return 0 if len(mistakes) == 1 and re.search(args.must_fail, report) else 1
    return 1 if mistakes else 0


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("document", type=Path)
    parser.add_argument("--root", type=Path, required=True, help="the source tree")
    parser.add_argument("--build", type=Path, required=True, help="the build directory")
    parser.add_argument("--work", type=Path, required=True, help="a directory of our own, emptied first")
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--flags", required=True)
    parser.add_argument("--headers", type=Path, help="xgrad's headers, precompiled: programs are compiled with them")
    parser.add_argument("--link", nargs="*", default=[], help="libraries")
    parser.add_argument("--must-fail", metavar="REGEX", help="succeed if there is exactly one mistake, and this describes it")
    return parser.parse_args()


def parse(document):
    blocks, mark, follows, fence = [], "", False, None
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1):
        if fence is not None:
            if line.strip() == "```":
                blocks.append(Block(*fence, "".join(text), mark, follows))
                mark, follows, fence = "", True, None
            else:
                text.append(line + "\n")
        elif opening := re.fullmatch(r"```(\S.*)?", line):
            fence, text = ((opening[1] or "").strip(), number + 1), []
        elif comment := re.fullmatch(r"<!-- ((?:run|file)\b.*?) *-->", line.strip()):
            mark = comment[1]
        elif line.strip():
            mark, follows = "", False
    if fence is not None:
        raise SystemExit(f"{document.name}:{fence[1]}: this block is not closed")
    return blocks


def check(args, block, expected):
    language, *words = block.info.split()[:2] or [""]
    kind = words[0] if words else ""
    if language in ("cpp", "c++"):
        if kind == "no-run":
            return
        if kind not in ("", "fragment"):
            raise Mistake(f"unknown mark '{kind}': write `cpp`, `cpp fragment` or `cpp no-run`")
        if (kind == "fragment") == bool(re.search(r"\bint main\(", block.text)):
            raise Mistake("mark what has no `int main` (and nothing else) as `cpp fragment`, or as `cpp no-run`")
        if block.mark.startswith("file: ") and block.text != (args.root / block.mark[6:]).read_text(encoding="utf-8"):
            raise Mistake(f"is not what {block.mark[6:]} holds")
        compare(run(args, [compile_program(args, block, kind)]), expected)
    elif language == "sh" and (block.mark or (expected is not None and harmless(block.text))):
        text = re.sub(r"^\$ ", "", block.text, flags=re.M)
        printed = run(args, ["sh", "-e", "-c", text], block.mark)
        if block.mark:
            compare(printed, expected)
    elif block.mark:
        raise Mistake("only `sh` blocks are marked with <!-- run -->")


def harmless(commands):
    """Are these only commands that are quick and change nothing? `./xg test` would run this very test."""
    lines = [line for line in re.sub(r"\\\n", " ", commands).splitlines() if line.strip() and not line.startswith("#")]
    return all(re.match(r"(\$ )?\./xg (homework|example|help)\b", line) for line in lines)


def compile_program(args, block, kind):
    place = f'#line {block.line} "{args.document.name}"\n'
    text = place + block.text
    if kind == "fragment":
        prelude = args.root / "tests/readme/prelude.hpp"
        text = f'#include "{prelude}"\nint main() {{\n{text}}}\n'
    program = args.work / f"line_{block.line}"
    source = program.with_suffix(".cpp")
    source.write_text(text, encoding="utf-8")
    flags = args.flags.split()
    if args.headers and kind != "fragment":
        if not re.search(r"^#include <xgrad/", text, flags=re.M):
            raise Mistake("includes nothing of xgrad")
        flags += ["-include", str(args.headers)]
    command = [args.compiler, *flags, f"-I{args.build / 'include'}", str(source), "-o", str(program), *args.link]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise Mistake("does not compile:\n" + result.stderr)
    return str(program)


def run(args, command, mark=""):
    wanted = re.fullmatch(r"run: exit (\d+)", mark)
    if mark and mark != "run" and not wanted:
        raise Mistake(f"unknown mark '{mark}': write `run` or `run: exit N`")
    environment = dict(os.environ, XG_NO_INSTALL="1", XG_BUILD_DIR=str(args.build), LD_LIBRARY_PATH=f"{args.build}:{args.build}/nn")
    result = subprocess.run(command, cwd=args.work, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if result.returncode != (int(wanted[1]) if wanted else 0):
        raise Mistake(f"exit code {result.returncode}:\n{result.stdout}{result.stderr}")
    return result.stdout


def compare(printed, expected):
    if expected is not None and without_rounding(printed) != without_rounding(expected):
        raise Mistake(f"prints\n{printed}instead of\n{expected}")


def without_rounding(text):
    """How the last digit rounds depends on the processor; whether it may, is for the program to say ("ok")."""
    return re.sub(r"(?<=largest difference )\d+(\.\d+)?e-1[3-9]\b", "0", text)


if __name__ == "__main__":
    sys.exit(main())
