"""unity.py ROOT BUILD OUT LOTS <FILES: files for clang-tidy, and their compile_commands.json, in OUT.

The library's sources go into LOTS files that include them, since clang-tidy spends its time on the headers; their names do not
clash. Every other source is a program's or a test's and stands alone.
"""
import json
import re
import sys


def flags_of(entry):
    """The command with neither the source nor the object, which are the source's own."""
    words = iter(entry["command"].split())
    kept = []
    for word in words:
        if word == "-o" or word == "-include":  # the latter is a precompiled header of the compiler's own
            next(words)
        elif word not in ("-c", "-Winvalid-pch", entry["file"]) and not word.endswith("ccache"):
            kept.append(word)
    return " ".join(kept)


def when(path):
    """clang wants a class instantiated before the members of it that other files define; a `using namespace` reaches to the end."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    of_members = re.search(r"^template (?!class|struct)\w.*\b\w+<(float|double)>::", text, re.MULTILINE) is not None
    of_classes = re.search(r"^template (class|struct) ", text, re.MULTILINE) is not None
    return ("using namespace detail" in text, of_members, not of_classes, path)


def main():
    root, build, out, lots = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    with open(f"{build}/compile_commands.json", encoding="utf-8") as file:
        commands = {entry["file"]: entry for entry in json.load(file)}
    paths = [path for path in sys.stdin.read().split("\n") if path]
    library = [path for path in paths if path.startswith(tuple(f"{root}/{wing}/" for wing in ("core", "ops", "nn")))]
    library.sort(key=when)
    units = [library[lot::lots] for lot in range(lots)] + [[path] for path in paths if path not in library]
    entries = []
    for unit in filter(None, units):
        name = f"{out}/unity_{len(entries)}.cpp"
        with open(name, "w", encoding="utf-8") as file:
            # By the name that the headers have, which is what .clang-tidy looks at.
            file.writelines(f'#include "{path.replace(root, build + "/include/xgrad", 1)}"\n' for path in unit)
        entries.append({"directory": build, "file": name, "command": f"{flags_of(commands[unit[0]])} -c {name}"})
    with open(f"{out}/compile_commands.json", "w", encoding="utf-8") as file:
        json.dump(entries, file, indent=1)


if __name__ == "__main__":
    main()
