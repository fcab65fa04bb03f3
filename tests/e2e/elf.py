"""Packages wheels whole, with and without the add-on, and says what came of them.

Usage: elf.py DIRECTORY

DIRECTORY has task.json (suite; compats: levels to build at; only: names of wheels and variants, all if empty; bare:
whether to show, too, what happens without the add-on; again: whether to do once more what was
good before; programs: a directory with bin/ and perl5/, the programs and the add-on) and gets
facts.json and a log of each build. Run as root of a chroot that nobody needs afterwards.

What was good is kept beside the wheels, under a key of everything that it depends on: a run
that was interrupted goes on where it was.

What the programs say of files is not asked: the wheel is what a package is compared with,
readelf and dpkg -S say what has to be in Depends, and the dynamic linker what still loads.
"""

import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

import elf_judge as judge
import elf_odd

HERE = os.path.dirname(os.path.abspath(__file__))
APT = ["apt-get", "--quiet", "--yes", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"]
APT += ["-o", "Dpkg::Options::=--force-unsafe-io", "-o", "APT::Keep-Downloaded-Packages=true"]
TOOLS = ["build-essential", "debhelper", "dh-python", "dwz", "fakeroot", "file", "python3-dev"]
TOOLS += ["python3-cffi-backend"]  # what the wheel of cryptography imports
NEW = ["numpy", "pillow", "psycopg2-binary", "pyzmq", "cryptography", "lxml"]
OLD = {"numpy==1.16.6": "37", "pillow==7.0.0": "37", "psycopg2-binary==2.8.6": "38",
       "scipy==1.4.1": "37", "h5py==2.10.0": "37"}
LAYOUTS = {"tree": "usr/lib/{0}", "venv": "opt/venvs/{0}/lib/python3/site-packages",
           "public": "usr/lib/python3/dist-packages"}
CACHE = "/var/cache/judge/elf"
PLAIN = "int ours(void) { return 42; }\n"


def run(log, command, **more):
    """Runs a command with its output in a log; its status."""
    with open(log, "ab") as out:
        out.write(("$ " + " ".join(command) + "\n").encode())
        out.flush()
        return subprocess.run(command, stdout=out, stderr=out, check=False, **more).returncode


def wheels(directory):
    """The wheels by a short name, fetched once."""
    (pip,) = glob.glob("/opt/judge/pip-*.whl")
    own = f"{sys.version_info[0]}{sys.version_info[1]}"
    wanted = {name: own for name in NEW} | OLD
    found = {}
    for name, python in wanted.items():
        where = f"{CACHE}/{python}/{name}"
        if not glob.glob(f"{where}/*.whl"):
            platforms = ["manylinux1", "manylinux2014"] + [f"manylinux_2_{n}" for n in (17, 24, 26, 27, 28)]
            words = [w for p in platforms for w in ("--platform", f"{p}_x86_64")]
            code = run(f"{directory}/pip.log", [
                sys.executable, f"{pip}/pip", "download", "--quiet", "--no-deps",
                "--only-binary", ":all:", "--python-version", python, *words, "--dest", where, name])
            if code:
                raise SystemExit(f"{name}: no wheel, see pip.log")
        short = name.split("==")[0].split("-")[0] + ("-old" if "==" in name else "")
        (found[short],) = glob.glob(f"{where}/*.whl")
    return found


def package(name, layout):
    """The binary package's name."""
    return f"python3-w-{name}" if layout == "public" else f"w-{name}-{layout}"


def stanza(name, more=""):
    """A binary package of debian/control."""
    depends = "${misc:Depends}, ${shlibs:Depends}, ${python3:Depends}, ${pydeps:Depends}"
    if not name.startswith("python3-"):
        depends = depends.replace(", ${python3:Depends}", "")
    return (f"\nPackage: {name}\nArchitecture: any\n{more}Depends: {depends}\n"
            f"Description: wheel as it is, number {abs(hash(name)) % 99}\n Made to be looked at.\n")


RULES = """#!/usr/bin/make -f
%:
\tdh $@ {options}
override_dh_auto_install:
\t/usr/bin/python3 -B /judge/elf_install.py
# What the wheels require is another test's business.
override_dh_pydeps:
{more}
"""


def source(top, compat, chosen, with_addon=True, more="", options=""):
    """Writes a source package that puts these wheels into packages of each layout."""
    shutil.rmtree(top, ignore_errors=True)
    os.makedirs(f"{top}/debian/source")
    addon = ", dh-sequence-pydeps" if with_addon else ""
    control = (f"Source: wheels\nSection: python\nPriority: optional\n"
               f"Maintainer: A Tester <tester@example.org>\nRules-Requires-Root: no\n"
               f"Build-Depends: debhelper-compat (= {compat}), dh-sequence-python3{addon}\n"
               "Standards-Version: 4.7.2\n")
    plan = []
    for name, wheel in chosen.items():
        for layout, place in LAYOUTS.items():
            binary = package(name, layout)
            control += stanza(binary)
            plan.append([binary, wheel, place.format(binary)])
            if layout != "public":
                tree = place.format(binary)
                write(f"{top}/debian/{binary}.pyelf", f"# Private.\ntree {tree}\n")
    control += stanza("w-disabled", "Build-Profiles: <stage1>\n")
    control += stanza("w-indep").replace("Architecture: any", "Architecture: all")
    write(f"{top}/debian/control", control)
    write(f"{top}/debian/changelog",
          "wheels (1.0) unstable; urgency=medium\n\n  * Test.\n\n"
          " -- A Tester <tester@example.org>  Sun, 22 Nov 2026 10:00:00 +0000\n")
    write(f"{top}/debian/rules", RULES.format(more=more, options=options))
    os.chmod(f"{top}/debian/rules", 0o755)
    write(f"{top}/debian/source/format", "3.0 (native)\n")
    write(f"{top}/plan.json", json.dumps(plan))
    write(f"{top}/ours.c", PLAIN)
    return plan


def write(path, text):
    """Writes a file."""
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def build(io, top, log, options=("-b",), environment=None):
    """Builds it; the exit status."""
    env = dict(os.environ, PERL5LIB=f"{io}/perl5", PATH=f"{io}/bin:{os.environ['PATH']}",
               HOME="/nonexistent", DEB_BUILD_OPTIONS="nocheck",
               DPKG_DEB_COMPRESSOR_TYPE="none")
    env.update(environment or {})
    command = ["dpkg-buildpackage", "-us", "-uc", "-d", *options]
    return run(log, command, cwd=top, env=env)


def whole(io, compat, name, wheel):
    """A wheel in all layouts, with the add-on and nothing written by hand."""
    top, facts = f"/tmp/build-{compat}/wheels", {"rows": [], "problems": []}
    plan = source(top, compat, {name: wheel})
    log = f"{io}/build-{compat}-{name}.log"
    if build(io, top, log):
        facts["problems"].append(f"compat {compat}, {name}: the build fails, see {os.path.basename(log)}")
        return facts
    where = os.path.dirname(top)
    for binary, _, place in plan:
        facts["rows"].append({"compat": compat, **judge.package(where, binary, wheel, place)})
    if glob.glob(f"{where}/w-disabled*.deb"):
        facts["problems"].append("a package of a disabled profile was built")
    facts["problems"] += judge.debug_packages(where, plan) + again(io, top, log)
    shutil.rmtree(where)
    return facts


def again(io, top, log):
    """Every command twice, and without acting, changes nothing; all of them change no tree."""
    env = dict(os.environ, PATH=f"{io}/bin:{os.environ['PATH']}", HOME="/nonexistent")
    problems, trees = [], judge.trees(top)
    for command in ("scan", "hold", "restore", "check"):
        state, state_is_done = judge.digest(top), False
        for words in (["--no-act"], [], []):
            code = run(log, [f"dh_pyelf_{command}", *words], cwd=top, env=env)
            now = judge.digest(top)
            if code or (now != state and (words or state_is_done)):
                problems.append(f"dh_pyelf_{command} {words} once more: status {code}, changed {now != state}")
            state, state_is_done = now, not words
    if judge.trees(top) != trees:
        problems.append("scan, hold and restore once more have changed a tree")
    return problems


VARIANTS = {
    "override_dh_strip": ("override_dh_strip:\n\tdh_strip\n", [], 0),
    "hook": ("execute_after_dh_shlibdeps:\n"
             "\ttest -e debian/python3-w-pyzmq/usr/lib/python3/dist-packages/pyzmq.libs/libzmq*\n", [], 0),
    "emptied_restore": ("override_dh_pyelf_restore:\n", [], 1),
    "with": ("", ["--with", "pydeps"], 0),
    "with_before": ("", ["--with", "pydeps,python3"], 0),
    "indep": ("", [], 0),
    "arch": ("", [], 0),
}


def variant(io, compat, name, wheel):
    """What a maintainer writes or asks for."""
    more, words, expect = VARIANTS[name]
    top, facts = f"/tmp/variant-{compat}/wheels", {"rows": [], "problems": []}
    plan = source(top, compat, {"pyzmq": wheel}, with_addon=not words, more=more, options=" ".join(words))
    if name == "with_before":
        with open(f"{top}/debian/control", encoding="utf-8") as file:
            text = file.read()
        write(f"{top}/debian/control", text.replace(", dh-sequence-python3", ""))
    log = f"{io}/variant-{compat}-{name}.log"
    code = build(io, top, log, {"indep": ["-A"], "arch": ["-B"]}.get(name, ["-b"]))
    facts["problems"] = [f"compat {compat}, {name}: {problem}"
                         for problem in variant_problems(name, code, expect, log, plan, os.path.dirname(top))]
    shutil.rmtree(os.path.dirname(top))
    return facts


def variant_problems(name, code, expect, log, plan, where):
    """What is not as it should be."""
    built = [deb for deb in os.listdir(where) if deb.endswith(".deb")]
    with open(log, encoding="utf-8", errors="replace") as text:
        said = text.read()
    if bool(code) != bool(expect):
        return [f"status {code}, see {os.path.basename(log)}"]
    if code:
        return [] if "dh_pyelf_check: error:" in said else ["it is not the guard that fails"]
    if name == "indep":
        return [] if built == ["w-indep_1.0_all.deb"] else [f"built were {built}"]
    if name == "arch" and "w-indep_1.0_all.deb" in built:
        return ["a package for all architectures was built"]
    rows = [judge.package(where, binary, wheel, place) for binary, wheel, place in plan]
    return [f"{row['package']}: {problem}" for row in rows for problem in row["problems"]]


def odd(io, compat, came_so):
    """Files of all kinds, one of which is damaged: it came so, or the build is refused."""
    top, place = f"/tmp/odd-{compat}/wheels", "usr/lib/w-odd"
    source(top, compat, {})
    with open(f"{top}/debian/control", "a", encoding="utf-8") as control:
        control.write(stanza("w-odd"))
    write(f"{top}/debian/w-odd.pyelf", f"tree {place}\n")
    cache = f"{top}/../cache"
    write(f"{top}/odd.json", json.dumps({"target": f"debian/w-odd/{place}", "cache": cache, "came_so": came_so}))
    rules = RULES.format(more="", options="").replace("elf_install.py", "elf_odd.py")
    write(f"{top}/debian/rules", rules)
    log = f"{io}/odd-{compat}-{came_so}.log"
    code = build(io, top, log, environment={"DPKG_DEB_COMPRESSOR_TYPE": "gzip", "DPKG_DEB_COMPRESSOR_LEVEL": "1"})
    with open(log, encoding="utf-8", errors="replace") as text:
        said = text.read()
    if came_so:
        found = [f"status {code}, see {os.path.basename(log)}"] if code else \
            elf_odd.problems(top, glob.glob(f"{top}/../w-odd_*.deb")[0], place, cache) + again(io, top, log)
    else:
        refusal = "dh_pyelf_scan: error: w-odd: damaged files: usr/lib/w-odd/cut.so"
        found = [] if code and refusal in said else [f"status {code}, and not because of the damaged file"]
    shutil.rmtree(os.path.dirname(top))
    return {"rows": [], "problems": [f"compat {compat}, odd files: {problem}" for problem in found]}


def bare(io, compat, found, facts):
    """The same packages without the add-on, tool by tool: what breaks."""
    top = f"/tmp/bare-{compat}/wheels"
    plan = source(top, compat, found, with_addon=False)
    log = f"{io}/bare-{compat}.log"
    env = dict(os.environ, HOME="/nonexistent", DH_QUIET="1")
    for words in (["dh_prep"], ["debian/rules", "override_dh_auto_install"], ["dh_python3"], ["dh_fixperms"]):
        run(log, words, cwd=top, env=env)
    tools = (["dh_dwz"] if compat < 14 else []) + ["dh_strip", "dh_makeshlibs", "dh_shlibdeps"]
    for binary, wheel, place in plan:
        failed = []
        for tool in tools:
            one = f"{io}/bare-{compat}-{binary}-{tool}.log"
            if run(one, [tool, f"-p{binary}"], cwd=top, env=env):
                failed.append(tool)
            else:
                os.remove(one)
        row = judge.tree(f"{top}/debian/{binary}", wheel, place)
        control = f"{top}/debian/{binary}/DEBIAN"
        row["published"] = [n for n in ("shlibs", "triggers") if os.path.exists(f"{control}/{n}")]
        facts["bare"].append({"compat": compat, "package": binary, "failed": failed, **row})
    shutil.rmtree(os.path.dirname(top))


def key(io, task, *paths):
    """A digest of everything that a result depends on, but for the suite's own state."""
    scripts = [f"{HERE}/{name}.py" for name in ("elf", "elf_judge", "elf_install", "elf_odd")]
    programs = [path for path in glob.glob(f"{io}/bin/*") + glob.glob(f"{io}/perl5/**/*.pm", recursive=True)]
    total = hashlib.sha256(task["suite"].encode())
    for path in [*sorted(programs), *scripts, *paths]:
        with open(path, "rb") as file:
            total.update(hashlib.sha256(file.read()).digest())
    return total.hexdigest()


def kept(io, task, label, wheel, make):
    """What `make` gives, or what it gave when everything was the same and good."""
    path, now = f"{CACHE}/results/{task['suite']}-{label}.json", key(io, task, wheel)
    if os.path.exists(path) and not task.get("again"):
        with open(path, encoding="utf-8") as text:
            before = json.load(text)
        if before["key"] == now:
            return before["facts"]
    start = time.monotonic()
    facts = make()
    bad = facts["problems"] + [p for row in facts["rows"] for p in row["problems"]]
    took = f"{time.monotonic() - start:.0f} s"
    print("\n    ".join([f"  {label}: {len(bad)} problems, {took}", *bad]), file=sys.stderr, flush=True)
    if not bad:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write(f"{path}.new", json.dumps({"key": now, "facts": facts}))
        os.replace(f"{path}.new", path)
    return facts


def main(io):
    """Does it all."""
    with open(f"{io}/task.json", encoding="utf-8") as text:
        task = json.load(text)
    if run(f"{io}/apt.log", [*APT, "install", *TOOLS]):
        raise SystemExit("apt-get install failed, see apt.log")
    everything = wheels(io)

    def chosen(name):
        return not task["only"] or name in task["only"]

    found = {name: wheel for name, wheel in everything.items() if chosen(name)}
    facts = {"rows": [], "bare": [], "variants": [], "problems": []}
    for kind in ("bin", "perl5"):
        shutil.copytree(f"{task['programs']}/{kind}", f"{io}/{kind}", dirs_exist_ok=True)
    for compat in task["compats"]:
        for name, wheel in found.items():
            said = kept(io, task, f"{compat}-{name}", wheel, lambda: whole(io, compat, name, wheel))
            facts["rows"] += said["rows"]
            facts["problems"] += said["problems"]
        for name in filter(chosen, VARIANTS):
            wheel = everything["pyzmq"]
            said = kept(io, task, f"{compat}-variant-{name}", wheel, lambda: variant(io, compat, name, wheel))
            facts["variants"].append(f"{compat}:{name}")
            facts["problems"] += said["problems"]
        for came_so in (True, False) if chosen("odd") else []:
            label = f"{compat}-odd-{'whole' if came_so else 'refused'}"
            said = kept(io, task, label, f"{HERE}/elf_odd.py", lambda: odd(io, compat, came_so))
            facts["variants"].append(label)
            facts["problems"] += said["problems"]
        if task["bare"]:
            bare(io, compat, found, facts)
    with open(f"{io}/facts.json", "w", encoding="utf-8") as out:
        json.dump(facts, out, indent=1)


main(sys.argv[1])
