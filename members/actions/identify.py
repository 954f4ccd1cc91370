"""Saying who somebody is: an address, a phone or a card becomes a member's, and what waited for it is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from facts.language import N_
from facts.refusals import Refusal
from members import sets
from members.actions.record import Outcome, weigh
from members.claims import Admission, claim_orders, identity_key, settle, waiting, wake_orders
from members.intake import tells, to_their_orders
from members.programme import versions
from members.tables import Identity, Standing


def identify(
    session: Session, member_id: UUID, subject: str, now: datetime, source: str = ""
) -> Sequence[Outcome]:
    """Make `subject` (`email:…`, `phone:…`, `card:…`, or `customer:…` of `source`) the member's own.

    The caller has made sure that it is: by a code sent there, or by seeing the card. Facts that waited for
    it are recorded now and count when they happened, with what waited for orders among them without a name; an outcome
    for each of the first. Doing it twice changes nothing.
    News of an order that somebody has by now goes there, whoever it names, as it would have gone had it come now.
    What else is older than the programme looks back (`joining.look_back_days`) never counts, and its outcome says so.
    Refuses what belongs to somebody else already.
    """
    if session.get(Standing, member_id) is None:
        raise Refusal("member_unknown", "There is no such member.", status=404)
    key = identity_key(source, subject)
    sets.insert(
        session,
        Identity,
        ("key", "member_id", "since"),
        [(key, member_id, now)],
        "ON CONFLICT (key) DO NOTHING",
    )
    known = session.get(Identity, key, populate_existing=True)
    if known is None or known.member_id != member_id:
        raise Refusal("identity_taken", "This belongs to another account already.", status=409)
    line = versions(session)
    ones = [Admission(fact, "new", member_id, known_object=True, tells=tells(fact, line))
            for fact in waiting(session, key)]  # fmt: skip
    told = to_their_orders(session, ones)
    settle(session, ones)
    others = [one for one in ones if (one.fact.source, one.fact.id) not in told]
    _look_back(others, now - timedelta(days=line.at(now).programme.joining.look_back_days))
    claim_orders(session, [one for one in ones if one.status == "new"])
    for one in ones:
        one.known_object = True
    ready = [one for one in ones if one.status == "new"]
    moved = weigh(session, [*ready, *wake_orders(session, ready, (), set())], line, now)
    return [
        Outcome("recorded" if one.status == "new" else one.status, one.member_id,
                moved.get(one.member_id, 0) if one.member_id else 0, one.refusal)
        for one in ones
    ]  # fmt: skip


def _look_back(ones: Sequence[Admission], first: datetime) -> None:
    """Turn down what happened before; its id stays known. A refund of such an order has nothing to refund."""
    for one in ones:
        if one.fact.occurred_at < first:
            one.status = "refused"
            one.refusal = Refusal("too_old", N_("This happened too long ago to count."), path="time")
