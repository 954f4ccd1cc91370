"""What a merged account had reached in the game goes on to the other one: badges, milestones, and how far it was; and
the tiers that staff gave, and those that were brought along from another programme.

One fact on the other account says all of it. When there is news of the old account (an order of its own is returned,
say), that fact is taken back and another one says how it stands now; undoing the merge takes the last one back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, or_, select

from badges.coming_over import CAME_OVER
from badges.tables import WENT_BACK, Award
from facts.dates import day_of
from facts.events import OWN_SOURCE, Fact
from members.books import fold_of
from members.own_tables import Merge
from members.programme.versions import versions
from members.tables import Standing
from rewards.pins import given
from rewards.tiers import brought

Record = Callable[[Session, Sequence[Fact], datetime], Sequence[Any]]
GAME, LEVELS = "game", ("pins", "lent")


def hand_on(session: Session, row: Merge, record: Record, now: datetime) -> None:
    """Let the other account know how the game of this one stands, unless it knows already.

    Whenever that is told, it holds from the merge on: what the other account reached since then is weighed by it.
    """
    detail = json.loads(row.detail)
    levels = {name: detail[name] for name in LEVELS if name in detail}
    said = _standing(session, row.member_id, row.at, levels)
    if said == {} and GAME not in detail:
        return
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
    last = detail.get(GAME)
    if last and last["digest"] == digest:
        return
    number = last["number"] + 1 if last else 0
    facts = [_fact("game.cancelled", row, number - 1, {}, now)] if last else []
    record(session, [*facts, _fact("game.transferred", row, number, said, row.at)], now)
    detail[GAME] = {"number": number, "digest": digest}
    row.detail = json.dumps(detail, separators=(",", ":"))
    session.add(row)
    session.flush()


def levels_of(session: Session, member_id: UUID, now: datetime) -> dict[str, Any]:
    """The tiers that staff gave, and those that were brought along, to an account which is about to be merged: those
    that are not over. {} without.
    """
    line = versions(session)
    state = session.exec(select(Standing.state).where(Standing.member_id == member_id)).one()
    climb, today = fold_of(state, line).climb, day_of(now, line.at(now).zone)
    pins = [{"tier": slug, "since": since} | _until(until) for slug, until, since in given(climb)]
    lent = [{"tier": slug} | _until(until) for slug, until in brought(climb, today)]
    return {name: found for name, found in zip(LEVELS, (pins, lent), strict=True) if found}


def take_back(session: Session, row: Merge, record: Record, now: datetime) -> None:
    """Let it be as if it had never come: awards that came over are gone from the other account, not lost there."""
    last = json.loads(row.detail).get(GAME)
    if not last:
        return
    record(session, [_fact("game.cancelled", row, last["number"], {}, now)], now)
    came = col(Award.fact_id).startswith(f"{CAME_OVER}{row.merge_id}:") & (
        col(Award.fact_source) == OWN_SOURCE
    )
    session.execute(
        delete(Award).where(col(Award.member_id) == row.into_id, came, col(Award.reason).in_(WENT_BACK))
    )


def _fact(kind: str, row: Merge, number: int, said: dict[str, Any], now: datetime) -> Fact:
    name = f"{row.merge_id}:{number}"
    ident = f"{CAME_OVER}{name}" + (":back" if kind == "game.cancelled" else "")
    return Fact(OWN_SOURCE, ident, kind, now, f"member:{row.into_id}", {"merge": name, **said})


def _standing(session: Session, member_id: UUID, merged: datetime, levels: dict[str, Any]) -> dict[str, Any]:
    """How far the account is on each track, and the awards of the rounds that it is in; {} where there is nothing.

    An award that has ended since it was `merged` came over all the same, and so did the `levels` of that moment.
    """
    query = select(Standing.game, Standing.state).where(Standing.member_id == member_id)
    game, state = (json.loads(text) for text in session.exec(query).one())
    tracks = {
        key: told if isinstance(told, str) else json.dumps(told)
        for key, told in game.get("tracks", {}).items()
    }
    rounds = {key: (*json.loads(told), 0, 0)[1] for key, told in tracks.items()}
    lasting = or_(col(Award.expires_at).is_(None), col(Award.expires_at) > merged)
    mine = (Award.member_id == member_id, col(Award.revoked_at).is_(None), lasting)
    order = (col(Award.kind), col(Award.slug), col(Award.level))
    awards = [
        _award(one)
        for one in session.exec(select(Award).where(*mine).order_by(*order))
        if rounds.get(f"{one.kind}:{one.slug}") == one.instance
    ]
    said = {"joined": game.get("joined", 0), "away": game.get("away", []), "tracks": tracks, "awards": awards,
            "welcomed": state.get("welcomed", []), **levels}  # fmt: skip
    some = tracks or said["welcomed"] or levels
    return {name: value for name, value in said.items() if value} if some else {}


def _until(day: int | None) -> dict[str, str]:
    return {"until": date.fromordinal(day).isoformat()} if day else {}


def _award(row: Award) -> dict[str, Any]:
    said = {"kind": row.kind, "slug": row.slug, "level": row.level, "value": row.value,
            "at": row.awarded_at.isoformat(),
            "expires_at": row.expires_at.isoformat() if row.expires_at else "", "by_hand": row.by_hand,
            "edition": row.edition}  # fmt: skip
    return {name: value for name, value in said.items() if value or name == "value"}
