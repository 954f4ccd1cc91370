"""The books: members' accounts opened for a batch, and what changed written back, a set at a time.

Opening locks the standings in id order. Everything else is read only for those who need it: lots when
something has to be taken from them, facts and entries when a member's history is replayed.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import or_, tuple_
from sqlalchemy import select as statement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from badges.coming_over import CAME_OVER, came_over
from badges.tables import Award
from facts.declared import OWN
from facts.events import Fact
from facts.history import CHANGES, DELIVERED, Key, about_of
from members import open_lots, sets
from members.tables import FactRow, Standing
from members.wire import Question
from rewards.fold import Fold
from rewards.lots import LotState
from rewards.tables import Checkpoint, Entry
from rewards.terms import TermsLine
from rewards.tiers import Climb

BEGINNING = ("0001-01-01T00:00:00+00:00", "{}", "{}")


class Stood(NamedTuple):
    """How a member stood before the batch: what the engine has to know of the standing row."""

    member_id: UUID
    balance: int
    debt: int
    held: int
    seq: int
    head: bytes
    as_of: datetime | None
    last_source: str
    last_id: str
    due_at: datetime | None
    state: str
    game: str


_STOOD = (  # asked for every batch, so built once
    statement(*(sets.table_of(Standing).c[name] for name in Stood._fields))
    .where(sets.Among(col(Standing.member_id), sets.several("members")))
    .order_by(col(Standing.member_id))
)
_SEE, _LOCK = Question(_STOOD), Question(_STOOD.with_for_update())


@dataclass(slots=True)
class Account:
    """One member's account while a batch is weighed; `news` are the facts that came for it.

    `lots` are all open ones, unless it is enough to know those that end at `ending` or before: `later` is when the next
    one of the others ends.
    """

    standing: Stood
    news: list[Fact] = field(default_factory=list[Fact])
    related: list[Fact] = field(default_factory=list[Fact])
    history: list[Fact] = field(default_factory=list[Fact])
    entries: list[Entry] = field(default_factory=list[Entry])
    lots: dict[str, LotState] = field(default_factory=dict[str, LotState])
    ending: datetime | None = None
    later: datetime | None = None
    awards: list[Award] = field(default_factory=list[Award])
    lost: list[Award] = field(default_factory=list[Award])
    since: datetime | None = None
    checkpoint: str = "{}"
    game: str = "{}"

    @property
    def last(self) -> Key | None:
        """The last place in history that was weighed."""
        at = self.standing.as_of
        return (at, self.standing.last_source, self.standing.last_id) if at else None


def lock(session: Session, member_ids: Iterable[UUID]) -> dict[UUID, Account]:
    """The accounts of these members, locked in id order until the transaction ends."""
    rows = _LOCK.ask(session, members=list(member_ids))
    return {row[0]: Account(Stood._make(row)) for row in rows}


def seen(session: Session, member_ids: Iterable[UUID]) -> dict[UUID, Account]:
    """The same for who only looks: nothing is locked."""
    rows = _SEE.ask(session, members=list(member_ids))
    return {row[0]: Account(Stood._make(row)) for row in rows}


def fold_of(state: str, line: TermsLine) -> Fold:
    """The engine's memory from the JSON of a standing or a checkpoint."""
    kept: dict[str, Any] = json.loads(state)
    climb = Climb(kept.get("tier", ""), _moment(kept.get("since")), kept.get("until"), kept.get("days", []),
                  kept.get("lent", []), kept.get("pin", []), kept.get("welcomed", []),
                  kept.get("joined", 0), kept.get("beneath", []), kept.get("lent_too", []))  # fmt: skip
    return Fold(line, climb, {}, kept.get("caps", {}), kept.get("caps_day", 0), kept.get("boosts", []),
                _moment(kept.get("expiry")), counts=kept.get("counts", {}), spans=kept.get("spans", {}),
                purchases=kept.get("purchases") if kept else 0, wallets=kept.get("wallets", {}),
                active=kept.get("active", {}), away=kept.get("away", []))  # fmt: skip


def state_of(fold: Fold, watch: dict[str, Any] | None = None) -> str:
    """The engine's memory as JSON, lots apart; `watch` is what guards remember."""
    climb = fold.climb
    kept = {"tier": climb.tier, "since": _text(climb.since), "until": climb.until, "days": climb.days,
            "lent": climb.lent, "lent_too": climb.lent_too, "pin": climb.pin, "beneath": climb.beneath,
            "welcomed": climb.welcomed, "joined": climb.joined,
            "caps": fold.caps, "caps_day": fold.caps_day, "boosts": fold.boosts, "counts": fold.counts,
            "spans": fold.spans, "wallets": fold.wallets, "purchases": fold.purchases, "expiry": _text(fold.expiry_due),
            "active": fold.active, "away": fold.away,
            "watch": watch}  # fmt: skip
    return json.dumps(
        {name: value for name, value in kept.items() if value or (name, value) == ("purchases", 0)},
        separators=(",", ":"),
    )


LATER = ("purchases", "joined")
"""What of the memory earlier releases did not keep; it is counted anew for whom a version asks for it."""


def unknown_to(line: TermsLine, state: str) -> bool:
    """Whether the versions ask for what was not counted yet when this was written: orders, or the first day."""
    asked = zip(LATER, (line.numbered_purchases, line.by_anniversary), strict=True)
    wanted = [name for name, wants in asked if wants]
    kept: dict[str, Any] = json.loads(state) if wanted else {}
    return bool(kept) and any(name not in kept for name in wanted)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def read_related(session: Session, accounts: Sequence[Account], waits: Container[str]) -> None:
    """For facts that are about an order (or redemption) known before: what else is known about it. Of the shop's own
    facts only those of types that points wait for (`waits`) are about an order.
    """
    wanted = {(a.standing.member_id, about) for a in accounts for fact in a.news
              if (about := about_of(fact, waits))}  # fmt: skip
    by_id = {account.standing.member_id: account for account in accounts}
    for row in (
        _facts(session, tuple_(col(FactRow.member_id), col(FactRow.object_id)).in_(wanted)) if wanted else ()
    ):
        fact = _fact(row)
        if about_of(fact, waits):
            by_id[row[0]].related.append(fact)


def read_history(session: Session, accounts: Sequence[Account]) -> None:
    """The facts, entries and lots since `account.since`, and the checkpoint to begin from."""
    if not accounts:
        return
    by_id = {account.standing.member_id: account for account in accounts}
    _read_checkpoints(session, by_id)
    first = min(account.since for account in accounts if account.since)
    recent = or_(col(FactRow.occurred_at) >= first, col(FactRow.type).in_(sorted(CHANGES)))
    for row in _facts(session, col(FactRow.member_id).in_(by_id) & recent):
        account, fact = by_id[row[0]], _fact(row)
        if fact.type in CHANGES or (account.since and fact.occurred_at >= account.since):
            account.history.append(fact)
    _read_paid_before(session, by_id, first)
    query = (
        select(Entry).where(col(Entry.member_id).in_(by_id), col(Entry.at) >= first).order_by(col(Entry.seq))
    )
    for entry in session.exec(query).all():
        account = by_id[entry.member_id]
        session.expunge(entry)
        if account.since and entry.at >= account.since:
            account.entries.append(entry)
    read_lots(session, accounts, first)


def _read_paid_before(session: Session, by_id: dict[UUID, Account], first: datetime) -> None:
    """What else tells of the orders since `first`: where an order was paid first it counts, what was set aside for it
    before that is settled by it, and it may have been delivered, or told of, before it was paid.
    """
    here, there, told = FactRow, aliased(FactRow), ("order.paid", "payment.held")
    recent = col(there.member_id).in_(by_id) & col(there.type).in_(told) & (col(there.occurred_at) >= first)
    same = (col(here.member_id) == col(there.member_id)) & (col(here.object_id) == col(there.object_id))
    news = or_(col(here.type).in_((*told, DELIVERED)), col(here.type).startswith(OWN))
    other = news & (col(here.occurred_at) <= col(there.occurred_at))
    apart = or_(col(here.fact_id) != col(there.fact_id), col(here.source) != col(there.source))
    for row in _facts(session, recent & same & other & apart):
        by_id[row[0]].history.append(_fact(row))


def _read_checkpoints(session: Session, by_id: dict[UUID, Account]) -> None:
    """The latest checkpoint at or before `since` for each; none means from the very beginning."""
    latest = max(account.since for account in by_id.values() if account.since)
    query = select(Checkpoint.member_id, Checkpoint.month, Checkpoint.state, Checkpoint.game).where(
        col(Checkpoint.member_id).in_(by_id), col(Checkpoint.month) <= latest.isoformat()
    )
    best: dict[UUID, tuple[str, str, str]] = {}
    for member_id, month, state, game in session.exec(query).all():
        since = by_id[member_id].since
        if since and month <= since.isoformat() and month > best.get(member_id, ("", "", ""))[0]:
            best[member_id] = (month, state, game)
    for member_id, account in by_id.items():
        month, account.checkpoint, account.game = best.get(member_id, BEGINNING)
        account.since = datetime.fromisoformat(month)


def read_awards(session: Session, accounts: Sequence[Account]) -> None:
    """The awards since `account.since`, for those whose history is replayed; `lost` are earlier ones that staff took
    away since then.
    """
    if not accounts:
        return
    by_id = {account.standing.member_id: account for account in accounts}
    first = min(account.since for account in accounts if account.since)
    moved = col(Award.fact_id).startswith(CAME_OVER) & (col(Award.recorded_at) >= first)
    recent = or_(col(Award.awarded_at) >= first, col(Award.revoked_at) >= first, moved)
    query = select(Award).where(col(Award.member_id).in_(by_id), recent)
    for award in session.exec(query).all():
        account = by_id[award.member_id]
        session.expunge(award)
        came = award.recorded_at if came_over(award.fact_source, award.fact_id) else award.awarded_at
        if account.since and came >= account.since:
            account.awards.append(award)
        elif account.since and award.revoked_at and award.revoked_at >= account.since:
            account.lost.append(award)


def _facts(session: Session, which: Any) -> Sequence[Any]:
    row = FactRow
    columns = (
        col(row.member_id),
        col(row.source),
        col(row.fact_id),
        col(row.type),
        col(row.occurred_at),
        col(row.data),
    )
    return session.execute(statement(*columns).where(which)).all()


def _fact(row: Any) -> Fact:
    return Fact(row[1], row[2], row[3], row[4], "", json.loads(row[5]))


def read_lots(session: Session, accounts: Sequence[Account], since: datetime | None = None) -> None:
    """The lots that accounts want: those that end by a moment, or all open ones and those that were closed `since`."""
    by_id = {account.standing.member_id: account for account in accounts}
    ends = {member_id: account.ending for member_id, account in by_id.items() if account.ending}
    if whole := [member_id for member_id in by_id if member_id not in ends]:
        for member_id, lot in open_lots.open_lots(session, whole, since):
            by_id[member_id].lots[lot.cause] = lot
    if ends:
        found, later = open_lots.ending(session, list(ends), max(ends.values()))
        for member_id, lot in found:
            by_id[member_id].lots[lot.cause] = lot
        for member_id, moment in later.items():
            by_id[member_id].later = moment
