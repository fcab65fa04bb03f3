"""Markers, judged by `packaging`.

Usage: markers.py PROGRAM CACHE SUITE TABLE
       markers.py --write TABLE

TABLE is what the tests of pydeps-core are run with: drawn markers, each with a Python, a
machine, extras, and what `packaging` says of it. Here every line is judged again, and the
program is asked whether a requirement with such a marker holds for SUITE. `packaging` before
26 orders texts by their letters, which was never specified: such lines are left out there.
"""

import json
import random
import subprocess
import sys

from packaging.markers import Marker

PYTHONS = ("2.7.18", "3.9.2", "3.11.2", "3.13.5", "3.14.0")
MACHINES = ("x86_64", "aarch64", "riscv64")
EXTRAS = ((), ("x",), ("x", "y-z"))
FIXED = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "sys_platform": "linux",
}
ALIASES = {
    "os_name": "os.name",
    "sys_platform": "sys.platform",
    "platform_machine": "platform.machine",
    "platform_python_implementation": "python_implementation",
}
VERSIONS = ("python_version", "python_full_version", "implementation_version")
TEXTS = tuple(FIXED) + ("platform_machine",)
OPERATORS = ("==", "!=", "<", "<=", ">", ">=", "~=", "===", "in", "not in")
NUMBERS = (
    "2.7", "3", "3.1", "3.9", "3.10", "3.11", "3.13", "3.14", "4", "3.0", "3.13.5", "3.13.0",
    "3.13.*", "3.*", "3.11.2", "2.7.18", "3.14.0rc1", "3.14.0.dev0", "3.13.5.post1", "v3.9",
    " 3.9 ", "1!3.9",
)  # fmt: skip
WRONG = ("3.9.", "", "3.x", "3.9.*.1", "three", "2.7, 3.1", "2.7 3.13", "2.7,3.13", "['3.13']",
         "2.7|3.9", "3.11,3.13.5", "(3, 9)", "3.9;3.11", "3.13.5, 3.14.0", "3.9+local")  # fmt: skip
WORDS = ("posix", "nt", "linux", "linux2", "win32", "darwin", "Linux", "Windows", "CPython",
         "PyPy", "cpython", "pypy", "x86_64", "aarch64", "armv7l", "linux,darwin", "win", "",
         "x86", "AMD64 x86_64", "posix|nt", "Linux Darwin", "3.9", "it's")  # fmt: skip
NAMES = ("x", "X", "y_z", "Y.Z", "other", "x,y-z", "")


def quoted(text):
    return f'"{text}"' if "'" in text else f"'{text}'"


def comparison(draw):
    kind = draw.random()
    if kind < 0.6:
        variable, texts = draw.choice(VERSIONS), NUMBERS if draw.random() < 0.7 else WRONG
    elif kind < 0.9:
        variable, texts = draw.choice(TEXTS), WORDS
        if variable in ALIASES and draw.random() < 0.2:
            variable = ALIASES[variable]
    else:
        variable, texts = "extra", NAMES
    operator, text = draw.choice(OPERATORS), quoted(draw.choice(texts))
    # Texts are seldom ordered, and hardly ever by `~=` and `===`.
    if texts is not NUMBERS and operator not in ("==", "!=", "in", "not in"):
        operator = draw.choice(OPERATORS)
    if variable == "extra":
        operator = draw.choice(("==", "!="))
    sides = (text, variable) if draw.random() < 0.2 else (variable, text)
    return f"{sides[0]} {operator} {sides[1]}"


def marker(draw, depth=0):
    kind = draw.random()
    if depth > 1 or kind < 0.65:
        return comparison(draw)
    word = draw.choice((" and ", " or "))
    parts = [marker(draw, depth + 1) for _ in range(draw.choice((2, 2, 3)))]
    return word.join(parts) if draw.random() < 0.5 else f"({word.join(parts)})"


def environment(python, machine, extras):
    return FIXED | {
        "platform_machine": machine,
        "platform_release": "",
        "platform_version": "",
        "python_full_version": python,
        "implementation_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "extra": set(extras),
    }


def judged(text, python, machine, extras):
    """What packaging says; `invalid` where it has no answer."""
    try:
        return str(Marker(text).evaluate(environment(python, machine, extras))).lower()
    except (ValueError, KeyError):
        return "invalid"


def write(path):
    draw = random.Random(508)
    with open(path, "w", encoding="utf-8") as out:
        for _ in range(500):
            place = draw.choice(PYTHONS), draw.choice(MACHINES), draw.choice(EXTRAS)
            text = marker(draw)
            cells = place[0], place[1], ",".join(place[2]), judged(text, *place), text
            print("\t".join(cells), file=out)


def orders_texts():
    """Whether this is packaging before 26."""
    return Marker("os_name < 'z'").evaluate(environment("3.13.5", "x86_64", ()))


def asked(program, suite, markers):
    """Whether the program says that a requirement holds; None where it refuses the marker."""
    command = [program, "relation", "--suite", suite, "--architecture", "amd64"]
    command += ["--format", "json", "--quiet", "--"]
    run = subprocess.run(
        command + [f"six ; {text}" for text in markers],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, cwd="/",
    )  # fmt: skip
    if run.returncode in (0, 1):
        answer = json.loads(run.stdout)
        return answer["python"], [bool(one["relation"]) for one in answer["relations"]]
    if len(markers) == 1:
        return None, [None]
    half = len(markers) // 2
    first, second = asked(program, suite, markers[:half]), asked(program, suite, markers[half:])
    return first[0] or second[0], first[1] + second[1]


def main():
    if sys.argv[1] == "--write":
        return write(sys.argv[2])
    program, _, suite, table = sys.argv[1:]
    with open(table, encoding="utf-8") as rows:
        rows = [line.rstrip("\n").split("\t") for line in rows]
    if orders_texts():
        every = len(rows)
        rows = [row for row in rows if not {"<", "<=", ">", ">="} & set(row[4].split())]
        print(f"this packaging orders texts: {every - len(rows)} of {every} lines left out")
    bad = []
    for python, machine, extras, expect, text in rows:
        said = judged(text, python, machine, filter(None, extras.split(",")))
        if said != expect:
            bad.append(f"{text} on {python} {machine} [{extras}]: {expect}, packaging {said}")
    texts = [text for *_, text in rows]
    python, holds = asked(program, suite, texts)
    for text, held in zip(texts, holds, strict=True):
        everywhere = {judged(text, python, machine, ()) for machine in MACHINES}
        wanted = None if "invalid" in everywhere else "true" in everywhere
        if held != wanted:
            bad.append(f"{text} on {suite}: packaging {wanted}, said {held}")
    print(f"{len(rows)} markers, judged twice; {len(bad)} disagreements")
    print("\n".join(bad))
    sys.exit(bool(bad))


main()
