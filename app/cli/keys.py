"""`regulars keys`: the keys of the HTTP API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app import database
from app.cli.terminal import STAFF, kindly, note, opened, say
from members import keys
from members.keys import Scope

keys_app = typer.Typer(help="Keys of the HTTP API.", no_args_is_help=True)


@keys_app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What to call it, such as web-shop.")],
    source: Annotated[str, typer.Option(help="Whose events it sends, such as shop.example/orders.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may do; say it once for each.")] = [*Scope],  # noqa: B006
) -> None:
    """Make a key and show it, once. Without --scope it may do everything."""
    with kindly():
        now = datetime.now(UTC)
        token = database.attempt(
            opened(), lambda session: keys.create(session, name, scope, source, STAFF, now)
        )
        note("Keep it safe; nobody can show it again.")
        say(token)


@keys_app.command("list")
def list_() -> None:
    """All keys, with what they may do and whether they are still in use."""
    with kindly():
        with database.reading(opened()) as session:
            rows = keys.list_all(session)
        table = Table("name", "source", "scopes", "made", "revoked", box=None)
        for row in rows:
            ended = f"{row.revoked_at:%Y-%m-%d %H:%M}" if row.revoked_at else ""
            table.add_row(row.name, row.source, row.scopes, f"{row.created_at:%Y-%m-%d %H:%M}", ended)
        Console().print(table)


@keys_app.command("revoke")
def revoke(name: Annotated[str, typer.Argument(help="Which key.")]) -> None:
    """End a key. Servers stop taking it within a second."""
    with kindly():
        now = datetime.now(UTC)
        database.attempt(opened(), lambda session: keys.revoke(session, name, STAFF, now))
        say(f"The key {name} is no longer good.")
