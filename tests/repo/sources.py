"""What the rules look at: the project's own files, and their syntax trees."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("app", "pages", "components", "members", "rewards", "badges", "facts")
QUIET = ("members", "rewards", "badges", "facts")
GENERATED = (".venv", ".web", ".built", ".states", "data", "mutants", "node_modules", "__pycache__", ".git")


@cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the project: what git tracks or would track; without git, what lies here."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        asked = [git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True, text=True)
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not set(GENERATED) & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def modules(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    """Path from the root and syntax tree of every Python module of these packages."""
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and name.split("/")[0] in packages and "/migrations/versions/" not in name:
            yield name, ast.parse(path.read_text(), name)


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an attribute or a name, "" of anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return dotted(node.func) if isinstance(node, ast.Call) else ""
