"""Judges installed distributions against an answer: facts as JSON, no opinion.

Usage: closure.py TASK SNAPSHOT|- > FACTS

TASK is JSON: roots (requirements), generated (names), versions (name -> version, what the
answer promises), suite (names that the answer takes from the suite), stand_ins (name -> {package, version}: a package
that counts as the distribution, though it has no metadata of that name). SNAPSHOT is
what this script said of the complaints before the generated ones were installed.
Run by the interpreter whose distributions are judged; `packaging` is pip's own copy
where there is one, so that nothing has to be installed for the judge's sake.
"""

import importlib.metadata
import json
import os
import platform
import re
import subprocess
import sys

# A wheel of pip; off the path again once it is loaded, so that nobody finds its metadata.
PIP = os.environ.get("JUDGE_PIP")
sys.path[:0] = [PIP] if PIP else []
try:
    from pip._vendor.packaging.markers import default_environment
    from pip._vendor.packaging.requirements import InvalidRequirement, Requirement
    from pip._vendor.packaging.specifiers import InvalidSpecifier, SpecifierSet
    from pip._vendor.packaging.utils import canonicalize_name
    from pip._vendor.packaging.version import InvalidVersion, Version
except ImportError:
    from packaging.markers import default_environment
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.utils import canonicalize_name
    from packaging.version import InvalidVersion, Version
sys.path[:] = [path for path in sys.path if path != PIP]

# What Debian adds to an upstream version.
REPACKED = re.compile(r"[+~.](?:dfsg|ds|repack)[\d.]*.*$")
UNSET = ("", "0", "0.0", "0.0.0")


def version(text):
    """A version, or None."""
    try:
        return Version(text or "")
    except InvalidVersion:
        return None


def debian_version(path):
    """The upstream version of the package that has a file, as dpkg knows it."""
    owner = subprocess.run(["dpkg", "-S", str(path)], capture_output=True, text=True, check=False)
    package = owner.stdout.split(":")[0]
    if owner.returncode or not package:
        return None
    show = ["dpkg-query", "-W", "-f", "${Version}", package]
    full = subprocess.run(show, capture_output=True, text=True, check=True).stdout
    upstream = full.split(":", 1)[-1].rsplit("-", 1)[0]
    return version(REPACKED.sub("", upstream))


class World:
    """The distributions that this interpreter finds, first come first served."""

    def __init__(self):
        self.found = {}
        for distribution in importlib.metadata.distributions():
            name = distribution.metadata.get("Name")
            if name:
                self.found.setdefault(canonicalize_name(name), distribution)

    def version(self, name):
        """The version that counts; a placeholder gives way to the package's."""
        distribution = self.found[name]
        said = distribution.metadata.get("Version") or ""
        if said in UNSET or version(said) is None:
            return debian_version(distribution._path) or version(said)
        return version(said)

    def requirements(self, name):
        """What it requires, under whatever marker; the bad ones are left out."""
        for text in self.found[name].requires or ():
            try:
                yield Requirement(text)
            except InvalidRequirement:
                continue


def holds(marker, extras):
    """Whether a marker holds here for any of the extras, or for none where that is empty."""
    if marker is None:
        return True
    environment = default_environment()
    return any(marker.evaluate({**environment, "extra": extra}) for extra in extras or ("",))


def only_by_extra(requirement, extra):
    """Whether it is the extra that asks for this."""
    return holds(requirement.marker, (extra,)) and not holds(requirement.marker, ())


def met(world, stand_ins, requirement):
    """What is wrong with a requirement; None if it is met."""
    name = canonicalize_name(requirement.name)
    if name in world.found:
        have = world.version(name)
    elif name in stand_ins:
        have = version(stand_ins[name]["version"])
        if have is None:
            return None
    else:
        return "not installed"
    if requirement.url:
        return "asks for an address"
    if have is None:
        return "no readable version" if requirement.specifier else None
    return None if requirement.specifier.contains(have, prereleases=True) else f"is {have}"


def edges(world, task):
    """Every requirement that the answer promised to meet: (asker, requirement)."""
    generated = set(task["generated"])
    todo = [("the command line", Requirement(text)) for text in task["roots"]]
    done = set()
    while todo:
        asker, requirement = todo.pop()
        if (asker, str(requirement)) in done:
            continue
        done.add((asker, str(requirement)))
        yield asker, requirement
        name = canonicalize_name(requirement.name)
        if name not in world.found:
            continue
        for extra in ("", *requirement.extras):
            if not extra and name not in generated:
                continue
            wanted = (r for r in world.requirements(name) if asked(r, extra))
            through = f"{name}[{extra}]" if extra else name
            todo += [(through, inner) for inner in wanted]


def asked(requirement, extra):
    """Whether a distribution asks for this: by itself, or by one extra."""
    return only_by_extra(requirement, extra) if extra else holds(requirement.marker, ())


def judged_edges(world, task):
    """Each edge with what is wrong with it, and whether the answer names its target."""
    named = set(task["generated"]) | set(task["suite"]) | set(task["stand_ins"])
    for asker, requirement in edges(world, task):
        wrong = met(world, task["stand_ins"], requirement)
        if wrong is None and canonicalize_name(requirement.name) not in named:
            wrong = "not named by the answer"
        yield {"from": asker, "requirement": str(requirement), "wrong": wrong}


def complaints(world, leave_out):
    """What Debian's own packages require and do not have."""
    for name in sorted(set(world.found) - leave_out):
        for requirement in world.requirements(name):
            if holds(requirement.marker, ()):
                wrong = met(world, {}, requirement)
                if wrong:
                    yield [name, str(requirement), wrong]


def python_refusals(world, generated):
    """Generated distributions that refuse this Python."""
    here = platform.python_version()
    for name in generated:
        known = name in world.found
        text = world.found[name].metadata.get("Requires-Python") if known else None
        try:
            if text and not SpecifierSet(text).contains(here, prereleases=True):
                yield f"{name} asks for Python {text}, this is {here}"
        except InvalidSpecifier:
            yield f"{name} asks for Python {text}, which nobody can read"


def differing(world, promised):
    """Where a version is not what the answer says: name, promised, found."""
    for name, text in sorted(promised.items()):
        have = world.version(name) if name in world.found else None
        if version(text) != have:
            yield [name, text, str(have)]


def facts(task, before):
    """Everything that a judge has to know."""
    world = World()
    generated = set(task["generated"])
    own = list(complaints(world, generated))
    return {
        "python": platform.python_version(),
        "names": sorted(world.found),
        "differing": list(differing(world, task["versions"])) if before is not None else [],
        "edges": list(judged_edges(world, task)) if before is not None else [],
        "python_refusals": list(python_refusals(world, sorted(generated))),
        "complaints": own,
        "new_complaints": [c for c in own if c[:2] not in [b[:2] for b in before or own]],
    }


def main():
    task_path, before_path = sys.argv[1:]
    with open(task_path, encoding="utf-8") as task_file:
        task = json.load(task_file)
    before = None
    if before_path != "-":
        with open(before_path, encoding="utf-8") as before_file:
            before = json.load(before_file)["complaints"]
    json.dump(facts(task, before), sys.stdout, indent=1)


if __name__ == "__main__":
    main()
