"""`regulars demo`: a shop with something to look at."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlalchemy import make_url

from app import database, settings
from app.cli.terminal import bar, kindly, many, opened, say, stop
from app.settings import Settings
from members import demo


def demo_command(
    households: Annotated[
        int | None, typer.Option(min=1, help="How many households of real shopping.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="All 2,469 households, 155,848 orders.")] = False,
    reset: Annotated[
        bool, typer.Option("--reset", help="Throw everything away first, and begin anew.")
    ] = False,
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Do nothing when the demo is there already.")
    ] = False,
) -> None:
    """Fill the demo shop with a year of real grocery shopping."""
    with kindly():
        chosen = settings.current()
        if not chosen.demo:
            stop("This is production: the demo would mix with your own members.")
        engine = opened()
        if if_needed and not reset and _is_there(engine):
            return
        from app.cli.imports import demo as loading

        if reset:
            loading.reset(engine, chosen.database_url)
        with bar() as progress:
            task = progress.add_task("Importing real shopping", total=None)

            def step(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total)

            report = loading.load_demo(engine, households=households, full=full, progress=step)
        rate = report.posted.total / report.posted.seconds if report.posted.seconds else 0
        orders = many(report.orders, "order")
        say(f"{many(report.households, 'household')}, {orders}, the last one on {report.last_order}; "
            f"{many(round(rate), 'order')} a second into {_place(chosen)}.")  # fmt: skip
        for kind, (member_id, name) in report.people.items():
            say(f"  {kind:<10} {name or 'a member'} ({member_id})")


def _is_there(engine: database.Engine) -> bool:
    with database.reading(engine) as session:
        return len(demo.chosen(session)) == len(demo.NAMES)


def _place(chosen: Settings) -> str:
    return make_url(chosen.database_url).render_as_string(hide_password=True)
