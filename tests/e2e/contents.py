"""What the archive holds, read without the suite's own reader.

Shared by the oracles in this directory. The files are those that `dh-pydeps
update` let apt fetch; `apt-helper` reads whatever form apt stored them in.
"""

import collections
import glob
import json
import os
import re
import subprocess

APT_HELPER = "/usr/lib/apt/apt-helper"
POCKETS = ("", "-updates", "-security")
METADATA = re.compile(r"(?:^|/)([^/]+)\.(?:dist|egg)-info(?=/|$)")
# NAME[-VERSION[-pyX.Y[-PLATFORM]]]; a version begins with a digit.
STEM = re.compile(r"(?P<name>.+?)(?:-(?P<version>\d[^-]*(?:-\d[^-]*)*))?(?:-py\d.*)?$")
# What PEP 508 takes for a name, normalised.
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
PUBLIC = re.compile(r"usr/lib/python3/dist-packages/[^/]+$")
VERSIONED = re.compile(
    r"usr/lib/python3\.\d+/(?:(?:dist-packages|lib-dynload)/)?[^/]+$"
)


def normalise(name):
    """PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def split(stem):
    """Name and version in the name of a metadata directory, without its suffix."""
    match = STEM.match(stem)
    name, version = match["name"], match["version"]
    if "-" in name and not NAME.fullmatch(normalise(name)):
        # A template that nobody filled in: NAME-_VERSION_.
        name, version = name.split("-", 1)
    return name, version


class Copy(collections.namedtuple("Copy", "package path version")):
    """One package's metadata of a distribution."""

    @property
    def place(self):
        """How an interpreter finds it."""
        if PUBLIC.match(self.path):
            return "public"
        return "versioned" if VERSIONED.match(self.path) else "private"


def lists(cache, suite, what):
    """The list files of a suite and its pockets whose names end like this."""
    found = []
    for pocket in POCKETS:
        root = os.path.join(cache, "apt", f"{suite}{pocket}-amd64", "state", "lists")
        found += sorted(glob.glob(os.path.join(root, f"*_{what}*")))
    if not found:
        raise SystemExit(f"no {what} of {suite}: run `dh-pydeps update --suite {suite}`")
    return found


def cat(path):
    """The lines of one list file."""
    with subprocess.Popen([APT_HELPER, "cat-file", path], stdout=subprocess.PIPE) as child:
        yield from child.stdout
    if child.returncode:
        raise SystemExit(f"{APT_HELPER} failed on {path}")


def packages(cache, suite, provided=False):
    """The names in Packages, with those that packages provide where asked."""
    names = set()
    for path in lists(cache, suite, "binary-amd64_Packages"):
        for line in cat(path):
            if line.startswith(b"Package: "):
                names.add(line[9:].strip().decode())
            elif provided and line.startswith(b"Provides: "):
                names.update(item.split()[0] for item in line[10:].decode().split(","))
    return names


def distributions(cache, suite):
    """Every distribution name in Contents with its copies, of packages that exist."""
    known = packages(cache, suite)
    found = collections.defaultdict(set)
    for path in lists(cache, suite, "Contents-"):
        for raw in cat(path):
            if b"-info" not in raw:
                continue
            where, owners = raw.decode().rstrip().rsplit(None, 1)
            where = where.rstrip()
            matches = list(METADATA.finditer(where))
            if not matches:
                continue
            last = matches[-1]
            name, version = split(last.group(1))
            for owner in owners.split(","):
                package = owner.rsplit("/", 1)[-1]
                if package in known:
                    copy = Copy(package, where[: last.end()], version)
                    found[normalise(name)].add(copy)
    return found


def mapped(program, suite, names, batch=2000):
    """What `dh-pydeps map` answers, by name, from the files of the suite alone."""
    answers = {}
    names = sorted(filter(NAME.fullmatch, names))
    for at in range(0, len(names), batch):
        command = [program, "map", "--suite", suite, "--format", "json"]
        # Away from any debian/ directory.
        run = subprocess.run(
            command + ["--"] + names[at : at + batch],
            stdout=subprocess.PIPE,
            check=False,
            cwd="/",
        )
        if run.returncode not in (0, 1):
            raise SystemExit(f"`{' '.join(command)} …` ended with {run.returncode}")
        for answer in json.loads(run.stdout)["distributions"]:
            answers[answer["name"]] = answer
    return answers


def table(path, columns):
    """A tab-separated data file; `#` begins a comment line."""
    rows = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip() and not line.startswith("#"):
                row = line.rstrip("\n").split("\t")
                if len(row) != columns or not all(row):
                    raise SystemExit(f"{path}:{number}: not {columns} columns")
                rows.append(row)
    return rows
