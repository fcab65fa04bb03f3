"""Draws releases that a suite lacks from a ranking of downloads.

Usage: draw_releases.py PROGRAM RANKING SUITE FROM COUNT > releases.tsv

RANKING has tab-separated columns: name, version, month, rank, summary. From the rank FROM on, a
distribution is drawn if `PROGRAM map` says that the suite lacks it, if `PROGRAM resolve` has an
answer in which nothing else is to be packaged, and if the release of that answer has an sdist
without Rust: no Cargo.toml, no build requirement that runs cargo. Nothing is generated or built
for the draw. The index is the one that pip is configured for.
"""

import datetime
import io
import json
import re
import subprocess
import sys
import tarfile
import urllib.parse
import urllib.request

RUST = re.compile(rb"maturin|setuptools[-_]rust|puccinialin")
SIMPLE = "application/vnd.pypi.simple.v1+json"


def answer(program, *words):
    """What a command prints as JSON; None if it prints nothing."""
    command = [program, words[0], "--format", "json", "--quiet", *words[1:]]
    said = subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout
    return json.loads(said) if said else None


def ranked(ranking, start):
    """Rank and name from a rank on, most downloaded first."""
    with open(ranking, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines][1:]
    return sorted((int(row[3]), row[0]) for row in rows if row[3] and int(row[3]) >= start)


def missing(program, suite, names):
    """Those of the names that the suite lacks."""
    rows = answer(program, "map", "--suite", suite, "--", *names)["distributions"]
    return {row["name"] for row in rows if row["state"] == "missing"}


def release(program, suite, name):
    """The version of a distribution that is to be packaged, if that is all there is to do."""
    found = answer(program, "resolve", name, "--suite", suite, "--no-lock")
    if not found or found["conflict"]:
        return None
    made = [row for row in found["distributions"] if row["action"] not in ("use", "ignore")]
    return made[0]["version"] if [row["name"] for row in made] == [name] else None


def index():
    """The address of the package index."""
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    if not said:
        from pip._internal.models.index import PyPI
        said = PyPI.simple_url
    return said.rstrip("/") + "/"


def sdist(place, name, version):
    """The bytes of a release's sdist, if it has one that is a .tar.gz."""
    page = urllib.parse.urljoin(place, f"{name}/")
    request = urllib.request.Request(page, headers={"Accept": SIMPLE})
    with urllib.request.urlopen(request) as said:
        files = json.load(said)["files"]
    plain = re.sub(r"[-_.]+", "-", f"{name}-{version}.tar.gz").lower()
    for file in files:
        if re.sub(r"[-_.]+", "-", file["filename"]).lower() == plain.replace(".tar.gz", "-tar-gz"):
            with urllib.request.urlopen(urllib.parse.urljoin(page, file["url"])) as said:
                return said.read()
    return None


def has_rust(packed):
    """Whether an sdist has crates, or asks for what builds them."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive:
            name = member.name.rpartition("/")[2]
            if name == "Cargo.toml":
                return True
            if name in ("pyproject.toml", "setup.py") and member.name.count("/") == 1:
                if member.isfile() and RUST.search(archive.extractfile(member).read()):
                    return True
    return False


def main():
    program, ranking, suite, start, count = sys.argv[1:]
    rows = ranked(ranking, int(start))[: 40 * int(count)]
    lacked = missing(program, suite, [name for _, name in rows])
    place, drawn = index(), 0
    print(f"# Drawn on {datetime.date.today()} from rank {start} on, for {suite}, before anything was run on them.")
    print("# The ranking: the 15 000 most downloaded distributions of the package index, of November 2026.")
    print("# What is drawn, and how: tests/e2e/draw_releases.py.")
    print("name", "version", "rank", sep="\t")
    for rank, name in rows:
        if name not in lacked or drawn == int(count):
            continue
        version = release(program, suite, name)
        packed = version and sdist(place, name, version)
        if packed and not has_rust(packed):
            print(name, version, rank, sep="\t", flush=True)
            drawn += 1


main()
