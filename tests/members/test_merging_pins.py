"""A level that staff gave goes over when two accounts of one person become one: the higher one that stands holds."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from facts.refusals import Refusal
from members.actions import merging, record
from members.actions.pinning import pin, pin_of, unpin
from members.actions.record import advance_due
from members.prove import prove
from members.standing import standing_of
from members.tables import FactRow
from rewards.tables import Entry
from tests.builders import NOW, PROGRAMME, a_refund, an_order, days, in_force

KIM, WHY = "support:kim", "A friend of the house"
GUEST = "    - {slug: guest, name: Guest, invite_only: true, entry: {points: 9}}\n    - {slug: gold,"
CLUB = PROGRAMME.replace("    - {slug: gold,", GUEST)
SOON, LATER = (NOW + days(20)).date(), (NOW + days(90)).date()


def accounts(session: Session, text: str = CLUB, count: int = 2) -> list[UUID]:
    """Accounts with a small order on each."""
    in_force(session, text)
    orders = [
        an_order(f"{n}", "10.00", "5.00", at=NOW - days(9), subject=f"customer:{n}") for n in range(count)
    ]
    return [one.member_id for one in record(session, orders, NOW - days(5)) if one.member_id]


def give(session: Session, member_id: UUID, tier: str, until: date | str = "", ago: float = 3) -> None:
    pin(session, member_id, tier, str(until), WHY, KIM, NOW - days(ago))


def merge(session: Session, one: UUID, other: UUID, after: float = 0) -> None:
    merging.merge(session, one, other, "One person", KIM, NOW + days(after))
    assert prove(session).flaws == []


def undo(session: Session, one: UUID, after: float) -> None:
    merging.undo(session, one, KIM, NOW + days(after))
    advance_due(session, NOW + days(after))
    assert prove(session).flaws == []


def tier(session: Session, member_id: UUID, after: float = 0) -> tuple[str, date | None]:
    """What the member has some days after the merge, and its last day."""
    found = standing_of(session, member_id, NOW + days(after))
    assert found
    return found.level.slug, found.tier_until


def held(session: Session, member_id: UUID, after: float = 0) -> tuple[str, date | None] | None:
    """What staff read of it."""
    found = pin_of(session, member_id, NOW + days(after))
    assert found is None or (found.reason, found.actor) == (WHY, KIM)
    return (found.tier, found.until) if found else None


def welcomes(session: Session) -> list[int]:
    """What was paid for entering levels, and still stands."""
    query = select(Entry).where(col(Entry.cause).startswith("tier|"))
    return [one.amount for one in session.exec(query)]


@pytest.mark.parametrize("until", ["", SOON], ids=["for good", "until a day"])
@pytest.mark.parametrize("slug", ["silver", "guest", "gold"])
def test_the_level_goes_over_and_comes_back(session: Session, slug: str, until: date | str) -> None:
    old, new = accounts(session)
    give(session, old, slug, until)
    last = until if isinstance(until, date) else None
    merge(session, old, new)
    assert (tier(session, new), held(session, new)) == ((slug, last), (slug, last))
    if last:
        advance_due(session, NOW + days(21))
        assert (tier(session, new, 21)[0], held(session, new, 21)) == ("member", None)
        assert prove(session).flaws == []
    after = 22 if last else 1
    undo(session, old, after)
    assert (tier(session, new, after)[0], held(session, new, after)) == ("member", None)
    assert held(session, old, after) == (None if last else (slug, None))
    assert tier(session, old, after)[0] == ("member" if last else slug)


def test_who_takes_it_back_early_has_it_until_its_day(session: Session) -> None:
    old, new = accounts(session)
    give(session, old, "gold", SOON)
    merge(session, old, new)
    undo(session, old, 5)
    assert (tier(session, old, 5), tier(session, new, 5)[0]) == (("gold", SOON), "member")
    advance_due(session, NOW + days(21))
    assert tier(session, old, 21)[0] == "member"
    assert prove(session).flaws == []


@pytest.mark.parametrize("over", [False, True], ids=["comes over", "is here"])
def test_the_higher_holds_until_its_day_and_then_the_other(session: Session, over: bool) -> None:
    old, new = accounts(session)
    high, low = (old, new) if over else (new, old)
    give(session, high, "gold", SOON)
    give(session, low, "silver", LATER, ago=2)
    merge(session, old, new)
    assert (tier(session, new), held(session, new)) == (("gold", SOON), ("gold", SOON))
    assert held(session, new, 21) == ("silver", LATER), "also before the night's work was done"
    advance_due(session, NOW + days(21))
    assert (tier(session, new, 21), held(session, new, 21)) == (("silver", LATER), ("silver", LATER))
    assert prove(session).flaws == []
    undo(session, old, 22)
    assert (held(session, high, 22), held(session, low, 22)) == (None, ("silver", LATER))
    assert (tier(session, high, 22)[0], tier(session, low, 22)) == ("member", ("silver", LATER))


def test_of_two_that_are_equal_the_longer_holds(session: Session) -> None:
    old, new = accounts(session)
    give(session, old, "gold")
    give(session, new, "gold", SOON, ago=2)
    merge(session, old, new)
    assert (tier(session, new), held(session, new)) == (("gold", None), ("gold", None))


def test_what_was_taken_off_or_is_over_does_not_come_back(session: Session) -> None:
    first, second, new = accounts(session, count=3)
    give(session, first, "gold")
    unpin(session, first, WHY, KIM, NOW - days(2))
    give(session, second, "gold", (NOW - days(2)).date())
    merge(session, first, new)
    merge(session, second, new)
    assert (tier(session, new)[0], held(session, new)) == ("member", None)


def test_staff_take_off_what_came_over_and_all_that_was_beneath_it(session: Session) -> None:
    old, new = accounts(session)
    give(session, old, "gold")
    give(session, new, "silver")
    merge(session, old, new)
    assert held(session, new) == ("gold", None)
    unpin(session, new, WHY, KIM, NOW + days(1))
    assert (tier(session, new, 1)[0], held(session, new, 1)) == ("member", None)
    with pytest.raises(Refusal, match="No tier was given"):
        unpin(session, new, WHY, KIM, NOW + days(2))
    give(session, new, "silver", ago=-3)
    assert held(session, new, 4) == ("silver", None), "what is given later is in the place of all before it"
    assert prove(session).flaws == []


def test_a_level_by_invitation_welcomes_one_person_once(session: Session) -> None:
    old, new = accounts(session)
    give(session, old, "guest")
    merge(session, old, new)
    assert welcomes(session) == [9]
    give(session, new, "guest", LATER, ago=-1)
    assert (welcomes(session), held(session, new, 2)) == ([9], ("guest", LATER))
    assert prove(session).flaws == []


def test_it_goes_on_over_several_accounts(session: Session) -> None:
    first, second, third = accounts(session, count=3)
    give(session, first, "gold", SOON)
    give(session, second, "silver")
    merge(session, first, second)
    merge(session, second, third, 1)
    assert held(session, third, 1) == ("gold", SOON)
    advance_due(session, NOW + days(21))
    assert (tier(session, third, 21)[0], held(session, third, 21)) == ("silver", ("silver", None))
    undo(session, second, 22)
    assert (held(session, third, 22), held(session, second, 22)) == (None, ("silver", None))
    assert prove(session).flaws == []


def test_it_earns_and_news_of_the_closed_account_change_nothing_of_it(session: Session) -> None:
    """What was bought under the level is worth as much as ever when a return on the closed account is told."""
    badge = "badges:\n  - {slug: star, name: Star, criterion: {kind: count, at_least: 1}, levels: [1, 2]}\n"
    old, new = accounts(session, CLUB + badge)
    more = an_order("more", "3.00", at=NOW - days(4), subject="customer:0")
    record(session, [more], NOW - days(4))
    give(session, old, "gold", SOON)
    merge(session, old, new)
    told = [an_order("b", "10.00", at=NOW + days(2), subject="customer:1")]
    record(session, told, NOW + days(2))
    query = select(Entry.amount).where(Entry.member_id == new, col(Entry.cause).contains("|paid-b|"))
    assert session.exec(query).all() == [20]
    advance_due(session, NOW + days(25))
    record(
        session, [a_refund("more", ("1", "3.00"), at=NOW + days(26), subject="customer:0")], NOW + days(26)
    )
    kinds = [one for one in session.exec(select(FactRow.type)) if one.startswith("game.")]
    assert kinds.count("game.transferred") == 2, "the game of the closed account was told anew"
    assert session.exec(query).all() == [20]
    late = an_order("late", "10.00", at=NOW + days(1), subject="customer:1")
    record(session, [late], NOW + days(27))
    query = select(Entry.amount).where(Entry.member_id == new, col(Entry.cause).contains("|paid-late|"))
    assert session.exec(query).all() == [20]
    assert (tier(session, new, 27)[0], prove(session).flaws) == ("member", [])


def test_what_is_earned_beside_it_goes_on(session: Session) -> None:
    old, new = accounts(session)
    give(session, old, "silver")
    merge(session, old, new)
    record(session, [an_order("big", "300.00", at=NOW + days(1), subject="customer:1")], NOW + days(1))
    assert tier(session, new, 1)[0] == "gold"
    assert held(session, new, 1) == ("silver", None)
    assert prove(session).flaws == []


def test_a_merge_again_carries_it_again(session: Session) -> None:
    old, new = accounts(session)
    give(session, old, "gold", LATER)
    merge(session, old, new)
    undo(session, old, 1)
    merge(session, old, new, 2)
    assert (tier(session, new, 2), held(session, new, 2)) == (("gold", LATER), ("gold", LATER))
    undo(session, old, 2.5)
    assert held(session, new, 3) is None


def test_what_staff_did_in_between_is_of_the_account_that_stayed(session: Session) -> None:
    old, new = accounts(session)
    give(session, old, "gold")
    give(session, new, "guest", ago=2)
    merge(session, old, new)
    give(session, new, "silver", LATER, ago=-1)
    undo(session, old, 2)
    assert (held(session, old, 2), held(session, new, 2)) == (("gold", None), ("silver", LATER))
    merge(session, old, new, 3)
    unpin(session, new, WHY, KIM, NOW + days(4))
    undo(session, old, 5)
    assert (held(session, old, 5), held(session, new, 5)) == (("gold", None), None)
    assert (tier(session, old, 5)[0], tier(session, new, 5)[0]) == ("gold", "member")
