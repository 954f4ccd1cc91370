"""Intake: who each fact belongs to, and whether it was there before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Text, Uuid, cast, null, union_all
from sqlalchemy import select as statement
from sqlmodel import Session, col, select

from facts.declared import OWN
from facts.declared import refusal as undeclared
from facts.events import ORDER_TYPES, OWN_SOURCE, Fact
from facts.history import told_of
from facts.ids import id_for
from facts.refusals import Refusal
from members import sets
from members.chain import genesis
from members.claims import (
    WAITING,
    Admission,
    awaited,
    claim,
    claimed,
    identity_key,
    news_of_order,
    order_key,
    wake_orders,
)
from members.merged import latest_of
from members.programme.versions import NEWEST_DIGEST, Timeline
from members.tables import Claim, Identity, Member, Standing
from members.wire import Question

CLOCK_SKEW = timedelta(minutes=2)  # how far ahead of ours another clock may be

# Asked for every batch, so built once: building a statement costs more than PostgreSQL takes to answer it.
_WHOSE = statement(col(Identity.key), col(Identity.member_id)).where(
    sets.Among(col(Identity.key), sets.several("keys"))
)
_IDENTITIES = Question(_WHOSE)
_NOBODY, _NOTHING = cast(null(), Uuid()), cast(null(), Text())
_KNOWN = Question(
    union_all(
        _WHOSE.add_columns(_NOTHING),
        statement(NEWEST_DIGEST.scalar_subquery(), _NOBODY, _NOTHING),
        WAITING.with_only_columns(col(Claim.waiting_for), _NOBODY, col(Claim.envelope)),
    )
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is asked first: the newest version of the programme, whose the subjects of the facts are, and what waits
    for orders among them: by what it waits, and its envelope.
    """

    digest: str | None
    members: dict[str, UUID]
    waited: list[tuple[str, str]]


def known(session: Session, facts: Sequence[Fact]) -> Known:
    """One question for all facts."""
    keys = {identity_key(fact.source, fact.subject) for fact in facts}
    orders = {name for fact in facts if (name := awaited(fact))}
    members, waited = dict[str, UUID](), list[tuple[str, str]]()
    digest: str | None = None
    for key, member_id, envelope in _KNOWN.ask(session, keys=list(keys), orders=list(orders)):
        if member_id:
            members[key] = member_id
        elif envelope:
            waited.append((key, envelope))
        else:
            digest = key
    return Known(digest, members, waited)


def admit(
    session: Session, facts: Sequence[Fact], now: datetime, line: Timeline, known: Known
) -> list[Admission]:
    """An admission for each fact, in order, and after them the facts that waited for what has come now."""
    admissions = [_first_look(fact, now, line) for fact in facts]
    _duplicates_within(admissions)
    live = [one for one in admissions if one.status == "new"]
    _owners(session, live, now, known.members)
    won = claim(session, [one for one in live if one.status == "new"])
    return admissions + wake_orders(session, live, known.waited, won)


def _first_look(fact: Fact, now: datetime, line: Timeline) -> Admission:
    if fact.occurred_at > now + CLOCK_SKEW:
        text = "This event lies in the future: its time is {time}."
        return Admission(
            fact, "refused", refusal=Refusal("from_future", text, time=fact.occurred_at.isoformat())
        )
    currency = line.at(fact.occurred_at).currency if fact.type in ORDER_TYPES else ""
    if currency and fact.data["currency"] != currency:
        text = "The programme counts in {ours}; this order is in {theirs}."
        refusal = Refusal("currency_other", text, ours=currency, theirs=fact.data["currency"])
        return Admission(fact, "refused", refusal=refusal)
    if fact.type.startswith(OWN):
        declared = line.at(fact.occurred_at).programme.facts
        if found := undeclared(declared, fact.type, fact.data):
            return Admission(fact, "refused", refusal=found)
        return Admission(fact, "new", tells=tells(fact, line))
    return Admission(fact, "new")


def tells(fact: Fact, line: Timeline) -> bool:
    """Whether a fact of the shop's own is news of the order that it names: points of orders may wait for it."""
    return fact.type in line.waits and bool(told_of(fact.type, fact.data))


def _duplicates_within(admissions: Iterable[Admission]) -> None:
    seen: set[tuple[str, str]] = set()
    for one in admissions:
        if one.status == "new":
            key = (one.fact.source, one.fact.id)
            one.status = "duplicate" if key in seen else "new"
            seen.add(key)


def _owners(session: Session, live: Sequence[Admission], now: datetime, members: dict[str, UUID]) -> None:
    """Find the member of each fact; unknown customers become draft members."""
    by_key: dict[str, list[Admission]] = {}
    by_id: dict[str, list[Admission]] = {}
    for one in live:
        subject = one.fact.subject
        if subject.startswith("member:"):
            by_id.setdefault(subject[7:], []).append(one)
        elif subject:
            by_key.setdefault(identity_key(one.fact.source, subject), []).append(one)
    _named_by_id(session, by_id)
    strangers = {
        key: ones for key, ones in by_key.items() if key not in members and key.startswith("customer:")
    }
    drafts = _draft_members(session, strangers, now)
    for key, ones in by_key.items():
        for one in ones:
            one.member_id = members.get(key) or drafts.get(key)
    to_their_orders(session, [one for one in live if one.status == "new"])


def _named_by_id(session: Session, by_id: dict[str, list[Admission]]) -> None:
    wanted: dict[UUID, list[Admission]] = {}
    for text, ones in by_id.items():
        try:
            wanted.setdefault(UUID(text), []).extend(ones)
        except ValueError:
            _nobody(ones)
    if wanted:
        query = select(Member.member_id, Member.status).where(col(Member.member_id).in_(wanted))
        there = dict(session.exec(query).all())
        for member_id, ones in wanted.items():
            if member_id not in there:
                _nobody(ones)
            into = latest_of(session, member_id) if there.get(member_id) == "merged" else member_id
            for one in ones:
                ours = (
                    one.fact.source == OWN_SOURCE
                )  # what this programme says of an account is about this one
                one.member_id = (member_id if ours else into) if member_id in there else None


def _nobody(ones: Iterable[Admission]) -> None:
    for one in ones:
        one.status = "refused"
        one.refusal = Refusal("member_unknown", "There is no such member.", path="subject", status=404)


def _identities(session: Session, keys: Iterable[str]) -> dict[str, UUID]:
    wanted = list(keys)
    if not wanted:
        return {}
    return {row[0]: row[1] for row in _IDENTITIES.ask(session, keys=wanted)}


def _draft_members(session: Session, strangers: dict[str, list[Admission]], now: datetime) -> dict[str, UUID]:
    """Members for keys that nobody has yet; another process that is faster wins, and its member is taken."""
    if not strangers:
        return {}
    made = {key: id_for(now, key) for key in sorted(strangers)}
    won = sets.insert(session, Identity, ("key", "member_id", "since"),
                      [(key, member_id, now) for key, member_id in made.items()],
                      "ON CONFLICT (key) DO NOTHING", ("key",))  # fmt: skip
    mine = {row[0] for row in won}
    open_accounts(session, [made[key] for key in sorted(mine)], now, "draft")
    lost = [key for key in made if key not in mine]
    return {key: made[key] for key in mine} | _identities(session, lost)


def open_accounts(
    session: Session, member_ids: Sequence[UUID], now: datetime, status: str, name: str = ""
) -> None:
    """A member and an empty account for each id."""
    sets.insert(session, Member, ("member_id", "status", "name", "language", "zone", "created_at"),
                [(member_id, status, name, "", "", now) for member_id in member_ids])  # fmt: skip
    counters = ("balance", "debt", "held", "seq", "tier_progress")
    columns = ("member_id", *counters, "head", "tier", "last_source", "last_id", "state", "game")
    rows = [
        (member_id, 0, 0, 0, 0, 0, genesis(member_id), "", "", "", "{}", "{}") for member_id in member_ids
    ]
    sets.insert(session, Standing, columns, rows)


def to_their_orders(session: Session, ones: Sequence[Admission]) -> set[tuple[str, str]]:
    """News of an order goes where the order went, whoever it names; returns the ids of those whose order is there."""
    news = [(one, key) for one in ones if news_of_order(one) and (key := order_key(one))]
    owners, found = claimed(session, {key for _, key in news}), set[tuple[str, str]]()
    for one, key in news:
        if owner := owners.get(key):
            one.member_id = owner
            found.add((one.fact.source, one.fact.id))
    return found
