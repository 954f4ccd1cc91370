"""Recording facts: the one way in for everything that happens. Reads and writes sets; nobody commits here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, tuple_
from sqlmodel import Session, col, select

from facts.events import ORDER_TYPES, Fact
from facts.refusals import Refusal
from members import books, bringing, cases, closing, suspicion_signs
from members.actions.credentials import revoke_lost
from members.changes import Changes
from members.claims import Admission, stranded
from members.intake import admit, known
from members.merged import pass_on
from members.programme import Timeline, versions
from members.scarcity import Scarcity
from members.tables import Claim, Standing
from members.weighing import Weighing


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a fact: `recorded`, `duplicate`, `waiting` (for its owner) or `refused` (with the reason).

    `points` is by how much the member's balance changed with the batch's facts of this member.
    """

    status: str
    member_id: UUID | None = None
    points: int = 0
    refusal: Refusal | None = None


def record(session: Session, facts: Sequence[Fact], now: datetime) -> list[Outcome]:
    """Record a list of facts as of `now`; an outcome for each, in order. The caller owns the transaction.

    The number of statements depends on the kinds of facts, not on how many there are. A fact that is refused
    harms no other; `Refusal`s are in the outcomes, whatever else is raised is a bug.
    """
    found = known(session, facts)
    line = versions(session, found.digest)
    admissions = admit(session, facts, now, line, found)
    moved = weigh(session, [one for one in admissions if one.status == "new" and one.member_id], line, now)
    return [_outcome(one, moved) for one in admissions[: len(facts)]]


def _outcome(one: Admission, moved: dict[UUID, int]) -> Outcome:
    if one.status == "new":
        return Outcome("recorded", one.member_id, moved.get(one.member_id, 0) if one.member_id else 0)
    return Outcome(one.status, one.member_id if one.status != "refused" else None, 0, one.refusal)


def weigh(session: Session, ones: Sequence[Admission], line: Timeline, now: datetime) -> dict[UUID, int]:
    """Let admitted facts count; returns by how much each member's balance changed."""
    if not ones:
        return {}
    _gather(session, ones)
    accounts = books.lock(session, {one.member_id for one in ones if one.member_id})
    ones = closing.open_ones(session, ones, accounts)
    if not ones:
        return {}
    if gone := closing.merged(accounts):
        return _weigh_merged(session, ones, accounts, gone, line, now)
    return _weigh(session, ones, accounts, line, now)


def _gather(session: Session, ones: Sequence[Admission]) -> None:
    """What orders say of where they go and how they are paid for goes into the signs, and not into their facts."""
    seen: list[suspicion_signs.Seen] = []
    for one in ones:
        if one.member_id:
            one.fact, found = suspicion_signs.gather(one.member_id, one.fact)
            seen += found
    if seen:
        suspicion_signs.keep(session, seen)


def _weigh_merged(session: Session, ones: Sequence[Admission], accounts: dict[UUID, books.Account], gone: list[UUID],
                  line: Timeline, now: datetime) -> dict[UUID, int]:  # fmt: skip
    """Some accounts are part of another one, where their points are: what that one refuses to pay is refused."""
    trial = session.begin_nested()
    moved = _weigh(session, ones, accounts, line, now)
    refused = pass_on(session, gone, record, advance, now)
    if not refused:
        trial.commit()
        return moved
    trial.rollback()
    session.expire_all()
    for one in ones:
        one.status, one.refusal = "new", None
    stray = [one for one in ones if one.member_id in refused]
    whose = {(one.fact.source, one.fact.id): refused[one.member_id] for one in stray if one.member_id}
    _take_back(session, stray, whose)
    return weigh(session, [one for one in ones if one.member_id not in refused], line, now)


def _weigh(session: Session, ones: Sequence[Admission], accounts: dict[UUID, books.Account], line: Timeline,
           now: datetime) -> dict[UUID, int]:  # fmt: skip
    known: set[UUID] = set()
    for one in ones:
        assert one.member_id is not None
        accounts[one.member_id].news.append(one.fact)
        if one.known_object or (line.waits and one.fact.type in ORDER_TYPES):  # it may have been told before
            known.add(one.member_id)
    books.read_related(session, [accounts[member_id] for member_id in sorted(known)], line.waits)
    scarcity = Scarcity(session, line, sorted(accounts), now)
    weighings = [Weighing(accounts[member_id], line, now, scarcity) for member_id in sorted(accounts)]
    replayed = [weighing.account for weighing in weighings if weighing.replays]
    books.read_history(session, replayed)
    if not line.achievements.is_empty:
        books.read_awards(session, replayed)
    books.read_lots(session, [weighing.account for weighing in weighings if weighing.wants_lots()])
    changed = Changes()
    refused = {key: refusal for weighing in weighings for key, refusal in weighing.into(changed).items()}
    changed.write(session, news_of(accounts, now), now)
    scarcity.write()
    cases.follow(session, changed.held, {member_id for member_id, _ in changed.let_go}, now)
    revoke_lost(session, changed.returned, changed.taken, now)
    if refused:
        _take_back(session, ones, refused)
    if named := bringing.named((one.member_id, one.fact) for one in ones if one.status == "new"):
        bringing.bring_named(session, named, now, record)
    return {weighing.account.standing.member_id: weighing.gained for weighing in weighings}


def _take_back(session: Session, ones: Sequence[Admission], refused: dict[tuple[str, str], Refusal]) -> None:
    """A fact that the balance does not allow was never claimed, so that it may come again."""
    for one in ones:
        refusal = refused.get((one.fact.source, one.fact.id))
        if refusal:
            one.status, one.refusal = "refused", refusal
    keys = [(source, f"fact:{fact_id}") for source, fact_id in refused]
    session.execute(delete(Claim).where(tuple_(col(Claim.source), col(Claim.key)).in_(keys)))


def wake_stranded(session: Session, now: datetime, limit: int = 500) -> int:
    """Let facts count that waited for an order which came at the same moment; returns how many."""
    woken = stranded(session, limit)
    weigh(session, woken, versions(session), now)
    return len(woken)


def news_of(member_ids: Collection[UUID], now: datetime) -> list[tuple[str, datetime]]:
    """The outbox row that tells open screens whose standing changed; none when nobody's did."""
    return [(" ".join(member_id.hex for member_id in member_ids), now)] if member_ids else []


def advance_due(session: Session, now: datetime, limit: int = 500) -> int:
    """Do what fell due by date alone, for at most `limit` members, longest due first; returns how many.

    Doing it twice changes nothing, and doing it late gives the same entries as doing it on the day.
    """
    query = (
        select(Standing.member_id)
        .where(col(Standing.due_at) <= now)
        .order_by(col(Standing.due_at))
        .limit(limit)
    )
    due = list(session.exec(query).all())
    advance(session, due, now)
    return len(due)


def advance(session: Session, member_ids: Sequence[UUID], now: datetime) -> None:
    """Let time pass up to `now` for these members."""
    if not member_ids:
        return
    line = versions(session)
    accounts = books.lock(session, member_ids)
    late = [
        account for account in accounts.values() if account.standing.due_at and account.standing.due_at <= now
    ]
    books.read_lots(session, late)
    changed, scarcity = Changes(), Scarcity(session, line, member_ids, now)
    for account in late:
        Weighing(account, line, now, scarcity).into(changed)
    changed.write(session, news_of([account.standing.member_id for account in late], now), now)
