"""Claims: who a fact, or an order, belongs to. Written first, so that a retry is harmless.

`(source, fact:<id>)` and `(source, order:<order id>)` are claimed in one table. A fact of somebody who is not known
yet waits there with its envelope: for an address to be verified, or for its order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, literal, tuple_
from sqlalchemy import select as statement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from facts.events import ORDER_TYPES, Fact, parse, to_envelope
from facts.history import follows, object_of, told_of
from facts.refusals import Refusal
from members import sets
from members.addresses import known_email
from members.parts import parts
from members.tables import Claim

Key = tuple[str, str]  # source, and `fact:…` or `order:…`

WAITING = statement(col(Claim.waiting_for), col(Claim.envelope)).where(
    sets.Among(col(Claim.waiting_for), sets.several("orders")), col(Claim.envelope).is_not(None)
)


@dataclass(slots=True)
class Admission:
    """What intake found out about one fact. `known_object`: something about its order came earlier. `tells`: it is one
    of the shop's own, and the programme takes it as news of the order that it names.
    """

    fact: Fact
    status: str
    member_id: UUID | None = None
    refusal: Refusal | None = None
    known_object: bool = False
    tells: bool = False


def identity_key(source: str, subject: str) -> str:
    """The key of a subject in the identity table; a customer number means something within its source only."""
    kind, _, value = subject.partition(":")
    if kind == "customer":
        return f"customer:{source}:{value}"
    if kind != "email":
        return subject
    plain = value.strip().lower()
    return f"email:{plain if plain.isascii() else known_email(value)}"


def order_key(one: Admission) -> Key | None:
    """What an order is claimed by; None for a fact that is about no order."""
    fact = one.fact
    about = told_of(fact.type, fact.data) if one.tells else object_of(fact.type, fact.data)
    return (fact.source, about) if about.startswith("order:") else None


def news_of_order(one: Admission) -> bool:
    """Whether a fact goes where the order went that it is about."""
    return one.tells or follows(one.fact.type)


def claimed(session: Session, keys: Iterable[Key]) -> dict[Key, UUID | None]:
    """Whose the keys are that somebody has claimed."""
    wanted = list(keys)
    if not wanted:
        return {}
    pairs = tuple_(col(Claim.source), col(Claim.key)).in_(wanted)
    rows = session.exec(select(Claim.source, Claim.key, Claim.member_id).where(pairs)).all()
    return {(source, key): member_id for source, key, member_id in rows}


def claim(session: Session, ones: Sequence[Admission]) -> set[Key]:
    """Claim the facts, and the orders that they are about for their members, all in one statement.

    Returns the keys that nobody had claimed.
    """
    orders = _orders(ones)
    won = _won(session, [_claim_of(one) for one in ones] + _claims_of(orders))
    for one in ones:
        if (one.fact.source, f"fact:{one.fact.id}") not in won:
            one.status = "duplicate"
        elif not one.member_id:
            one.status = "waiting"
    ready = [one for one in ones if one.status == "new"]
    right = _orders(ready)
    stray = {key for key in orders.keys() & won if right.get(key) != orders[key]}
    if stray:  # a fact that came before names another order now: it is no news of that one
        _unclaim(session, stray)
        won = (won - stray) | _won(session, _claims_of({key: right[key] for key in right.keys() & stray}))
    _meet_orders(session, ready, won)
    return won


def _won(session: Session, rows: list[Any]) -> set[Key]:
    """Claim what nobody has claimed; returns the keys that are new. In order, so that nobody waits in a ring."""
    columns = ("source", "key", "member_id", "waiting_for", "envelope")
    won = sets.insert(session, Claim, columns, sorted(rows, key=lambda row: row[:2]),
                      "ON CONFLICT (source, key) DO NOTHING", ("source", "key"))  # fmt: skip
    return {(row[0], row[1]) for row in won}


def _unclaim(session: Session, keys: Iterable[Key]) -> None:
    gone = list(keys)
    if gone:
        session.execute(delete(Claim).where(tuple_(col(Claim.source), col(Claim.key)).in_(gone)))


def _claim_of(one: Admission) -> tuple[Any, ...]:
    waits = None if one.member_id else _waits_for(one)
    envelope = None if one.member_id else json.dumps(to_envelope(one.fact), ensure_ascii=False)
    return (one.fact.source, f"fact:{one.fact.id}", one.member_id, waits, envelope)


def _orders(ones: Iterable[Admission]) -> dict[Key, UUID]:
    """The orders that facts are about, and for whom they are to be claimed: whose fact comes first. What the shop's own
    facts say of an order makes it nobody's.
    """
    wanted: dict[Key, UUID] = {}
    for one in ones:
        key = order_key(one)
        if key and one.member_id and not one.tells:
            wanted.setdefault(key, one.member_id)
    return wanted


def _claims_of(orders: dict[Key, UUID]) -> list[tuple[Any, ...]]:
    return [(*key, member_id, None, None) for key, member_id in orders.items()]


def _waits_for(one: Admission) -> str:
    fact = one.fact
    if fact.subject:
        return identity_key(fact.source, fact.subject)
    return (
        f"order:{fact.source}:{fact.data['order_id']}"
        if news_of_order(one) and "order_id" in fact.data
        else ""
    )


def claim_orders(session: Session, ones: Sequence[Admission]) -> None:
    """Claim the orders of facts that are claimed already; an order that went to somebody else is refused."""
    _meet_orders(session, ones, _won(session, _claims_of(_orders(ones))))


def _meet_orders(session: Session, ones: Sequence[Admission], won: set[Key]) -> None:
    """Whether the orders were known before, and are the members' own; `won` are those claimed just now."""
    wanted = _orders(ones)
    owners = claimed(session, wanted.keys() - won)
    refused, moved = list[Key](), list[Admission]()
    for one in ones:
        key = order_key(one)
        if not key or one.tells:
            one.known_object = one.tells or bool(object_of(one.fact.type, one.fact.data))
            continue
        owner = wanted[key] if key in won else owners.get(key)
        one.known_object = key not in won
        if (
            owner
            and one.member_id
            and owner != one.member_id
            and _is_one_person(session, owner, one.member_id)
        ):
            one.member_id = owner
            moved.append(one)
        if owner != one.member_id:
            one.status = "refused"
            one.refusal = Refusal(
                "order_of_another", "This order belongs to another account.", path="subject", status=409
            )
            refused.append((one.fact.source, f"fact:{one.fact.id}"))
    _several_about_one(ones)
    _unclaim(session, refused)
    if moved:
        settle(session, moved)


def _is_one_person(session: Session, owner: UUID, member_id: UUID) -> bool:
    """Whether one account is part of the other, or was until it was undone, or an account that is part of the member's
    by now was once part of the owner's: the order stays where it went first.
    """
    before, mine = parts(session, [owner], ever=True), parts(session, [member_id])
    return owner in parts(session, [member_id], ever=True) or not {owner, *before}.isdisjoint(
        (member_id, *mine)
    )


def _several_about_one(ones: Sequence[Admission]) -> None:
    """Within a batch, only the first fact about an order meets an order that is new."""
    seen: set[Key] = set()
    for one in ones:
        key = order_key(one)
        if key:
            one.known_object = one.known_object or key in seen
            seen.add(key)


def awaited(fact: Fact) -> str:
    """What refunds without a name wait for that would come with this fact; "" for a fact that brings no order."""
    return f"order:{fact.source}:{fact.data['order_id']}" if fact.type in ORDER_TYPES else ""


def wake_orders(
    session: Session, live: Sequence[Admission], waited: Sequence[tuple[str, str]], won: set[Key]
) -> list[Admission]:
    """Refunds without a name that waited for an order which is here now.

    `waited` are those that were found before anything was claimed, by what they wait for. That is all there can be
    of an order that is `won`, but for what came together with it; about others the table is asked again.
    """
    ready = [one for one in live if one.status == "new" and awaited(one.fact)]
    if not ready:
        return []
    orders = {awaited(one.fact): one.member_id for one in ready}
    first = {awaited(one.fact) for one in ready if order_key(one) in won}
    found = [(name, parse(json.loads(envelope))) for name, envelope in waited if name in first]
    found += [
        (name, one.fact) for one in live if one.status == "waiting" and (name := _waits_for(one)) in first
    ]
    if asked := orders.keys() - first:
        rows = session.connection().execute(WAITING, {"orders": list(asked)}).all()
        found += [(name, parse(json.loads(envelope))) for name, envelope in rows if name and envelope]
    woken = [Admission(fact, "new", orders[name], known_object=True) for name, fact in found]
    settle(session, woken)
    return woken


def stranded(session: Session, limit: int) -> list[Admission]:
    """Refunds that still wait although their order is here: both were recorded at the same moment, out of each other's
    sight. Their claims are locked until the transaction ends; those that somebody else has locked are left to them.
    """
    here, order = aliased(Claim), aliased(Claim)
    name = func.substr(col(here.waiting_for), func.length(col(here.source)) + len("order:") + 2)
    met = (col(order.source) == col(here.source)) & (col(order.key) == literal("order:").concat(name))
    query = (
        statement(col(here.envelope), col(order.member_id))
        .join(order, met)
        .where(col(here.waiting_for).startswith("order:"), col(here.envelope).is_not(None))
        .where(col(order.member_id).is_not(None))
        .order_by(col(here.source), col(here.key))
        .limit(limit)
        .with_for_update(of=here, skip_locked=True)
    )
    rows = session.connection().execute(query).all()
    woken = [
        Admission(parse(json.loads(text)), "new", owner, known_object=True) for text, owner in rows if text
    ]
    if woken:
        settle(session, woken)
    return woken


def waiting(session: Session, key: str) -> list[Fact]:
    """The facts that wait for an identity key."""
    query = select(Claim.envelope).where(Claim.waiting_for == key, col(Claim.envelope).is_not(None))
    return [parse(json.loads(text), internal=True) for text in session.exec(query).all() if text]


def settle(session: Session, ones: Sequence[Admission]) -> None:
    """The claims of facts that waited, and found their member."""
    rows = [(one.fact.source, f"fact:{one.fact.id}", one.member_id, None, None) for one in ones]
    columns = ("source", "key", "member_id", "waiting_for", "envelope")
    sets.write(session, [sets.upserted(Claim, columns, rows, ("source", "key"))])
