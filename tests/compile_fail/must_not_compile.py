"""Demands that each case of a file does not compile, for the reason the file says.

    must_not_compile.py [--each] FILE COMPILER FLAG...

A case is

    #ifdef CASE_sum  // expect: regular expression that one of the compiler's error lines matches
    // first: regular expression that the first of them matches (optional)
    auto wrong(xg::var<double> v) { return xt::sum(v); }
    #endif

`expect` is often in GCC's words, so another compiler need only give an error; a line `// expect(clang): ...` says which. `first` is
in the library's words and holds for every compiler, unless there is a `// first(clang): ...`. Cases may use the same names. Without
any case the file must compile, so that no case can fail for want of a header.

Reading the library's headers takes far longer than a case, so one run of the compiler takes all cases, and each error goes to the
case it points to. A compiler says some things once only, to whichever case came first: a case that does not get its errors that way
is tried by itself before it fails. --each tries every case by itself.
"""
import argparse
import os
import re
import subprocess
import sys

MARKER = re.compile(r"// (expect|first)(\(clang\))?: (.+)$")
BEGIN = re.compile(r"#ifdef CASE_([a-z0-9_]+) ")
# What a case declares: a type, or a function, whose name follows its type.
TYPE = re.compile(r"^(?:struct|class|using|enum(?: class)?) (\w+)\b(?!::)")
FUNCTION = re.compile(r"^(?!static_assert|template)\w[\w:<>,&* ]*[ &*](\w+)(?: = .*)?[(;]")
INSTANTIATION = re.compile(r"required from|required by substitution|In (?:instantiation|substitution|function|member|constructor|lambda)")


class Case:
    def __init__(self, name, begin):
        self.name, self.begin, self.end = name, begin, None
        self.patterns = {}

    def pattern(self, kind, clang):
        if clang and (kind == "expect" or (kind, True) in self.patterns):
            return self.patterns.get((kind, True))
        return self.patterns.get((kind, False))


def read_cases(path, lines):
    cases, case = [], None
    for number, line in enumerate(lines, 1):
        where = f"{path}:{number}"
        begin = BEGIN.match(line)
        if begin and case is None:
            case = Case(begin[1], number)
        elif "CASE_" in line:
            sys.exit(f"{where}: not of the form `#ifdef CASE_name  // expect: regex`, after the `#endif` of the one before: {line}")
        if case:
            marker = MARKER.search(line)
            if marker:
                try:
                    case.patterns[marker[1], bool(marker[2])] = re.compile(marker[3])
                except re.error as error:
                    sys.exit(f"{where}: not a regular expression: {marker[3]}: {error}")
        if case and line.startswith("#endif"):
            case.end = number
            if not case.pattern("expect", False):
                sys.exit(f"{path}:{case.begin}: case {case.name} does not say what to expect: add `  // expect: regex`")
            cases.append(case)
            case = None
    if case:
        sys.exit(f"{path}:{case.begin}: case {case.name} has no `#endif` at the beginning of a line")
    if not cases:
        sys.exit(f"{path}: has no cases")
    names = [case.name for case in cases]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        sys.exit(f"{path}: two cases of one name: {', '.join(sorted(twice))}")
    return cases


def with_own_names(lines, cases):
    """The lines, with what a case declares named after the case."""
    lines = list(lines)
    for case in cases:
        body = range(case.begin, case.end - 1)
        declared = {match[1] for i in body for pattern in (TYPE, FUNCTION) if (match := pattern.match(lines[i]))}
        if declared:
            names = re.compile(r"(?<![\w:.])(" + "|".join(sorted(declared)) + r")\b")
            for i in body:
                lines[i] = names.sub(rf"\1_{case.name}", lines[i])
    return lines


def errors_by_line(path, output):
    """[(lines of the file that the error points to, best first; text of the error line)]."""
    here = re.compile(re.escape(path) + r":(\d+):")
    found, context, inherited = [], [], []
    for line in output.splitlines():
        places = [int(number) for number in here.findall(line)]
        if re.search(r"\berror: ", line):
            # The error's own place, then what led to it. Without either, it is a further error of the same instantiation.
            inherited = (places + context[::-1]) or inherited
            found.append((list(inherited), line))
            context = []
        elif "requested here" in line and found:  # clang says afterwards what led to the error
            found[-1][0].extend(places)
            inherited = inherited + places
        elif INSTANTIATION.search(line):
            if ": In " in line and not places:
                context = []
            context += places
        elif "note: " in line:
            context = []
    return found


def judge(case, errors, clang):
    """What is wrong with the errors of a case; nothing if they are as expected."""
    if not errors:
        return "compiles, but must not (or the error does not come from its lines)"
    expect, first = case.pattern("expect", clang), case.pattern("first", clang)
    if expect and not any(expect.search(text) for text in errors):
        return f"no error line matches `{expect.pattern}`"
    if first and not first.search(errors[0]):
        return f"the first error line does not match `{first.pattern}`"
    return None


class Compiler:
    def __init__(self, path, command):
        self.path = path
        self.command = command + ["-w", "-fsyntax-only", "-fdiagnostics-color=never", "-iquote", os.path.dirname(path), "-x", "c++", "-"]
        version = subprocess.run(command[:1] + ["--version"], capture_output=True, text=True, check=True).stdout
        self.clang = "clang" in version
        self.command += ["-ferror-limit=0", "-fno-caret-diagnostics"] if self.clang else ["-fmax-errors=0", "-fno-diagnostics-show-caret"]

    def errors(self, lines, cases):
        """Compiles with the cases; (all it said, the errors by line)."""
        # __FILE__ and messages name the file itself, not standard input.
        source = f'#line 1 "{self.path}"\n' + "\n".join(lines) + "\n"
        command = self.command[:]
        command[1:1] = [f"-DCASE_{case.name}" for case in cases]
        ran = subprocess.run(command, input=source, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
        errors = errors_by_line(self.path, ran.stderr)
        if ran.returncode not in (0, 1) or (ran.returncode == 1) != bool(errors):
            sys.exit(f"{self.path}: the compiler failed without an error message ({ran.returncode}):\n{ran.stderr}")
        return ran.stderr, errors


def of_case(case, cases, errors):
    """The errors that point to the case: the first of an error's places within any case decides."""
    mine = []
    for places, text in errors:
        owner = next((c for place in places for c in cases if c.begin < place < c.end), None)
        if owner is case:
            mine.append(text)
    return mine


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", action="store_true", help="try every case by itself")
    parser.add_argument("file")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="the compiler and its flags")
    arguments = parser.parse_args()
    with open(arguments.file, encoding="utf-8") as file:
        lines = file.read().splitlines()
    cases = read_cases(arguments.file, lines)
    compiler = Compiler(arguments.file, arguments.command)

    said, errors = compiler.errors(lines, [])
    if errors:
        sys.exit(f"{arguments.file}: without any case this file must compile, but:\n{said}")

    together = [] if arguments.each else compiler.errors(with_own_names(lines, cases), cases)[1]
    alone, failed = 0, 0
    for case in cases:
        if not arguments.each and judge(case, of_case(case, cases, together), compiler.clang) is None:
            continue
        alone += 1
        said, errors = compiler.errors(lines, [case])
        # clang does not always say which line led to an error; without the case there was none.
        mine = [text for _, text in errors] if compiler.clang else of_case(case, [case], errors)
        problem = judge(case, mine, compiler.clang)
        if problem:
            failed += 1
            print(f"{arguments.file}:{case.begin}: case {case.name}: {problem}:\n{said or '(nothing was said)'}\n")
    print(f"{len(cases)} cases, {alone} of them tried by themselves, {failed} failed")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
