"""Gifts between two members in the books: both accounts move together, within a day's limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from app import database
from facts.refusals import Refusal
from members import gifts
from members.actions import giving, own, record
from members.actions.erase import erase
from members.actions.merging import merge
from members.own_records import sections
from members.prove import prove
from members.standing import standing_of as stands
from members.tables import Audit, Member
from rewards.gift_tables import Gift, GiftCode
from rewards.tables import Entry, Lot
from tests.builders import NOW, PROGRAMME, a_fact, a_refund, an_order, days, in_force

SECRET, KNOWN = b"s" * 32, b"k" * 32
TERMS = PROGRAMME.replace(
    "rewards: []",
    "rewards: []\nsafety: {fresh_above: 100000}\ngifts: {per_day: 60, least: 5, days_to_take: 7, min_age_days: 30}",
)
IDLE = TERMS.replace("{kind: rolling, months: 12}", "{kind: inactivity, days: 150}")
WELCOME = "\n  - {kind: fixed_points, slug: hello, on: member.signed_up, points: 40}\ntiers:"
SIGNED_UP = TERMS.replace("\ntiers:", WELCOME)


def people(session: Session, text: str = TERMS, count: int = 2, amount: str = "90.00") -> list[UUID]:
    """Members who have been here for long enough, with a point for each unit of money."""
    in_force(session, text)
    made = record(session, [an_order(f"o{n}", amount, at=NOW - days(100), subject=f"customer:{n}")
                            for n in range(count)], NOW)  # fmt: skip
    ids = [one.member_id for one in made if one.member_id]
    for member_id in ids:
        member = session.get_one(Member, member_id)
        member.created_at, member.status = NOW - days(90), "active"
        session.add(member)
    session.flush()
    return ids


def give(
    session: Session, member_id: UUID, points: int = 50, request: str = "r", at: timedelta = timedelta()
) -> Gift:
    return giving.give(session, member_id, points, request, KNOWN, SECRET, NOW + at)


def take(session: Session, member_id: UUID, gift: Gift, at: timedelta = timedelta(), code: str = "") -> Gift:
    return giving.take(session, member_id, code or gifts.code_of(gift, SECRET), SECRET, NOW + at)


def has(session: Session, member_id: UUID, at: timedelta = timedelta()) -> tuple[int, int]:
    """Available, and set aside; the books hold."""
    found = stands(session, member_id, NOW + at)
    assert found
    assert prove(session).flaws == []
    return found.available - found.debt, found.held


def ends(session: Session, *members: UUID) -> set[datetime]:
    """When points of theirs are lost, as things stand."""
    return {at for one in members if (found := stands(session, one, NOW)) for at, _ in found.expiring}


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.code


def whole(session: Session) -> int:
    return session.exec(select(func.sum(col(Entry.amount)))).one()


def test_given_taken_and_as_old_as_before(session: Session) -> None:
    ann, ben = people(session)
    before = whole(session)
    gift = give(session, ann)
    assert (has(session, ann), has(session, ben)) == ((40, 50), (90, 0))
    assert give(session, ann).gift_id == gift.gift_id, "the same request is the same gift"
    code = gifts.code_of(gift, SECRET)
    assert take(session, ben, gift).state == "taken"
    assert (has(session, ann), has(session, ben)) == ((40, 0), (140, 0))
    assert take(session, ben, gift, code=code).state == "taken"
    assert (has(session, ben), whole(session)) == ((140, 0), before)
    lots = session.exec(select(Lot.expires_at, Lot.promotional).where(Lot.member_id == ben)).all()
    assert len(set(lots)) == 1, "a gift lasts as long as what was earned on the same day"
    kinds = session.exec(select(Entry.kind, Entry.amount).where(col(Entry.kind).in_(("given", "received"))))
    assert sorted(kinds) == [("given", -50), ("received", 50)]
    told = {name: list(rows) for name, _, rows in sections(session, ann)}
    assert [one["state"] for one in told["gifts_given"]] == ["taken"]
    assert not any("code" in name for name in told["gifts_given"][0])


@pytest.mark.parametrize("way", ["called back", "not taken"])
def test_what_nobody_took_is_where_it_was(session: Session, way: str) -> None:
    ann, ben = people(session)
    before = session.exec(select(Lot.cause, Lot.remaining).where(Lot.member_id == ann)).all()
    gift = give(session, ann)
    code = gifts.code_of(gift, SECRET)
    if way == "called back":
        assert giving.call_back(session, ann, gift.gift_id, f"member:{ann}", NOW).state == "back"
        assert giving.call_back(session, ann, gift.gift_id, f"member:{ann}", NOW).state == "back"
        assert give(session, ann, 60, "r2").points == 60, "it does not count towards the day"
        giving.call_back(session, ann, gifts.gifts_of(session, ann)[0].gift_id, f"member:{ann}", NOW)
    else:
        assert giving.overdue(session, NOW + days(6.9)) == []
        assert giving.overdue(session, NOW + days(7)) == [ann]
        assert refused(lambda: take(session, ben, gift, days(7))) == "gift_unknown"
        assert (giving.lapse(session, [ann], NOW + days(8)), giving.lapse(session, [ann], NOW + days(8))) == (
            1,
            0,
        )
    assert refused(lambda: take(session, ben, gift, code=code)) == "gift_unknown"
    session.expire_all()
    left = session.exec(
        select(Lot.cause, Lot.remaining).where(Lot.member_id == ann, Lot.remaining != 0)
    ).all()
    assert (left, has(session, ann)) == (before, (90, 0))


@pytest.mark.parametrize("text", [TERMS, IDLE])
def test_no_gift_outlives_its_points(session: Session, text: str) -> None:
    ann, ben = people(session, text)
    (end,) = ends(session, ann)
    late = end - NOW - days(2)
    gift = give(session, ann, at=late)
    assert gift.until == end
    take(session, ben, gift, late + days(1))
    assert has(session, ben, late + days(3)) == (0, 0)


def test_what_cannot_be_given(session: Session) -> None:
    ann, ben = people(session, SIGNED_UP, amount="10.00")
    joined = [a_fact("member.signed_up", {}, at=NOW - days(99), subject=f"member:{ann}", id="up")]
    record(session, joined, NOW)
    assert has(session, ann) == (50, 0)
    assert refused(lambda: give(session, ann, 11)) == "gift_short", "a welcome is not given"
    assert refused(lambda: give(session, ann, 4)) == "gift_amount"
    assert refused(lambda: give(session, ann, 61)) == "gift_amount"
    assert refused(lambda: give(session, uuid4(), 10)) == "member_unknown"
    assert refused(lambda: give(session, ann, 10, "")) == "request_malformed"
    gift = give(session, ann, 10)
    assert refused(lambda: give(session, ann, 9)) == "request_reused"
    assert refused(lambda: take(session, ann, gift)) == "gift_own"
    assert refused(lambda: take(session, ben, gift, code="7XKQ-2M9D-VB40-HT3WE")) == "gift_unknown"
    member = session.get_one(Member, ben)
    member.created_at = NOW - days(29)
    session.add(member)
    session.flush()
    assert refused(lambda: give(session, ben, 10)) == "gift_too_new"
    assert (
        refused(lambda: giving.call_back(session, ben, gift.gift_id, f"member:{ben}", NOW)) == "gift_unknown"
    )


def test_a_day_has_its_limits_for_both(session: Session) -> None:
    ann, ben, cem = people(session, count=3)
    first = give(session, ann, 40)
    assert refused(lambda: give(session, ann, 21, "r2")) == "gift_day"
    second, third = give(session, cem, 20, "r3"), give(session, cem, 5, "r4")
    take(session, ben, first)
    take(session, ben, second)
    assert refused(lambda: take(session, ben, third)) == "gift_day"
    morning = gifts.today(session, NOW + days(1)) - NOW
    take(session, ben, third, morning)
    assert give(session, ann, 20, "r5", morning).state == "waiting", "a new day of the programme"


def test_an_order_goes_back_after_the_gift(session: Session) -> None:
    ann, ben = people(session)
    take(session, ben, give(session, ann))
    back = a_refund("o0", ("1", "90.00"), at=NOW + days(1), subject="customer:0")
    record(session, [back], NOW + days(1))
    assert (has(session, ann, days(2)), has(session, ben, days(2))) == ((-50, 0), (140, 0))
    assert refused(lambda: give(session, ann, 5, "r2", days(2))) == "gift_short"


@pytest.mark.parametrize("text", [TERMS, IDLE])
def test_circles_make_nothing(session: Session, text: str) -> None:
    ann, ben = people(session, text)
    before, end = whole(session), ends(session, ann, ben)
    for number in range(3):
        take(session, ben, give(session, ann, 20, f"a{number}"))
        take(session, ann, give(session, ben, 20, f"b{number}"))
    assert (has(session, ann), has(session, ben), whole(session)) == ((90, 0), (90, 0), before)
    assert ends(session, ann, ben) == end, "nothing got younger"


def test_accounts_that_became_one(session: Session) -> None:
    ann, ben, cem = people(session, count=3)
    gift, other = give(session, ann, 40), give(session, cem, 30, "c")
    merge(session, ann, ben, "the same person", "owner:olga", NOW)
    assert refused(lambda: take(session, ben, gift)) == "gift_own"
    assert take(session, cem, gift).state == "taken"
    assert (has(session, ben), has(session, cem)) == ((140, 0), (100, 30))
    taken = take(session, ben, other)
    merge(session, cem, ben, "the same person", "owner:olga", NOW)
    assert (taken.state, has(session, ben)) == ("taken", (270, 0))


def test_called_back_from_an_account_that_was_merged(session: Session) -> None:
    ann, ben, cem = people(session, count=3)
    gift = give(session, ann, 40)
    merge(session, ann, ben, "the same person", "owner:olga", NOW)
    assert [one.gift_id for one in gifts.gifts_of(session, ben)] == [gift.gift_id]
    assert refused(lambda: giving.call_back(session, cem, gift.gift_id, "x", NOW)) == "gift_unknown"
    giving.call_back(session, ben, gift.gift_id, "owner:olga", NOW)
    assert has(session, ben) == (180, 0)
    assert "gift.called_back" in session.exec(select(Audit.action)).all()


def test_who_has_left_or_is_erased(session: Session) -> None:
    ann, ben, cem = people(session, count=3)
    gift, other = give(session, ann, 40), give(session, cem, 30, "c")
    code = gifts.code_of(other, SECRET)
    own.leave(session, ann, f"member:{ann}", NOW)
    assert giving.overdue(session, NOW + days(9)) == [cem], "it waits for who has left"
    assert refused(lambda: take(session, ben, gift)) == "gift_unknown"
    own.come_back(session, ann, f"member:{ann}", NOW)
    assert take(session, ben, gift).state == "taken"
    erase(session, cem, "owner:olga", NOW)
    assert session.exec(select(GiftCode).where(GiftCode.member_id == cem)).all() == []
    assert refused(lambda: take(session, ben, other, code=code)) == "gift_unknown"


def test_off_by_default(session: Session) -> None:
    (ann,) = people(session, PROGRAMME, 1)
    assert refused(lambda: give(session, ann)) == "gifts_off"


def test_all_at_once_one_takes_it_and_the_day_keeps_its_limit(engine: Engine) -> None:
    with database.transaction(engine) as session:
        ann, *others = people(session, count=5)

    def at_once(work: list[Callable[[Session], Gift]]) -> Counter[str]:
        def one(do: Callable[[Session], Gift]) -> str:
            try:
                return database.attempt(engine, do).state
            except Refusal as refusal:
                return refusal.code

        with ThreadPoolExecutor(len(work)) as pool:
            return Counter(pool.map(one, work))

    def giving_it(number: int) -> Callable[[Session], Gift]:
        return lambda session: give(session, ann, 20, f"tap-{number}")

    assert at_once([giving_it(number) for number in range(6)]) == {"waiting": 3, "gift_day": 3}
    with database.reading(engine) as session:
        code = gifts.code_of(gifts.gifts_of(session, ann)[0], SECRET)

    def taking(who: UUID) -> Callable[[Session], Gift]:
        return lambda session: giving.take(session, who, code, SECRET, NOW)

    assert at_once([taking(who) for who in others] * 2) == {"taken": 2, "gift_unknown": 6}
    with database.reading(engine) as session:
        assert sum(has(session, who)[0] for who in (ann, *others)) == 90 * 5 - 40, "two gifts wait"
        assert (has(session, ann)[1], whole(session)) == (40, 90 * 5)
