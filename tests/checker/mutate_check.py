"""Mutation testing of `muon_theory/check.py`: `python -m tests.checker.mutate_check` prints the score.

Every comparison, sign, constant, connective and demanded condition is changed, one at a time, in the syntax tree; the
changed checker is run on the accept corpus (verdict, counts, digest), the reject corpus (reasons) and a few more files.
A mutant that answers everything as before survives; `surviving-mutants.md` says why that is no loss, of each and of no
other.

Not mutated: texts, annotations, and the arguments of `spend` and the limits MAX_… (see test_hostile.py).
"""

import __future__

import ast
import copy
import json
import signal
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.checker import accepted, rejected, rule
from tests.checker.edges import EDGES

SOURCE = Path(__file__).parents[2] / "muon_theory" / "check.py"
SURVIVORS = Path(__file__).parent / "surviving-mutants.md"
OTHER = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult,
    ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
NAMES = {
    "min": "max", "max": "min", "any": "all", "all": "any", "CLOSED": "OPEN", "OPEN": "CLOSED", "RIGHT_OPEN": "CLOSED",
    "LEFT_OPEN": "CLOSED", "ZERO": "ONE", "ONE": "ZERO", "floor": "ceil", "ceil": "floor", "lo": "hi", "hi": "lo",
}  # fmt: skip
SECONDS = 30
"""Of the processor, whatever else the machine does: a mutant that needs more is dead, where the checker needs two."""
SKIPPED = ("spend", "show", "short", "expected", "describe", "main")


class Sites(ast.NodeVisitor):
    """The nodes to change, each with a change: a function of the copied node that returns nothing or a replacement."""

    def __init__(self) -> None:
        self.found: list[tuple[ast.AST, str, Any]] = []

    def add(self, node: ast.AST, what: str, change: Any) -> None:
        self.found.append((node, what, change))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name not in SKIPPED:
            for statement in node.body:
                self.visit(statement)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        if not any("MAX_" in ast.unparse(target) for target in node.targets):
            self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        pass

    def visit_Raise(self, node: ast.Raise) -> None:
        pass

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in SKIPPED:
            self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func).split(".")[-1] not in SKIPPED:
            self.add(node, f"delete `{ast.unparse(node)[:70]}`", lambda n: ast.copy_location(ast.Pass(), n))
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        for truth in (True, False):
            self.add(node, f"`if {ast.unparse(node.test)[:60]}` → {truth}", lambda n, t=truth: put(n, "test", t))
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        for i, op in enumerate(node.ops):
            if type(op) in OTHER:
                self.add(
                    node, swapped(node, OTHER[type(op)]), lambda n, i=i: n.ops.__setitem__(i, OTHER[type(n.ops[i])]())
                )
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in OTHER:
            self.add(node, swapped(node, OTHER[type(node.op)]), lambda n: setattr(n, "op", OTHER[type(n.op)]()))
        self.generic_visit(node)

    visit_BoolOp = visit_BinOp  # type: ignore[assignment]

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        self.add(node, f"`{ast.unparse(node)[:60]}` without its sign", lambda n: n.operand)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if type(node.value) is bool:
            self.add(node, f"{node.value} → {not node.value}", lambda n: setattr(n, "value", not n.value))
        elif type(node.value) is int:
            self.add(node, f"{node.value} → {node.value + 1}", lambda n: setattr(n, "value", n.value + 1))

    def visit_Name(self, node: ast.Name) -> None:
        if node.id in NAMES and isinstance(node.ctx, ast.Load):
            self.add(node, f"{node.id} → {NAMES[node.id]}", lambda n: setattr(n, "id", NAMES[n.id]))


def put(node: ast.If, field: str, value: bool) -> None:
    setattr(node, field, ast.copy_location(ast.Constant(value), node.test))


def swapped(node: ast.AST, other: type) -> str:
    return f"`{ast.unparse(node)[:70]}` with {other.__name__}"


def mutants(tree: ast.Module) -> Iterator[tuple[str, int, ast.stmt]]:
    """Each mutant: its name (function, change, which one of the same there), its place in the file, its statement."""
    seen: dict[str, int] = {}
    for place, top in enumerate(tree.body):
        sites = Sites()
        sites.visit(top)
        for node, what, change in sites.found:
            name = f"{getattr(top, 'name', 'module')}: {what}"
            seen[name] = seen.get(name, 0) + 1
            yield name + f" #{seen[name]}" * (seen[name] > 1), place, mutated(top, node, change)


def mutated(top: ast.stmt, node: ast.AST, change: Any) -> ast.stmt:
    index = next(i for i, n in enumerate(ast.walk(top)) if n is node)
    fresh = copy.deepcopy(top)
    target = next(n for i, n in enumerate(ast.walk(fresh)) if i == index)
    if (replacement := change(target)) is not None:
        for parent in ast.walk(fresh):
            for field, value in ast.iter_fields(parent):
                if value is target:
                    setattr(parent, field, replacement)
                elif isinstance(value, list) and target in value:
                    value[value.index(target)] = replacement
    return ast.fix_missing_locations(fresh)


def compiled(statement: ast.stmt) -> types.CodeType:
    return compile(ast.Module([statement], []), "check.py", "exec", flags=__future__.annotations.compiler_flag)


def load(codes: list[types.CodeType]) -> types.ModuleType:
    module = types.ModuleType("mutant_of_check")
    sys.modules[module.__name__] = module
    for code in codes:
        exec(code, module.__dict__)
    return module


Suite = list[tuple[bytes, dict[str, Any] | str]]


def suite(check: types.ModuleType) -> Suite:
    """Files with what the checker says of them: all of it for the accepted, a part of the reason for the rejected."""
    cases: Suite = [(f.read_bytes(), check.check_bytes(f.read_bytes())) for f in sorted(accepted.FOLDER.glob("*.json"))]
    index = json.loads((rejected.FOLDER / "index.json").read_bytes())
    cases += [((rejected.FOLDER / f"{name}.json").read_bytes(), entry["reason"]) for name, entry in index.items()]
    edges = [json.dumps(case).encode() for case, _ in EDGES.values()]
    cases += [(data, check.check_bytes(data)) for data in edges]
    return sorted(cases, key=lambda case: len(case[0]))


def killed(codes: list[types.CodeType], cases: Suite) -> bool:
    """Does a case answer otherwise?  It is put first: neighbours of this mutant mostly die of the same."""
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        check = load(codes)
        if any(rule.run(check, name) is not probe[-1] for name, probe in rule.PROBES.items()):
            return True
        for place, (data, expected) in enumerate(cases):
            result = check.check_bytes(data)
            good = expected in result["reason"] if isinstance(expected, str) else result == expected
            if not good:
                cases.insert(0, cases.pop(place))
                return True
        return False
    except Exception:  # whatever a mutant raises, it is dead
        return True
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def out_of_time(*_: Any) -> None:
    raise TimeoutError


def main(only: list[str]) -> int:
    """Mutate the whole checker, or the functions named."""
    signal.signal(signal.SIGVTALRM, out_of_time)
    tree = ast.parse(SOURCE.read_text())
    tree.body = [s for s in tree.body if not isinstance(s, ast.If)]  # the last two lines run the command
    codes = list(map(compiled, tree.body))
    cases = suite(load(codes))
    explained = {line[2:] for line in SURVIVORS.read_text(encoding="utf-8").splitlines() if line.startswith("- ")}
    count, alive = 0, set[str]()
    for name, place, statement in mutants(tree):
        if only and name.partition(":")[0] not in only:
            continue
        count += 1
        try:
            changed = compiled(statement)
        except SyntaxError:
            continue
        if not killed([*codes[:place], changed, *codes[place + 1 :]], cases):
            alive.add(name)
            print(f"- {name}" if name in explained else f"- {name}  (NOT EXPLAINED)", flush=True)
    dead = sorted(name for name in explained - alive if not only or name.partition(":")[0] in only)
    for name in dead:
        print(f"explained, and does not survive: {name}")
    score, unexplained = 100 * (count - len(alive)) / max(count, 1), len(alive - explained)
    killed_ones = f"{count - len(alive)} killed ({score:.1f} %)"
    print(f"{count} mutants, {killed_ones}, {len(alive)} survive, {unexplained} unexplained")
    return 1 if unexplained or dead else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
