"""`regulars codes`: codes of others for rewards of ours, from a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from app import database, settings
from app.cli.terminal import STAFF, kindly, note, opened, say

codes_app = typer.Typer(
    help="Codes that are uploaded for rewards, such as a partner's.", no_args_is_help=True
)


@codes_app.command("load")
def load(
    reward: Annotated[str, typer.Argument(help="The reward's slug, such as cinema-ticket.")],
    file: Annotated[Path, typer.Argument(help="A text in UTF-8, one code a line.", show_default=False)],
) -> None:
    """Add the codes of FILE to those of REWARD: all of them, or none when a line is wrong."""
    from members.actions.uploading_codes import CodesRefused, upload

    with kindly():
        now, secret = datetime.now(UTC), settings.secret(settings.current())

        def work(session: Session) -> int:
            with file.open("rb") as lines:
                return upload(session, reward, lines, STAFF, now, secret)

        try:
            count = database.attempt(opened(), work)
        except CodesRefused as refused:
            for line in refused.told():
                note(f"{file.name}, {line}")
            raise
        say(f"{count} codes were added to {reward}.")


@codes_app.command("show")
def show() -> None:
    """The rewards with uploaded codes, how many were uploaded and how many are left. Shows no code."""
    from sqlmodel import col, select

    from rewards import stock
    from rewards.pool_tables import RewardPool

    with kindly():
        with database.reading(opened()) as session:
            left = stock.left(session)
            pools = session.exec(select(RewardPool).order_by(col(RewardPool.slug))).all()
        table = Table("reward", "uploaded", "left", "last file", "told that few are left", box=None)
        for pool in pools:
            told = f"{pool.alerted_at:%Y-%m-%d %H:%M}" if pool.alerted_at else ""
            last = f"{pool.loaded_at:%Y-%m-%d %H:%M}"
            table.add_row(pool.slug, str(pool.loaded), str(left.get(pool.slug, 0)), last, told)
        Console().print(table)
