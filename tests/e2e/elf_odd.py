"""Files that are no ordinary modules: made for a package, and judged in it.

Usage, as the step "install" of elf.py's source package: elf_odd.py

odd.json says which directory of the package they go to, where the installer's cache is, and
whether the damaged file is one that came so: only then a wheel's RECORD lists it.
"""

import base64
import hashlib
import json
import os
import subprocess
import tempfile

LARGE = 2 << 30
CODE = "int odd(void) { return 1; }\n"
MAIN = "int main(void) { return 0; }\n"


def header(machine):
    """A whole ELF file without content, of another machine."""
    data = bytearray(120)
    data[:7] = b"\x7fELF\x02\x01\x01"
    for at, size, value in [(16, 2, 3), (18, 2, machine), (20, 4, 1), (32, 8, 64),
                            (52, 2, 64), (54, 2, 56), (56, 2, 1), (58, 2, 64)]:
        data[at:at + size] = value.to_bytes(size, "little")
    return bytes(data)


def compiled(code, *flags):
    """What the compiler makes of it."""
    with tempfile.TemporaryDirectory() as place:
        with open(f"{place}/a.c", "w", encoding="utf-8") as text:
            text.write(code)
        subprocess.run(["cc", "-g", *flags, "-o", f"{place}/a", f"{place}/a.c"], check=True)
        with open(f"{place}/a", "rb") as file:
            return file.read()


def sha256(path):
    """Its digest, in small parts."""
    total = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            total.update(block)
    return total


def files():
    """Each with its permissions."""
    module = compiled(CODE, "-shared", "-fPIC")
    return {"foreign.so": (header(183), 0o644), "cut.so": (module[:1500], 0o644),
            "text.so": (b"GROUP ( libx.so.1 )\n", 0o644), "read-only.so": (module, 0o444),
            "static": (compiled(MAIN, "-static"), 0o755), "linked-1.so": (module + b"1", 0o755),
            "large.so": (header(62), 0o644)}


def install(target, cache, came_so):
    """Puts them there, as an installer does."""
    os.makedirs(f"{target}/odd-1.0.dist-info", exist_ok=True)
    os.makedirs(cache, exist_ok=True)
    for name, (data, mode) in files().items():
        with open(f"{target}/{name}", "wb") as file:
            file.write(data)
        os.chmod(f"{target}/{name}", mode)
    os.truncate(f"{target}/large.so", LARGE)
    for other in (f"{target}/linked-2.so", f"{cache}/linked.so"):
        os.link(f"{target}/linked-1.so", other)
    digests = {name: sha256(f"{target}/{name}") for name in sorted(os.listdir(target)) if "." not in name or name.endswith(".so")}
    with open(f"{target}/odd-1.0.dist-info/RECORD", "w", encoding="utf-8") as record:
        for name, digest in digests.items():
            if came_so or name != "cut.so":
                hashed = base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")
                record.write(f"{name},sha256={hashed},\n")
    with open(f"{target}/odd-1.0.dist-info/WHEEL", "w", encoding="utf-8") as wheel:
        wheel.write("Wheel-Version: 1.0\nTag: py3-none-manylinux_2_17_x86_64\n")
    with open("odd-digests.json", "w", encoding="utf-8") as text:
        json.dump({name: digest.hexdigest() for name, digest in digests.items()}, text)


def problems(top, deb, place, cache):
    """What is not as it was in the package that came of it."""
    with open(f"{top}/odd-digests.json", encoding="utf-8") as text:
        expect = json.load(text)
    said = []
    with tempfile.TemporaryDirectory() as unpacked:
        subprocess.run(["dpkg-deb", "-x", deb, unpacked], check=True)
        for name, digest in expect.items():
            path = f"{unpacked}/{place}/{name}"
            if not os.path.isfile(path) or os.path.islink(path):
                said.append(f"{name} is gone")
                continue
            if sha256(path).hexdigest() != digest:
                said.append(f"{name} is another file")
            mode, wanted = os.stat(path).st_mode & 0o777, 0o755 if name == "static" else 0o644
            if mode != wanted:
                said.append(f"{name} has mode {mode:o}")
    in_cache = f"{cache}/linked.so"
    if sha256(in_cache).hexdigest() != expect["linked-1.so"] or os.stat(in_cache).st_nlink != 1:
        said.append("the installer's cache was reached")
    return said


if __name__ == "__main__":
    with open("odd.json", encoding="utf-8") as text:
        install(**json.load(text))
