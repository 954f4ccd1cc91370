"""How bringing friends goes is counted where it happens, and counts what stands."""

from __future__ import annotations

from itertools import permutations
from uuid import UUID

import pytest
from sqlmodel import Session, col, func, select

from members.actions import erase, joining, referring
from members.actions.joining import Wish
from members.actions.record import record
from members.channels import channel_of, kept, tag_of, tagged
from members.funnel_tables import Advocate, FunnelCount, LinkTerms
from members.programme import apply, load
from members.referral_codes import read
from members.referral_tables import Referral
from tests.builders import NOW, a_refund, days, in_force
from tests.members.test_referring import FRIENDS, bought, code_of, somebody


@pytest.fixture(autouse=True)
def offered(session: Session) -> None:
    in_force(session, FRIENDS)


def counted(session: Session, *steps: str) -> dict[tuple[str, str], int]:
    """What is counted, by channel and step, where it is not nothing."""
    query = select(FunnelCount.channel, FunnelCount.step, func.sum(FunnelCount.amount))
    rows = session.exec(query.group_by(col(FunnelCount.channel), col(FunnelCount.step))).all()
    return {(channel, step): int(n) for channel, step, n in rows if n and (not steps or step in steps)}


def joins(session: Session, name: str, typed: str, at: float = 20) -> UUID:
    return joining.join(session, f"email:{name}@shop.example", Wish(invited=typed), NOW - days(at))


def buy(session: Session, name: str, order: str, at: float) -> None:
    record(session, [bought(name, order, "30.00", at)], NOW)
    referring.follow_late(session, NOW)


@pytest.mark.parametrize(
    ("typed", "code", "tag"),
    [
        ("https://shop.example/r/swift-otter-42?by=telegram", "swift-otter-42", "telegram"),
        ("shop.example/ru/r/swift-otter-42?x=1&by=vk#top", "swift-otter-42", "vk"),
        ("Swift Otter 42", "swift-otter-42", ""),
        ("swift-otter-42~qr", "swift-otter-42", "qr"),
        ("swift-otter-42~nobody", "swift-otter-42", ""),
        ("swift-otter-42?by=<script>", "swift-otter-42", ""),
        ("?by=telegram", "", "telegram"),
    ],
)
def test_a_link_says_by_which_way_it_came(typed: str, code: str, tag: str) -> None:
    assert (read(typed), tag_of(typed)) == (code, tag)


def test_what_is_kept_can_be_read_again() -> None:
    assert kept("swift-otter-42", "mail") == "swift-otter-42~mail"
    assert kept("swift-otter-42", "nothing") == "swift-otter-42"
    assert kept("", "mail") == ""
    assert tagged("https://s.example/r/a-b-1", "copy") == "https://s.example/r/a-b-1?by=copy"
    assert [channel_of("a-b-1", way) for way in ("link", "code", "order")] == ["link", "code", "till"]


def test_each_step_is_counted_by_its_channel(session: Session) -> None:
    ann = somebody(session, "ann")
    code = code_of(session, ann)
    referring.shared(session, ann, NOW, "telegram")
    referring.shared(session, ann, NOW, "telegram")
    referring.shared(session, ann, NOW, "qr")
    referring.clicked(session, code, NOW, "telegram")
    joins(session, "ben", f"{code}~telegram")
    joins(session, "eve", code)
    buy(session, "ben", "1", 10)
    buy(session, "ben", "2", 9)
    buy(session, "ben", "3", 8)
    assert counted(session) == {
        ("telegram", "shared"): 2, ("qr", "shared"): 1, ("telegram", "clicked"): 1, ("telegram", "joined"): 1,
        ("link", "joined"): 1, ("telegram", "bought"): 1, ("telegram", "again"): 1, ("telegram", "points"): 800,
    }  # fmt: skip
    assert [one.channel for one in session.exec(select(Referral).order_by(col(Referral.channel)))] == [
        "link",
        "telegram",
    ]
    best = session.get_one(Advocate, (ann, "give-get"))
    assert (best.joined, best.bought, best.again, best.points) == (2, 1, 1, 800)


def test_what_goes_back_is_taken_back_from_the_counts(session: Session) -> None:
    ann = somebody(session, "ann")
    joins(session, "ben", code_of(session, ann))
    buy(session, "ben", "1", 10)
    record(session, [a_refund("1", ("1", "30.00"), at=NOW - days(5), subject="email:ben@shop.example")], NOW)
    referring.follow_late(session, NOW)
    assert counted(session) == {("link", "joined"): 1}
    best = session.get_one(Advocate, (ann, "give-get"), populate_existing=True)
    assert (best.joined, best.bought, best.points) == (1, 0, 0)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_any_order_of_arrival_is_counted_alike(session: Session, order: tuple[int, ...]) -> None:
    ann, facts = somebody(session, "ann"), [
        lambda: record(session, [bought("ben", "1", "30.00", 10)], NOW),
        lambda: record(
            session, [a_refund("1", ("1", "30.00"), at=NOW - days(5), subject="email:ben@shop.example")], NOW
        ),
        lambda: record(session, [bought("ben", "2", "40.00", 9)], NOW),
    ]  # fmt: skip
    joins(session, "ben", code_of(session, ann))
    for one in order:
        facts[one]()
        referring.follow_late(session, NOW)
    assert counted(session) == {("link", "joined"): 1, ("link", "bought"): 1, ("link", "points"): 800}


def test_following_again_counts_nothing_twice(session: Session) -> None:
    ann = somebody(session, "ann")
    ben = joins(session, "ben", code_of(session, ann))
    buy(session, "ben", "1", 10)
    before = counted(session)
    for _ in range(3):
        referring.follow(session, [ben], NOW)
    assert counted(session) == before
    one = session.exec(select(Referral)).one()
    one.counted = ""  # as a row that was there before anything was counted
    session.add(one)
    session.execute(FunnelCount.__table__.delete())  # type: ignore[attr-defined]
    referring.follow(session, [ben], NOW)
    assert counted(session) == before


def test_links_are_counted_by_the_terms_that_they_keep(session: Session) -> None:
    ann, ben = somebody(session, "ann"), somebody(session, "ben")
    for one in (ann, ben, ann):
        code_of(session, one)
    new = load(FRIENDS.replace("points: 500", "points: 700"))
    apply(session, new, base=1, effective_from=NOW, actor="test", now=NOW)
    code_of(session, ann)
    query = select(LinkTerms.digest, func.sum(LinkTerms.links)).group_by(col(LinkTerms.digest))
    assert sorted(int(n) for _, n in session.exec(query)) == [1, 2]
    erase.erase(session, ben, "engine:test", NOW)
    assert sorted(int(n) for _, n in session.exec(query)) == [1, 1]


def test_who_is_erased_is_nobodys_advocate(session: Session) -> None:
    ann = somebody(session, "ann")
    joins(session, "ben", code_of(session, ann))
    erase.erase(session, ann, "engine:test", NOW)
    assert session.exec(select(Advocate)).all() == []
    assert counted(session, "joined") == {("link", "joined"): 1}
