"""What comes over from another programme: lots burn in their order, a tier is lent, and the past is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest
from sqlmodel import Session, select

from facts.events import Fact
from facts.language import language
from facts.refusals import Refusal
from members.actions.record import advance_due, record
from members.programme import versions
from members.prove import prove
from members.tables import Standing
from members.views.entries import EntryRow, entry_card
from rewards.tables import Entry, Lot
from tests.builders import NOW, PROGRAMME, a_fact, a_refund, an_order, days, in_force, standing_of

BEFORE = NOW - days(30)
FROM = "import:old"


def brought(kind: str, item: str, at: datetime = BEFORE, **data: Any) -> Fact:
    """A fact of the import about customer 1."""
    made = a_fact(
        f"import.{kind}", {"item": item} | data, at=at, id=f"{item}:{kind}", source=FROM, internal=True
    )
    return Fact(made.source, made.id, made.type, made.occurred_at, "", made.data)


def told(session: Session, *facts: Fact, now: datetime = NOW) -> list[str]:
    """What became of facts, all of customer 1."""
    member = standing_of(session).member_id
    mine = [
        Fact(one.source, one.id, one.type, one.occurred_at, one.subject or f"member:{member}", one.data)
        for one in facts
    ]
    return [one.status for one in record(session, mine, now)]


def a_customer(session: Session) -> Standing:
    in_force(session)
    record(session, [a_fact("visit", {}, at=NOW - days(300), id="seen")], NOW)
    return standing_of(session)


def state(session: Session) -> Any:
    """Balance, tier, and lots by cause: what may not depend on the order of arrival."""
    session.expire_all()
    one = standing_of(session)
    lots = session.exec(select(Lot).where(Lot.member_id == one.member_id, Lot.remaining != 0)).all()
    left = sorted((lot.cause, lot.remaining, lot.expires_at, lot.rank, lot.promotional) for lot in lots)
    return one.balance, one.tier, one.tier_until, left


LOTS = [
    {"points": 50, "expires_at": "2027-06-01T04:00:00+00:00", "since": "2025-05-31T00:00:00+00:00"},
    {"points": 30, "expires_at": "2027-01-01T05:00:00+00:00"},
    {"points": 7, "lasts": True},
    {"points": 5},
]


def test_lots_keep_their_last_day_and_nothing_is_earned(session: Session) -> None:
    a_customer(session)
    assert told(session, brought("balance", "b1", lots=LOTS)) == ["recorded"]
    stand = standing_of(session)
    assert (stand.balance, stand.tier, stand.tier_progress) == (92, "member", 0)
    ends = {
        lot.amount: lot.expires_at
        for lot in session.exec(select(Lot).where(Lot.member_id == stand.member_id)).all()
    }
    assert ends[7] is None
    assert ends[5] == datetime(2027, 10, 24, 4, tzinfo=UTC), "as points that are earned on that day"
    advance_due(session, datetime(2027, 1, 2, tzinfo=UTC))
    assert standing_of(session).balance == 62
    assert prove(session).flaws == []


def test_what_was_earned_first_there_burns_first_among_those_that_go_together(session: Session) -> None:
    a_customer(session)
    same = "2027-06-01T04:00:00+00:00"
    lots = [
        {"points": 10, "expires_at": same, "since": f"2025-0{month}-01T00:00:00+00:00"} for month in (3, 1, 2)
    ]
    told(session, brought("balance", "b1", lots=lots))
    spent = a_fact(
        "redemption.made", {"redemption_id": "r", "reward": "tea", "points": 15}, internal=True, id="r"
    )
    assert told(session, spent) == ["recorded"]
    left = {lot.cause.rpartition("|")[2]: lot.remaining for lot in session.exec(select(Lot)).all()}
    assert left == {"0": 10, "1": 0, "2": 5}


def test_any_order_of_arrival_ends_the_same(session: Session) -> None:
    """A balance, a tier, the past, an order after it and its return, and a balance that was taken back."""
    a_customer(session)
    facts = [
        brought("balance", "b1", lots=LOTS),
        brought("tier", "t1", tier="silver", until="2026-12-31"),
        brought("entry", "e1", at=NOW - days(200), points=40, reason="Order 7", salt="s"),
        an_order("A", "80.00", at=NOW - days(10)),
        brought("balance", "b2", lots=[{"points": 900}]),
        brought("cancelled", "b2", at=NOW - days(1)),
    ]
    seen: list[Any] = []
    for order in [facts, facts[::-1], *list(permutations(facts))[::97]]:
        trial = session.begin_nested()
        for fact in order:
            assert told(session, fact) == ["recorded"]
        seen.append(state(session))
        assert prove(session).flaws == []
        trial.rollback()
    assert all(one == seen[0] for one in seen), "the law"
    assert seen[0][:2] == (92 + 120, "silver"), "silver from the other programme earns one and a half points"


def test_a_lent_tier_ends_on_its_day_and_what_is_earned_here_counts_beside_it(session: Session) -> None:
    a_customer(session)
    told(session, brought("tier", "t1", tier="gold", until="2027-03-31"))
    told(session, an_order("A", "60.00", at=NOW))
    assert standing_of(session).tier == "gold"
    assert standing_of(session).tier_until == datetime(2027, 4, 1, 4, tzinfo=UTC), (
        "not shortened by silver of this year"
    )
    advance_due(session, datetime(2027, 3, 31, 12, tzinfo=UTC))
    assert standing_of(session).tier == "gold"
    advance_due(session, datetime(2027, 4, 1, 12, tzinfo=UTC))
    assert standing_of(session).tier == "member"


def test_without_a_day_a_tier_is_lent_for_one_period_and_a_tier_that_is_not_there_for_none(
    session: Session,
) -> None:
    a_customer(session)
    told(session, brought("tier", "t1", tier="silver"))
    assert standing_of(session).tier_until == datetime(2027, 1, 1, 5, tzinfo=UTC)
    told(session, brought("cancelled", "t1", at=NOW - days(2)))
    assert standing_of(session).tier == "member"
    told(session, brought("tier", "t2", tier="platinum", until="2030-01-01"))
    assert (standing_of(session).tier, standing_of(session).tier_until) == ("member", None)


def test_what_was_spent_before_a_balance_is_taken_back_follows_the_policy(session: Session) -> None:
    text = PROGRAMME.replace("points:\n", "points:\n  negative_balance: {policy: refuse}\n")
    in_force(session, text)
    record(session, [a_fact("visit", {}, at=NOW - days(300), id="seen")], NOW)
    told(session, brought("balance", "b1", lots=[{"points": 100}]))
    told(
        session,
        a_fact("redemption.made", {"redemption_id": "r", "reward": "t", "points": 60}, internal=True, id="r"),
    )
    (outcome,) = record(
        session,
        [
            Fact(
                FROM,
                "back",
                "import.cancelled",
                NOW,
                f"member:{standing_of(session).member_id}",
                {"item": "b1"},
            )
        ],
        NOW,
    )
    assert isinstance(outcome.refusal, Refusal)
    assert standing_of(session).balance == 40
    assert prove(session).flaws == []


@pytest.mark.parametrize("code", ["en", "ru", "ar"])
def test_an_entry_says_where_it_came_from(session: Session, code: str) -> None:
    a_customer(session)
    past = brought("entry", "e1", at=NOW - days(200), points=-40, reason="Mug", salt="s")
    told(session, brought("balance", "b1", lots=[{"points": 50}]), past)
    rows = [entry for entry in session.exec(select(Entry)).all() if entry.kind == "imported"]
    assert sorted((row.amount, json.loads(row.why)["k"]) for row in rows) == [(0, "past"), (50, "imported")]
    say, line = language(code), versions(session)
    for row in rows:
        shown = EntryRow(row.seq, row.kind, row.amount, row.at, row.active_from, row.expires_at, row.cause, row.rule,
                         row.version, row.why)  # fmt: skip
        card = entry_card(shown, line, say, NOW)
        assert say.number(abs(row.amount) or 40) in card.why
        assert (card.title == "Mug") == (row.amount == 0)


@pytest.mark.parametrize("kind", ["balance", "tier", "entry", "cancelled"])
def test_nobody_but_an_import_may_say_so(kind: str) -> None:
    with pytest.raises(Refusal) as caught:
        a_fact(f"import.{kind}", {"item": "b1"}, source=FROM)
    assert caught.value.code == "type_internal"


def test_a_return_after_the_move_takes_only_what_was_earned_here(session: Session) -> None:
    a_customer(session)
    told(session, brought("balance", "b1", lots=[{"points": 50}]), an_order("A", "20.00", at=NOW - days(3)))
    assert standing_of(session).balance == 70
    told(session, a_refund("A", ("1", "20.00"), at=NOW))
    assert standing_of(session).balance == 50
