"""One badge for many members, or from many: looked over first, done in steps, and undone as a whole.

Each step is a transaction of its own; a batch that was interrupted goes on where it stopped, and doing a step twice
changes nothing, since every fact is named after its batch and its member. Undoing replays the histories without the
batch (`facts.history`): awards, prizes and what was taken away are as if it had never been.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, or_, update
from sqlmodel import Session, col, select

from badges.tables import Award, BadgeBatch, BadgeBatchLine
from facts.events import OWN_SOURCE, Fact
from facts.language import N_
from facts.refusals import Refusal
from members import alone, sets
from members.actions.awards import checked_badge
from members.actions.reasons import checked_reason
from members.actions.record import record
from members.approving import ASKED
from members.audit import audit
from members.lists import ALREADY, NOT_THEIRS, Found, resolve
from members.programme.versions import versions

Verb = Literal["grant", "revoke"]
VERBS: tuple[Verb, ...] = ("grant", "revoke")
STEP = 100  # members in one transaction
UNDO_STEP = (
    25  # a replay each: nobody at the till waits longer for them than for a hundred who are given something
)
FACTS: dict[Verb, str] = {"grant": "badge.granted", "revoke": "badge.revoked"}


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done. `level` is that of a grant; a badge is taken away with all its levels."""

    verb: Verb
    badge: str
    level: int
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is: how many lines are `done`, undone, `left_out`, and how many are still to come.

    `held` wait for a second person to agree.
    """

    done: int
    undone: int
    left_out: int
    to_come: int
    held: int = 0


def look_over(session: Session, order: Order, text: str, now: datetime) -> list[Found]:
    """Who is meant by each line of a list, and what is wrong with it for this order. Writes nothing."""
    checked_badge(session, order.badge, order.level, now, retired=order.verb == "revoke")
    lines = resolve(session, text)
    has = _holders(session, order, [one.member_id for one in lines if one.member_id], now)
    return [_fits(one, order, has) for one in lines]


def _fits(one: Found, order: Order, has: set[UUID]) -> Found:
    if one.member_id is None or (one.member_id in has) == (order.verb == "revoke"):
        return one
    return one.with_problem(ALREADY if order.verb == "grant" else NOT_THEIRS)


def begin(
    session: Session,
    order: Order,
    batch_id: str,
    members: Sequence[UUID],
    actor: str,
    now: datetime,
    *,
    held: bool = False,
) -> None:
    """Write down who is in a batch; `step` does it. The same `batch_id` is one batch.

    One that is `held` waits for a second person (`members.actions.approvals`), and `step` does nothing until then.
    """
    checked_badge(session, order.badge, order.level, now, retired=order.verb == "revoke")
    reason = checked_reason(order.reason)
    if not members:
        raise Refusal(
            "batch_empty", N_("There is nobody in the list for whom this can be done."), path="list"
        )
    if session.get(BadgeBatch, batch_id):
        return
    session.add(BadgeBatch(batch_id=batch_id, verb=order.verb, badge=order.badge, level=order.level, reason=reason,
                           actor=actor, made_at=now))  # fmt: skip
    session.flush()
    rows = [(member_id, batch_id, ASKED if held else "waiting") for member_id in sorted(set(members))]
    sets.insert(session, BadgeBatchLine, ("member_id", "batch_id", "state"), rows)
    detail = {
        "badge": order.badge,
        "level": order.level,
        "members": len(rows),
    }  # the words lie with the batch
    done = "badges.granted_in_bulk" if order.verb == "grant" else "badges.revoked_in_bulk"
    audit(session, actor, f"{done}_asked" if held else done, f"batch:{batch_id}", detail, now)


def too_much(session: Session, order: Order, members: int, actor: str, now: datetime) -> bool:
    """Whether one person may not do this alone: too many members, or too many points by what the badge gives.

    What they did alone within a day counts along, so a long list cannot be had as several short ones.
    """
    version, before = versions(session).at(now), alone.done(session, actor, now)
    each = alone.worth_of(version.programme, order.badge, order.level) if order.verb == "grant" else 0
    points = version.points
    return before.members + members > points.bulk_limit or (
        each > 0 and before.worth + each * members > points.adjustment_limit
    )


def release(session: Session, batch_id: str, actor: str, agreed_by: str, now: datetime) -> None:
    """Let a batch that was held be done, now that somebody else agreed to it."""
    batch = _batch(session, batch_id)
    if batch.undone_at:
        raise Refusal("batch_undone", N_("This has been undone already."), path="batch", status=409)
    held = (col(BadgeBatchLine.batch_id) == batch_id, col(BadgeBatchLine.state) == ASKED)
    count = session.connection().execute(update(BadgeBatchLine).where(*held).values(state="waiting")).rowcount
    done = "badges.granted_in_bulk" if batch.verb == "grant" else "badges.revoked_in_bulk"
    detail = {"badge": batch.badge, "level": batch.level, "members": count, "agreed_by": agreed_by}
    audit(session, actor, done, f"batch:{batch_id}", detail, now)


def undo(session: Session, batch_id: str, actor: str, now: datetime) -> None:
    """Call a batch off, whatever was done of it; `step` does it. Those who were still to come are left alone."""
    batch = _batch(session, batch_id)
    if batch.undone_at:
        raise Refusal("batch_undone", N_("This has been undone already."), path="batch", status=409)
    batch.undone_at, batch.undone_by = now, actor
    session.add(batch)
    audit(session, actor, "badges.batch_undone", f"batch:{batch_id}", {"badge": batch.badge}, now)


def step(session: Session, batch_id: str, now: datetime) -> Progress:
    """Do (or undo) a batch for its next members; a batch that is finished stays as it is."""
    batch = _batch(session, batch_id)
    before, after = ("done", "undone") if batch.undone_at else ("waiting", "done")
    members = _next(session, batch_id, before, min(STEP, UNDO_STEP) if batch.undone_at else STEP)
    if members:
        kept = _posted(session, batch, members, now)
        _mark(session, batch_id, kept, after)
        _mark(session, batch_id, set(members) - kept, "left_out")
    return progress(session, batch)


def progress(session: Session, batch: BadgeBatch) -> Progress:
    """How far a batch is."""
    state = col(BadgeBatchLine.state)
    query = select(BadgeBatchLine.state, func.count()).where(BadgeBatchLine.batch_id == batch.batch_id)
    count = dict(session.exec(query.group_by(state)).all())
    done, waiting = count.get("done", 0), count.get("waiting", 0)
    to_come = done if batch.undone_at else waiting
    held = 0 if batch.undone_at else count.get(ASKED, 0)
    return Progress(done, count.get("undone", 0), count.get("left_out", 0), to_come, held)


def _batch(session: Session, batch_id: str) -> BadgeBatch:
    query = select(BadgeBatch).where(BadgeBatch.batch_id == batch_id).with_for_update()
    found = (
        session.exec(query.execution_options(populate_existing=True)).first() if batch_id.isalnum() else None
    )
    if found is None:
        raise Refusal("batch_unknown", N_("There is no such list."), path="batch", status=404)
    return found


def _next(session: Session, batch_id: str, state: str, count: int) -> list[UUID]:
    query = select(BadgeBatchLine.member_id).where(
        BadgeBatchLine.batch_id == batch_id, BadgeBatchLine.state == state
    )
    return list(session.exec(query.order_by(col(BadgeBatchLine.member_id)).limit(count)))


def _posted(session: Session, batch: BadgeBatch, members: Sequence[UUID], now: datetime) -> set[UUID]:
    """Record the batch's facts of these members; returns those for whom it was done.

    A fact that came to nothing, because no more were left to give, is not kept: a larger edition would wake it.
    """
    kept = set(members)
    while kept:
        with session.begin_nested() as tried:
            outcomes = record(session, [_fact(batch, one, now) for one in sorted(kept)], now)
            lost = {one for one, told in zip(sorted(kept), outcomes, strict=True) if told.refusal}
            if batch.verb == "grant" and not batch.undone_at:
                order = Order("grant", batch.badge, batch.level, batch.reason)
                lost |= kept - _holders(session, order, kept, now)
            if not lost:
                return kept
            tried.rollback()
        kept -= lost
    return kept


def _fact(batch: BadgeBatch, member_id: UUID, now: datetime) -> Fact:
    kind = "badge.cancelled" if batch.undone_at else FACTS["grant" if batch.verb == "grant" else "revoke"]
    name = f"{batch.batch_id}:{member_id.hex}"
    data: dict[str, Any] = {"batch": batch.batch_id, "actor": batch.undone_by or batch.actor}
    if kind != "badge.cancelled":
        data |= {"badge": batch.badge, "reason": batch.reason}
    if kind == "badge.granted":
        data |= {"grant_id": name, "level": batch.level}
    return Fact(OWN_SOURCE, f"{kind}:{name}", kind, now, f"member:{member_id}", data)


def _mark(session: Session, batch_id: str, members: Iterable[UUID], state: str) -> None:
    which = (col(BadgeBatchLine.batch_id) == batch_id, col(BadgeBatchLine.member_id).in_(list(members)))
    session.execute(update(BadgeBatchLine).where(*which).values(state=state))


def _holders(session: Session, order: Order, members: Iterable[UUID], now: datetime) -> set[UUID]:
    """Who of these holds the badge now: the level that is to be given, or any that is to be taken away."""
    stands = (
        col(Award.revoked_at).is_(None),
        or_(col(Award.expires_at).is_(None), col(Award.expires_at) > now),
    )
    theirs = (col(Award.member_id).in_(list(members)), Award.kind == "badge", Award.slug == order.badge)
    query = select(Award.member_id).where(*theirs, *stands)
    if order.verb == "grant":
        query = query.where(Award.level == order.level)
    return set(session.exec(query))


def newest(session: Session, count: int) -> list[BadgeBatch]:
    """The batches that were made last, the newest first."""
    return list(session.exec(select(BadgeBatch).order_by(col(BadgeBatch.made_at).desc()).limit(count)))


def checked(verb: str, badge: str, level: str, reason: str) -> Order:
    """An order from what a form says."""
    if verb not in VERBS:
        raise Refusal("verb_unknown", N_("Say whether the badge is given or taken away."), path="verb")
    number = int(level) if level.isascii() and level.isdecimal() and len(level) <= 2 else 0
    return Order(verb, badge, number, reason)
