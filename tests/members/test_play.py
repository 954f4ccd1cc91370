"""Playing: calm mode changes what is shown and never what is given; joining is a fact like any other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from badges.tables import Award, Player
from facts.events import Fact
from facts.refusals import Refusal
from members.actions import record
from members.actions.play import calm, join, leave
from members.prove import prove
from members.tables import FactRow
from rewards.tables import Entry
from tests.builders import NOW, PROGRAMME, a_fact, a_refund, an_order, in_force, standing_of
from tests.members.test_law import PLAYED


def a_life(customer: str) -> list[Fact]:
    """Half a year: orders, a return that takes something back, reviews."""
    who: dict[str, Any] = {"subject": f"customer:{customer}"}
    facts = [
        an_order(f"{customer}-{n}", f"{20 + 7 * n}.00", at=NOW - timedelta(days=170 - 12 * n), **who)
        for n in range(14)
    ]
    facts.append(a_refund(f"{customer}-3", ("1", "41.00"), at=NOW - timedelta(days=5), **who))
    facts += [
        a_fact("review.posted", {"review_id": f"{customer}-{n}"}, at=NOW - timedelta(days=3, hours=n),
               id=f"review-{customer}-{n}", **who)
        for n in range(2)
    ]  # fmt: skip
    return facts


def ledger(session: Session, customer: str) -> list[tuple[Any, ...]]:
    """All entries of a customer, without what is only theirs: ids and order numbers."""
    member_id = standing_of(session, customer).member_id
    rows = session.exec(select(Entry).where(Entry.member_id == member_id).order_by(col(Entry.seq)))
    return [
        (row.kind, row.amount, row.at, row.active_from, row.expires_at, row.rule,
         row.cause.replace(f"{customer}-", "").replace(f"-{customer}", ""))
        for row in rows
    ]  # fmt: skip


def awards(session: Session, customer: str) -> list[tuple[Any, ...]]:
    member_id = standing_of(session, customer).member_id
    rows = session.exec(select(Award).where(Award.member_id == member_id))
    return sorted((row.kind, row.slug, row.instance, row.level, row.awarded_at, row.value) for row in rows)


@pytest.mark.parametrize(
    "parts", [["game"], ["ranks", "streaks", "confetti", "game"], ["streaks"], ["confetti", "ranks"]]
)
def test_the_same_facts_give_the_same_entries_calm_or_not(session: Session, parts: list[str]) -> None:
    in_force(session, PROGRAMME + PLAYED)
    loud, still = a_life("loud"), a_life("still")
    record(session, [loud[0], still[0]], NOW - timedelta(days=170))
    calm(session, standing_of(session, "still").member_id, parts, NOW)
    for one, other in zip(loud[1:], still[1:], strict=True):
        record(session, [one, other], NOW)
    for customer in ("loud", "still"):
        join(session, standing_of(session, customer).member_id, "taken", NOW)
    later = NOW + timedelta(days=1)
    for customer in ("loud", "still"):
        who: dict[str, Any] = {"subject": f"customer:{customer}"}
        record(session, [an_order(f"{customer}-{n}", "9.00", at=later, **who) for n in (20, 21)], later)
    assert ledger(session, "loud") == ledger(session, "still")
    assert awards(session, "loud") == awards(session, "still")
    assert len(awards(session, "still")) > 8
    assert prove(session).flaws == []


def test_calm_says_exactly_what_is_off(session: Session) -> None:
    in_force(session, PROGRAMME + PLAYED)
    record(session, [an_order("o", "5.00")], NOW)
    member_id = standing_of(session).member_id
    for parts, said in ((["game", "streaks"], "streaks game"), (["streaks"], "streaks"), ([], "")):
        calm(session, member_id, parts, NOW)
        assert session.exec(select(Player.calm).where(Player.member_id == member_id)).one() == said
    with pytest.raises(Refusal, match="no such part"):
        calm(session, member_id, ["points"], NOW)
    with pytest.raises(Refusal, match="no such member"):
        calm(session, uuid4(), ["game"], NOW)


def test_joining_and_leaving_are_facts_of_ours_once_each(session: Session) -> None:
    in_force(session, PROGRAMME + PLAYED)
    record(session, [an_order("o", "5.00")], NOW)
    member_id = standing_of(session).member_id
    leave(session, member_id, "taken", NOW)
    for seconds in (1, 2):
        join(session, member_id, "taken", NOW + timedelta(seconds=seconds))
    for seconds in (3, 4):
        leave(session, member_id, "taken", NOW + timedelta(seconds=seconds))
    rows = session.exec(
        select(FactRow).where(FactRow.source == "regulars").order_by(col(FactRow.occurred_at))
    ).all()
    assert [(row.type, row.data) for row in rows] == [
        ("challenge.joined", '{"challenge":"taken"}'),
        ("challenge.left", '{"challenge":"taken"}'),
    ]
    with pytest.raises(Refusal, match="no such challenge"):
        join(session, member_id, "orders", NOW)
    with pytest.raises(Refusal, match="no such member"):
        join(session, uuid4(), "taken", NOW)
