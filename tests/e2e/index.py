"""Compares pins from the package index alone with uv's.

Usage: index.py DIRECTORY

DIRECTORY has task.json: root, pins (NAME -> VERSION, ours), exclude_newer; and gets
facts.json: what uv pins by itself, with and without our version of the root, what it
makes of our pins, and which of ours could be raised while all others stay (uv is asked
with the others as constraints).
"""

import json
import multiprocessing.pool
import os
import sys

import uv

WORKERS = 2


def ask(directory, name, task, lines):
    """uv's answer under constraints."""
    own = os.path.join(directory, "asked", name)
    os.makedirs(own, exist_ok=True)
    path = os.path.join(own, "constraints.txt")
    with open(path, "w", encoding="utf-8") as output:
        output.writelines(f"{line}\n" for line in lines)
    words = ["--constraint", path, "--exclude-newer", task["exclude_newer"]]
    return uv.compile_pins(own, [task["root"]], words)


def raised(directory, task, name):
    """What uv says where one of our pins has to rise and all others stay."""
    pins = task["pins"]
    lines = [f"{other}=={version}" for other, version in pins.items() if other != name]
    said = ask(directory, f"raise-{name}", task, [*lines, f"{name}>={pins[name]},!={pins[name]}"])
    if "pins" not in said:
        known = "No solution found" in said["refusal"]
        return {} if known else {"unclear": [name, said["refusal"]]}
    more = sorted(set(said["pins"]) - set(pins))
    to = said["pins"].get(name)
    # Where no final release is left, uv takes a pre-release; nobody asked for one.
    if to and uv.closure.version(to).is_prerelease > uv.closure.version(pins[name]).is_prerelease:
        return {}
    return {"needs_more": [name, to, more]} if more else {"raisable": [name, to]}


def main():
    (directory,) = sys.argv[1:]
    with open(os.path.join(directory, "task.json"), encoding="utf-8") as task_file:
        task = json.load(task_file)
    root = uv.closure.canonicalize_name(uv.closure.Requirement(task["root"]).name)
    same = [f"{root}=={task['pins'][root]}"] if root in task["pins"] else []
    facts = {"free": ask(directory, "free", task, []), "own": ask(directory, "own", task, same)}
    facts["held"] = ask(directory, "held", task, [f"{n}=={v}" for n, v in task["pins"].items()])
    with multiprocessing.pool.ThreadPool(WORKERS) as pool:
        outcomes = pool.map(lambda name: raised(directory, task, name), sorted(task["pins"]))
    for key in ("raisable", "needs_more", "unclear"):
        facts[key] = [outcome[key] for outcome in outcomes if key in outcome]
    with open(os.path.join(directory, "facts.json"), "w", encoding="utf-8") as output:
        json.dump(facts, output, indent=1)


main()
