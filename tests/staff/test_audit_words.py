"""Every deed that is written into the audit has a name in words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from facts.language import SOURCE, language
from members.views.audit_words import ACTIONS, ANY, named

SAY = language(SOURCE)
ROOT = Path(__file__).parents[2]


def deeds() -> Iterator[str]:
    """The names of deeds in calls of `audit`, as far as they are written there; `*` for a part that is computed."""
    for folder in ("app", "members", "pages"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in ("audit", "note")
                ):
                    yield from _written(node.args[2]) if len(node.args) > 2 else ()


def _written(what: ast.expr) -> Iterator[str]:
    if isinstance(what, ast.Constant):
        yield str(what.value)
    elif isinstance(what, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in what.values)


def test_every_deed_in_the_audit_is_said_in_words() -> None:
    found = set(deeds())
    assert len(found) > 40
    whole = {deed for deed in found if "*" not in deed}
    ends = {deed.partition(".")[2] for deed in found if deed.startswith("*.")} - {"*"}
    assert {deed for deed in whole if named(deed, SAY) == deed} == set()
    assert ends - set(ANY) - {deed.partition(".")[2] for deed in ACTIONS} == set()
    assert {"draft_begun", "not_published", "filled"} <= ends


def test_what_has_no_words_is_shown_by_its_name() -> None:
    assert named("badge.paused", SAY) == "Paused"
    assert named("x.unheard_of", SAY) == "x.unheard_of"
