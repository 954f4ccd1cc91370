"""Accounts that became part of another one: where an old id leads, and what comes to the old account afterwards.

The old account keeps its history and its id, and owns nothing: whatever a late fact (a refund of an order of its own)
leaves there, or takes, goes on to the other account at once, as a pair of entries whose sum is nothing. What it changes
in the game goes on too. Only what is set aside for a reward stays there, until that is handed over or called off.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from facts.events import OWN_SOURCE, Fact
from facts.refusals import Refusal
from members import closing, merged_game
from members.own_tables import STEPS_MAX, Merge
from members.parts import parts
from members.programme.versions import versions
from members.tables import Standing
from rewards.gifts import bought, unbought
from rewards.lots import EARNED, POINTS
from rewards.tables import Lot

MOVES_MAX = 50  # at once

Record = Callable[[Session, Sequence[Fact], datetime], Sequence[Any]]
Advance = Callable[[Session, Sequence[UUID], datetime], None]


def latest_of(session: Session, member_id: UUID) -> UUID:
    """The account that an id leads to by now: its own, or the one that it was merged into."""
    return led_through(session, member_id)[-1]


def led_through(session: Session, member_id: UUID) -> list[UUID]:
    """The accounts that an id leads through: its own first, and last the one that it leads to by now."""
    found = [member_id]
    for _ in range(STEPS_MAX):
        row = standing_merge(session, found[-1])
        if row is None:
            break
        found.append(row.into_id)
    return found


def became(session: Session, members: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Those of several accounts that became part of another one, and what each `led_through`."""
    if not members:
        return {}
    query = select(Merge.member_id).where(col(Merge.member_id).in_(members), col(Merge.undone_at).is_(None))
    return {one: led_through(session, one) for one in session.exec(query)}


def standing_merge(session: Session, member_id: UUID) -> Merge | None:
    """The merge that closed this account, unless it was undone."""
    query = select(Merge).where(Merge.member_id == member_id, col(Merge.undone_at).is_(None))
    return session.exec(query.order_by(col(Merge.at).desc()).limit(1)).first()


def merged_into(session: Session, member_id: UUID) -> list[UUID]:
    """The accounts that became part of this one, and are so still."""
    return list(
        session.exec(
            select(Merge.member_id).where(Merge.into_id == member_id, col(Merge.undone_at).is_(None))
        )
    )


def parts_of(session: Session, member_id: UUID) -> list[UUID]:
    """The same, with what had become part of those before."""
    return parts(session, [member_id])


def one_person(session: Session, member_id: UUID) -> list[UUID]:
    """All accounts of whoever has this one: what it became, and what became part of that."""
    latest = latest_of(session, member_id)
    return [latest, *parts(session, [latest])]


def people(session: Session, members: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """`one_person` of several ids at once, in as many statements as for one."""
    latest = {one: one for one in members}
    for _ in range(STEPS_MAX):
        query = select(Merge.member_id, Merge.into_id).where(col(Merge.member_id).in_(set(latest.values())))
        became = dict(session.exec(query.where(col(Merge.undone_at).is_(None)).order_by(col(Merge.at))).all())
        if not became:
            break
        latest = {one: became.get(account, account) for one, account in latest.items()}
    whose = {account: account for account in latest.values()}
    found, level = {account: [account] for account in whose}, list(whose)
    while level:
        query = select(Merge.member_id, Merge.into_id).where(col(Merge.into_id).in_(level))
        parts = session.exec(query.where(col(Merge.undone_at).is_(None))).all()
        level = [part for part, _ in parts if part not in whose]
        for part, into in parts:
            if part not in whose:
                whose[part] = whose[into]
                found[whose[into]].append(part)
    return {one: found[account] for one, account in latest.items()}


def pass_on(
    session: Session, member_ids: Iterable[UUID], record: Record, advance: Advance, now: datetime
) -> dict[UUID, Refusal]:
    """Let what is left on merged accounts, and is not over by now, go on to the others, and close them again.

    Returns what the programme did not let go on, by the account where it stays: a debt that the other one cannot pay.
    """
    refused: dict[UUID, Refusal] = {}
    for member_id in sorted(member_ids):
        row = standing_merge(session, member_id)
        if row is not None and (refusal := _pass_on(session, row, record, advance, now)):
            refused[member_id] = refusal
    return refused


def _pass_on(session: Session, row: Merge, record: Record, advance: Advance, now: datetime) -> Refusal | None:
    stand = session.get_one(Standing, row.member_id, populate_existing=True)
    stand.state = closing.unmarked(stand.state)
    session.flush()
    refused, shut = dict[tuple[str, bool], Refusal](), _is_shut(session, row.into_id)
    if _left(stand) and not shut:
        stand.due_at = now
        session.flush()
        advance(session, [row.member_id], now)  # what came back may have expired meanwhile
    for _ in range(0 if shut else MOVES_MAX):
        stand = session.get_one(Standing, row.member_id, populate_existing=True)
        found = next((one for one in _left(stand) if (one[0], one[1] > 0) not in refused), None)
        if found is None:
            break
        if refusal := _sent_on(session, row, *found, record, now):
            refused[found[0], found[1] > 0] = refusal
    if not shut:
        merged_game.hand_on(session, row, record, now)
    stand = session.get_one(Standing, row.member_id, populate_existing=True)
    stand.state, stand.due_at = closing.marked(stand.state, closing.MERGED), None
    session.flush()
    return next(iter(refused.values()), None)


def _left(stand: Standing) -> list[tuple[str, int]]:
    """What an account has that is not set aside, and what it owes (below zero), wallet by wallet.

    One can have both: what is pending pays no debt that came after it. What moves away can leave something anew, where
    facts of the same moment, or of a clock that goes ahead, come after it in history.
    """
    further: dict[str, list[int]] = json.loads(stand.state).get("wallets", {})
    kept = {POINTS: [stand.balance, stand.debt, stand.held]} | further
    both = {slug: (balance + debt - held, -debt) for slug, (balance, debt, held) in kept.items()}
    return [(slug, points) for slug, there in both.items() for points in there if points]


def _sent_on(
    session: Session, row: Merge, wallet: str, points: int, record: Record, now: datetime
) -> Refusal | None:
    detail = json.loads(row.detail)
    moves: list[dict[str, Any]] = detail.setdefault("moves", [])
    name = f"{row.merge_id}:{len(moves)}"
    lots = open_lots(session, row.member_id, wallet)
    refusal = _moved(session, name, row.member_id, row.into_id, points, lots, record, now, wallet)
    if refusal is None:
        moved = {"points": points, "lots": lots, "at": now.isoformat()}
        moves.append(moved | ({} if wallet == POINTS else {"wallet": wallet}))
        row.detail = json.dumps(detail, separators=(",", ":"))
        session.add(row)
        session.flush()
    return refusal


def _is_shut(session: Session, member_id: UUID) -> bool:
    """Whether somebody has left or was erased; when they come back, what is left goes on to them."""
    state = session.exec(select(Standing.state).where(Standing.member_id == member_id)).one()
    return closing.closed(state) in (closing.LEFT, closing.ERASED)


def _moved(session: Session, name: str, one: UUID, other: UUID, points: int, lots: list[dict[str, Any]], record: Record,
           now: datetime, wallet: str) -> Refusal | None:  # fmt: skip
    """Move `points` to the other account (below zero: a debt); a refusal when the programme does not let it be."""
    if points < 0:
        one, other, lots = other, one, [{"points": -points}]
        return move(session, name, one, other, -points, lots, record, now, wallet)
    return move(session, name, one, other, points, lots, record, now, wallet, owes=True)


def move(session: Session, name: str, one: UUID, other: UUID, points: int, lots: list[dict[str, Any]], record: Record,
         now: datetime, wallet: str = POINTS, *, owes: bool = False) -> Refusal | None:  # fmt: skip
    """Take what is in a wallet from one account and open it as `lots` on the other; returns the refusal, if any.

    `owes`: what a later return leaves missing is a debt there, whatever the programme's policy, and goes on as well.
    """
    debt: dict[str, Any] = {"owes": True} if owes else {}
    which = {} if wallet == POINTS else {"wallet": wallet}
    out, into = (
        Fact(OWN_SOURCE, f"transfer:{name}:{way}", "points.transferred", now, f"member:{who}", data | which)
        for way, who, data in (
            ("out", one, {"merge": name, "points": -points} | debt),
            ("in", other, {"merge": name, "points": points, "lots": lots}),
        )
    )
    refusal = record(session, [out], now)[0].refusal
    if refusal is None:
        refusal = record(session, [into], now)[0].refusal
        if refusal is not None:
            raise refusal
    return refusal


def open_lots(session: Session, member_id: UUID, wallet: str = POINTS) -> list[dict[str, Any]]:
    """What an account has in a wallet, lot by lot, as the other one gets it: each keeps its dates and its place.

    `stays`: nothing was bought for it, so it can be given away on the other account no more than on this one.
    """
    free = unbought(versions(session))
    mine = (Lot.member_id == member_id, Lot.wallet == wallet, Lot.kind == EARNED, Lot.remaining > 0)
    query = select(Lot).where(*mine)
    return [
        {"points": lot.remaining, "promotional": lot.promotional, "active_from": lot.active_from.isoformat(),
         "expires_at": lot.expires_at.isoformat() if lot.expires_at else "", "rank": lot.rank}
        | ({} if bought(lot.cause, free) else {"stays": True})
        for lot in session.exec(query.order_by(col(Lot.at), col(Lot.cause)))
    ]  # fmt: skip
