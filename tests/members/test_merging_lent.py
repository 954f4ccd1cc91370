"""A tier that was brought along from another programme goes over when two accounts of one person become one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from members.actions import merging, record
from members.actions.pinning import pin
from members.actions.record import advance_due
from members.prove import prove
from members.standing import standing_of
from rewards.tables import Entry, TierChange
from tests.builders import NOW, PROGRAMME, a_fact, a_refund, an_order, days, in_force

SOON, LATER = (NOW + days(20)).date(), (NOW + days(45)).date()
LONG_AGO = 9


def accounts(session: Session, text: str = PROGRAMME, count: int = 2) -> list[UUID]:
    """Accounts with a small order on each."""
    in_force(session, text)
    orders = [
        an_order(f"{n}", "10.00", "5.00", at=NOW - days(LONG_AGO), subject=f"customer:{n}")
        for n in range(count)
    ]
    return [one.member_id for one in record(session, orders, NOW - days(5)) if one.member_id]


def bring(session: Session, member_id: UUID, tier: str, until: date | str = "", ago: float = 3) -> None:
    """An import tells which tier somebody had there."""
    told(session, member_id, "tier", -ago, tier=tier, **({"until": str(until)} if until else {}))


def told(session: Session, member_id: UUID, kind: str, after: float, **data: str) -> None:
    at, item = NOW + days(after), f"t-{member_id}"
    fact = a_fact(f"import.{kind}", {"item": item, **data}, at=at, id=f"{kind}-{member_id}-{after}",
                  subject=f"member:{member_id}", source="import:old", internal=True)  # fmt: skip
    assert [one.status for one in record(session, [fact], max(at, NOW - days(1)))] == ["recorded"]


def merge(session: Session, one: UUID, other: UUID, after: float = 0) -> None:
    merging.merge(session, one, other, "One person", "support:kim", NOW + days(after))
    assert prove(session).flaws == []


def undo(session: Session, one: UUID, after: float) -> None:
    merging.undo(session, one, "support:kim", NOW + days(after))
    advance_due(session, NOW + days(after))
    assert prove(session).flaws == []


def tier(session: Session, member_id: UUID, after: float = 0) -> tuple[str, date | None]:
    """What the member has some days after the merge, and its last day; the night's work was done."""
    advance_due(session, NOW + days(after))
    found = standing_of(session, member_id, NOW + days(after))
    assert found
    return found.level.slug, found.tier_until


def moves(session: Session, member_id: UUID) -> list[tuple[str, str, str]]:
    query = select(TierChange).where(TierChange.member_id == member_id).order_by(col(TierChange.at))
    return [(one.before, one.tier, one.reason) for one in session.exec(query)]


MEMBER = ("member", None)


@pytest.mark.parametrize("slug", ["silver", "gold"])
def test_it_goes_over_lasts_to_its_day_and_comes_back(session: Session, slug: str) -> None:
    old, new = accounts(session)
    bring(session, old, slug, SOON)
    merge(session, old, new)
    assert tier(session, new) == (slug, SOON)
    assert moves(session, new) == [("member", slug, "brought")]
    undo(session, old, 2)
    assert (tier(session, old, 2), tier(session, new, 2)) == ((slug, SOON), MEMBER)
    assert moves(session, new) == []
    merge(session, old, new, 3)
    assert tier(session, new, 19) == (slug, SOON)
    assert tier(session, new, 21) == MEMBER
    assert moves(session, new) == [("member", slug, "brought"), (slug, "member", "ended")]
    undo(session, old, 22)
    assert (tier(session, old, 22), tier(session, new, 22)) == (MEMBER, MEMBER)


@pytest.mark.parametrize(("window", "last"), [("calendar_year", date(2026, 12, 31)), ("lifetime", None)])
def test_without_a_day_it_lasts_for_the_period_that_it_had(
    session: Session, window: str, last: date | None
) -> None:
    old, new = accounts(session, PROGRAMME.replace("calendar_year", window))
    bring(session, old, "silver")
    merge(session, old, new)
    assert tier(session, new) == ("silver", last)
    assert tier(session, new, 60) == (MEMBER if last else ("silver", None))


@pytest.mark.parametrize("over", [False, True], ids=["comes over", "is here"])
def test_of_two_the_higher_counts_until_its_day_and_then_the_other(session: Session, over: bool) -> None:
    old, new = accounts(session)
    high, low = (old, new) if over else (new, old)
    bring(session, high, "gold", SOON)
    bring(session, low, "silver", LATER)
    merge(session, old, new)
    assert tier(session, new) == ("gold", SOON)
    assert tier(session, new, 21) == ("silver", LATER)
    undo(session, old, 22)
    assert (tier(session, high, 22), tier(session, low, 22)) == (MEMBER, ("silver", LATER))
    assert tier(session, low, 46) == MEMBER


def test_of_two_that_are_equal_the_longer_counts(session: Session) -> None:
    old, new = accounts(session)
    bring(session, old, "gold", LATER)
    bring(session, new, "gold", SOON)
    merge(session, old, new)
    assert tier(session, new) == ("gold", LATER)
    assert moves(session, new) == [("member", "gold", "brought")]


def test_one_that_is_over_stays_behind(session: Session) -> None:
    old, new = accounts(session)
    bring(session, old, "gold", (NOW - days(2)).date())
    merge(session, old, new)
    assert (tier(session, new), moves(session, new)) == (MEMBER, [])


def test_it_goes_on_over_several_accounts(session: Session) -> None:
    first, second, third = accounts(session, count=3)
    bring(session, first, "gold", SOON)
    bring(session, second, "silver", LATER)
    merge(session, first, second)
    merge(session, second, third, 1)
    assert (tier(session, third, 1), tier(session, third, 21)) == (("gold", SOON), ("silver", LATER))
    undo(session, second, 22)
    assert (tier(session, third, 22), tier(session, second, 22)) == (MEMBER, ("silver", LATER))
    undo(session, first, 23)
    assert (tier(session, first, 23), tier(session, second, 23)) == (MEMBER, ("silver", LATER))


def test_it_earns_and_a_late_fact_is_weighed_with_it(session: Session) -> None:
    old, new = accounts(session)
    bring(session, old, "gold", SOON)
    merge(session, old, new)

    def earned(order: str, at: float, told_at: float) -> int:
        fact = an_order(order, "10.00", at=NOW + days(at), subject="customer:1")
        record(session, [fact], NOW + days(told_at))
        cause = col(Entry.cause).contains(f"|paid-{order}|")
        return session.exec(select(Entry.amount).where(Entry.member_id == new, cause)).one()

    assert earned("b", 2, 2) == 20
    assert tier(session, new, 22)[0] == "member"
    assert earned("late", 1, 23) == 20
    assert earned("before", -1, 24) == 10
    assert earned("after", 22, 25) == 10
    record(session, [a_refund("0", ("1", "10.00"), at=NOW + days(26), subject="customer:0")], NOW + days(26))
    assert earned("again", 3, 27) == 20, "news of the closed account change nothing of it"
    assert prove(session).flaws == []


def test_another_one_that_is_brought_along_later_stands_beside_it(session: Session) -> None:
    old, new = accounts(session)
    bring(session, old, "gold", SOON)
    merge(session, old, new)
    bring(session, new, "silver", LATER, ago=-1)
    assert (tier(session, new, 2), tier(session, new, 21)) == (("gold", SOON), ("silver", LATER))


def test_a_level_that_staff_gave_stands_above_it(session: Session) -> None:
    old, new = accounts(session)
    pin(session, new, "gold", str(SOON), "A friend", "support:kim", NOW - days(3))
    bring(session, old, "silver", LATER)
    merge(session, old, new)
    assert tier(session, new) == ("gold", SOON)
    assert moves(session, new) == [("member", "gold", "pinned")], "silver is not seen below it"
    assert tier(session, new, 21) == ("silver", LATER)
