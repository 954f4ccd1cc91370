"""`regulars import members`, `undo` and `list`: people of another programme come over, and go again if need be."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from app import database, settings
from app.cli.imports import members_report as report
from app.cli.imports.members_check import Checked, check
from app.cli.imports.members_map import MemberMap, read_member_map
from app.cli.imports.members_rows import Decoder
from app.cli.terminal import STAFF, bar, kindly, note, opened, say, stop
from facts.refusals import Refusal
from members import import_batches
from members.actions import moving_in, moving_out
from members.audit import audit
from members.moving import ERROR, KEPT, SAME, Finding, Move, Newcomer
from members.programme import in_force

CHUNK = 250  # people in one transaction


class Known(StrEnum):
    """What to do with an address that somebody has here already."""

    REPORT = "report"
    ADD = "add"


def members_command(
    file: Annotated[Path, typer.Argument(help="The file of people, CSV.", show_default=False)],
    map_: Annotated[
        Path,
        typer.Option("--map", help="What its columns mean: a TOML file, or smile, loyaltylion, voucherify, "
                     "woocommerce_points."),
    ],
    history: Annotated[Path | None, typer.Option("--history", help="A second file: what came and went there.")] = None,
    source: Annotated[str, typer.Option(help="Whose customer numbers the ids are: the source of your orders.")] = "",
    known: Annotated[Known, typer.Option(help="An address that somebody has here: report it, or add to theirs.")] = (
        Known.REPORT
    ),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Write nothing when a single line is wrong.")] = False,
    report_: Annotated[
        Path | None, typer.Option("--report", help="Write down what became of each line: a .csv or .json file.")
    ] = None,
) -> None:  # fmt: skip
    """Bring in the members of another programme, with balances, tiers and past. Doing it twice changes nothing."""
    with kindly():
        mapping = read_member_map(map_)
        mapping = mapping.model_copy(update={"source": source}) if source else mapping
        if report_ is not None:
            report.write(report_, [])
        engine, now = opened(), datetime.now(UTC)
        move = Move(f"import:{mapping.name}", settings.secret(settings.current()), str(known))
        checked = _checked(engine, file, history, mapping, now)
        findings = _planned(engine, move, checked.people)
        wrong = report.counts(checked, findings)[ERROR]
        stopped = bool(strict and wrong)
        if not dry_run and not stopped:
            findings = _write(engine, move, file.name, checked, findings, now)
        report.tell(file.name, checked, findings, "would be" if dry_run or stopped else "became")
        if report_ is not None:
            report.write(report_, report.lines(file.name, checked, findings))
        if stopped:
            stop("Nothing was written, because of --strict.")
        if dry_run:
            say("Nothing was written.")
        if report.counts(checked, findings)[ERROR]:
            raise typer.Exit(1)


def _checked(engine: Engine, file: Path, history: Path | None, mapping: MemberMap, now: datetime) -> Checked:
    with database.reading(engine) as session:
        version = in_force(session, now)
    if version.programme.points.expiry.kind == "inactivity" and any(lot.lasts for lot in mapping.lot):
        raise Refusal(
            "map_lasts",
            "Points end by inactivity here, so none can last for ever: take lasts out of the map. "
            "What has a day in expires keeps that day.",
        )
    tiers: dict[str, str] = {}
    for level in version.programme.tiers.levels:
        tiers |= {said.casefold(): level.slug for said in (*level.name.values(), level.slug)}
    with bar() as progress:
        task = progress.add_task(f"Checking {file.name}", total=None)
        decoder = Decoder(mapping, tiers, ZoneInfo(version.zone.key), now)
        return check(file, history, decoder, partial(progress.advance, task))


def _planned(engine: Engine, move: Move, people: Sequence[Newcomer]) -> list[Finding]:
    found: list[Finding] = []
    with database.reading(engine) as session, bar() as progress:
        task = progress.add_task("Looking them up", total=len(people))
        for start in range(0, len(people), CHUNK):
            found += moving_in.plan(session, move, people[start : start + CHUNK])
            progress.update(task, completed=len(found))
    return found


def _write(engine: Engine, move: Move, name: str, checked: Checked, planned: Sequence[Finding],
           now: datetime) -> list[Finding]:  # fmt: skip
    """Let them come over in a batch; where there is nothing to do, none is made."""
    todo = [one.newcomer for one in planned if one.did not in (SAME, KEPT, ERROR)]
    if not todo:
        return list(planned)
    number = database.attempt(
        engine, lambda session: import_batches.begin(session, move.source, name, STAFF, now)
    )
    done: dict[int, Finding] = {}
    start = perf_counter()
    with bar() as progress:
        task = progress.add_task("Moving in", total=len(todo))
        for first in range(0, len(todo), CHUNK):
            people = todo[first : first + CHUNK]
            at = now + timedelta(seconds=perf_counter() - start)
            step = partial(moving_in.move_in, move=move, number=number, people=people, now=at)
            done |= {one.newcomer.line: one for one in database.attempt(engine, step)}
            progress.advance(task, len(people))
    found = [done.get(one.newcomer.line, one) for one in planned]
    said, end = dict(report.counts(checked, found)), now + timedelta(seconds=perf_counter() - start)
    database.attempt(engine, lambda session: import_batches.finish(session, number, said, end))
    say(f"Batch {number}: `regulars import undo {number}` takes it back.")
    return found


def undo_command(
    number: Annotated[
        int, typer.Argument(help="The batch: `regulars import list` shows them.", show_default=False)
    ],
    take_points: Annotated[
        bool,
        typer.Option(
            "--take-points", help="Of members who have done something since, take back what came over, too."
        ),
    ] = False,
) -> None:
    """Take a batch of members back. Who has done something since stays, and is reported."""
    with kindly():
        engine, now = opened(), datetime.now(UTC)
        with database.reading(engine) as session:
            batch = import_batches.the_batch(session, number)
            total = import_batches.left(session, number)
        move = Move(batch.source, settings.secret(settings.current()))
        found: list[moving_out.Undone] = []
        with bar() as progress:
            task, after = progress.add_task("Taking back", total=total), b""
            while True:
                step = partial(
                    moving_out.take_back, move=move, number=number, after=after, now=now, points=take_points
                )
                some, after = database.attempt(engine, step)
                found += some
                progress.update(task, completed=len(found))
                if not after:
                    break
        told = Counter(one.did for one in found)
        if batch.undone_at is None or set(told) - {moving_out.KEPT}:
            database.attempt(engine, lambda session: _undone(session, number, told, now))
        database.fold_in(engine)
        _tell_undone(number, found, told)


def _undone(session: database.Session, number: int, told: Counter[str], now: datetime) -> None:
    batch = import_batches.the_batch(session, number)
    batch.undone_at, batch.undone_by = batch.undone_at or now, batch.undone_by or STAFF
    session.add(batch)
    audit(session, STAFF, "import.undone", f"import:{number}", dict(told), now)


def _tell_undone(number: int, found: Sequence[moving_out.Undone], told: Counter[str]) -> None:
    if not found:
        say(f"Of batch {number} nothing is left to take back.")
        return
    words = ", ".join(f"{count:,} {did}" for did, count in sorted(told.items()))
    say(f"Batch {number}: {words}.")
    kept = sorted((one for one in found if one.did == moving_out.KEPT), key=lambda one: one.line)
    for one in kept[: report.SHOWN]:
        note(f"Line {one.line} is kept: {one.why.rstrip('.')}.")
    if len(kept) > report.SHOWN:
        note(f"… and {len(kept) - report.SHOWN:,} more.")


def list_command() -> None:
    """Show the batches of imported members, the newest first."""
    with kindly():
        with database.reading(opened()) as session:
            rows = [
                (batch, import_batches.left(session, batch.number))
                for batch in import_batches.listed(session)
            ]
        if not rows:
            say("No members were imported yet.")
            return
        table = Table("batch", "begun", "from", "file", "lines", "state", box=None)
        for batch, left in rows:
            state = "done" if batch.finished_at else "interrupted: run the import again"
            if batch.undone_at:
                state = f"taken back on {batch.undone_at:%Y-%m-%d}" + (f", {left:,} kept" if left else "")
            said: dict[str, int] = json.loads(batch.counts)
            lines = ", ".join(f"{count:,} {report.WORDS[did]}" for did, count in said.items() if count)
            table.add_row(
                str(batch.number),
                f"{batch.started_at:%Y-%m-%d %H:%M}",
                batch.source,
                batch.file,
                lines,
                state,
            )
        Console(width=200).print(table)
