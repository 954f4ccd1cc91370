"""Whatever the README and the docs tell people to type exists: make targets, commands, options, and the map file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from app import cli
from app.database import migrate
from tests.repo.sources import ROOT

PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
}
SHOWN = re.compile(r"^(?:\.venv/bin/)?(make|regulars) ([^\n`]+)$", re.MULTILINE)
INLINE = re.compile(r"`(?:\.venv/bin/)?(make|regulars) ([^`]+)`")
TYPED = sorted(
    {
        (tool, rest.split("  ")[0].split(" > ")[0].strip())
        for page in PAGES.values()
        for tool, rest in [*SHOWN.findall(page), *INLINE.findall(page)]
    }
)
REGULARS = [rest for tool, rest in TYPED if tool == "regulars"]
MAKE = [rest for tool, rest in TYPED if tool == "make"]
PROMISED = ["run", "test", "test-full", "lint", "bench", "lock"]


def root() -> Any:
    """The whole command line, as typer's own click sees it."""
    return typer.main.get_command(cli.main)


def test_the_readme_names_every_programme_to_start_from() -> None:
    there = {path.name for path in (ROOT / "rewards" / "presets").glob("*.yaml")}
    assert there
    assert there <= set(re.findall(r"`(?:rewards/presets/)?(\w+\.yaml)`", PAGES["README.md"]))


def test_the_pages_do_show_commands() -> None:
    assert {"import", "programme", "prove", "backup", "demo"} <= {rest.split()[0] for rest in REGULARS}
    assert "run" in MAKE


@pytest.mark.parametrize("target", sorted({*PROMISED, *(rest.split()[-1] for rest in MAKE)}))
def test_every_make_target_exists(target: str) -> None:
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("typed", REGULARS)
def test_every_command_and_option_exists(typed: str) -> None:
    command, words = root(), typed.split()
    while words and hasattr(command, "commands"):
        name = words.pop(0)
        assert name in command.commands, f"regulars {typed}: there is no {name}"
        command = command.commands[name]
    options = {flag for option in command.params for flag in (*option.opts, *option.secondary_opts)}
    assert [word for word in words if word.startswith("-") and word not in options] == []
    arguments = [option for option in command.params if option.param_type_name == "argument"]
    given = [
        word
        for i, word in enumerate(words)
        if not word.startswith("-") and not (i and words[i - 1].startswith("--"))
    ]
    assert len(given) <= len(arguments) or any(argument.nargs == -1 for argument in arguments)


def test_the_map_in_the_readme_brings_orders_in(tmp_path: Path) -> None:
    """The example works as it stands, and a second time changes nothing."""
    shown = re.search(r"```toml my-shop.toml\n(.*?)```", PAGES["README.md"], re.DOTALL)
    assert shown
    (tmp_path / "my-shop.toml").write_text(shown.group(1))
    (tmp_path / "orders.csv").write_text(
        "Order,Date,Customer,SKU,Product,Qty,Total\n"
        "A1,2026-03-01 10:00:00,c7,tea-1,Green tea,2,9.00\n"
        "A1,2026-03-01 10:00:00,c7,pot-3,Tea pot,1,31.50\n"
    )
    typed = next(rest for rest in REGULARS if rest.startswith("import orders orders.csv"))
    environment = {**os.environ, "REGULARS_DATA_DIR": str(tmp_path / "data")}
    migrate(f"sqlite:///{tmp_path / 'data' / 'regulars.sqlite'}")

    def run(*words: str) -> str:
        called = [str(Path(sys.executable).parent / "regulars"), *words]
        done = subprocess.run(
            called, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    (tmp_path / "programme.yaml").write_text(
        (ROOT / "rewards/presets/grocery.yaml").read_text().replace("USD", "EUR")
    )
    run("programme", "apply", "programme.yaml")
    assert re.search(r"^\s*recorded +1\b", run(*typed.split()), re.MULTILINE)
    assert re.search(r"^\s*duplicate +1\b", run(*typed.split()), re.MULTILINE)
    run("prove")
