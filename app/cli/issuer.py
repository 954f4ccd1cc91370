"""`regulars issuer`: the keys that sign badges."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app import database, settings
from app.cli.terminal import STAFF, kindly, opened, say
from members import issuer

issuer_app = typer.Typer(help="The keys that sign badges (Open Badges 3.0).", no_args_is_help=True)


@issuer_app.command("keys")
def keys() -> None:
    """All keys there ever were, and whether what they signed is still good."""
    with kindly():
        with database.reading(opened()) as session:
            rows = issuer.list_all(session)
        table = Table("name", "made", "signs", "good", box=None)
        for row in rows:
            signs, good = row.retired_at is None, row.withdrawn_at is None
            table.add_row(row.name, f"{row.created_at:%Y-%m-%d %H:%M}", _yes(signs), _yes(good))
        Console().print(table)


@issuer_app.command("rotate")
def rotate() -> None:
    """Make a new key, which signs from now on. What the old one signed stays good."""
    with kindly():
        now, secret = datetime.now(UTC), settings.secret(settings.current())
        made = database.attempt(opened(), lambda session: issuer.rotate(session, secret, STAFF, now))
        say(f"The key {made.name} signs from now on.")


# a key's name may begin with a dash
@issuer_app.command("withdraw", context_settings={"ignore_unknown_options": True})
def withdraw(name: Annotated[str, typer.Argument(help="Which key.")]) -> None:
    """Take back a key that somebody else may have: nothing that it signed is good any more."""
    with kindly():
        now, secret = datetime.now(UTC), settings.secret(settings.current())
        database.attempt(opened(), lambda session: issuer.withdraw(session, name, secret, STAFF, now))
        say(
            f"What the key {name} signed is no longer good. Holders get a new signature when they ask for one."
        )


def _yes(so: bool) -> str:
    return "yes" if so else "no"
