"""Wallets beside points are changed by hand as points are: by what they weigh in points, and by two for much."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from facts.language import language
from facts.refusals import Refusal
from members import alone as alone_within_a_day
from members.actions import approvals, record
from members.actions.staff import adjust
from members.programme import apply, load
from members.prove import prove
from members.purses import most, purses, weight
from members.roles import Person
from members.tables import Audit
from members.views.approvals import requests
from members.way_tables import Approval
from rewards.wallets import Wallet, Worth
from tests.builders import NOW, PROGRAMME, an_order, in_force, standing_of
from tests.rewards.paper import terms_of

KIM, ADA = "support:kim", "owner:ada"
WALLETS = """
wallets:
  cash: {kind: cashback, name: Cashback, value: {money: "2.00", pays: "1.00"}}
  xp: {kind: experience, name: Experience}
"""
TEXT = PROGRAMME.replace("points:\n", "points:\n  adjustment_limit: 100\n") + WALLETS


def a_member(session: Session, text: str = TEXT) -> UUID:
    """Who has ninety points. 100 points pay 1.00, and so do 2.00 of cashback."""
    in_force(session, text)
    record(session, [an_order("o", "90.00")], NOW)
    return standing_of(session).member_id


def alone(session: Session, one: UUID, amount: int, wallet: str, request: str) -> bool:
    """Whether Kim may do it without a second person."""
    return approvals.adjust_or_ask(
        session, one, amount, "Broken eggs", KIM, NOW, wallet=wallet, request_id=request
    )


def deeds(session: Session) -> list[dict[str, object]]:
    rows = session.exec(
        select(Audit.detail).where(Audit.action == "points.adjusted").order_by(col(Audit.seq))
    )
    return [json.loads(one) for one in rows]


def test_a_wallet_is_changed_once_and_no_other_one(session: Session) -> None:
    me = a_member(session)
    for _ in range(2):
        assert alone(session, me, 150, "cash", "a")
    assert alone(session, me, -30, "cash", "b")
    assert alone(session, me, 10, "xp", "c")
    assert (purses(session, me), standing_of(session).balance) == ({"cash": 120, "xp": 10}, 90)
    assert prove(session).flaws == []
    first, second, third = deeds(session)
    assert (first["wallet"], first["amount"], first["in_points"]) == ("cash", "1.50 USD", 75)
    assert "points" not in first
    assert (second["before"], second["after"]) == ({"balance": "1.50 USD"}, {"balance": "1.20 USD"})
    assert (third["amount"], third["after"]) == (10, {"balance": 10})


def test_all_wallets_count_together_for_what_one_person_does_alone(session: Session) -> None:
    me = a_member(session)
    assert alone(session, me, 100, "cash", "a")
    assert alone(session, me, -1, "cash", "b")
    assert alone_within_a_day.done(session, KIM, NOW, member_id=me).to_one == 51, (
        "half a point is a whole one"
    )
    assert not alone(session, me, 50, "xp", "c")
    assert not alone(session, me, 50, "points", "d")
    assert alone(session, me, 49, "xp", "e")
    assert (purses(session, me), standing_of(session).balance) == ({"cash": 99, "xp": 49}, 90)


def test_a_second_person_reads_what_it_is_and_then_it_is_done(session: Session) -> None:
    me = a_member(session)
    assert not alone(session, me, 20_100, "cash", "a")
    assert not alone(session, me, -101, "xp", "b")
    waiting = requests(session, Person("ada", "owner"), NOW, language("en")).waiting
    assert {one.what for one in waiting} == {
        "Give $201.00 of “Cashback” to A member without a name",
        "Take 101\u00a0XP of “Experience” from A member without a name",
    }
    for key in session.exec(select(Approval.approval_id)).all():
        approvals.agree(session, key, ADA, NOW)
    assert purses(session, me) == {"cash": 20_100}, "of experience nothing is owed"
    assert {one["agreed_by"] for one in deeds(session)} == {ADA}
    assert prove(session).flaws == []


def test_what_is_not_there_is_refused_with_its_words(session: Session) -> None:
    me = a_member(
        session, TEXT.replace("name: Cashback,", "name: Cashback, negative_balance: {policy: refuse},")
    )
    for wallet, amount, code in (
        ("gold", 5, "wallet_unknown"),
        ("cash", 0, "adjustment_empty"),
        ("cash", -250, "balance_short"),
    ):
        with pytest.raises(Refusal) as refused, session.begin_nested():
            adjust(session, me, amount, "Broken eggs", ADA, NOW, wallet=wallet, agreed_by=KIM)
        assert refused.value.code == code
    assert refused.value.sentence() == "There is 2.50 USD too little for this."
    assert (purses(session, me), deeds(session)) == ({}, [])


def test_nobody_is_nobody_whatever_the_wallet(session: Session) -> None:
    a_member(session)
    for amount in (5, 20_100):
        with pytest.raises(Refusal) as refused, session.begin_nested():
            alone(session, UUID(int=7), amount, "cash", "a")
        assert refused.value.code == "member_unknown"


def test_a_wish_for_a_wallet_that_the_programme_has_dropped_is_shown_and_not_done(session: Session) -> None:
    me = a_member(session)
    assert not alone(session, me, 20_100, "cash", "a")
    apply(session, load(PROGRAMME), base=1, effective_from=NOW, actor=ADA, now=NOW)
    (card,) = requests(session, Person("ada", "owner"), NOW, language("en")).waiting
    assert card.what == "Give 20,100 of “cash” to A member without a name"
    with pytest.raises(Refusal) as refused, session.begin_nested():
        approvals.agree(session, session.exec(select(Approval.approval_id)).one(), ADA, NOW)
    assert refused.value.code == "wallet_unknown"


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 10**6))
def test_the_most_is_the_largest_amount_that_weighs_no_more(limit: int, money: int, pays: int) -> None:
    terms, worth = terms_of(), Worth(money=f"{money / 100:.2f}", pays=f"{pays / 100:.2f}")
    wallet = Wallet(kind="cashback", name={"en": "Cashback"}, value=worth)
    largest = most(wallet, limit, terms)
    assert weight(wallet, largest, terms) <= limit < weight(wallet, largest + 1, terms)
    assert weight(wallet, -largest, terms) == weight(wallet, largest, terms)
