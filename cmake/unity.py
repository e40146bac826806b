"""unity.py ROOT BUILD OUT LOTS <FILES: unity files of the sources, and their compile_commands.json, in OUT.

Sources that are compiled with other flags, or that define the same names in unnamed namespaces, do not go into one file.
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
    return kept


def names_of_its_own(path):
    """Names a file defines at the beginning of a line and that other files may define too."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    return set(re.findall(r"^(?:template.*\n)?(?:static |constexpr |inline )*(?:struct|class|using|enum class|[\w:<>&*, ]+?[ &*])[ ]?(\w+)(?: final)?[ ]?[({=]", text, re.M))


def main():
    root, build, out, lots = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    with open(f"{build}/compile_commands.json", encoding="utf-8") as file:
        commands = {entry["file"]: entry for entry in json.load(file)}
    groups = {}
    for path in sys.stdin.read().split("\n"):
        if path:
            groups.setdefault(tuple(flags_of(commands[path])), []).append(path)
    entries = []
    for flags, paths in groups.items():
        units = [[set(), []] for _ in range(min(lots, len(paths)))]
        for number, path in enumerate(paths):
            names = names_of_its_own(path)
            fitting = [unit for unit in units if not unit[0] & names]
            if not fitting:
                units.append([set(), []])
                fitting = units[-1:]
            unit = min(fitting, key=lambda one: len(one[1]))
            unit[0] |= names
            unit[1].append(path)
        for _, members in units:
            name = f"{out}/unity_{len(entries)}.cpp"
            with open(name, "w", encoding="utf-8") as file:
                # By the name that the headers have, which is what .clang-tidy looks at.
                file.writelines(f'#include "{path.replace(root, build + "/include/xgrad", 1)}"\n' for path in members)
            entries.append({"directory": build, "file": name, "command": " ".join(flags) + f" -c {name}"})
    with open(f"{out}/compile_commands.json", "w", encoding="utf-8") as file:
        json.dump(entries, file, indent=1)


if __name__ == "__main__":
    main()
