"""Two people for what is risky: one asks, another one agrees, and then it is done, once, with both in the audit.

`ACTIONS` says what can be asked for: a name, and what is done with its detail once somebody agreed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from badges.tables import BadgeBatch
from facts.language import N_
from facts.refusals import Refusal
from members import alone, letting_know
from members.actions import bulk, extending, keys, logins, merging, pinning, staff, team
from members.actions.reasons import checked_reason
from members.actions.staff import NEEDS_SECOND
from members.approving import DONE, IN_BULK, REFUSED, WITHDRAWN, ask, ask_id, has_one_of, id_of, take
from members.merged import latest_of
from members.programme import versions
from members.purses import in_points, purses
from members.roles import MEMBER, Person
from members.tables import Member, Standing
from members.way_tables import Approval
from rewards.extending import EXTENDED
from rewards.lots import POINTS

SAID_LENGTH_MAX = 500
Deed = Callable[[Session, dict[str, Any], str, str, datetime], None]


def _adjust(session: Session, detail: dict[str, Any], asked_by: str, agreed_by: str, now: datetime) -> None:
    staff.adjust(session, UUID(detail["member"]), detail["points"], detail["reason"], asked_by, now,
                 wallet=detail.get("wallet", POINTS), request_id=detail["request"], agreed_by=agreed_by)  # fmt: skip


def _extend(session: Session, detail: dict[str, Any], asked_by: str, agreed_by: str, now: datetime) -> None:
    extending.extend(session, UUID(detail["member"]), date.fromisoformat(detail["until"]), detail["reason"], asked_by,
                     now, lot=detail["lot"], request_id=detail["request"], agreed_by=agreed_by)  # fmt: skip


def _pin(session: Session, detail: dict[str, Any], asked_by: str, agreed_by: str, now: datetime) -> None:
    pinning.pin(session, UUID(detail["member"]), detail["tier"], detail["until"], detail["reason"], asked_by, now,
                request_id=detail["request"], agreed_by=agreed_by)  # fmt: skip


def _bulk(session: Session, detail: dict[str, Any], asked_by: str, agreed_by: str, now: datetime) -> None:
    bulk.release(session, detail["batch"], asked_by, agreed_by, now)


def _role(session: Session, detail: dict[str, Any], asked_by: str, agreed_by: str, now: datetime) -> None:
    team.change_role(session, detail["staff"], detail["role"], asked_by, now, agreed_by=agreed_by)


def _merge(session: Session, detail: dict[str, Any], asked_by: str, agreed_by: str, now: datetime) -> None:
    member_id, into_id = UUID(detail["member"]), UUID(detail["into"])
    _tell(session, member_id, into_id, now)
    merging.merge(session, member_id, into_id, detail["reason"], asked_by, now, agreed_by=agreed_by)


def _tell(session: Session, member_id: UUID, into_id: UUID, now: datetime) -> None:
    """Tell both, where what is closed is more than a draft without a way in: then something new opens what stays."""
    if logins.ways_in(session, Person(str(member_id), MEMBER)):
        letting_know.tell_of_merge(session, member_id, into_id, now)


ACTIONS: dict[str, Deed] = {
    alone.ADJUSTED: _adjust, EXTENDED: _extend, alone.PINNED: _pin, IN_BULK: _bulk, "staff.role_changed": _role,
    alone.MERGED: _merge,
    keys.MADE: keys.make, keys.RENEWED: keys.renew, keys.ROTATED: keys.rotate, keys.WITHDRAWN: keys.withdraw,
}  # fmt: skip


def _done_or_asked(
    session: Session,
    action: str,
    member_id: UUID,
    reason: str,
    actor: str,
    now: datetime,
    request_id: str,
    verb: Callable[[], object],
    asked: Callable[[], dict[str, Any]],
) -> bool:
    """Do it, or where it is too much for one alone ask a second person for what was `asked`. Whether it is done."""
    try:
        verb()
    except Refusal as refusal:
        if refusal.code != NEEDS_SECOND:
            raise
        detail = {"member": str(member_id), "reason": reason, "request": request_id} | asked()
        ask(session, action, f"member:{member_id}", detail, reason, actor, now, request_id=request_id)
        return False
    return True


def adjust_or_ask(session: Session, member_id: UUID, points: int, reason: str, actor: str, now: datetime,
                  *, wallet: str = POINTS, request_id: str) -> bool:  # fmt: skip
    """Adjust a member's points, or what is in another wallet; above the limit ask a second person to agree.

    Whether it is done.
    """
    reason = checked_reason(reason)

    def verb() -> None:
        staff.adjust(session, member_id, points, reason, actor, now, wallet=wallet, request_id=request_id)

    def asked() -> dict[str, Any]:
        if session.get(Member, member_id) is None:
            raise Refusal("member_unknown", N_("There is no such member."), status=404) from None
        return {"points": points} if wallet == POINTS else {"points": points, "wallet": wallet}

    return _done_or_asked(session, alone.ADJUSTED, member_id, reason, actor, now, request_id, verb, asked)


def extend_or_ask(session: Session, member_id: UUID, until: date, reason: str, actor: str, now: datetime,
                  *, lot: str = "", request_id: str) -> bool:  # fmt: skip
    """Give points more time, or above the limit ask a second person to agree. Whether it is done."""
    reason = checked_reason(reason)

    def verb() -> None:
        extending.extend(session, member_id, until, reason, actor, now, lot=lot, request_id=request_id)

    def asked() -> dict[str, Any]:
        wallet, amount = extending.reached(session, member_id, until, lot, now)
        found = {"until": until.isoformat(), "lot": lot, "points": amount}
        return found if wallet == POINTS else found | {"wallet": wallet}

    return _done_or_asked(session, EXTENDED, member_id, reason, actor, now, request_id, verb, asked)


def pin_or_ask(session: Session, member_id: UUID, tier: str, until: str, reason: str, actor: str, now: datetime,
               *, request_id: str) -> bool:  # fmt: skip
    """Give a tier by hand, or ask a second person when its welcome is above the limit. Whether it is done."""
    reason = checked_reason(reason)

    def verb() -> None:
        pinning.pin(session, member_id, tier, until, reason, actor, now, request_id=request_id)

    def asked() -> dict[str, Any]:
        points = pinning.worth_of(versions(session).at(now).programme, tier)
        return {"tier": tier, "until": until.strip(), "points": points}

    return _done_or_asked(session, alone.PINNED, member_id, reason, actor, now, request_id, verb, asked)


def merge_or_ask(session: Session, member_id: UUID, into_id: UUID, reason: str, actor: str, now: datetime,
                 *, request_id: str) -> bool:  # fmt: skip
    """Make one account of two, or ask a second person when more points than one may give alone would change hands.

    The points of the closed account move, cashback as the points that would pay as much, and are summed with all else
    that one does alone in a day, for that account and for all; and who signs in to it comes to those of the account
    that stays. An account of one's own is never merged alone. Whether it is done.
    """
    reason = checked_reason(reason)
    into_id = latest_of(session, into_id)
    before = alone.done(session, actor, now, member_id=into_id)
    merging.check(session, member_id, into_id)
    moves = abs(_balance(session, member_id)) + in_points(session, member_id, now)
    meets = _balance(session, into_id) + in_points(session, into_id, now)
    opened = meets if logins.ways_in(session, Person(str(member_id), MEMBER)) else 0
    limit = versions(session).at(now).points.adjustment_limit
    much = max(before.to_one + moves, opened) > limit or before.to_all + moves > limit * alone.MANY
    if not much and not has_one_of(session, actor, {member_id, into_id}):
        _tell(session, member_id, into_id, now)
        merging.merge(session, member_id, into_id, reason, actor, now)
        return True
    detail = {
        "member": str(member_id),
        "into": str(into_id),
        "reason": reason,
        "points": _balance(session, member_id),
        "meets": _balance(session, into_id),
        "purses": purses(session, member_id),
        "purses_met": purses(session, into_id),
    }
    ask(session, alone.MERGED, f"member:{member_id}", detail, reason, actor, now, request_id=request_id)
    return False


def _balance(session: Session, member_id: UUID) -> int:
    return session.exec(select(Standing.balance).where(Standing.member_id == member_id)).one()


def change_role_or_ask(session: Session, staff_id: str, role: str, actor: str, now: datetime,
                       *, request_id: str) -> bool:  # fmt: skip
    """Give somebody another role, or ask a second person when that is an owner's. Whether it is done."""
    try:
        team.change_role(session, staff_id, role, actor, now)
    except Refusal as refusal:
        if refusal.code != "role_needs_second":
            raise
        detail = {"staff": staff_id, "role": role}
        ask(session, "staff.role_changed", f"staff:{staff_id}", detail, "", actor, now, request_id=request_id)
        return False
    return True


def begin_or_ask(session: Session, order: bulk.Order, batch_id: str, members: list[UUID], actor: str,
                 now: datetime) -> bool:  # fmt: skip
    """Begin a list of badges; one that is too much for one person waits for a second one (`bulk.too_much`).

    The same list again is the one that was begun: it neither counts twice nor waits.
    """
    begun = session.get(BadgeBatch, batch_id)
    if begun:
        return session.get(Approval, ask_id(actor, IN_BULK, f"batch:{batch_id}", batch_id)) is None
    held = bulk.too_much(session, order, len(set(members)), actor, now)
    bulk.begin(session, order, batch_id, members, actor, now, held=held)
    if held:
        detail = {"batch": batch_id, "verb": order.verb, "badge": order.badge, "members": len(set(members))}
        ask(session, IN_BULK, f"batch:{batch_id}", detail, order.reason, actor, now, request_id=batch_id)
    return not held


def agree(session: Session, approval_id: UUID, actor: str, now: datetime) -> Approval:
    """Let what was asked for be done, now. Never one's own wish; what the deed refuses leaves it waiting."""
    row = take(session, approval_id, DONE, actor, "", now)
    if id_of(row.asked_by) == id_of(actor):
        said = N_("Somebody else has to agree: nobody agrees to what they asked for themselves.")
        raise Refusal("approval_own", said, path="approval", status=403)
    detail = json.loads(row.detail)
    if not detail:  # an erasure empties what was about a member
        raise Refusal(
            "approval_void", N_("The account that this was about is gone."), path="approval", status=410
        )
    ACTIONS[row.action](session, detail, row.asked_by, actor, now)
    return row


def refuse(session: Session, approval_id: UUID, why: str, actor: str, now: datetime) -> Approval:
    """Let it not be done. Whoever asked reads why."""
    return take(session, approval_id, REFUSED, actor, why.replace("\x00", "").strip()[:SAID_LENGTH_MAX], now)


def withdraw(session: Session, approval_id: UUID, actor: str, now: datetime) -> Approval:
    """Take back what one asked for oneself."""
    row = take(session, approval_id, WITHDRAWN, actor, "", now)
    if id_of(row.asked_by) != id_of(actor):
        raise Refusal("approval_of_others", N_("Only who asked for it can take it back."), path="approval",
                      status=403)  # fmt: skip
    return row
