"""Writes a suite's distributions as wheels that need nothing, for uv.

Usage: leaves.py PROGRAM CACHE SUITE DIRECTORY

A distribution of the suite is what it is, and its own requirements are apt's business,
so each becomes an empty wheel without requirements. Its version gets the local label
`debian`, which specifiers ignore: nothing on an index is mistaken for it. The names are
read from Contents, without our own readers; constraints.txt holds uv to them.
"""

import os
import sys
import zipfile

import contents
from closure import InvalidVersion, Version

WHEEL = "Wheel-Version: 1.0\nGenerator: leaves\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def labelled(text):
    """The version with the label; None if it is none."""
    try:
        version = Version(text or "")
    except InvalidVersion:
        return None
    local = f"{version.local}." if version.local else ""
    return f"{version.public}+{local}debian"


def write(directory, name, version):
    """An empty wheel."""
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    with zipfile.ZipFile(os.path.join(directory, f"{stem}-py3-none-any.whl"), "w") as wheel:
        wheel.writestr(f"{info}/METADATA", metadata)
        wheel.writestr(f"{info}/WHEEL", WHEEL)
        wheel.writestr(f"{info}/RECORD", "")


def main():
    program, cache, suite, directory = sys.argv[1:]
    os.makedirs(directory)
    answers = contents.mapped(program, suite, contents.distributions(cache, suite))
    lines = []
    for name, answer in sorted(answers.items()):
        version = labelled(answer["upstream"])
        if version and answer["public"]:
            write(directory, name, version)
            lines.append(f"{name}=={version}\n")
    with open(os.path.join(directory, "constraints.txt"), "w", encoding="utf-8") as output:
        output.writelines(lines)
    print(f"{suite}: {len(lines)} of {len(answers)} distributions written for uv")


if __name__ == "__main__":
    main()
