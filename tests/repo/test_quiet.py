"""What the quiet packages must not do: rules know no clock and no chance, and nobody commits inside."""

from __future__ import annotations

import ast

import pytest

from tests.repo.sources import QUIET, dotted, imported, modules

CLOCKS = {"now", "utcnow", "today", "monotonic", "perf_counter", "time_ns"}
CHANCE = {"random", "secrets", "uuid.uuid1", "uuid.uuid4", "os.urandom", "time"}
SESSIONS = ("sqlmodel", "sqlalchemy")


COLUMNS = (
    "facts/columns.py"  # how moments and keys are stored: what all packages with tables share (decision 0008)
)


def is_pure(name: str) -> bool:
    """All of facts but its columns, every rules module, every module of cards; views only show what there is."""
    parts = name.removesuffix(".py").split("/")
    if "views" in parts:
        return False
    if name == COLUMNS:
        return False
    return parts[0] == "facts" or parts[-1] == "cards" or any(part.startswith("rules") for part in parts)


PURE = [pytest.param(name, tree, id=name) for name, tree in modules(*QUIET) if is_pure(name)]
ALL = [pytest.param(name, tree, id=name) for name, tree in modules(*QUIET)]


@pytest.mark.parametrize(("name", "tree"), PURE)
def test_rules_are_given_the_time_and_the_chance(name: str, tree: ast.Module) -> None:
    taken = [
        f"{name}:{line} {found}"
        for line, found in imported(tree)
        if any(found == word or found.startswith(f"{word}.") for word in (*CHANCE, *SESSIONS))
    ]
    called = [
        f"{name}:{node.lineno} {dotted(node.func)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    ]
    assert taken + called == []


@pytest.mark.parametrize(("name", "tree"), ALL)
def test_nobody_commits_inside(name: str, tree: ast.Module) -> None:
    """The transaction belongs to whoever opened it: the door, a route, a job, a command."""
    ends = [
        f"{name}:{node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "rollback"}
        and dotted(node.func.value).endswith("session")
    ]
    assert ends == []


@pytest.mark.parametrize(("name", "tree"), ALL)
def test_the_clock_is_an_argument(name: str, tree: ast.Module) -> None:
    """Times come in from outside in all quiet packages, so that every test can choose them."""
    asked = [
        f"{name}:{node.lineno} {dotted(node.func)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and dotted(node.func) in {"datetime.now", "datetime.utcnow", "date.today", "time.time"}
    ]
    assert asked == []
