"""The commands of `regulars import`: check the whole file, then post it, then say what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from app import database
from app.cli.imports.events import check_events, events
from app.cli.imports.mapping import read_map
from app.cli.imports.orders import Checked, OrderFile
from app.cli.imports.posting import Posted, post
from app.cli.terminal import bar, kindly, many, note, opened, say, stop
from facts.events import Fact
from members.programme import in_force

imports_app = typer.Typer(
    name="import", help="Bring in what happened: orders and events from files.", no_args_is_help=True
)
PROBLEMS_SHOWN = 20

File = Annotated[Path, typer.Argument(help="The file to read.", show_default=False)]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Leave out what is wrong, and bring in the rest.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check the file and write nothing.")]


@imports_app.command("orders")
def orders_command(
    file: File,
    map_: Annotated[
        Path,
        typer.Option(
            "--map", help="What its columns mean: a TOML file, or complete_journey or online_retail."
        ),
    ],
    skip_bad: SkipBad = False,
    dry_run: DryRun = False,
) -> None:
    """Bring in orders from FILE.csv (.gz too) or FILE.parquet. Doing it twice changes nothing."""
    with kindly():
        mapping = read_map(map_)
        engine = None if dry_run else opened()
        now = datetime.now(UTC)
        source = OrderFile(file, mapping, _zone(engine, now))
        with bar() as progress:
            progress.add_task(f"Checking {file.name}", total=None)
            checked = source.check()
        places = source.rows.places(checked.problems[:PROBLEMS_SHOWN])
        said = [
            f"{file.name}, {place}: {problem.text}."
            for place, problem in zip(places, checked.problems, strict=False)
        ]
        _stop_at(said, len(checked.problems), skip_bad)
        say(f"{file.name}: {_summary(checked)}.")
        if engine is not None:
            _post(engine, source.facts(checked), checked.orders, now)


def _summary(checked: Checked) -> str:
    said = [f"{many(checked.orders, 'order')}, {many(checked.lines, 'line')}"]
    if checked.cancelled_lines:
        said.append(f"{checked.cancelled_lines:,} of them cancelled")
    if checked.left_out:
        said.append(f"{many(checked.left_out, 'row')} left out by the map")
    if checked.bad_orders:
        said.append(f"{many(len(checked.bad_orders), 'order')} left out because of a problem")
    return "; ".join(said)


@imports_app.command("events")
def events_command(file: File, skip_bad: SkipBad = False, dry_run: DryRun = False) -> None:
    """Bring in events from FILE.jsonl (.gz too): CloudEvents, one a line. Doing it twice changes nothing."""
    with kindly():
        with bar() as progress:
            progress.add_task(f"Checking {file.name}", total=None)
            checked = check_events(file)
        _stop_at(checked.problems[:PROBLEMS_SHOWN], len(checked.problems), skip_bad)
        say(f"{file.name}: {many(checked.events, 'event')}.")
        if not dry_run:
            _post(opened(), events(file), checked.events, datetime.now(UTC))


def _zone(engine: Engine | None, now: datetime) -> ZoneInfo:
    """The programme's zone: where a file's times without a zone were."""
    if engine is None:
        return ZoneInfo("UTC")
    with database.reading(engine) as session:
        return in_force(session, now).zone


def _post(engine: Engine, facts: Iterable[Fact], total: int, now: datetime) -> None:
    with bar() as progress:
        task = progress.add_task("Recording", total=total)
        posted = post(engine, facts, now, lambda count: progress.advance(task, count))
        progress.update(task, total=posted.total)
    _report(posted)
    if posted.counts["refused"]:
        raise typer.Exit(1)


def _report(posted: Posted) -> None:
    console = Console()
    table = Table("became", "facts", box=None)
    table.columns[1].justify = "right"
    for status in ("recorded", "duplicate", "waiting", "refused"):
        table.add_row(status, f"{posted.counts[status]:,}")
    console.print(table)
    for sentence in posted.refused:
        say(f"refused {sentence}")
    rate = posted.total / posted.seconds if posted.seconds else 0
    points, facts = many(posted.points, "point", "+,"), many(round(rate), "fact")
    say(f"{points} in {posted.seconds:.1f} s, {facts} a second.")


def _stop_at(problems: list[str], total: int, skip_bad: bool) -> None:
    """Show the problems of a file, and stop there unless they may be skipped."""
    for problem in problems:
        note(problem)
    if total > len(problems):
        note(f"… and {total - len(problems):,} more.")
    if total and not skip_bad:
        stop("Nothing was written. Correct the file, or add --skip-bad to bring in the rest.")
