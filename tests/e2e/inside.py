"""Installs an answer into this throw-away chroot, and says what came of it.

Usage: inside.py DIRECTORY

DIRECTORY has task.json (see closure.py; and packages: the Debian packages to install,
pins: what to generate as NAME==VERSION) and gets facts.json, or the log of the step
that failed. Run as root of a chroot that nobody needs afterwards: sdists are built
here, with build isolation, and code of strangers runs.
"""

import glob
import json
import os
import re
import subprocess
import sys

import closure
import imports
import uv

HERE = os.path.dirname(os.path.abspath(__file__))
APT = ["apt-get", "--quiet", "--yes", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"]
APT += ["-o", "Dpkg::Options::=--force-unsafe-io", "-o", "APT::Keep-Downloaded-Packages=true"]
COMPILERS = ["build-essential", "python3-dev", "pkg-config"]
SITE = "/usr/local/lib/python3*/*-packages/*-info"


class Failed(Exception):
    """A step could not be done."""


def run(directory, what, command):
    """Runs a command; its output goes to a log, whose end is the error."""
    log = os.path.join(directory, f"{what}.log")
    with open(log, "ab") as output:
        code = subprocess.run(command, stdout=output, stderr=output, cwd="/", check=False).returncode
    if code:
        with open(log, encoding="utf-8", errors="replace") as lines:
            telling = [l.strip() for l in lines if re.match(r"E: |ERROR|error|.*Error: ", l.strip())]
        raise Failed(f"{what}: {'; '.join(telling[-3:]) or f'exit status {code}'}")


def pip(*words):
    """A command line of pip that needs nothing to be installed."""
    (wheel,) = glob.glob("/opt/judge/pip-*.whl")
    return [sys.executable, f"{wheel}/pip", *words]


def wheels(directory, pins):
    """Fetches wheels; where there is only an sdist it is built, with compilers if need be."""
    where = os.path.join(directory, "wheels")
    command = pip("wheel", "--no-deps", "--wheel-dir", where, *pins)
    try:
        run(directory, "pip-wheel", command)
    except Failed:
        run(directory, "apt-compilers", [*APT, "install", *COMPILERS])
        run(directory, "pip-wheel-again", command)
    return sorted(glob.glob(os.path.join(where, "*.whl")))


def snapshot(directory, name, before):
    """What closure.py says now."""
    path = os.path.join(directory, name)
    script = [sys.executable, "-B", os.path.join(HERE, "closure.py")]
    said = subprocess.run(
        [*script, os.path.join(directory, "task.json"), before],
        stdout=subprocess.PIPE, check=False, cwd="/",
    )
    if said.returncode:
        raise Failed("closure.py failed")
    with open(path, "wb") as output:
        output.write(said.stdout)
    return path


def installed_by_pip():
    """The names of what lies where pip installs."""
    stems = (os.path.basename(path).rsplit(".", 1)[0] for path in glob.glob(SITE))
    return sorted({closure.canonicalize_name(stem.split("-")[0]) for stem in stems})


def facts(directory, task):
    """Everything, step by step."""
    if task["packages"]:
        run(directory, "apt", [*APT, "install", *task["packages"]])
    before = snapshot(directory, "before.json", "-")
    if task["pins"]:
        found = wheels(directory, task["pins"])
        install = ["--no-index", "--no-deps", "--ignore-installed", "--break-system-packages"]
        run(directory, "pip-install", pip("install", *install, *found))
    after = snapshot(directory, "after.json", before)
    with open(before, encoding="utf-8") as lines:
        names_before = json.load(lines)["names"]
    with open(after, encoding="utf-8") as lines:
        answer = json.load(lines)
    shadowed = sorted(set(names_before) & set(task["generated"]))
    answer |= {"by_pip": installed_by_pip(), "shadowed": shadowed, "debian": dpkg()}
    return answer | {"imports": imports.tried(sorted(task["generated"]))}


def dpkg():
    """The versions of the installed packages."""
    show = ["dpkg-query", "-W", "-f", "${Package} ${Version}\n"]
    text = subprocess.run(show, stdout=subprocess.PIPE, text=True, check=True).stdout
    return dict(line.split() for line in text.splitlines() if " " in line.strip())


def main():
    (directory,) = sys.argv[1:]
    with open(os.path.join(directory, "task.json"), encoding="utf-8") as task_file:
        task = json.load(task_file)
    try:
        answer = facts(directory, task)
    except Failed as failed:
        answer = {"failed": str(failed)}
    os.makedirs(os.path.join(directory, "wheels"), exist_ok=True)
    answer["uv"] = uv.opinion(directory, task)
    with open(os.path.join(directory, "facts.json"), "w", encoding="utf-8") as output:
        json.dump(answer, output, indent=1)


main()
