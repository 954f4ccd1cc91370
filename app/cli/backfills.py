"""`regulars programme backfill`: what counts from the beginning, for everybody's history."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer
from sqlmodel import Session, func, select

from app import database
from app.cli.terminal import STAFF, bar, kindly, many, opened, say
from members.actions import backfill as filling
from members.actions.backfill import Found, Preview
from members.filling import Lines
from members.programme import versions
from members.tables import Member, Standing


def backfill_command(
    preview: Annotated[bool, typer.Option("--preview", help="Only say what it would do.")] = False,
    only_given: Annotated[
        bool,
        typer.Option(
            "--only-given", help="Weigh again what was given to everybody before, and give nothing new."
        ),
    ] = False,
) -> None:
    """Give badges and challenge steps that count from_beginning to those who earned them before. Tells nobody.

    Doing it twice changes nothing; when a later version says from_now again, it takes back what it gave. Every history
    is weighed again, so what an earlier release weighed otherwise is put right, too.
    """
    with kindly():
        engine = opened()
        with database.reading(engine) as session:
            total = session.exec(select(func.count()).select_from(Standing)).one()
        if not preview and not only_given:
            database.attempt(
                engine, lambda session: filling.begin(session, actor=STAFF, now=datetime.now(UTC))
            )
        whole = Preview()
        with bar() as progress:
            task = progress.add_task("Weighing histories again", total=total)
            last: UUID | None = None
            while True:
                now = datetime.now(UTC)
                found, points, seen = _batch(engine, last, now, only_preview=preview, only_given=only_given)
                if not seen:
                    break
                whole.add(found, points)
                last = seen[-1]
                progress.advance(task, len(seen))
        _tell(engine, whole, only_preview=preview)


def _batch(
    engine: database.Engine, last: UUID | None, now: datetime, *, only_preview: bool, only_given: bool
) -> tuple[list[Found], int, list[UUID]]:
    work = filling.preview if only_preview else filling.backfill

    def step(session: Session) -> tuple[list[Found], int, list[UUID]]:
        members = filling.after(session, last)
        lines = Lines(session, versions(session)) if only_given else None
        found, points = work(session, members, now, lines) if members else ([], 0)
        return found, points, members

    return database.attempt(engine, step)


def _tell(engine: database.Engine, whole: Preview, *, only_preview: bool) -> None:
    verb = "would be" if only_preview else "was" if whole.given == 1 else "were"
    say(f"{many(whole.members, 'member')}: {many(whole.given, 'award')} {verb} given and {whole.taken_back:,} taken "
        f"back; {many(whole.points, 'point', '+,')}.")  # fmt: skip
    with database.reading(engine) as session:
        for one in whole.examples:
            member = session.get(Member, one.member_id)
            name = (member.name if member else "") or str(one.member_id)
            level = f" {one.level}" if one.level > 1 else ""
            back = ", taken back" if one.taken_back else ""
            say(f"  {name}: {one.kind} {one.slug}{level}, {one.awarded_at:%Y-%m-%d}{back}")
