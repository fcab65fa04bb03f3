"""What Python itself says about the recorded cases of our readers of its formats.

`readers.py` fails where a recorded answer differs; `readers.py --write` records anew.
"""

import ast
import configparser
import io
import json
import pathlib
import sys

DATA = pathlib.Path(__file__).parents[2] / "crates/pydeps-python/tests/data"


class Source:
    """What `ast` reads in a file of Python source."""

    def __init__(self, text):
        self.lines = text.split("\n")
        self.answer = {"imports": [], "definitions": [], "assigned": [], "calls": [], "texts": []}
        self.body(ast.parse(text).body, [])

    def body(self, statements, blocks):
        for statement in statements:
            self.statement(statement, blocks)

    def statement(self, one, blocks):
        inside = lambda body, block: self.body(body, sorted({*blocks, block}))
        match one:
            case ast.Import(names=names):
                self.answer["imports"] += [[blocks, alias.name, []] for alias in names]
            case ast.ImportFrom(module=module, names=names, level=level):
                names = [alias.name for alias in names]
                self.answer["imports"].append([blocks, "." * level + (module or ""), names])
            case ast.Expr(value=ast.Constant(value=str())):
                pass  # documentation
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                is_class = isinstance(one, ast.ClassDef)
                kind = {ast.ClassDef: "class", ast.FunctionDef: "def"}.get(type(one), "async def")
                self.expressions(one.decorator_list)
                self.answer["definitions"].append([blocks, kind, one.name, len(one.decorator_list)])
                if is_class:
                    self.expressions([*one.bases, *one.keywords])
                else:
                    self.expressions([one.args])
                inside(one.body, "class" if is_class else "def")
            case ast.If(test=test, body=body, orelse=orelse):
                self.expressions([test])
                name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", "")
                is_main = ast.unparse(test) == "__name__ == '__main__'"
                block = "typing" if name == "TYPE_CHECKING" else "main" if is_main else "if"
                inside(body, block)
                first = orelse[0] if orelse else one
                if self.lines[first.lineno - 1][first.col_offset :].startswith("elif"):
                    self.statement(first, blocks)
                else:
                    inside(orelse, "if")
            case ast.Try():
                inside(one.body, "try")
                for handler in one.handlers:
                    self.expressions([handler.type] if handler.type else [])
                    inside(handler.body, "try")
                inside(one.orelse, "if")
                inside(one.finalbody, "try")
            case ast.Match(subject=subject, cases=cases):
                self.expressions([subject])
                for case in cases:
                    self.expressions([case.pattern] + ([case.guard] if case.guard else []))
                    inside(case.body, "if")
            case ast.For() | ast.AsyncFor() | ast.While() | ast.With() | ast.AsyncWith():
                fields = ("target", "iter", "test", "items")
                found = [getattr(one, field) for field in fields if hasattr(one, field)]
                for head in found:
                    self.expressions(head if isinstance(head, list) else [head])
                inside(one.body, "for")
                inside(getattr(one, "orelse", []), "if")
            case ast.Assign(targets=targets, value=value):
                self.assign(targets, value)
            case ast.AnnAssign(target=target, value=value) if value:
                self.assign([target], value)
            case ast.AnnAssign():
                pass
            case _:
                self.expressions(ast.iter_child_nodes(one))

    def assign(self, targets, value):
        if all(isinstance(target, (ast.Name, ast.Attribute)) for target in targets):
            names = [ast.unparse(target) for target in targets]
            self.answer["assigned"].append([names, literal(value)])
        self.expressions([*targets, value])

    def expressions(self, nodes):
        for node in nodes:
            if isinstance(node, ast.JoinedStr):
                continue
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                self.answer["texts"].append(node.value)
            if isinstance(node, ast.Call):
                function = node.func
                name = function.attr if isinstance(function, ast.Attribute) else ""
                name = getattr(function, "id", name)
                keywords = [word.arg for word in node.keywords if word.arg]
                self.answer["calls"].append([name, sorted(keywords)])
            self.expressions(ast.iter_child_nodes(node))


def literal(node):
    """A string, a list or dictionary of literals, or nothing that is known."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.List(elts=entries) | ast.Tuple(elts=entries) | ast.Set(elts=entries):
            return [literal(entry) for entry in entries]
        case ast.Dict(keys=[], values=[]):
            return {}
    return None


def source(text):
    answer = Source(text).answer
    # The order of what is within an expression is not ours.
    return answer | {"calls": sorted(answer["calls"]), "texts": sorted(answer["texts"])}


def ini(text):
    """The options of each section, or the name of the error."""
    parser = configparser.RawConfigParser()
    parser.optionxform = str
    try:
        parser.read_file(io.StringIO(text.replace("\u240d", "\r"), newline=None))
    except configparser.Error as error:
        return type(error).__name__
    return {name: dict(parser.items(name)) for name in parser.sections()}


def check(name, answer, write):
    """Compares the answers to the cases of a directory, or writes them."""
    cases = (DATA / name / "cases.txt").read_text("utf-8").split("\n#----\n")
    answers = "".join(json.dumps(answer(case)) + "\n" for case in cases)
    path = DATA / name / "answers.jsonl"
    if write:
        path.write_text(answers)
    elif path.read_text() != answers:
        sys.exit(f"{path}: Python says otherwise; see `git diff` after readers.py --write")
    print(f"{name}: {len(cases)} cases")


if __name__ == "__main__":
    for name, answer in {"source": source, "ini": ini}.items():
        check(name, answer, sys.argv[1:] == ["--write"])
