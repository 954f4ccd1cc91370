"""The command line: `regulars`, with everything that is done from a terminal.

What a command needs is imported when its word is said: `regulars serve` opens sooner without the other sixteen.
"""

from __future__ import annotations

from collections import UserDict
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

WORDS = {
    "serve": "serving:serve_command",
    "worker": "working:worker_command",
    "demo": "demo_shop:demo_command",
    "import": "imports:imports_app",
    "programme": "programme:programme_app",
    "simulate": "laws:simulate_command",
    "export": "exports:export_command",
    "prove": "laws:prove_command",
    "backup": "backups:backup_command",
    "restore": "backups:restore_command",
    "keys": "keys:keys_app",
    "members": "members:members_app",
    "codes": "codes:codes_app",
    "issuer": "issuer:issuer_app",
    "staff": "staff:staff_app",
    "bench": "bench.command:bench_command",
}
"""Where each command is: a module of this package, and a function or a group of commands in it."""


class _Commands(UserDict[str, Any]):
    """The commands by their words, in the order in which help lists them; each is made when it is asked for."""

    def __getitem__(self, word: str) -> Any:
        found = super().__getitem__(word)
        if isinstance(found, str):
            found = self.data[word] = _made(word, found)
        return found


def _made(word: str, place: str) -> Any:
    module, _, name = place.partition(":")
    part: Any = getattr(import_module(f"{__name__}.{module}"), name)
    if isinstance(part, typer.Typer):
        made: Any = typer.main.get_group(part)
        made.name = word
        return made
    alone = typer.Typer(add_completion=False)
    alone.command(word)(part)
    return typer.main.get_command(alone)


class _Line(TyperGroup):
    """`regulars` itself."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**{**told, "commands": None})
        self.commands = _Commands(WORDS)


main = typer.Typer(
    name="regulars",
    cls=_Line,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@main.callback()
def _regulars() -> None:
    """Regulars: a loyalty programme that a shop runs itself."""
