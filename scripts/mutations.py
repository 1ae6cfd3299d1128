"""Which mutants a module has: the module with one place changed.

A boundary, a condition, a number, a statement that is gone; never a word that is shown, nor what
is read by type checkers alone. A class's own fields stay: a class is made once.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

OPERATORS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.Mod: (ast.Mult,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitAnd: (ast.BitOr,),
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "Least": "Greatest"}
NAMES |= {"Greatest": "Least", "filter": "exclude", "exclude": "filter"}
LOOKUPS = {"lt": "lte", "lte": "lt", "gt": "gte", "gte": "gt"}
# What is read by people and by type checkers decides nothing.
SHOWN = {"_", "gettext", "gettext_lazy", "ngettext"}
UNREAD = {"annotation", "returns", "decorator_list", "type_params", "bases"}


@dataclass(frozen=True)
class Mutant:
    """A place of a tree, and what it becomes. The tree itself is changed by `apply`."""

    statement: ast.stmt
    holder: ast.AST
    field: str
    index: int | None
    new: ast.AST | str
    # Outside of functions: a constant, or the default of a parameter.
    outside: bool

    @property
    def old(self) -> ast.AST | str:
        found: ast.AST | str | list[ast.AST] = getattr(self.holder, self.field)
        return found[self.index or 0] if isinstance(found, list) else found

    def put(self, node: ast.AST | str) -> None:
        if self.index is None:
            setattr(self.holder, self.field, node)
        else:
            getattr(self.holder, self.field)[self.index] = node

    @property
    def lines(self) -> range:
        """Those whose being run means that the place is reached: a block's are its head alone."""
        body = getattr(self.statement, "body", None)
        last = body[0].lineno - 1 if body else self.statement.end_lineno
        return range(self.statement.lineno, max(self.statement.lineno, last or 0) + 1)

    def __str__(self) -> str:
        """The line, and the statement's head before and after."""
        before, old = head(self.statement), self.old
        if old is self.statement:
            kept = isinstance(self.new, ast.Return)
            return f"{before} → {'return None' if kept else 'gone'}"
        self.put(self.new)
        after = head(self.statement)
        self.put(old)
        return f"{before} → {after}"


def head(statement: ast.stmt) -> str:
    text = ast.unparse(ast.fix_missing_locations(statement))
    if isinstance(statement, ast.FunctionDef):
        return next(line for line in text.splitlines() if line.startswith(("def ", "async ")))
    return text.splitlines()[0] if hasattr(statement, "body") else " ".join(text.split())


def mutants(tree: ast.Module) -> list[Mutant]:
    return [each for statement in tree.body for each in _inside(statement, statement, True)]


def _inside(node: ast.AST, statement: ast.stmt, outside: bool) -> Iterator[Mutant]:
    for field, value in ast.iter_fields(node):
        if field in UNREAD or (isinstance(node, ast.ClassDef) and field != "body"):
            continue
        many = isinstance(value, list)
        for index, child in enumerate(value if many else [value]):
            if not isinstance(child, ast.AST) or _decides_nothing(child):
                continue
            here = child if isinstance(child, ast.stmt) else statement
            within = outside and not (
                isinstance(node, ast.FunctionDef | ast.Lambda) and field == "body"
            )
            if isinstance(node, ast.ClassDef) and not isinstance(child, ast.FunctionDef):
                # A class is made once, and is what it is by then.
                continue
            for new in changes(child, node, field):
                yield Mutant(here, node, field, index if many else None, new, within)
            yield from _inside(child, here, within)
    if isinstance(node, ast.keyword | ast.Attribute | ast.Name):
        yield from _renamed(node, statement, outside)


def _renamed(
    node: ast.keyword | ast.Attribute | ast.Name, statement: ast.stmt, outside: bool
) -> Iterator[Mutant]:
    field = {ast.keyword: "arg", ast.Attribute: "attr", ast.Name: "id"}[type(node)]
    name = getattr(node, field) or ""
    stem, _mark, lookup = name.rpartition("__")
    if field == "arg" and stem and lookup in LOOKUPS:
        yield Mutant(statement, node, field, None, f"{stem}__{LOOKUPS[lookup]}", outside)
    elif field != "arg" and name in NAMES:
        yield Mutant(statement, node, field, None, NAMES[name], outside)


def _decides_nothing(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    is_shown = isinstance(node, ast.Call) and ast.unparse(node.func) in SHOWN
    return is_shown or isinstance(node, ast.Import | ast.ImportFrom)


def changes(node: ast.AST, holder: ast.AST, field: str) -> Iterator[ast.AST]:
    """What may stand in a node's place."""
    yield from (new() for new in OPERATORS.get(type(node), ()))
    match node:
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Constant(value=str(value)) if isinstance(holder, ast.Compare | ast.Return):
            yield ast.Constant(f"{value}~")
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.Return(value=ast.expr()) if ast.unparse(node) != "return None":
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()
    # A comparison is turned around by its operator already.
    is_condition = field == "test" and isinstance(holder, ast.If | ast.IfExp)
    turned = isinstance(node, ast.Compare | ast.UnaryOp)
    if is_condition and isinstance(node, ast.expr) and not turned:
        yield ast.UnaryOp(ast.Not(), node)
    if field == "test" and isinstance(holder, ast.If):
        yield ast.Constant(False)
    if field == "ifs":
        yield ast.Constant(True)
