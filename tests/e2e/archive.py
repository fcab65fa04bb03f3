"""Every distribution that a suite's Contents know maps to the package that holds it.

Usage: archive.py PROGRAM CACHE SUITE...

The names are read here from Contents; the answers are the program's. What differs
has to be in archive-exceptions.tsv with its reason.
"""

import os
import sys

import contents

EXCEPTIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "archive-exceptions.tsv")


def problem(answer, copies):
    """What is wrong with an answer, or None."""
    if answer is None or answer["state"] != "mapped":
        return "not mapped"
    holders = {copy.package for copy in copies}
    if answer["package"] not in holders:
        return f"mapped to {answer['package']}, held by {', '.join(sorted(holders))}"
    findable = any(copy.place != "private" for copy in copies)
    if answer["public"] != findable:
        return f"public is {answer['public']}, but the paths say {findable}"
    chosen = [copy for copy in copies if copy.package == answer["package"]]
    if findable and all(copy.place == "private" for copy in chosen):
        return f"mapped to {answer['package']}, whose copy is private"
    told = any(finding["code"] == "private-copy" for finding in answer["findings"])
    if told == findable:
        return "a private copy is not told" if not findable else "told as private"
    return None


def compare(program, cache, suite, excused):
    """Prints a line of counts; returns the problems that nobody explained."""
    held = contents.distributions(cache, suite)
    answers = contents.mapped(program, suite, held)
    problems = {name: problem(answers.get(name), copies) for name, copies in held.items()}
    problems = {name: text for name, text in problems.items() if text}
    private = sum(all(c.place == "private" for c in copies) for copies in held.values())
    several = sum(len({c.package for c in copies}) > 1 for copies in held.values())
    known = {name for where, name, _ in excused if where == suite}
    print(
        f"{suite}: {len(held)} names in Contents, {len(held) - len(problems)} mapped to a"
        f" package that holds them ({private} private copies, all told;"
        f" {several} held by several packages); {len(problems)} differ,"
        f" {len(set(problems) & known)} of them explained"
    )
    bad = [f"{suite} {name}: {problems[name]}" for name in sorted(set(problems) - known)]
    stale = [f"{suite} {name}: explained, but there is no difference" for name in sorted(known - set(problems))]
    return bad + stale


def main():
    program, cache, *suites = sys.argv[1:]
    excused = contents.table(EXCEPTIONS, 3)
    bad = [line for suite in suites for line in compare(program, cache, suite, excused)]
    print("\n".join(bad))
    sys.exit(bool(bad))


main()
