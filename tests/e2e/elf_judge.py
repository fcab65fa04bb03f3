"""What became of a wheel in a package: judged by the wheel, readelf, dpkg and ld.so."""

import base64
import csv
import ctypes
import glob
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import zipfile

# What named tools of debhelper's document to change in dist-packages, by file.
DOCUMENTED = [
    ("dh_python3", re.compile(r"\.dist-info/(RECORD|WHEEL|INSTALLER|direct_url\.json|licen[cs]es?/.*|"
                              r"(LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*)$")),
    ("dh_python3", re.compile(r"(^|/)(__pycache__|\.pytest_cache)/")),
    ("dh_strip_nondeterminism", re.compile(r"\.(gz|png|zip|jar|mo|whl|egg)$")),
]
IMPORTS = {"numpy": "numpy", "pillow": "PIL._imaging", "psycopg2": "psycopg2", "pyzmq": "zmq",
           "cryptography": "cryptography.hazmat.bindings._rust", "lxml": "lxml.etree"}


def is_binary(data):
    """An ELF file or an ar archive."""
    return data[:4] == b"\x7fELF" or data[:8] == b"!<arch>\n"


def digest(top):
    """One hash for all that is below a directory: names, contents, modes, times."""
    total = hashlib.sha256()
    for folder, names, files in os.walk(top):
        names.sort()
        for name in sorted(files):
            path = os.path.join(folder, name)
            data = os.lstat(path)
            link = os.readlink(path) if os.path.islink(path) else ""
            content = "" if link else hashlib.sha256(open(path, "rb").read()).hexdigest()
            total.update(f"{path} {data.st_mode} {data.st_mtime_ns} {link} {content}\n".encode())
    return total.hexdigest()


def trees(top):
    """The same for the trees of the packages alone."""
    return {path: digest(path) for path in sorted(glob.glob(f"{top}/debian/*/"))}


def explained(name, before, after):
    """The tool that documents a change of a file that is no binary; None if none does."""
    for tool, pattern in DOCUMENTED:
        if pattern.search(name):
            return tool
    old, new = (text.split(b"\n", 1) for text in (before, after or b""))
    shebang = old[0].startswith(b"#!") and new[0].startswith(b"#! /usr/bin/python3")
    return "dh_python3" if shebang and old[1:] == new[1:] else None


def compare(root, wheel):
    """Binaries that are the same, those that are not, and other changes by tool."""
    same, lost, changes = [], [], {}
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            data, path = archive.read(entry), os.path.join(root, entry.filename)
            now = None
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as file:
                    now = file.read()
            if is_binary(data):
                (same if now == data else lost).append(entry.filename)
            elif now != data:
                tool = explained(entry.filename, data, now) or "nobody"
                changes.setdefault(tool, []).append(entry.filename)
    return same, lost, changes


def record_is_true(root):
    """Whether every file that RECORD lists is there as it says."""
    wrong = []
    for record in glob.glob(f"{root}/*.dist-info/RECORD"):
        with open(record, encoding="utf-8", newline="") as text:
            for path, hashed, _ in csv.reader(text):
                if hashed:
                    with open(os.path.join(root, path), "rb") as file:
                        found = hashlib.sha256(file.read()).digest()
                    found = base64.urlsafe_b64encode(found).decode().rstrip("=")
                    wrong += [path] if hashed != f"sha256={found}" else []
    return wrong


def loads(path):
    """What the dynamic linker says of a library, in a process of its own."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            ctypes.CDLL(path)
            said = "loads"
        except OSError as error:
            said = str(error)
        os.write(write, said.encode()[:4000])
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read().decode(errors="replace")
    _, status = os.waitpid(child, 0)
    said = said if os.WIFEXITED(status) else f"signal {os.WTERMSIG(status)}"
    return said.replace(os.path.dirname(path), "").replace(path, "")


def loading(root, names):
    """What the dynamic linker says of each."""
    return {name: loads(os.path.join(root, name)).replace(root, "") for name in names if ".so" in name}


def imports(root, wheel):
    """Whether the module that a wheel is for can be imported; None where its tag does not fit."""
    name = os.path.basename(wheel).lower()
    fits = f"cp{sys.version_info[0]}{sys.version_info[1]}-" in name or "abi3" in name
    module = next((m for n, m in IMPORTS.items() if name.startswith(n)), None)
    if not fits or not module:
        return None
    # What wheels require of others is there as Debian's packages, if at all.
    code = f"import sys; sys.path[1:1] = sys.argv[1:]; import {module}"
    words = [sys.executable, "-B", "-S", "-c", code, root, "/usr/lib/python3/dist-packages"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    said = done.stderr.replace(root, "").strip() or f"status {done.returncode}"
    return "" if done.returncode == 0 else said


def tree(top, wheel, place):
    """What became of the files, and what still loads, in a tree."""
    root = os.path.join(top, place)
    same, lost, changes = compare(root, wheel)
    with tempfile.TemporaryDirectory() as pristine:
        zipfile.ZipFile(wheel).extractall(pristine)
        names = same + lost
        before, after = loading(pristine, names), loading(root, names)
        # What a wheel requires is not here: an import may fail, but not in another way.
        was, now = imports(pristine, wheel), imports(root, wheel)
    broken = {n: [before[n], after[n]] for n in before if before[n] != after[n]}
    return {"binaries": len(same), "changed_binaries": lost, "broken": broken,
            "changes": {tool: len(names) for tool, names in changes.items()},
            "unexplained": changes.get("nobody", []), "imports": now == "",
            "import": None if now == was else f"{was!r} before, {now!r} now"}


def readelf(path):
    """NEEDED and the architecture."""
    said = subprocess.run(["readelf", "-hdW", path], capture_output=True, text=True, check=False).stdout
    return re.findall(r"\(NEEDED\).*\[(.*)\]", said)


def needed_packages(root):
    """The packages that have what the binaries below a directory need and it does not bring."""
    brought, needed = set(), set()
    for folder, _, files in os.walk(root):
        for name in files:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                if file.read(4) == b"\x7fELF":
                    brought.add(name)
                    needed.update(readelf(path))
    packages = set()
    for name in needed - brought:
        places = [f"{d}/x86_64-linux-gnu/{name}" for d in ("/lib", "/usr/lib")] + [f"/lib64/{name}"]
        said = subprocess.run(["dpkg", "-S", *places], capture_output=True, text=True, check=False).stdout
        packages.update(l.split(":")[0] for l in said.splitlines() if not l.startswith("diversion "))
    return packages


def package(where, binary, wheel, place):
    """One package: facts, and problems in words."""
    (deb,) = glob.glob(f"{where}/{binary}_1.0_*.deb")
    with tempfile.TemporaryDirectory() as top:
        subprocess.run(["dpkg-deb", "-R", deb, top], check=True)
        root = os.path.join(top, place)
        row = tree(top, wheel, place)
        control = os.path.join(top, "DEBIAN")
        problems = [f"{name} is not as in the wheel" for name in row["changed_binaries"]]
        problems += [f"{name}: {was!r} before, {now!r} now" for name, (was, now) in row["broken"].items()]
        problems += [f"import: {row['import']}"] if row["import"] else []
        if place.startswith("usr/lib/python3/"):
            problems += [f"{name} is changed, by nobody knows what" for name in row["unexplained"]]
        else:
            problems += [f"{tool} has changed {number} files" for tool, number in row["changes"].items()]
            problems += [f"RECORD is not true: {path}" for path in record_is_true(root)]
            if not glob.glob(f"{root}/*.dist-info/RECORD"):
                problems.append("RECORD is gone")
        for name in ("shlibs", "triggers"):
            path = os.path.join(control, name)
            if os.path.exists(path) and "ldconfig" in open(path, encoding="utf-8").read() + name.replace("shlibs", "ldconfig"):
                problems.append(f"it has {name}")
        problems += stripped(root)
        problems += modes(root)
        row["depends"] = sorted(depends(deb))
        wanted = needed_packages(root)
        ours = {name for name in row["depends"] if not name.startswith("python3")}
        if ours != wanted:
            problems.append(f"Depends has {sorted(ours)}, needed is {sorted(wanted)}")
    return {"package": binary, "problems": problems, **row}


def depends(deb):
    """The names of Depends."""
    said = subprocess.run(["dpkg-deb", "-f", deb, "Depends"], capture_output=True, text=True, check=True).stdout
    return {re.split(r"[ (:|]", item.strip())[0] for item in said.split(",") if item.strip()}


def stripped(root):
    """The modules that were linked here have to be stripped."""
    said = []
    for name in ("ours", "linked"):
        for path in glob.glob(f"{root}/{name}.*so"):
            sections = subprocess.run(["readelf", "-SW", path], capture_output=True, text=True, check=True).stdout
            if ".symtab" in sections or ".gnu_debuglink" not in sections:
                said.append(f"{os.path.basename(path)} is not stripped")
    return said


def modes(root):
    """Libraries are not executable (Policy 8.1)."""
    paths = [p for p in glob.glob(f"{root}/**/*.so*", recursive=True) if os.stat(p).st_mode & 0o777 != 0o644]
    return [f"{os.path.basename(p)} has mode {os.stat(p).st_mode & 0o777:o}" for p in paths]


def debug_packages(where, plan):
    """Each package has debugging information, of the modules that were linked here alone."""
    said = []
    for binary, wheel, _ in plan:
        debs = glob.glob(f"{where}/{binary}-dbgsym_1.0_*.*deb")
        if len(debs) != 1:
            said.append(f"{binary} has {len(debs)} packages of debugging information")
            continue
        listed = subprocess.run(["dpkg-deb", "-c", debs[0]], capture_output=True, text=True, check=True).stdout
        number = len(re.findall(r"/\.build-id/.*\.debug\n", listed))
        expect = 2 if "pyzmq" in wheel else 1
        if number != expect:
            said.append(f"{binary}-dbgsym has {number} files of debugging information, not {expect}")
    return said
