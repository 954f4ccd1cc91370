"""Merging two accounts of one person: one is closed, and what it has goes to the other, badges and rewards included.

An account id never changes, and what was valued before stays as it was: the closed account keeps its history, and its
level counts where it was earned. For 30 days the way back is open.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select, update

from facts.ids import id_from
from facts.language import N_
from facts.refusals import Refusal
from members import books, closing, merged_game, sessions
from members.actions import boards
from members.actions.record import advance, record
from members.actions.telling import no_news
from members.audit import audit
from members.handing_over import hand_back, hand_over
from members.merged import move, pass_on, standing_merge
from members.own_tables import Merge
from members.parts import parts
from members.programme.versions import versions
from members.purses import in_points
from members.referral_tables import AGAIN, Brought
from members.roles import MEMBER, Person
from members.tables import Member, Outbox, Standing
from members.views.standing import unknown
from members.ways_back import UNDO_DAYS
from rewards.idle import idle_end
from rewards.lots import POINTS

MERGED = "merged"
OPEN = frozenset({"draft", "active"})


def check(session: Session, member_id: UUID, into_id: UUID) -> tuple[Member, Member]:
    """Lock both accounts; refuses two that are one, and accounts that are closed already."""
    if member_id == into_id:
        raise Refusal("merge_same", N_("This is one and the same account."), path="into", status=409)
    if len(books.lock(session, [member_id, into_id])) < 2:
        raise unknown()
    closed, kept = (session.get_one(Member, one, populate_existing=True) for one in (member_id, into_id))
    if closed.status not in OPEN or kept.status not in OPEN:
        raise Refusal("account_closed", N_("This account is closed."), status=409)
    return closed, kept


def merge(session: Session, member_id: UUID, into_id: UUID, reason: str, actor: str, now: datetime,
          *, agreed_by: str = "") -> UUID:  # fmt: skip
    """Close `member_id` and give what it has to `into_id`; returns the id of the merge.

    Refuses accounts that are closed already.
    """
    closed, kept = check(session, member_id, into_id)
    boards.leave(session, member_id, now)
    advance(session, [member_id, into_id], now)
    named = bool(closed.name) and not kept.name
    went = hand_over(session, member_id, into_id, now) | merged_game.levels_of(session, member_id, now)
    detail = {"status": closed.status, "named": named, **went}
    row = Merge(member_id=member_id, merge_id=id_from(now, secrets.token_bytes(10)), into_id=into_id, at=now,
                actor=actor, reason=reason.strip(), detail=json.dumps(detail))  # fmt: skip
    session.add(row)
    before = _both(session, member_id, into_id, now)
    closed.status = MERGED
    kept.name = kept.name or closed.name
    session.flush()
    pass_on(session, [member_id], record, advance, now)
    no_news(session, [into_id], now)
    _look_at_friends(session, [member_id, into_id])
    session.add(Outbox(members=f"{member_id.hex} {into_id.hex}", at=now))
    agreed = {"agreed_by": agreed_by} if agreed_by else {}
    audit(session, actor, "member.merged", f"member:{member_id}", {"into": str(into_id), **agreed}, now,
          before=before, after=_both(session, member_id, into_id, now))  # fmt: skip
    return row.merge_id


def _look_at_friends(session: Session, members: list[UUID]) -> None:
    """Who came as a friend may be known by now, or be whoever brought them, and the other way round; and whoever
    brought them may have more friends by now.
    """
    accounts = [*members, *parts(session, members)]
    theirs = col(Brought.member_id).in_(accounts) | col(Brought.sharer_id).in_(accounts)
    session.exec(update(Brought).where(theirs).values(seen_until=AGAIN))


def _both(session: Session, member_id: UUID, into_id: UUID, now: datetime) -> dict[str, object]:
    """How two accounts stand, for the audit; `wallets` is what the closed one has beside points, in points."""
    closed = session.get_one(Member, member_id)
    points = [
        session.exec(select(Standing.balance).where(Standing.member_id == one)).one()
        for one in (member_id, into_id)
    ]
    beside = in_points(session, member_id, now)
    more: dict[str, object] = {"wallets": beside} if beside else {}
    return {"status": closed.status, "points": points[0], "points_of_the_other": points[1], **more}


def undo(session: Session, member_id: UUID, actor: str, now: datetime) -> None:
    """Make two accounts of one again: what went over, and is not over by now, comes back.

    All sessions end, since nobody knows whose they are by now: everybody signs in anew, to their own account.
    Refuses after 30 days, and where the other account has not enough left and the programme allows no debt.
    """
    row = standing_merge(session, member_id)
    if row is None:
        raise Refusal("merge_unknown", N_("This account was not merged."), status=404)
    if now >= row.at + timedelta(days=UNDO_DAYS):
        raise Refusal("merge_final", N_("This was too long ago to be undone."), status=409)
    books.lock(session, [member_id, row.into_id])
    stand = session.get_one(Standing, member_id, populate_existing=True)
    kept = session.get_one(Member, row.into_id, populate_existing=True)
    if closing.closed(stand.state) != closing.MERGED or kept.status not in OPEN:
        raise Refusal("account_closed", N_("This account is closed."), status=409)
    session.refresh(row, with_for_update=True)
    detail, before = json.loads(row.detail), _both(session, member_id, row.into_id, now)
    row.undone_at, row.undone_by = now, actor
    session.add(row)
    stand.state, stand.due_at = closing.unmarked(stand.state), now
    closed = session.get_one(Member, member_id)
    closed.status = detail["status"]
    if detail.get("named") and kept.name == closed.name:
        kept.name = ""  # it came with the other account
    session.flush()
    merged_game.take_back(session, row, record, now)
    for number, one in enumerate(detail.get("moves", [])):
        _move_back(session, row, f"{row.merge_id}:back:{number}", one, now)
    hand_back(session, row, detail, now)
    no_news(session, [member_id, row.into_id], now)
    _look_at_friends(session, [member_id, row.into_id])
    sessions.end_all(session, Person(str(row.into_id), MEMBER), now)
    session.add(Outbox(members=f"{member_id.hex} {row.into_id.hex}", at=now))
    audit(session, actor, "member.merge_undone", f"member:{member_id}", {"from": str(row.into_id)}, now,
          before=before, after=_both(session, member_id, row.into_id, now))  # fmt: skip


def _move_back(session: Session, row: Merge, name: str, one: dict[str, Any], now: datetime) -> None:
    points, lots, wallet = one["points"], one["lots"], one.get("wallet", POINTS)
    if points < 0:
        refusal = move(
            session, name, row.member_id, row.into_id, -points, [{"points": -points}], record, now, wallet
        )
    else:
        idle = _idle_end(session, row, one)
        ends = [datetime.fromisoformat(lot["expires_at"]) if lot["expires_at"] else idle for lot in lots]
        lots = [lot for lot, end in zip(lots, ends, strict=True) if end is None or end > now]
        points = sum(lot["points"] for lot in lots)
        if not points:
            return
        refusal = move(session, name, row.into_id, row.member_id, points, lots, record, now, wallet)
    if refusal:
        raise refusal


def _idle_end(session: Session, row: Merge, one: dict[str, Any]) -> datetime | None:
    """When what went over without a date ends on the other account by inactivity, or has ended; None for never."""
    if "at" not in one:
        return None
    line, state = versions(session), session.get_one(Standing, row.into_id, populate_existing=True).state
    active = books.fold_of(state, line).active
    return idle_end(line, active, datetime.fromisoformat(one["at"]), one.get("wallet", POINTS))
