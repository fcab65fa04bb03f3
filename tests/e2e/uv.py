"""What uv makes of an answer: a solver that shares nothing with ours.

uv is held to the suite's distributions (leaves.py) and, where there are any, to the
answer's pins; it builds nothing, but finds the wheels that were built before.
"""

import json
import os
import re
import subprocess

import closure
import leaves

UV = "/opt/judge/uv/bin/uv"
PIN = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)")


def extras(world, name):
    """What a distribution of the suite requires only where an extra is asked for."""
    every = world.found[name].metadata.get_all("Provides-Extra") or []
    requirements = list(world.requirements(name))
    wanted = [r for r in requirements if any(closure.only_by_extra(r, e) for e in every)]
    return every, [str(requirement) for requirement in wanted]


def configuration(suite, constraints):
    """A uv.toml that gives the suite's distributions their extras back."""
    world = closure.World()
    versions = dict(PIN.match(line).groups() for line in constraints)
    entries = []
    for name in sorted(set(suite) & set(world.found) & set(versions)):
        every, requires = extras(world, name)
        if requires:
            fields = {"name": name, "version": versions[name]}
            text = ", ".join(f"{key} = {json.dumps(value)}" for key, value in fields.items())
            lists = f"requires-dist = {json.dumps(requires)}, provides-extra = {json.dumps(every)}"
            entries.append(f"{{ {text}, {lists} }},\n")
    return f"dependency-metadata = [\n{''.join(entries)}]\n"


def save(directory, name, lines):
    """Writes lines to a file of this name."""
    path = os.path.join(directory, name)
    with open(path, "w", encoding="utf-8") as output:
        output.writelines(lines)
    return path


def compile_pins(directory, roots, words):
    """uv's pins by name, or what it says."""
    path = save(directory, "uv.in", [f"{root}\n" for root in roots])
    command = [UV, "pip", "compile", "--quiet", "--no-build", "--no-header", "--no-annotate"]
    command += ["--no-python-downloads", "--python", "/usr/bin/python3", *words, path]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if run.returncode:
        return {"refusal": run.stderr.strip()}
    pins = (PIN.match(line) for line in run.stdout.splitlines())
    return {"pins": {closure.canonicalize_name(m[1]): m[2] for m in pins if m}}


def same_major(directory, root):
    """The requirement with its newest release's major version; as it is where it says one."""
    requirement = closure.Requirement(root)
    if requirement.specifier or requirement.url:
        return root
    newest = compile_pins(directory, [root], ["--no-deps"]).get("pins", {})
    found = closure.version(newest.get(closure.canonicalize_name(requirement.name)))
    return f"{root}>={found.epoch}!{found.major},<{found.epoch}!{found.major + 1}" if found else root


def stand_ins(directory, task):
    """Wheels for what counts as a distribution without its metadata; their constraints."""
    where = os.path.join(directory, "stand-ins")
    os.makedirs(where, exist_ok=True)
    for name, stand_in in sorted(task["stand_ins"].items()):
        version = leaves.labelled(stand_in["version"] or "0")
        if version:
            leaves.write(where, name, version)
            yield f"{name}=={version}\n"


def constrained(directory, task):
    """The suite's distributions, each held to its version."""
    every = os.path.join(task["leaves"], "constraints.txt")
    left_out = set(task["generated"]) | set(task["stand_ins"])
    with open(every, encoding="utf-8") as lines:
        constraints = [line for line in lines if PIN.match(line)[1] not in left_out]
    return constraints + list(stand_ins(directory, task))


def generated(said):
    """The pins that are not the suite's."""
    return {n: v for n, v in said["pins"].items() if not v.endswith("debian")}


def fewer(directory, task, words):
    """Smaller sets that uv finds for the same roots where one distribution is forbidden."""
    roots = {closure.canonicalize_name(closure.Requirement(r).name) for r in task["roots"]}
    fixed = [f"{pin}\n" for pin in task["pins"] if pin.split("==")[0] in roots]
    for name in sorted(set(task["generated"]) - roots):
        path = save(directory, "forbidden.txt", [*fixed, f"{name}==0+forbidden\n"])
        said = compile_pins(directory, task["roots"], [*words, "--constraint", path])
        if "pins" in said and len(generated(said)) < len(task["pins"]):
            yield [name, sorted(generated(said))]


def opinion(directory, task):
    """What uv says: to the pins, or, without any, whether there is something after all.

    With pins also `fewer`: hints that fewer would do, though perhaps outside of the
    window in which versions may step back, of which uv knows nothing.
    """
    constraints = constrained(directory, task)
    settings = save(directory, "uv.toml", configuration(task["suite"], constraints))
    suite = save(directory, "suite.txt", constraints)
    pinned = save(directory, "pins.txt", [f"{pin}\n" for pin in task["pins"]])
    words = ["--config-file", settings, "--constraint", suite, "--find-links", task["leaves"]]
    for more in ("wheels", "stand-ins"):
        words += ["--find-links", os.path.join(directory, more)]
    roots = task["roots"] if task["pins"] else [same_major(directory, r) for r in task["roots"]]
    said = compile_pins(directory, roots, [*words, "--constraint", pinned])
    if "pins" in said:
        said["pins"] = generated(said)
    return said | {"fewer": list(fewer(directory, task, words))}
