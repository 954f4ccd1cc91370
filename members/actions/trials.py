"""A badge or challenge tried on before anybody has it: on one member, and on everybody. Nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from badges.document import Badge, Challenge
from badges.ways import way_of
from members import books
from members.actions.backfill import Found, preview
from members.changes import Changes
from members.programme.versions import Timeline, achievements_of, versions
from members.scarcity import Scarcity
from members.studio.game import placed
from members.weighing import Weighing

ALONE = "tried-on-by-itself"
"""The slug under which something is tried on, so that what was earned of it so far plays no part."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What it would be for one member: the value now and the goals, in the criterion's units.

    `reached` are the moments, each with the goal's number from 1, oldest first.
    """

    value: int
    goals: tuple[int, ...]
    reached: tuple[tuple[int, datetime], ...]


def try_on(session: Session, member_id: UUID, game: Badge | Challenge, now: datetime) -> Trial | None:
    """How far a member would be if it had always been there, and they took part; None for nobody.

    Needs a session that may write; leaves everything as it was.
    """
    line, key = imagined(session, _alone(game), now), f"{_kind(game)}:{ALONE}"
    nested = session.begin_nested()
    try:
        accounts = books.lock(session, [member_id])
        if not accounts:
            return None
        scarcity = Scarcity(session, line.achievements, sorted(accounts), now)
        weighing = Weighing(accounts[member_id], line, now, scarcity, anew=True)
        books.read_history(session, [weighing.account])
        books.read_awards(session, [weighing.account])
        weighing.into(Changes())
        walked = weighing.awarding.game
        rules = line.latest.achievements
        track = rules.tracks[key]
        if walked is None:
            return Trial(0, track.goals, ())
        way = way_of(track, walked.tracks.get(key), now, walked.place(rules))
        reached = [(one.level, one.at) for one in walked.awards if one.track.key == key]
        return Trial(way.value, track.goals, tuple(reached))
    finally:
        nested.rollback()
        session.expire_all()


def try_on_all(
    session: Session, member_ids: Sequence[UUID], game: Badge | Challenge, now: datetime
) -> tuple[list[Found], int]:
    """What publishing it, and giving it to everybody from history, would give these members; and the points of that.

    Needs a session that may write; leaves everything as it was.
    """
    line = imagined(session, game.model_copy(update=FROM_BEGINNING), now)
    found, _ = preview(session, member_ids, now, line)
    own = [one for one in found if one.kind == _kind(game) and one.slug == game.slug]
    return own, sum(_points(game, one.level) * (-1 if one.taken_back else 1) for one in own)


FROM_BEGINNING: dict[str, Any] = {"counts": "from_beginning", "paused": False, "retired": False}


def imagined(session: Session, game: Badge | Challenge, now: datetime) -> Timeline:
    """The versions of the programme with one more that nobody has published: the newest, with this in it."""
    line = versions(session)
    number, start = line.latest.number + 1, max(now, line.latest.effective_from)
    programme = placed(line.latest.programme, game)
    rules = achievements_of(programme, number, start)
    more = replace(line.latest, number=number, effective_from=start, programme=programme, achievements=rules)
    return Timeline([*line.whole, more])


def _alone(game: Badge | Challenge) -> Badge | Challenge:
    """By itself and without end: nobody has it yet, nobody has to join, nothing is scarce."""
    change = FROM_BEGINNING | {"slug": ALONE}
    if isinstance(game, Badge):
        return game.model_copy(update=change | {"edition": None})
    repeats = "never" if game.repeats == "on_joining" else game.repeats
    return game.model_copy(
        update=change | {"budget": None, "join": "automatic", "days": None, "repeats": repeats}
    )


def _kind(game: Badge | Challenge) -> str:
    return "badge" if isinstance(game, Badge) else "challenge"


def _points(game: Badge | Challenge, level: int) -> int:
    prize = game.prize(level) if level <= len(game.thresholds()) else None
    return prize.points if prize else 0
