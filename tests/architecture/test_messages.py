"""Nothing is sent to citizens past the one function that decides whether it may be."""

import ast
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "app"
# Who may put a message into the outbox: the module that has asked `deciding` first.
ALLOWED = {"notifications/service/writing.py"}


def posts(source: str) -> bool:
    """Whether this module calls `outbox.post`, or takes it out of the outbox to call it."""
    return any(
        (isinstance(node, ast.Attribute) and _is_post(node))
        or (isinstance(node, ast.ImportFrom) and _takes_post(node))
        for node in ast.walk(ast.parse(source))
    )


def _is_post(node: ast.Attribute) -> bool:
    return node.attr == "post" and isinstance(node.value, ast.Name) and "outbox" in node.value.id


def _takes_post(node: ast.ImportFrom) -> bool:
    return node.module == "app.kernel.outbox" and any(one.name == "post" for one in node.names)


def test_only_who_has_decided_writes_into_the_outbox() -> None:
    modules = {str(path.relative_to(APP)): path.read_text() for path in APP.rglob("*.py")}

    posting = {name for name, source in modules.items() if posts(source)}

    assert len(modules) > 100
    assert posting == ALLOWED


def test_a_planted_message_is_seen() -> None:
    assert posts("from app.kernel import outbox\noutbox.post(session)")
    assert posts("from app.kernel.outbox import post")
    assert not posts("@router.post('/x')\ndef f(): ...")
