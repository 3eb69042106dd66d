"""The rules of architecture.md that no linter knows, as functions from a module to its violations.

Pure: each takes a parsed module and its name below `app/`; the tests beside
this file run them over the house, and once over a planted violation.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

LONGEST_MODULE = 400
LONGEST_TEMPLATE = 120

# Who may end a transaction. kernel/ids.py reserves numbers on a connection of its own.
_EDGE = {"web/deps.py", "worker.py", "cli.py", "kernel/ids.py"}
_CLOCK = "kernel/clock.py"
_READS_THE_CLOCK = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
    *("time.time", "time.localtime", "time.gmtime"),
    *("func.now", "func.current_timestamp", "func.localtimestamp", "func.clock_timestamp"),
}
# Where a `select` may stand: queries, and those who write the rows they look up.
_SELECTING = {"kernel", "queries", "service", "models", "jobs", "listening", "imports", "demo"}
_TEMPLATE_BANS = {
    r"<style[\s>]": "a style element",
    r"\sstyle\s*=": "an inline style",
    r"\son[a-z]+\s*=\s*[\"']": "an inline handler",
    r"<script(?![^>]*\ssrc=)(?![^>]*json)": "an inline script",
    r"\|\s*safe\b": "unescaped text",
    r"autoescape\s+false": "autoescape switched off",
    r"javascript:": "a script address",
}


@dataclass(frozen=True)
class Module:
    """A module of the application, read."""

    name: str
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @property
    def parts(self) -> set[str]:
        return set(Path(self.name).with_suffix("").parts)


def _calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything that is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def ends_a_transaction(module: Module) -> Iterator[str]:
    """One request is one transaction; only the edge commits."""
    if module.name not in _EDGE:
        for line, name in _calls(module.tree):
            whose, _, verb = name.rpartition(".")
            begins = verb == "begin" and re.search("session|engine|connection", whose.lower())
            if whose and (begins or verb in {"commit", "rollback"}):
                yield f"{module.name}:{line} calls {name}"


def changes_a_foreign_status(module: Module) -> Iterator[str]:
    """Only a model changes its own status."""
    for node in ast.walk(module.tree):
        for target in _targets(node):
            is_self = isinstance(target.value, ast.Name) and target.value.id == "self"
            if target.attr == "status" and not is_self:
                yield f"{module.name}:{target.lineno} sets {ast.unparse(target)}"
        if isinstance(node, ast.Call) and _sets_by_update(node) and "kernel" not in module.parts:
            yield f"{module.name}:{node.lineno} updates a status"


def _targets(node: ast.AST) -> Iterator[ast.Attribute]:
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            for part in ast.walk(target):
                if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store):
                    yield part


def _sets_by_update(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    by_word = name.endswith(".values") and any(k.arg == "status" for k in call.keywords)
    words = [a.value for a in call.args if isinstance(a, ast.Constant)]
    return (by_word and "update(" in name) or (name == "setattr" and "status" in words)


def reads_the_clock(module: Module) -> Iterator[str]:
    """Only kernel/clock.py knows the time; the database's clock counts as one too."""
    if module.name != _CLOCK:
        for line, name in _calls(module.tree):
            if ".".join(name.split(".")[-2:]) in _READS_THE_CLOCK:
                yield f"{module.name}:{line} calls {name}"


def imports_late(module: Module) -> Iterator[str]:
    """No imports inside functions: they hide who depends on whom."""
    for function in ast.walk(module.tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield f"{module.name}:{node.lineno} imports inside {function.name}"


def selects_in_the_wrong_place(module: Module) -> Iterator[str]:
    """Handlers, decisions and wiring get their rows from `queries`, which know who may see them."""
    if not module.parts & _SELECTING and not module.name.startswith("web/"):
        for line, name in _calls(module.tree):
            if name in {"select", "sa.select", "sqlalchemy.select"}:
                yield f"{module.name}:{line} selects"


def catches_in_a_handler(module: Module) -> Iterator[str]:
    """Handlers answer no errors: one table does. Only a refused form may come back as a page."""
    for function in ast.walk(module.tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and _is_route(function):
            for node in ast.walk(function):
                if isinstance(node, ast.Try) and not _shows_the_form_again(node):
                    yield f"{module.name}:{node.lineno} tries inside {function.name}"


def _shows_the_form_again(block: ast.Try) -> bool:
    caught = {ast.unparse(h.type) if h.type else "everything" for h in block.handlers}
    return caught == {"InvalidError"}


def waits_for_a_thread_with_a_connection(module: Module) -> Iterator[str]:
    """No dependency yields inside a transaction: 64 clients on 20 threads stood still (§2)."""
    for function in ast.walk(module.tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        is_ours = any("contextmanager" in ast.unparse(d) for d in function.decorator_list)
        for block in ast.walk(function):
            if isinstance(block, ast.With) and not is_ours and _opens_and_yields(block):
                yield f"{module.name}:{block.lineno} yields with a connection in {function.name}"


def _opens_and_yields(block: ast.With) -> bool:
    opens = any(
        name.endswith((".reading", ".writing")) for item in block.items for _, name in _calls(item)
    )
    return opens and any(isinstance(node, ast.Yield) for node in ast.walk(block))


def _is_route(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    verbs = {"get", "post", "put", "patch", "delete"}
    return any(
        isinstance(d, ast.Call) and ast.unparse(d.func).rpartition(".")[2] in verbs
        for d in function.decorator_list
    )


def is_too_long(module: Module) -> Iterator[str]:
    """A module fits on a few screens."""
    if (lines := len(module.source.splitlines())) > LONGEST_MODULE:
        yield f"{module.name} has {lines} lines"


def opens_without_a_sentence(module: Module) -> Iterator[str]:
    """A module with something in it says what it is for."""
    if module.source.strip() and not ast.get_docstring(module.tree):
        yield f"{module.name} does not say what it is for"


def names_defined(module: Module) -> Iterator[tuple[str, str]]:
    """Names a module gives its neighbours, each with where; what a decorator takes up is none."""
    for node in module.tree.body:
        where = f"{module.name}:{node.lineno}"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from [] if node.decorator_list else [(node.name, where)]
        elif isinstance(node, ast.ClassDef):
            yield node.name, where
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((one.id, where) for one in targets if isinstance(one, ast.Name))


def names_used(module: Module) -> Iterator[str]:
    """Names a module does something with; to import one or to list it in `__all__` is nothing."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias) and node.asname:
            yield node.name


Check = Callable[[Module], Iterator[str]]
CHECKS: tuple[Check, ...] = (
    ends_a_transaction,
    changes_a_foreign_status,
    reads_the_clock,
    imports_late,
    selects_in_the_wrong_place,
    catches_in_a_handler,
    waits_for_a_thread_with_a_connection,
    is_too_long,
    opens_without_a_sentence,
)


def flaws_of_template(name: str, source: str) -> Iterator[str]:
    """Templates are short, escaped, and free of inline script and style."""
    if (lines := len(source.splitlines())) > LONGEST_TEMPLATE:
        yield f"{name} has {lines} lines"
    bare = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    for pattern, what in _TEMPLATE_BANS.items():
        if re.search(pattern, bare, flags=re.IGNORECASE):
            yield f"{name} has {what}"
