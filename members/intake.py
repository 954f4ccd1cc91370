"""Intake: who each fact belongs to, and whether it was there before. Written first, so a retry is harmless.

`(source, id)` of a fact and `(source, order id)` of an order are claimed in one table. A fact of somebody
who is not known yet waits there with its envelope: for an address to be verified, or for its order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, tuple_
from sqlmodel import Session, col, select

from facts.events import ORDER_TYPES, Fact, parse, to_envelope
from facts.history import changes, object_of
from facts.ids import id_for
from facts.refusals import Refusal
from members import sets
from members.chain import genesis
from members.tables import Claim, Identity, Member, Standing

CLOCK_SKEW = timedelta(minutes=2)  # how far ahead of ours another clock may be


@dataclass(slots=True)
class Admission:
    """What intake found out about one fact. `known_object`: something about its order came earlier."""

    fact: Fact
    status: str
    member_id: UUID | None = None
    refusal: Refusal | None = None
    known_object: bool = False


def admit(session: Session, facts: Sequence[Fact], now: datetime, currency: str) -> list[Admission]:
    """An admission for each fact, in order, and after them the facts that waited for what has come now."""
    admissions = [_first_look(fact, now, currency) for fact in facts]
    _duplicates_within(admissions)
    live = [one for one in admissions if one.status == "new"]
    _owners(session, live, now)
    _claim_facts(session, [one for one in live if one.status == "new"])
    claim_orders(session, [one for one in live if one.status == "new" and one.member_id])
    ready = [one for one in live if one.status == "new" and one.member_id]
    return admissions + _wake_orders(session, ready)


def _first_look(fact: Fact, now: datetime, currency: str) -> Admission:
    if fact.occurred_at > now + CLOCK_SKEW:
        text = "This event lies in the future: its time is {time}."
        return Admission(
            fact, "refused", refusal=Refusal("from_future", text, time=fact.occurred_at.isoformat())
        )
    if fact.type in ORDER_TYPES and fact.data["currency"] != currency:
        text = "The programme counts in {ours}; this order is in {theirs}."
        refusal = Refusal("currency_other", text, ours=currency, theirs=fact.data["currency"])
        return Admission(fact, "refused", refusal=refusal)
    return Admission(fact, "new")


def _duplicates_within(admissions: Iterable[Admission]) -> None:
    seen: set[tuple[str, str]] = set()
    for one in admissions:
        if one.status == "new":
            key = (one.fact.source, one.fact.id)
            one.status = "duplicate" if key in seen else "new"
            seen.add(key)


def identity_key(source: str, subject: str) -> str:
    """The key of a subject in the identity table; a customer number means something within its source only."""
    kind, _, value = subject.partition(":")
    if kind == "customer":
        return f"customer:{source}:{value}"
    return f"{kind}:{value.strip().lower()}" if kind == "email" else subject


def _order_key(fact: Fact) -> tuple[str, str] | None:
    about = object_of(fact.type, fact.data)
    return (fact.source, about) if about.startswith("order:") else None


def _owners(session: Session, live: Sequence[Admission], now: datetime) -> None:
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
    known = _identities(session, by_key)
    strangers = {
        key: ones for key, ones in by_key.items() if key not in known and key.startswith("customer:")
    }
    known |= _draft_members(session, strangers, now)
    for key, ones in by_key.items():
        for one in ones:
            one.member_id = known.get(key)
    _owners_by_order(session, [one for one in live if one.status == "new" and changes(one.fact.type)])


def _named_by_id(session: Session, by_id: dict[str, list[Admission]]) -> None:
    wanted: dict[UUID, list[Admission]] = {}
    for text, ones in by_id.items():
        try:
            wanted.setdefault(UUID(text), []).extend(ones)
        except ValueError:
            _nobody(ones)
    if wanted:
        query = select(Standing.member_id).where(col(Standing.member_id).in_(wanted))
        there = set(session.exec(query).all())
        for member_id, ones in wanted.items():
            if member_id not in there:
                _nobody(ones)
            for one in ones:
                one.member_id = member_id if member_id in there else None


def _nobody(ones: Iterable[Admission]) -> None:
    for one in ones:
        one.status = "refused"
        one.refusal = Refusal("member_unknown", "There is no such member.", path="subject", status=404)


def _identities(session: Session, keys: Iterable[str]) -> dict[str, UUID]:
    wanted = list(keys)
    if not wanted:
        return {}
    rows = session.exec(select(Identity.key, Identity.member_id).where(col(Identity.key).in_(wanted))).all()
    return dict(rows)


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
    rows = [(member_id, 0, 0, 0, 0, 0, genesis(member_id), "", "", "", "{}", "{}") for member_id in member_ids]
    sets.insert(session, Standing, columns, rows)


def _owners_by_order(session: Session, ones: Sequence[Admission]) -> None:
    """News of an order goes where the order went, whoever it names."""
    keys = {key for one in ones if (key := _order_key(one.fact))}
    owners = _claimed(session, keys)
    for one in ones:
        key = _order_key(one.fact)
        if key and owners.get(key):
            one.member_id = owners[key]


def _claimed(session: Session, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], UUID | None]:
    wanted = list(keys)
    if not wanted:
        return {}
    pairs = tuple_(col(Claim.source), col(Claim.key)).in_(wanted)
    rows = session.exec(select(Claim.source, Claim.key, Claim.member_id).where(pairs)).all()
    return {(source, key): member_id for source, key, member_id in rows}


def _claim_facts(session: Session, ones: Sequence[Admission]) -> None:
    rows: list[Any] = []
    for one in sorted(ones, key=lambda one: (one.fact.source, one.fact.id)):
        waits = None if one.member_id else _waits_for(one.fact)
        envelope = None if one.member_id else json.dumps(to_envelope(one.fact), ensure_ascii=False)
        rows.append((one.fact.source, f"fact:{one.fact.id}", one.member_id, waits, envelope))
    won = sets.insert(session, Claim, ("source", "key", "member_id", "waiting_for", "envelope"), rows,
                      "ON CONFLICT (source, key) DO NOTHING", ("source", "key"))  # fmt: skip
    mine = {(row[0], row[1]) for row in won}
    for one in ones:
        if (one.fact.source, f"fact:{one.fact.id}") not in mine:
            one.status = "duplicate"
        elif not one.member_id:
            one.status = "waiting"


def _waits_for(fact: Fact) -> str:
    if fact.subject:
        return identity_key(fact.source, fact.subject)
    return (
        f"order:{fact.source}:{fact.data['order_id']}"
        if changes(fact.type) and "order_id" in fact.data
        else ""
    )


def claim_orders(session: Session, ones: Sequence[Admission]) -> None:
    """Claim the orders for their members; an order that went to somebody else is refused."""
    wanted: dict[tuple[str, str], UUID] = {}
    for one in ones:
        key = _order_key(one.fact)
        if key and one.member_id:
            wanted.setdefault(key, one.member_id)
    rows = [(source, key, wanted[source, key]) for source, key in sorted(wanted)]
    won = sets.insert(session, Claim, ("source", "key", "member_id"), rows,
                      "ON CONFLICT (source, key) DO NOTHING", ("source", "key"))  # fmt: skip
    fresh = {(row[0], row[1]) for row in won}
    owners = _claimed(session, set(wanted) - fresh)
    refused: list[tuple[str, str]] = []
    for one in ones:
        key = _order_key(one.fact)
        if not key:
            one.known_object = bool(object_of(one.fact.type, one.fact.data))
            continue
        owner = wanted[key] if key in fresh else owners.get(key)
        one.known_object = key not in fresh
        if owner != one.member_id:
            one.status = "refused"
            one.refusal = Refusal(
                "order_of_another", "This order belongs to another account.", path="subject", status=409
            )
            refused.append((one.fact.source, f"fact:{one.fact.id}"))
    _several_about_one(ones)
    if refused:
        session.execute(delete(Claim).where(tuple_(col(Claim.source), col(Claim.key)).in_(refused)))


def _several_about_one(ones: Sequence[Admission]) -> None:
    """Within a batch, only the first fact about an order meets an order that is new."""
    seen: set[tuple[str, str]] = set()
    for one in ones:
        key = _order_key(one.fact)
        if key:
            one.known_object = one.known_object or key in seen
            seen.add(key)


def _wake_orders(session: Session, ready: Sequence[Admission]) -> list[Admission]:
    """Refunds without a name that waited for an order which is here now."""
    orders = {f"order:{one.fact.source}:{one.fact.data['order_id']}": one.member_id for one in ready
              if one.fact.type in ORDER_TYPES}  # fmt: skip
    if not orders:
        return []
    query = select(Claim.envelope, Claim.waiting_for).where(
        col(Claim.waiting_for).in_(orders), col(Claim.envelope).is_not(None)
    )
    rows = session.exec(query).all()
    woken = [
        Admission(parse(json.loads(envelope)), "new", orders[waiting], known_object=True)
        for envelope, waiting in rows
        if envelope and waiting
    ]
    settle(session, woken)
    return woken


def waiting(session: Session, key: str) -> list[Fact]:
    """The facts that wait for an identity key."""
    query = select(Claim.envelope).where(Claim.waiting_for == key, col(Claim.envelope).is_not(None))
    return [parse(json.loads(text)) for text in session.exec(query).all() if text]


def settle(session: Session, ones: Sequence[Admission]) -> None:
    """The claims of facts that waited, and found their member."""
    rows = [(one.fact.source, f"fact:{one.fact.id}", one.member_id, None, None) for one in ones]
    columns = ("source", "key", "member_id", "waiting_for", "envelope")
    sets.write(session, [sets.upserted(Claim, columns, rows, ("source", "key"))])
