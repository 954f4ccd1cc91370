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
from members.actions.backfill import Found, Preview
from members.changes import AWARD_COLUMNS, Changes
from members.filling import filled, narrow
from members.programme.versions import Timeline, achievements_of, versions
from members.scarcity import Glimpse
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
    """How far a member would be if it had always been there, and they took part; None for nobody. Only reads."""
    line, key = imagined(session, _alone(game), now), f"{_kind(game)}:{ALONE}"
    weighed = _weigh(session, [member_id], line, now)
    if not weighed:
        return None
    rules, walked = line.latest.achievements, weighed[0][0].awarding.game
    track = rules.tracks[key]
    if walked is None:
        return Trial(0, track.goals, ())
    way = way_of(track, walked.tracks.get(key), now, walked.place(rules))
    reached = [(one.level, one.at) for one in walked.awards if one.track.key == key]
    return Trial(way.value, track.goals, tuple(reached))


def try_on_all(
    session: Session,
    member_ids: Sequence[UUID],
    game: Badge | Challenge,
    now: datetime,
    before: Preview | None = None,
) -> tuple[list[Found], int]:
    """What publishing it, and giving it to everybody from history, would give these members; and the points of that.

    `before` is what members before these would get of it, where there is only so much. Only reads.
    """
    left = _left(game, before or Preview())
    if left is None:
        return [], 0
    line = imagined(session, left.model_copy(update=FROM_BEGINNING), now)
    found: list[Found] = []
    key = f"{_kind(game)}:{game.slug}"
    for weighing, changed in _weigh(session, member_ids, narrow(line, {*filled(session, line), key}), now):
        found += _changes(weighing, changed, _kind(game), game.slug)
    cost = line.latest.achievements.tracks[key].cost
    return found, sum(cost(one.level) * (-1 if one.taken_back else 1) for one in found)


def _weigh(
    session: Session, member_ids: Sequence[UUID], line: Timeline, now: datetime
) -> list[tuple[Weighing, Changes]]:
    """These members' whole histories weighed by these versions, and what would be written; in the order of ids."""
    accounts = books.seen(session, member_ids)
    scarcity = Glimpse(session, line, sorted(accounts), now)
    found = [(Weighing(accounts[one], line, now, scarcity, anew=True), Changes()) for one in sorted(accounts)]
    books.read_history(session, [weighing.account for weighing, _ in found])
    books.read_awards(session, [weighing.account for weighing, _ in found])
    for weighing, changed in found:
        weighing.into(changed)
    return found


def _changes(weighing: Weighing, changed: Changes, kind: str, slug: str) -> list[Found]:
    """The awards of it that would stand and did not, or did and would not."""
    account = weighing.account
    stood = {
        (row.instance, row.level)
        for row in account.awards
        if row.kind == kind and row.slug == slug and not row.revoked_at
    }
    found: list[Found] = []
    for row in changed.awards:
        told = dict(zip(AWARD_COLUMNS, row, strict=True))
        at, stands = told["awarded_at"], told["revoked_at"] is None
        if (told["kind"], told["slug"]) != (kind, slug) or (
            (told["instance"], told["level"]) in stood
        ) == stands:
            continue
        if stands and any(one.slug == slug and kind == "badge" and one.at >= at for _, one in changed.taken):
            continue
        found.append(Found(account.standing.member_id, kind, slug, told["level"], at, not stands))
    return sorted(found, key=lambda one: one.awarded_at)


def _left(game: Badge | Challenge, before: Preview) -> Badge | Challenge | None:
    """It, with so much less of what is scarce; None when nothing is left."""
    name = "edition" if isinstance(game, Badge) else "budget"
    limit, gone = getattr(game, name), before.members if isinstance(game, Badge) else before.points
    if limit is None or not gone:
        return game
    return game.model_copy(update={name: limit - gone}) if gone < limit else None


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
