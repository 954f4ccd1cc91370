"""Merging two accounts of one person, the way back, and what comes in between."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from facts.language import language
from facts.refusals import Refusal
from members import sessions
from members.actions import own, record
from members.actions.erase import erase
from members.actions.identify import identify
from members.actions.merging import merge, undo
from members.actions.record import advance_due
from members.actions.staff import adjust
from members.audit import first_broken
from members.merged import latest_of
from members.own_records import sections
from members.prove import prove
from members.roles import MEMBER, Person
from members.standing import member_of
from members.tables import FactRow, Identity, Member, Standing
from members.views.staff_people import person_card
from rewards.tables import Entry, Lot
from tests.builders import NOW, PROGRAMME, SHOP, a_refund, an_order, days, in_force

ADA, LONG_AGO = "owner:ada", days(40)


def two(session: Session, text: str = PROGRAMME, ago: timedelta = LONG_AGO) -> tuple[UUID, UUID]:
    """An account that somebody has twice: 30 points on the one, 100 on the other."""
    in_force(session, text)
    facts = [an_order("1", "10.00", "20.00", at=NOW - ago),
             an_order("2", "100.00", at=NOW - min(ago, days(10)), subject="customer:2")]  # fmt: skip
    found = [one.member_id for one in record(session, facts, NOW)]
    assert found[0]
    assert found[1]
    return found[0], found[1]


def balance(session: Session, member_id: UUID) -> int:
    return session.exec(select(Standing.balance).where(Standing.member_id == member_id)).one()


def test_ones_own_data_have_what_was_done_on_an_account_that_went_over_in_two_steps(session: Session) -> None:
    first, second = two(session)
    (third,) = record(session, [an_order("3", "7.00", subject="customer:3")], NOW)
    assert third.member_id
    merge(session, first, second, "One person", ADA, NOW)
    merge(session, second, third.member_id, "One person", ADA, NOW)
    told = {name: list(rows) for name, _, rows in sections(session, third.member_id)}
    orders = {row["data"]["order_id"] for row in told["facts"] if row["type"] == "order.paid"}
    assert orders == {"1", "2", "3"}
    assert {str(row["member_id"]) for row in told["member"]} == {
        str(first),
        str(second),
        str(third.member_id),
    }


@pytest.mark.feature(8)
def test_points_addresses_and_ways_in_go_over_and_the_old_id_leads_on(session: Session) -> None:
    old, new = two(session)
    identify(session, old, "email:mira@shop.example", NOW)
    own.tell(session, old, NOW, name="Mira")
    token, _ = sessions.start(session, Person(str(old), MEMBER), NOW)
    dates = {lot.expires_at for lot in session.exec(select(Lot).where(Lot.member_id == old))}
    merge(session, old, new, "One person", ADA, NOW)
    assert (balance(session, old), balance(session, new)) == (0, 130)
    proof = prove(session)
    assert (proof.flaws, proof.points.issued, proof.points.outstanding) == ([], 130, 130)
    assert {key.member_id for key in session.exec(select(Identity))} == {new}
    assert sessions.person_of(session, token, NOW) == Person(str(new), MEMBER)
    assert (session.get_one(Member, old).status, session.get_one(Member, new).name) == ("merged", "Mira")
    moved = session.exec(
        select(Lot).where(Lot.member_id == new, col(Lot.cause).startswith("transfer|"))
    ).all()
    assert {lot.expires_at for lot in moved} == dates, "each lot keeps its dates"
    assert latest_of(session, old) == new
    assert member_of(session, SHOP, f"member:{old}") == new, "as the API asks"
    card = person_card(session, old, Person("ada", "owner"), NOW, language("en"))
    assert (card.key, card.name) == (str(new), "Mira"), "as staff look"
    (late,) = record(session, [an_order("3", "7.00", subject=f"member:{old}")], NOW)
    assert late.member_id == new
    assert (balance(session, new), first_broken(session)) == (140, None), (
        "a member of Silver earns half as much again"
    )
    with pytest.raises(Refusal, match="closed"):
        merge(session, old, new, "Again", ADA, NOW)
    with pytest.raises(Refusal, match="one and the same"):
        merge(session, new, new, "Itself", ADA, NOW)


@pytest.mark.feature(8)
def test_a_refund_of_an_old_order_is_taken_from_the_other_account(session: Session) -> None:
    old, new = two(session)
    merge(session, old, new, "One person", ADA, NOW)
    (back,) = record(session, [a_refund("1", ("2", "20.00"), at=NOW)], NOW)
    assert back.status == "recorded"
    assert (balance(session, old), balance(session, new)) == (0, 110)
    assert prove(session).flaws == []
    undo(session, old, ADA, NOW + days(1))
    assert (balance(session, old), balance(session, new)) == (10, 100)
    assert prove(session).flaws == []


@pytest.mark.feature(8)
def test_a_merge_is_undone_for_thirty_days(session: Session) -> None:
    old, new = two(session)
    merge(session, old, new, "One person", ADA, NOW)
    undo(session, old, ADA, NOW + days(29))
    assert (balance(session, old), balance(session, new)) == (30, 100)
    assert session.get_one(Member, old).status == "draft"
    assert latest_of(session, old) == old
    owners = {key.key.rpartition(":")[2]: key.member_id for key in session.exec(select(Identity))}
    assert owners == {"1": old, "2": new}
    with pytest.raises(Refusal, match="not merged"):
        undo(session, old, ADA, NOW + days(29))
    merge(session, old, new, "One person after all", ADA, NOW + days(29))
    with pytest.raises(Refusal, match="too long ago"):
        undo(session, old, ADA, NOW + days(60))
    proof = prove(session)
    assert (proof.flaws, proof.points.outstanding) == ([], 130)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_comes_before_between_and_after_the_books_hold(session: Session, seed: int) -> None:
    """Orders, refunds, adjustments in any place around a merge and its undoing: proof stays clean, sums agree."""
    chance = random.Random(seed)
    old, new = two(session)
    orders = {"1", "2"}

    def something(now: datetime) -> None:
        what = chance.choice(["order", "refund", "adjust"])
        if what == "order":
            number, whose = str(100 + len(orders) * 7 + seed), chance.choice(["customer:1", "customer:2"])
            orders.add(number)
            paid = an_order(number, "12.00", at=now - days(chance.choice([0, 3, 50])), subject=whose)
            assert record(session, [paid], now)[0].status == "recorded"
        elif what == "refund":
            number = chance.choice(sorted(orders))
            record(
                session, [a_refund(number, ("1", "2.00"), at=now, subject="", id=f"r-{now.isoformat()}")], now
            )
        else:
            adjust(
                session,
                latest_of(session, chance.choice([old, new])),
                chance.choice([-40, 9]),
                "A test",
                ADA,
                now,
            )

    for step in range(14):
        at = NOW + days(step)
        if step == 4:
            merge(session, old, new, "One person", ADA, at)
        if step == 10:
            undo(session, old, ADA, at)
        something(at)
        proof = prove(session)
        assert proof.flaws == []
        if 4 <= step < 10:
            assert balance(session, old) == 0
        entries = sum(session.exec(select(Entry.amount)).all())
        assert entries == proof.points.outstanding == balance(session, old) + balance(session, new)
    assert first_broken(session) is None


def test_after_the_way_back_nobody_is_left_in_the_wrong_account(session: Session) -> None:
    old, new = two(session)
    tokens = [sessions.start(session, Person(str(one), MEMBER), NOW)[0] for one in (old, new)]
    merge(session, old, new, "One person", ADA, NOW)
    assert {sessions.person_of(session, one, NOW) for one in tokens} == {Person(str(new), MEMBER)}
    undo(session, old, ADA, NOW + days(1))
    assert [sessions.person_of(session, one, NOW) for one in tokens] == [None, None]


def test_whoever_is_erased_is_erased_with_all_their_accounts(session: Session) -> None:
    old, new = two(session)
    merge(session, old, new, "One person", ADA, NOW)
    erase(session, new, f"member:{new}", NOW)
    assert session.get_one(Member, old).status == "erased"
    assert session.exec(select(FactRow)).all() == []
    with pytest.raises(Refusal):
        undo(session, old, ADA, NOW)
    assert prove(session).flaws == []


@pytest.mark.parametrize(("ordered", "left"), [(False, (0, 0)), (True, (30, 107))])
def test_what_ended_by_inactivity_meanwhile_does_not_come_back(
    session: Session, ordered: bool, left: tuple[int, int]
) -> None:
    text = PROGRAMME.replace("{kind: rolling, months: 12}", "{kind: inactivity, days: 14}")
    old, new = two(session, text, days(1))
    merge(session, old, new, "One person", ADA, NOW)
    if ordered:
        record(session, [an_order("3", "5.00", at=NOW + days(9), subject="customer:2")], NOW + days(9))
    advance_due(session, NOW + days(20))
    undo(session, old, ADA, NOW + days(20))
    assert (balance(session, old), balance(session, new)) == left
    assert prove(session).flaws == []


def test_what_comes_while_somebody_has_left_goes_on_when_they_are_back(session: Session) -> None:
    old, new = two(session)
    merge(session, old, new, "One person", ADA, NOW)
    own.leave(session, new, ADA, NOW)
    (back,) = record(session, [a_refund("1", ("2", "20.00"), at=NOW)], NOW)
    assert back.status == "recorded"
    assert (balance(session, old), balance(session, new)) == (-20, 130)
    assert prove(session).flaws == []
    own.come_back(session, new, ADA, NOW)
    assert (balance(session, old), balance(session, new)) == (0, 110)
    assert prove(session).flaws == []
