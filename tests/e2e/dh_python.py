"""`map` against dh-python's own table, in one suite.

Usage: dh_python.py PROGRAM CACHE SUITE

Where both know a name they have to agree, or dh-python-differences.tsv says why they
do not. A name that only the table knows has to be absent from the suite's Contents,
and where unstable has it, `map` has to name the package that holds it there.
"""

import collections
import glob
import os
import subprocess
import sys
import tempfile

import contents

DIFFERENCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dh-python-differences.tsv")
TABLE = "usr/share/dh-python/dist/cpython3_fallback"
UNSTABLE = "sid"


def table(cache, suite):
    """The suite's table by normalised name, from its own dh-python."""
    root = os.path.join(cache, "apt", f"{suite}-amd64")
    with tempfile.TemporaryDirectory() as scratch:
        options = {
            "Dir::State": f"{root}/state/",
            "Dir::State::status": f"{root}/state/status",
            "Dir::Cache": scratch,
            "Dir::Etc::sourcelist": "/dev/null",
            "Dir::Etc::sourceparts": f"{root}/sources.list.d/",
            "Dir::Etc::preferencesparts": "/dev/null",
            "APT::Architecture": "amd64",
            "APT::Sandbox::User": "",
        }
        command = ["apt-get", "-q"]
        for key, value in options.items():
            command += ["-o", f"{key}={value}"]
        environment = dict(os.environ, APT_CONFIG=f"{root}/apt.conf")
        subprocess.run(
            command + ["download", "dh-python"],
            cwd=scratch,
            env=environment,
            stdout=sys.stderr,
            check=True,
        )
        (package,) = glob.glob(f"{scratch}/*.deb")
        print(f"{suite}: table of {os.path.basename(package)}")
        subprocess.run(["dpkg-deb", "-x", package, f"{scratch}/root"], check=True)
        with open(f"{scratch}/root/{TABLE}", encoding="utf-8") as lines:
            fields = [line.split() for line in lines if line.strip()]
    known = {}
    for name, package, *_ in fields:
        other = known.setdefault(contents.normalise(name), package)
        if other != package:
            print(f"{suite}: the table has {name} as {other} and as {package}")
    print(f"{suite}: {len(fields)} lines, {len(known)} names")
    return known


def unexplained(suite, theirs, answers, explained):
    """Compares what both know; returns what is wrong."""
    bad = []
    both = {name for name in theirs if answers[name]["state"] == "mapped"}
    differing = {name for name in both if answers[name]["package"] != theirs[name]}
    for name in sorted(differing):
        pair = (answers[name]["package"], theirs[name])
        if explained.get(name) != pair:
            bad.append(f"{name}: ours {pair[0]}, theirs {pair[1]}, unexplained")
    bad += [f"{name}: explained, but there is no difference" for name in set(explained) - differing]
    aliases = [name for name in both if answers[name]["evidence"]["kind"] != "archive"]
    print(
        f"{suite}: {len(both)} names are known to both ({len(aliases)} of them to us as aliases:"
        f" {', '.join(sorted(aliases))}); {len(differing)} differ,"
        f" {len(differing & set(explained))} of them explained"
    )
    return bad


def only_theirs(suite, theirs, answers, held, packages, unstable):
    """What the table alone knows; returns what is wrong."""
    only = {name for name in theirs if answers[name]["state"] != "mapped"}
    bad = [f"{name}: missing, but Contents have it" for name in sorted(only & set(held))]
    kinds = collections.Counter()
    for name in sorted(only):
        hint = answers[name]["unstable"]
        holders = {copy.package for copy in unstable.get(name, ()) if copy.place != "private"}
        if bool(hint) != bool(holders) or (hint and hint not in holders):
            bad.append(f"{name}: hint {hint}, unstable has it in {holders or 'nothing'}")
        installable = theirs[name] in packages
        kinds["installable" if installable else "gone"] += 1
        kinds[("same" if hint == theirs[name] else "elsewhere") if hint else "nowhere"] += 1
    print(
        f"{suite}: {len(only)} names are known to the table only, {len(only - set(held))} of them"
        f" absent from Contents; the table names a package that {suite} does not have for"
        f" {kinds['gone']}, and one without the distribution for {kinds['installable']}"
    )
    print(
        f"{suite}: of these `map` says 'in unstable as …' for"
        f" {kinds['same'] + kinds['elsewhere']} ({kinds['elsewhere']} in another package than"
        f" the table says); {kinds['nowhere']} are in no public directory of unstable either"
    )
    return bad


def main():
    program, cache, suite = sys.argv[1:]
    theirs = table(cache, suite)
    held = contents.distributions(cache, suite)
    answers = contents.mapped(program, suite, set(theirs) | set(held))
    rows = contents.table(DIFFERENCES, 4)
    explained = {name: (ours, other) for name, ours, other, _ in rows}
    bad = unexplained(suite, theirs, answers, explained)
    packages = contents.packages(cache, suite, provided=True)
    unstable = contents.distributions(cache, UNSTABLE)
    bad += only_theirs(suite, theirs, answers, held, packages, unstable)
    ours = [name for name in held if name not in theirs]
    private = [name for name in ours if all(copy.place == "private" for copy in held[name])]
    print(f"{suite}: {len(ours)} names are known to us only, {len(private)} of them private copies")
    print("\n".join(bad))
    sys.exit(bool(bad))


main()
