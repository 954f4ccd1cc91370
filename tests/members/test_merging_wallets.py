"""Wallets weigh when staff make one account of two: cashback counts as the points that would pay as much."""

from __future__ import annotations

import json
from uuid import UUID

from sqlmodel import Session, col, select

from facts.language import language
from members import alone as alone_within_a_day
from members.actions import approvals, merging, record
from members.actions.identify import identify
from members.purses import in_points
from members.roles import Person
from members.tables import Audit, Member
from members.views.approvals import requests
from members.way_tables import Approval
from tests.builders import NOW, PROGRAMME, a_fact, an_order, in_force

KIM, ADA = "support:kim", "owner:ada"
TEXT = PROGRAMME.replace("points:\n", "points:\n  adjustment_limit: 100\n").replace(
    '  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}',
    '  - {kind: cashback, slug: back, percent: "10", wallet: cash, tier_multiplier: false}\n'
    "  - {kind: fixed_points, slug: told, on: review.posted, points: 500, wallet: xp}",
)
WALLETS = """
wallets:
  cash: {kind: cashback, name: Cashback, value: {money: "2.00", pays: "1.00"}}
  xp: {kind: experience, name: Experience}
"""


def members(session: Session, *paid: str) -> list[UUID]:
    """Members without points who have a tenth of what they paid as cashback: 100 of it is worth 50 points."""
    in_force(session, TEXT + WALLETS)
    facts = [an_order(f"{n}", one, subject=f"customer:{n}") for n, one in enumerate(paid)]
    return [one.member_id for one in record(session, facts, NOW) if one.member_id]


def alone(session: Session, one: UUID, other: UUID) -> bool:
    return approvals.merge_or_ask(session, one, other, "One person", KIM, NOW, request_id=str(one))


def test_nobody_moves_more_cashback_alone_than_points(session: Session) -> None:
    rich, poor = members(session, "450.00", "1.00")
    assert not alone(session, rich, poor)
    card = requests(session, Person("ada", "owner"), NOW, language("en")).waiting[0]
    assert "(0 points · Cashback: $45.00), which is closed" in card.what
    assert "(0 points · Cashback: $0.10)" in card.what
    assert session.get_one(Member, rich).status == "draft", "nothing has moved"
    approvals.agree(session, session.exec(select(Approval.approval_id)).one(), ADA, NOW)
    assert in_points(session, poor, NOW) == 2255
    row = session.exec(select(Audit.detail).where(Audit.action == "member.merged")).one()
    told = json.loads(row)
    assert (told["before"]["wallets"], "wallets" in told["after"]) == (2250, False)
    merging.undo(session, rich, ADA, NOW)
    assert in_points(session, rich, NOW) == 2250


def test_cashback_that_opens_to_whoever_signs_in_counts(session: Session) -> None:
    rich, poor = members(session, "450.00", "1.00")
    identify(session, poor, "email:kim@home.example", NOW)
    assert not alone(session, poor, rich)


def test_small_cashback_is_summed_with_what_one_does_alone(session: Session) -> None:
    """60 points' worth twice is more than the 100 that one person may bring to one account in a day."""
    friend, *drafts = members(session, "1.00", "12.00", "12.00")
    assert alone(session, drafts[0], friend)
    assert alone_within_a_day.done(session, KIM, NOW, member_id=friend).to_one == 60
    assert not alone(session, drafts[1], friend)


def test_experience_moves_nothing_that_could_be_spent(session: Session) -> None:
    friend, draft = members(session, "1.00", "0.01")
    told = a_fact("review.posted", {"review_id": "r"}, at=NOW, subject="customer:1", id="r")
    record(session, [told], NOW)
    assert in_points(session, draft, NOW) == 0
    assert alone(session, draft, friend)
    assert session.exec(select(Approval).where(col(Approval.action) == "member.merged")).all() == []
