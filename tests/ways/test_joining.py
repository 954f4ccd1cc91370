"""Joining: an address that was proved makes a member, once; a draft is taken over; what waited is credited."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from facts.refusals import Refusal
from members.actions import joining
from members.actions.joining import Wish
from members.actions.record import record
from members.consents import given
from members.own_tables import Consent, Merge
from members.tables import FactRow, Identity, Member, Standing
from members.way_tables import JoinLink
from tests.builders import NOW, PROGRAMME, an_order, days, in_force

WELCOME = """
  - {kind: fixed_points, slug: welcome, name: Welcome, on: member.signed_up, points: 200}
tiers:"""
ANNA = "email:anna@shop.test"


@pytest.fixture
def shop(session: Session) -> Session:
    in_force(session, PROGRAMME.replace("\ntiers:", WELCOME, 1))
    return session


def points(session: Session, member_id: UUID) -> int:
    query = select(Standing.balance).where(Standing.member_id == member_id)
    return session.exec(query).one()


def test_who_joins_is_a_member_with_the_welcome_and_what_they_agreed_to(shop: Session) -> None:
    link = joining.make_link(shop, "  By the  bread ", "poster", "owner:1", NOW)
    assert link.label == "By the bread"
    wish = Wish("ru", link.code, offers=True)
    assert Wish.of(wish.data) == wish
    member_id = joining.join(shop, ANNA, wish, NOW)
    member = shop.get(Member, member_id)
    assert member
    assert (member.status, member.language, points(shop, member_id)) == ("active", "ru", 200)
    fact = shop.exec(select(FactRow).where(FactRow.member_id == member_id)).one()
    assert (fact.type, fact.data) == ("member.signed_up", f'{{"channel":"poster:{link.code}"}}')
    agreed = shop.exec(
        select(Consent).where(Consent.member_id == member_id).order_by(col(Consent.purpose))
    ).all()
    assert [
        (one.purpose, one.channel, one.given, one.version, one.language, one.way, one.at) for one in agreed
    ] == [
        ("membership", "site", True, "1", "ru", "join", NOW),
        ("offers", "email", True, "1", "ru", "join", NOW),
    ]
    assert "Corner Shop" in agreed[0].text
    shop.expire_all()
    assert joining.links(shop)[0].joined == 1


def test_joining_twice_is_signing_in(shop: Session) -> None:
    first = joining.join(shop, ANNA, Wish(), NOW)
    assert joining.join(shop, ANNA, Wish(offers=True), NOW + days(1)) == first
    assert joining.joined(shop, ANNA) == first
    assert points(shop, first) == 200
    assert given(shop, first) == {("membership", "site")}


def test_a_draft_becomes_the_account_of_who_proves_its_address(shop: Session) -> None:
    record(shop, [an_order("1", "30.00", subject=ANNA)], NOW)
    draft = shop.exec(select(Identity.member_id).where(Identity.key == ANNA)).first()
    if draft is not None:
        assert joining.joined(shop, ANNA) is None
    member_id = joining.join(shop, ANNA, Wish(), NOW + days(1))
    assert draft in {None, member_id}
    shop.expire_all()
    assert points(shop, member_id) == 230
    member = shop.get(Member, member_id)
    assert member
    assert member.status == "active"


def test_a_merged_account_leads_to_the_other_one_and_a_closed_one_to_none(shop: Session) -> None:
    one, two = joining.join(shop, ANNA, Wish(), NOW), joining.join(shop, "phone:+4915112345678", Wish(), NOW)
    shop.get_one(Member, one).status = "merged"
    shop.add(Merge(member_id=one, merge_id=UUID(int=1), into_id=two, at=NOW, actor="support:1"))
    shop.flush()
    assert joining.joined(shop, ANNA) == two
    shop.get_one(Member, two).status = "erased"
    shop.flush()
    assert joining.account_of(shop, ANNA) is None


def test_a_way_to_join_that_is_gone_counts_nobody_and_lets_everybody_in(shop: Session) -> None:
    link = joining.make_link(shop, "Door", "poster", "owner:1", NOW)
    joining.retire_link(shop, link.code, NOW)
    joining.join(shop, ANNA, Wish(link=link.code), NOW)
    joining.join(shop, "email:b@shop.test", Wish(link="nothing"), NOW)
    shop.expire_all()
    assert joining.links(shop) == []
    assert shop.exec(select(JoinLink.joined)).all() == [0]


@pytest.mark.parametrize(("label", "channel", "code"), [
    ("", "poster", "label_missing"), ("x" * 61, "poster", "label_missing"), ("Door", "pigeon", "channel_unknown"),
])  # fmt: skip
def test_a_way_to_join_says_where_and_what_for(shop: Session, label: str, channel: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        joining.make_link(shop, label, channel, "owner:1", NOW)
    assert refused.value.code == code
    with pytest.raises(Refusal):
        joining.retire_link(shop, "nothing", NOW)
