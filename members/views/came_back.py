"""Streaks that a return broke. The engine weighs a history without what came back, so only the facts still know.

One question, and none for who has no streak that ended.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, union_all
from sqlalchemy import select as statement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from badges.ways import run_of
from facts.criteria import Place, Seen, Streak, period_days, period_of
from facts.criteria.filters import ORDER
from facts.dates import midnight
from facts.events import Fact
from facts.history import Event, events
from facts.returned import BACK
from members.tables import FactRow
from members.views.playing import Play


def with_returns(session: Session, play: Play) -> Play:
    """The same game, knowing which streaks ended because orders came back, and when the last of these did."""
    ended = dict(_ended(play))
    if not ended:
        return play
    facts = _facts(session, play, ended.values())
    back = [fact for fact in facts if fact.type in BACK]
    if not back:
        return play
    now, before = events(facts), events(fact for fact in facts if fact.type not in BACK)
    found: dict[str, datetime] = {}
    for key, (streak, period) in ended.items():
        had, left = (_of(streak, period, some, play.place) for some in (before, now))
        if len(left) < streak.times <= len(had):
            orders = {(event.key[1], event.data["order_id"]) for event in had}
            found[key] = max(one.occurred_at for one in back if (one.source, one.data["order_id"]) in orders)
    return replace(play, came_back=found)


def _ended(play: Play) -> Iterator[tuple[str, tuple[Streak, int]]]:
    """Of each track with a streak of orders that ended, the streak and the period in which it did."""
    for way in (*play.ways("badge"), *play.ways("challenge")):
        run = run_of(way, play.now, play.place)
        if run and run.ended and run.streak.where.type == ORDER and not play.hushed(way.track):
            yield way.track.key, (run.streak, run.ended.period)


def _facts(session: Session, play: Play, ended: Iterable[tuple[Streak, int]]) -> list[Fact]:
    """The orders of some periods, whichever clock these went by, and what came back of them."""
    paid, back = aliased(FactRow), aliased(FactRow)
    spans, zone = [period_days(period, streak.every) for streak, period in ended], play.place.zone
    within = or_(*(
        and_(col(paid.occurred_at) >= midnight(first - 1, zone), col(paid.occurred_at) < midnight(end + 1, zone))
        for first, end in spans
    ))  # fmt: skip
    orders = and_(col(paid.member_id) == play.standing.member_id, col(paid.type) == ORDER, within)
    same = and_(
        col(back.member_id) == col(paid.member_id), col(back.source) == col(paid.source),
        col(back.object_id) == col(paid.object_id), col(back.type).in_(BACK),
    )  # fmt: skip
    asked = union_all(
        statement(*_columns(paid)).where(orders),
        statement(*_columns(back)).join(paid, same).where(orders),
    )
    found = {(row[0], row[1]): row for row in session.execute(asked)}
    return [Fact(row[0], row[1], row[2], row[3], "", json.loads(row[4])) for row in found.values()]


def _columns(row: Any) -> Sequence[Any]:
    return (row.source, row.fact_id, row.type, row.occurred_at, row.data)


def _of(streak: Streak, period: int, happened: Iterable[Event], place: Place) -> list[Event]:
    """The events that the streak counts in a period."""
    seen = (Seen.of(event, place) for event in happened)
    return [
        one.event for one in seen
        if period_of(one.day, streak.every) == period and streak.where.lines(one) is not None
    ]  # fmt: skip
