"""Draws applications that a suite lacks from a ranking of downloads.

Usage: draw.py PROGRAM RANKING > applications-by-downloads.tsv

RANKING has tab-separated columns: name, version, month, rank, summary. The header of
the table says what counts as an application and how is drawn. Only what is drawn is
looked at on the package index, and only by pip: its newest final wheel tells whether
it has console scripts.
"""

import configparser
import datetime
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile

SUITE = "trixie"
# Resolved for every suite anyway, so they are not drawn again.
NAMED = ("cfn-lint", "copier", "fastapi-cli", "flower", "textual-dev", "opentelemetry-distro")
CANDIDATES, DRAWN, STRIDE = 60, 20, 3
SOUNDS_LIKE_ONE = """command[- ]?line|cli|tool|toolkit|utility|linter|lint|formatter|server|
    terminal|runner|application|app|scanner|checker|checks|static analysis|type checker|
    package manager|workflow|generator|generate|generates|manage|manager|dashboard|shell|
    monitor|monitoring|compiler|converter|convert|profiler|debugger|ui|web interface|templates"""
SOUNDS_LIKE_A_PART = """sdk|library|libraries|client|plugin|plugins|extension|framework|
    bindings|binding|stubs|annotations|wrapper|api|integration|instrumentation|exporter|
    provider|driver|dialect|backend|middleware|adapter|connector|interface|module|runtime|
    core|types|backport|implementation|functions|class|classes|converting|handling|building|
    parser|kernel"""
HEADER = f"""\
# Applications that {SUITE} lacks, by downloads; drawn on {{date}}, before anything was run on them.
# The ranking: the 15 000 most downloaded distributions of the package index, of November 2026.
# A candidate is a distribution that `dh-pydeps map NAME --suite {SUITE}` says is missing and whose
# summary has one of the first and none of the second list of words in draw.py; a wheel's entry
# points tell better, but nobody downloads hundreds of wheels for a list. The first {CANDIDATES} are below,
# without the six that are resolved for every suite anyway.
# An application has a wheel with console_scripts in its newest final release; no stub packages.
# The draw: every third place from the first; where that is no application, the next place that is
# one and is not drawn yet, until there are {DRAWN}. Only these were looked at: the column is empty else.
# place, rank, name, console scripts (yes, no, no wheel), drawn; separated by tabs."""


def words(text):
    """A pattern for any of the words."""
    return re.compile(rf"\b({'|'.join(word.strip() for word in text.split('|'))})\b", re.I)


def missing(program, names):
    """Those of the names that the suite lacks."""
    command = [program, "map", "--suite", SUITE, "--format", "json", "--quiet", "--"]
    run = subprocess.run(command + names, stdout=subprocess.PIPE, check=False)
    answer = json.loads(run.stdout)["distributions"]
    return {row["name"] for row in answer if row["state"] == "missing"}


def candidates(program, ranking):
    """The first so many (rank, name) of the ranking that sound like an application."""
    with open(ranking, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines][1:]
    rows = sorted((int(row[3]), row[0], row[4]) for row in rows if row[3])
    one, part = words(SOUNDS_LIKE_ONE), words(SOUNDS_LIKE_A_PART)
    rows = [row for row in rows if one.search(row[2]) and not part.search(row[2])]
    lacked = missing(program, [name for _, name, _ in rows])
    fit = [(rank, name) for rank, name, _ in rows if name in lacked and name not in NAMED]
    return [row for row in fit if "stubs" not in row[1] and not row[1].startswith("types-")][:CANDIDATES]


def console_scripts(name):
    """Whether the newest final wheel has console scripts: yes, no, no wheel."""
    with tempfile.TemporaryDirectory() as directory:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        pip += ["--only-binary", ":all:", "--python-version", "3.13", "--dest", directory, name]
        if subprocess.run(pip, check=False).returncode:
            return "no wheel"
        (wheel,) = glob.glob(os.path.join(directory, "*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            found = [n for n in archive.namelist() if n.endswith(".dist-info/entry_points.txt")]
            text = "".join(archive.read(n).decode() for n in found)
    parser = configparser.ConfigParser(delimiters="=", interpolation=None, strict=False)
    parser.read_string(text)
    return "yes" if parser.has_section("console_scripts") else "no"


def draw(names):
    """The answers for what was looked at, and the places that are drawn."""
    looked, drawn = {}, set()
    for start in range(0, len(names), STRIDE):
        for place in range(start, len(names)):
            if place not in looked:
                looked[place] = console_scripts(names[place])
            if looked[place] == "yes" and place not in drawn:
                drawn.add(place)
                break
    return looked, sorted(drawn)[:DRAWN]


def main():
    program, ranking = sys.argv[1:]
    rows = candidates(program, ranking)
    looked, drawn = draw([name for _, name in rows])
    print(HEADER.format(date=datetime.date.today()))
    for place, (rank, name) in enumerate(rows):
        mark = "drawn" if place in drawn else ""
        print(place + 1, rank, name, looked.get(place, ""), mark, sep="\t")


main()
