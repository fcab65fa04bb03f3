"""Installs packages that were generated into this throw-away chroot, and judges them.

Usage: corpus.py DIRECTORY

DIRECTORY has task.json (name and version: what was asked for; debs: the .deb files in
DIRECTORY; source: the source package that is judged, the others are what it needs; imports: modules that have to import; packages: what Depends has to name) and gets facts.json. Nothing here comes
from the program that is judged: requirements are read by pip's own `packaging`, versions
are compared by dpkg. Run as root of a chroot that nobody needs afterwards.
"""

import fcntl
import importlib.metadata
import json
import os
import re
import subprocess
import sys
from pathlib import PurePosixPath

import closure
import imports
from closure import Requirement, Version, canonicalize_name, version

APT = ["apt-get", "--quiet", "--yes", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"]
APT += ["-o", "Dpkg::Options::=--force-unsafe-io", "-o", "APT::Keep-Downloaded-Packages=true"]
PUBLIC = "/usr/lib/python3/dist-packages/"
RELATION = re.compile(r"^([a-z0-9][a-z0-9+.-]+)(?::[a-z0-9]+)?(?:\s*\(\s*(<<|<=|=|>=|>>)\s*(\S+)\s*\))?")
LOWER, UPPER = {">=", ">>", "="}, {"<<", "<=", "="}


def output(*command):
    """What a command that has to succeed says."""
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def install(directory, debs):
    """What keeps apt from installing them; None if nothing does."""
    paths = [os.path.join(directory, deb) for deb in debs]
    log = os.path.join(directory, "apt.log")
    # Chroots side by side share what apt has fetched, and apt does not wait for that lock.
    with open("/var/cache/judge/apt.lock", "w") as turn, open(log, "wb") as lines:
        fcntl.flock(turn, fcntl.LOCK_EX)
        code = subprocess.run([*APT, "install", *paths], stdout=lines, stderr=lines, check=False).returncode
    if not code:
        return None
    with open(log, encoding="utf-8", errors="replace") as lines:
        telling = [line.strip() for line in lines if re.match(r"E: |dpkg: error| .* : ", line)]
    return "; ".join(telling[-4:]) or f"apt-get ended with {code}"


def field(package, name):
    """A field of an installed package."""
    return output("dpkg-query", "-W", "-f", "${%s}" % name, package)


def relations(package):
    """The alternatives of each clause of Pre-Depends and Depends: package, operator, version."""
    text = ", ".join(field(package, name) for name in ("Pre-Depends", "Depends"))
    for clause in filter(None, (clause.strip() for clause in text.split(","))):
        found = (RELATION.match(part.strip()) for part in clause.split("|"))
        yield [match.groups() for match in found if match]


def owners(name):
    """The installed packages with the metadata of a distribution."""
    try:
        path = importlib.metadata.distribution(name)._path
    except importlib.metadata.PackageNotFoundError:
        return []
    said = subprocess.run(["dpkg", "-S", str(path)], capture_output=True, text=True, check=False).stdout
    return [owner.strip() for line in said.splitlines() for owner in line.split(": ")[0].split(",")]


def names_of(package):
    """A package's name and what it provides."""
    provided = (part.split("(")[0].strip() for part in field(package, "Provides").split(","))
    return {package.split(":")[0], *filter(None, provided)}


def upstream(text):
    """A bound as a Python version: without epoch, revision and tildes; None if it is none."""
    text = text.split(":", 1)[-1].rstrip("~")
    text = re.sub(r"-[^-]*$", "", text)
    return version(re.sub(r"~+(dev|a|b|rc)", r"\1", text.replace("+post", ".post")))


def missing_bounds(requirement, mine, here):
    """The bounds of a requirement that no relation carries; here: installed versions of Debian that fit."""
    for clause in requirement.specifier:
        wanted = Version(clause.version.rstrip(".*")) if clause.operator != "===" else None
        for kind, side in (("lower", LOWER), ("upper", UPPER)):
            if not bounds(clause.operator, kind):
                continue
            have = [v for _, operator, v in mine if operator in side]
            if not have:
                yield f"{requirement}: {clause} has no {kind} bound"
            elif kind == "lower" and wanted and all(below(v, wanted) and v not in here for v in have):
                yield f"{requirement}: {clause} is only (>= {', '.join(have)})"


def bounds(operator, kind):
    """Whether an operator of PEP 440 bounds from that side."""
    return operator in {"lower": {">=", ">", "~=", "==", "==="}, "upper": {"<=", "<", "~=", "==", "==="}}[kind]


def below(text, wanted):
    """Whether a bound is lower than what is wanted."""
    found = upstream(text)
    return found is not None and found < wanted


def wrong(requirement, clauses):
    """What is wrong with a requirement."""
    found = owners(requirement.name)
    if not found:
        yield f"{requirement}: not installed"
        return
    have = importlib.metadata.version(requirement.name)
    have = version(have) or closure.debian_version(importlib.metadata.distribution(requirement.name)._path)
    if have is not None and not requirement.specifier.contains(have, prereleases=True):
        yield f"{requirement}: {have} is installed"
    names = set().union(*(names_of(owner) for owner in found))
    mine = [atom for clause in clauses for atom in clause if atom[0] in names]
    if not mine:
        yield f"{requirement}: {' or '.join(sorted(names))} is not in Depends"
    else:
        # Where Debian counts otherwise than upstream does, a bound can only name what is there.
        here = {re.sub(r"-[^-]*$", "", field(owner, "Version")) for owner in found}
        yield from missing_bounds(requirement, mine, here)


def requirements(name):
    """What the installed metadata requires here, without extras."""
    for text in importlib.metadata.requires(name) or ():
        requirement = Requirement(text)
        if closure.holds(requirement.marker, ()):
            yield requirement


def unnamed(packages, clauses):
    """What was expected in Depends and is not there."""
    named = {atom[0] for clause in clauses for atom in clause}
    return (f"{package} is not in Depends" for package in packages if package not in named)


def modules(packages):
    """The top-level modules that the packages have in the public place."""
    listed = [line for package in packages for line in output("dpkg", "-L", package).splitlines()]
    public = [PurePosixPath(line[len(PUBLIC):]) for line in listed if line.startswith(PUBLIC)]
    return imports.shallowest(path for path in public if not re.search(r"-info$", path.parts[0]))


def built_from(source, debs):
    """The packages that were built from a source package; the others are what they need."""
    form = "--showformat=${source:Package} ${Package}"
    said = [output("dpkg-deb", "--show", form, deb).split() for deb in debs]
    return [package for of, package in said if of == source]


def facts(directory, task):
    """Everything that is judged."""
    refused = install(directory, task["debs"])
    if refused:
        return {"install": refused}
    packages = built_from(task["source"], [os.path.join(directory, deb) for deb in task["debs"]])
    clauses = [clause for package in packages for clause in relations(package)]
    tried = sorted({*modules(packages), *task["imports"]})
    failures = [f"{one}: {said}" for one in tried if (said := imports.failure(one))]
    answer = {"install": None, "tried": tried, "imports": failures, "installed": None, "same": False, "requires": []}
    try:
        answer["installed"] = importlib.metadata.version(canonicalize_name(task["name"]))
        answer["same"] = version(answer["installed"]) == version(task["version"])
        answer["requires"] = [*unnamed(task["packages"], clauses)]
        answer["requires"] += [said for one in requirements(task["name"]) for said in wrong(one, clauses)]
    except importlib.metadata.PackageNotFoundError:
        answer["requires"] = ["its metadata is not installed"]
    return answer


def main():
    (directory,) = sys.argv[1:]
    with open(os.path.join(directory, "task.json"), encoding="utf-8") as task_file:
        task = json.load(task_file)
    answer = facts(directory, task)
    with open(os.path.join(directory, "facts.json"), "w", encoding="utf-8") as answers:
        json.dump(answer, answers, indent=1)


main()
