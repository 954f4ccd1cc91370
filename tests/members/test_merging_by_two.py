"""Whether one of the staff makes one account of two alone: what moves counts, and what opens to somebody else."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import Session, select

from facts.language import language
from members import alone as alone_within_a_day
from members.actions import approvals, merging, record
from members.actions.identify import identify
from members.roles import MEMBER, Person
from members.tables import Member
from members.views.approvals import requests
from members.views.staff_merge import merge_card
from members.way_tables import Approval, Letter, Login, Staff
from tests.builders import NOW, PROGRAMME, an_order, in_force

KIM, ADA = "support:kim", "owner:ada"
LIMITS = PROGRAMME.replace("points:\n", "points:\n  adjustment_limit: 100\n")


def two(session: Session, *, poor: str = "5.00") -> tuple[UUID, UUID]:
    """One account with little on it, one with more than the limit."""
    in_force(session, LIMITS)
    facts = [an_order("1", poor, subject="customer:1"), an_order("2", "900.00", subject="customer:2")]
    found = [one.member_id for one in record(session, facts, NOW)]
    assert found[0]
    assert found[1]
    return found[0], found[1]


def alone(session: Session, one: UUID, other: UUID) -> bool:
    return approvals.merge_or_ask(session, one, other, "One person", KIM, NOW, request_id="r")


@pytest.mark.parametrize("way", ["email", "phone", "login"])
def test_an_account_that_opens_much_to_its_owner_needs_a_second_person(session: Session, way: str) -> None:
    poor, rich = two(session)
    if way == "login":
        session.add(Login(issuer="https://id.example", subject="k", role=MEMBER, person=str(poor), created_at=NOW,
                          used_at=NOW))  # fmt: skip
        session.flush()
    else:
        identify(session, poor, {"email": "email:kim@home.example", "phone": "phone:+14155550123"}[way], NOW)
    assert not alone(session, poor, rich)
    assert session.get_one(Member, poor).status == "draft", "nothing has moved"
    card = requests(session, Person("ada", "owner"), NOW, language("en")).waiting[0]
    assert "(5 points), which is closed, and" in card.what
    assert "(900 points)" in card.what
    approvals.agree(session, session.exec(select(Approval.approval_id)).one(), ADA, NOW)
    assert session.get_one(Member, poor).status == "merged"


def test_a_draft_that_nobody_can_sign_in_to_needs_none_and_nobody_is_told(session: Session) -> None:
    poor, rich = two(session)
    identify(session, rich, "email:mira@shop.example", NOW)
    assert alone(session, poor, rich)
    assert session.exec(select(Letter)).all() == []


def test_both_are_told_when_staff_make_one_of_them(session: Session) -> None:
    poor, rich = two(session)
    identify(session, rich, "email:mira@shop.example", NOW)
    identify(session, poor, "email:mira@work.example", NOW)
    assert not alone(session, poor, rich)
    assert session.exec(select(Letter)).all() == []
    approvals.agree(session, session.exec(select(Approval.approval_id)).one(), ADA, NOW)
    told = {one.address: one.text for one in session.exec(select(Letter))}
    assert "becomes part of yours" in told["mira@shop.example"]
    assert "becomes part of another one" in told["mira@work.example"]


@pytest.mark.parametrize("side", [0, 1])
def test_nobody_merges_an_account_of_their_own_alone(session: Session, side: int) -> None:
    in_force(session, LIMITS)
    facts = [an_order("1", "5.00", subject="customer:1"), an_order("2", "6.00", subject="customer:2")]
    both = [one.member_id for one in record(session, facts, NOW) if one.member_id]
    session.add(Staff(staff_id="kim", name="Kim", email="kim@shop.example", role="support", created_at=NOW))
    identify(session, both[side], "email:kim@shop.example", NOW)
    assert not alone(session, both[0], both[1])
    said = "whenever one of the two is your own"
    assert said in merge_card(session, both[0], None, "", NOW, language("en")).limit


def test_many_small_merges_of_a_day_are_summed_with_all_else_that_one_does_alone(session: Session) -> None:
    """The limit is 100 points, and ten times that for all that one person moves and gives in a day."""
    in_force(session, LIMITS)
    facts = [an_order(f"{n}", "90.00", subject=f"customer:{n}") for n in range(26)]
    found = [one.member_id for one in record(session, facts, NOW) if one.member_id]
    friends, drafts = found[:12], found[12:]
    assert all(alone(session, one, friend) for one, friend in zip(drafts[:11], friends[:11], strict=True))
    merging.undo(session, drafts[10], KIM, NOW)
    assert not alone(session, drafts[11], friends[11]), (
        "990 have moved, and what was undone may have been spent"
    )
    assert not approvals.adjust_or_ask(
        session, drafts[12], 11, "Broken eggs", "owner:kim", NOW, request_id="a"
    )
    assert approvals.merge_or_ask(
        session, drafts[12], friends[11], "One person", "support:bo", NOW, request_id="b"
    )
    wish = select(Approval.approval_id).where(Approval.action == alone_within_a_day.MERGED)
    approvals.agree(session, session.exec(wish).one(), ADA, NOW)
    assert alone_within_a_day.done(session, KIM, NOW).to_all == 990, (
        "what another one agreed to is not counted"
    )
    tomorrow = NOW + alone_within_a_day.DAY
    assert approvals.merge_or_ask(
        session, drafts[13], friends[10], "One person", KIM, tomorrow, request_id="c"
    )


def test_small_merges_into_one_account_are_summed_with_what_it_is_given(session: Session) -> None:
    """A drawer of cards is not emptied into one account, a little at a time, by one person."""
    in_force(session, LIMITS)
    facts = [an_order(f"{n}", "40.00", subject=f"customer:{n}") for n in range(6)]
    friend, other, *drafts = [one.member_id for one in record(session, facts, NOW) if one.member_id]
    assert alone(session, drafts[0], friend)
    assert alone(session, drafts[1], friend)
    assert alone_within_a_day.done(session, KIM, NOW, member_id=friend).to_one == 80
    assert not alone(session, drafts[2], friend), "120 points would have come to one account"
    assert not approvals.adjust_or_ask(session, friend, 21, "Broken eggs", KIM, NOW, request_id="a")
    assert alone(session, drafts[2], other), "another account has its own sum"
    tomorrow = NOW + alone_within_a_day.DAY
    assert approvals.merge_or_ask(session, drafts[3], friend, "One person", KIM, tomorrow, request_id="c")
