"""Imports the top-level modules of distributions, each in a process of its own.

What is tried: the shallowest packages and modules in the distribution's RECORD (below a
namespace package, what is in it), or what its top_level.txt names where there is no
RECORD. Left out are names that are not for import: tests, documentation, examples,
benchmarks, setup scripts and `__main__`. Everything else has to import with what the
answer names alone; what needs an optional thing is explained in import-exceptions.tsv.
"""

import importlib.machinery
import importlib.metadata
import subprocess
import sys

NOT_FOR_IMPORT = {
    "__main__", "benchmark", "benchmarks", "conftest", "doc", "docs", "example", "examples",
    "scripts", "setup", "test", "testing", "tests",
}
SUFFIXES = tuple(importlib.machinery.all_suffixes())
LIMIT = 180


def module(parts):
    """The dotted name of a file of Python, and whether it is a package's; or None."""
    *parents, last = parts
    suffix = next((s for s in sorted(SUFFIXES, key=len, reverse=True) if last.endswith(s)), None)
    if suffix is None or suffix == ".pyc":
        return None
    stem = last[: -len(suffix)]
    names = parents if stem == "__init__" else parents + [stem]
    fit = names and all(n.isidentifier() and n.lower() not in NOT_FOR_IMPORT for n in names)
    return (tuple(names), stem == "__init__") if fit else None


def shallowest(paths):
    """The modules that are in no package of the same distribution."""
    found = {m for m in (module(tuple(path.parts)) for path in paths) if m}
    packages = {names for names, is_package in found if is_package}
    def inner(names):
        return any(names[:at] in packages for at in range(1, len(names)))
    return sorted({".".join(names) for names, _ in found if not inner(names)})


def modules(name):
    """What to import of an installed distribution."""
    distribution = importlib.metadata.distribution(name)
    files = [path for path in distribution.files or () if path.parts[0] != ".."]
    if any(path.name == "RECORD" for path in files):
        return shallowest(files)
    named = (distribution.read_text("top_level.txt") or "").split()
    return sorted(n for n in named if n.isidentifier() and n not in NOT_FOR_IMPORT)


def failure(name):
    """What importing it says last; None if it succeeds."""
    command = [sys.executable, "-W", "ignore", "-c", f"import {name}"]
    try:
        run = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            errors="replace", timeout=LIMIT, cwd="/", check=False,
        )
    except subprocess.TimeoutExpired:
        return f"takes more than {LIMIT} s"
    said = run.stderr.strip().splitlines() or [f"exit status {run.returncode}"]
    return said[-1] if run.returncode else None


def tried(generated):
    """Each import that was tried: distribution, module, what went wrong."""
    return [[name, one, failure(one)] for name in generated for one in modules(name)]
