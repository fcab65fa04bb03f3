"""Relations at the archive's versions, judged by `packaging` and by dpkg.

Usage: specifiers.py PROGRAM CACHE SUITE SPECIFIERS

For every distribution in Contents, with the real specifiers that name it and with
every operator on versions near its own: the relation that the program writes is
satisfied by the package's version, says dpkg, exactly if the specifiers contain the
upstream version, says `packaging` with pre-releases allowed.
"""

import collections
import json
import re
import subprocess
import sys

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

import contents

OPERATORS = ("==", "!=", ">=", "<=", ">", "<", "~=", "===", "==*", "!=*")
# Of the versions near a distribution's own each operator gets every so many.
STRIDE = 4
ATOM = re.compile(r"[^ ]+(?: \((<<|>=|>>) ([^)]+)\))?$")
DPKG = {"<<": "lt", ">=": "ge", ">>": "gt"}
SHELL = 'while read -r a o b; do dpkg --compare-versions "$a" "$o" "$b" && echo y || echo n; done'


def near(version):
    """Versions that a requirement on this one is likely to name."""
    release = list(version.release)
    epoch = f"{version.epoch}!" if version.epoch else ""
    text = lambda numbers: epoch + ".".join(map(str, numbers))
    own = text(release)
    found = [version.public, own, own + ".0", text(release[:1]), text(release[:2])]
    found += [text(release[:-1] + [release[-1] + 1]), text([release[0] + 1])]
    found += [text(release[:-1] + [max(0, release[-1] - 1)])]
    found += [own + "rc1", own + ".dev0", own + ".post1"]
    return list(dict.fromkeys(found))


def clause(operator, version):
    """One specifier, or None if the operator cannot have that version."""
    star = operator.endswith("*")
    if star and not re.fullmatch(r"[\d.!]+", version):
        return None
    text = operator.rstrip("*") + version + (".*" if star else "")
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return None
    return text


def packaging_errs(text, upstream):
    """Where `packaging` 23.0, which bookworm has, departs from PEP 440, and why."""
    (specifier,) = SpecifierSet(text) if "," not in text else (None,)
    if specifier is None:
        return None
    bound = Version(specifier.version.removesuffix(".*"))
    same = bound.base_version == upstream.base_version
    if specifier.operator == ">" and upstream.local and bound.is_prerelease and same:
        return "takes 1+local for a local version of 1rc1"
    prefix = specifier.version.endswith(".*") or specifier.operator == "~="
    if prefix and upstream.epoch and 0 in upstream.release + bound.release:
        return "loses the zeros at the end of a version that has an epoch"
    return None


def requirements(upstreams, real):
    """Pairs of distribution and specifiers."""
    for at, (name, upstream) in enumerate(sorted(upstreams.items())):
        for specifiers in real.get(name, ()):
            yield name, specifiers
        versions = near(upstream)
        for place, operator in enumerate(OPERATORS):
            for version in versions[(at + place) % STRIDE :: STRIDE]:
                text = clause(operator, version)
                if text:
                    yield name, text


def related(program, suite, pairs, build, batch=2000):
    """The program's relations, in order."""
    answers = []
    for at in range(0, len(pairs), batch):
        command = [program, "relation", "--suite", suite, "--format", "json", "--quiet"]
        command += ["--build"] if build else []
        texts = [name + specifiers for name, specifiers in pairs[at : at + batch]]
        run = subprocess.run(
            command + ["--"] + texts, stdout=subprocess.PIPE, check=False, cwd="/"
        )
        if run.returncode not in (0, 1):
            raise SystemExit(f"`{' '.join(command)} …` ended with {run.returncode}")
        answers += json.loads(run.stdout)["relations"]
    return answers


def ask_dpkg(questions):
    """Which comparisons hold."""
    lines = "".join(f"{a} {operator} {b}\n" for a, operator, b in questions)
    run = subprocess.run(
        ["sh", "-c", SHELL], input=lines, stdout=subprocess.PIPE, text=True, check=True
    )
    return dict(zip(questions, (answer == "y" for answer in run.stdout.split()), strict=True))


def atoms(relation):
    """Clauses of alternatives of (operator, version), or None without bound."""
    clauses = [part.split(" | ") for part in relation.split(", ")]
    return [[ATOM.match(atom).groups() for atom in alternatives] for alternatives in clauses]


def questions(version, relation):
    """Each comparison that dpkg has to make."""
    for alternatives in atoms(relation):
        for operator, bound in alternatives:
            if operator:
                yield version, DPKG[operator], bound


def holds(version, relation, dpkg):
    """Whether dpkg takes the relation for satisfied."""
    return all(
        any(not op or dpkg[version, DPKG[op], bound] for op, bound in alternatives)
        for alternatives in atoms(relation)
    )


def main():
    program, cache, suite, data = sys.argv[1:]
    mapped = contents.mapped(program, suite, contents.distributions(cache, suite))
    excluded = sorted(name for name, answer in mapped.items() if not answer["upstream"])
    upstreams = {n: Version(a["upstream"]) for n, a in mapped.items() if a["upstream"]}
    real = collections.defaultdict(list)
    for name, specifiers in contents.table(data, 2):
        real[name].append(specifiers)
    pairs = list(requirements(upstreams, real))
    bad = []
    erred = collections.Counter()
    for build in (False, True):
        answers = related(program, suite, pairs, build)
        asked = {
            question
            for (name, _), answer in zip(pairs, answers, strict=True)
            for question in questions(mapped[name]["package_version"], answer["relation"])
        }
        dpkg = ask_dpkg(sorted(asked))
        for (name, text), answer in zip(pairs, answers, strict=True):
            wanted = SpecifierSet(text).contains(upstreams[name], prereleases=True)
            ours = holds(mapped[name]["package_version"], answer["relation"], dpkg)
            if wanted != ours == answer["satisfied"] and packaging_errs(text, upstreams[name]):
                erred[packaging_errs(text, upstreams[name])] += 1
            elif not wanted == ours == answer["satisfied"]:
                bad.append(
                    f"{name}{text} at {upstreams[name]}: packaging {wanted}, said"
                    f" {answer['satisfied']}, dpkg {ours} on `{answer['relation']}`"
                )
        field = "Build-Depends" if build else "Depends"
        codes = collections.Counter(f["code"] for a in answers for f in a["findings"])
        print(
            f"{suite}, {field}: {len(pairs)} requirements on {len(upstreams)} distributions,"
            f" {len(asked)} questions to dpkg; {codes['bound-names-archive-version']} bounds"
            " name the archive's version"
        )
    print(
        f"{suite}: {len(excluded)} of {len(mapped)} distributions have no readable upstream"
        f" version: {', '.join(excluded)}; {len(bad)} disagreements"
    )
    for reason, count in erred.items():
        print(f"{suite}: {count} times packaging is not followed: it {reason}")
    print("\n".join(bad))
    sys.exit(bool(bad))


main()
