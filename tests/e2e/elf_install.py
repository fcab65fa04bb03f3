"""The step "install" of elf.py's source package: wheels as they are, and modules of our own.

The modules are linked here, one of them against a library that a wheel has brought.
"""

import glob
import json
import os
import subprocess
import zipfile

LIBRARY = "int zmq_errno(void); int linked(void) { return zmq_errno(); }\n"


def unpack(wheel, place):
    """As an installer does it, which makes modules executable or not, as the wheel says."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
        for entry in archive.infolist():
            mode = entry.external_attr >> 16 & 0o777
            if mode and not entry.is_dir():
                os.chmod(os.path.join(place, entry.filename), mode | 0o200)


def compile_here(place):
    """One module that stands alone, one that needs libzmq where the wheel has it."""
    flags = ["-g", "-shared", "-fPIC", "-Wl,--build-id"]
    subprocess.run(["cc", *flags, "-o", f"{place}/ours.abi3.so", "ours.c"], check=True)
    for library in glob.glob(f"{place}/pyzmq.libs/libzmq*"):
        with open("linked.c", "w", encoding="utf-8") as text:
            text.write(LIBRARY)
        subprocess.run(["cc", *flags, "-o", f"{place}/linked.abi3.so", "linked.c", library,
                        "-Wl,-rpath,$ORIGIN/pyzmq.libs", "-Wl,--allow-shlib-undefined"], check=True)


with open("plan.json", encoding="utf-8") as text:
    for binary, wheel, place in json.load(text):
        target = f"debian/{binary}/{place}"
        os.makedirs(target, exist_ok=True)
        unpack(wheel, target)
        compile_here(target)
os.makedirs("debian/w-indep/usr/share/w-indep", exist_ok=True)
with open("debian/w-indep/usr/share/w-indep/data", "w", encoding="utf-8") as text:
    text.write("nothing to do here\n")
