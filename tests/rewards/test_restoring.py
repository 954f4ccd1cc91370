"""Points that come back when their lot has ended: what lasts a while longer, how much of it, and only once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

from facts.events import OWN_SOURCE, Fact
from facts.history import events, events_and_returns
from facts.language import codes, language
from members.books import fold_of, state_of
from rewards.fold import Fold
from rewards.lasting import coming_back
from rewards.lots import LotState
from rewards.restoring import backs
from rewards.terms import TermsLine
from rewards.wording import Wording
from tests.builders import a_fact, a_refund, an_order
from tests.engine.wording import a_programme
from tests.rewards.paper import ONE_LEVEL, left, line_of, lot, posted, terms_of

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # in New York
POINTS = "  expiry: {kind: rolling, months: 1}\n  restored_grace_days: 14"
LINE = line_of(a_programme(points=POINTS, levels=ONE_LEVEL))
A, TEA = "earn paid-A base", "restore redemption:r earn paid-A base"


def day(count: float) -> datetime:
    return NOON + timedelta(days=count)


def own(kind: str, name: str, at: datetime, **data: Any) -> Fact:
    return a_fact(kind, data, at=at, id=name, source=OWN_SOURCE, internal=True)


def made(points: int, at: datetime, name: str = "r", held: bool = True) -> Fact:
    return own("redemption.made", f"m-{name}", at, redemption_id=name, reward="mug", points=points, held=held)


def called_off(at: datetime, name: str = "r") -> Fact:
    return own("redemption.cancelled", f"c-{name}", at, redemption_id=name)


def after(facts: Sequence[Fact], now: datetime | None = None, line: TermsLine = LINE) -> Fold:
    """What the engine makes of a history in which it looks for what came back."""
    fold = Fold(line)
    for event in events_and_returns(facts):
        fold.apply(event)
    ends = [*backs(fold), *([now] if now else [])]
    if ends:
        fold.advance(max(ends))
    return fold


BOUGHT = [an_order("A", "30.00", at=NOON), an_order("B", "7.00", at=day(20))]


def test_what_comes_back_too_late_lasts_a_while_from_then_on_in_any_order_of_arrival() -> None:
    ends = datetime(2026, 4, 26, 4, tzinfo=UTC)  # fourteen days after 11 April
    for facts in permutations([*BOUGHT, made(20, day(10)), called_off(day(40))]):
        fold = after(facts)
        assert posted(fold)[-2:] == [("expire earn paid-A base", -30), (TEA, 20)]
        back = lot(fold, TEA)
        assert (back.at, back.active_from, back.expires_at, back.remaining) == (day(40), day(40), ends, 20)
        assert left(fold) == {"earn paid-B base": 7, TEA: 20}
        fold.advance(ends)
        assert posted(fold)[-1] == (f"expire {TEA}", -20)


def test_what_comes_back_in_time_ends_when_it_would_have() -> None:
    fold = after([*BOUGHT, made(20, day(10)), called_off(day(30))], day(60))
    assert posted(fold) == posted(after(BOUGHT, day(60)))


def test_it_is_given_once_and_what_was_spent_meanwhile_is_no_part_of_it() -> None:
    again = [
        *BOUGHT,
        made(20, day(10)),
        called_off(day(40)),
        made(27, day(41), "s"),
        called_off(day(90), "s"),
    ]
    fold = after(again, day(91))
    assert left(fold) == {"restore redemption:s earn paid-B base": 7}
    spent = an_order("C", "5.00", at=day(12), points_paid="0.25")
    fold = after([*BOUGHT, made(20, day(10)), spent, called_off(day(40))])
    assert left(fold)[TEA] == 5
    two = [*BOUGHT, made(20, day(10)), made(20, day(11), "s"), called_off(day(40)), called_off(day(50), "s")]
    assert sorted(left(after(two)).values()) == [7, 10, 20], "A had thirty, and no more come back"


def test_an_order_gives_back_what_it_was_paid_with_each_return_its_part() -> None:
    paid = an_order("P", "10.00", "10.00", at=day(5), points_paid="0.20")
    one, other = (
        a_refund("P", ("1", "10.00"), at=day(30), id="f"),
        a_refund("P", ("2", "10.00"), at=day(45), id="g"),
    )
    assert left(after([*BOUGHT, paid, one, other])) == {
        "earn paid-B base": 7, "restore order:P:1 earn paid-A base": 10}  # fmt: skip
    gone = a_fact("order.cancelled", {"order_id": "P"}, at=day(45), id="gone")
    assert left(after([*BOUGHT, paid, gone])) == {
        "earn paid-B base": 7, "restore order:P:0 earn paid-A base": 20}  # fmt: skip


def test_returns_one_by_one_give_back_no_more_than_the_order_took() -> None:
    """Half a point is a whole one: five cents are three points, four and three are two, two and one are one."""
    half = a_programme(points=POINTS, levels=ONE_LEVEL).replace("{points: 100, money", "{points: 50, money")
    paid = an_order("P", *["1.00"] * 5, at=day(5), points_paid="0.05")
    one_by_one = [a_refund("P", (str(n), "1.00"), at=day(40 + n), id=f"f{n}") for n in range(1, 6)]
    fold = after([*BOUGHT, paid, *one_by_one], line=line_of(half))
    assert left(fold) == {
        "earn paid-B base": 7, "restore order:P:0 earn paid-A base": 1,
        "restore order:P:2 earn paid-A base": 1, "restore order:P:4 earn paid-A base": 1}  # fmt: skip


def test_what_an_order_earned_itself_was_never_away() -> None:
    """It is weighed before one looks for what was away; the lots that paid for it are those that were there."""
    earning = """  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}
  - {kind: extra_points, slug: promo, points: 99, promotional: true, expires_days: 7, where: {skus: [tea]}}"""
    line = line_of(a_programme(points=POINTS, earning=earning, levels=ONE_LEVEL))
    tea = {"line_id": "2", "sku": "tea", "quantity": "1", "amount": "10.00"}
    paid = an_order("P", "10.00", tea, at=day(25), points_paid="0.20")
    fold = after([*BOUGHT, paid, a_refund("P", ("1", "10.00"), at=day(40), id="f")], line=line)
    restored = {name: points for name, points in left(fold).items() if name.startswith("restore")}
    assert restored == {"restore order:P:0 earn paid-A base": 10}


def test_a_checkout_that_came_to_nothing_gives_back_what_it_had_set_aside_once() -> None:
    said = {"payment_id": "p", "order_id": "P"}
    held = a_fact("payment.held", said | {"points": 20, "money": "0.20"}, at=day(30), id="h", internal=True)
    released = a_fact("payment.released", said, at=day(40), id="l", internal=True)
    assert left(after([*BOUGHT, held, released])) == {
        "earn paid-B base": 7, "restore payment:p earn paid-A base": 20}  # fmt: skip
    twice = an_order("P", "10.00", at=day(5), id="again", points_paid="0.20")
    paid = an_order("P", "10.00", at=day(5), points_paid="0.20")
    gone = a_fact("order.cancelled", {"order_id": "P"}, at=day(45), id="gone")
    assert sum(left(after([*BOUGHT, paid, twice, gone])).values()) == 27


def test_an_order_that_is_called_off_unpaid_gives_back_what_was_set_aside_for_it() -> None:
    said = {"payment_id": "p", "order_id": "P"}
    held = a_fact("payment.held", said | {"points": 20, "money": "0.20"}, at=day(30), id="h", internal=True)
    gone = a_fact("order.cancelled", {"order_id": "P"}, at=day(40), id="gone")
    released = a_fact("payment.released", said, at=day(45), id="l", internal=True)
    for facts in permutations([*BOUGHT, held, gone, released], 5):
        fold = after(facts)
        assert left(fold) == {"earn paid-B base": 7, "restore payment:p earn paid-A base": 20}
        assert lot(fold, "restore payment:p earn paid-A base").at == day(40), (
            "when the first of both was told"
        )
    assert left(after([*BOUGHT, held, gone])) == left(after([*BOUGHT, held, gone, released]))
    other = a_fact("order.cancelled", {"order_id": "Q"}, at=day(40), id="gone")
    assert left(after([*BOUGHT, held, other, released])) == left(after([*BOUGHT, held, released]))
    paid = an_order("P", "10.00", at=day(31), points_paid="0.05")
    assert left(after([*BOUGHT, held, paid, gone])) == {
        "earn paid-B base": 7, "restore order:P:0 earn paid-A base": 5}, "what the order took"  # fmt: skip


def test_what_an_order_took_beyond_what_was_set_aside_for_it_comes_back_too() -> None:
    said = {"payment_id": "p", "order_id": "P", "points": 20, "money": "0.20"}
    held = a_fact("payment.held", said, at=day(5), id="h", internal=True)
    paid = an_order("P", "10.00", "10.00", at=day(6), points_paid="0.30")
    gone = a_fact("order.cancelled", {"order_id": "P"}, at=day(45), id="gone")
    first = a_refund("P", ("1", "10.00"), at=day(40), id="f")
    for facts in permutations([held, paid, gone]):
        assert left(after([*BOUGHT, *facts])) == {
            "earn paid-B base": 7, "restore order:P:0 earn paid-A base": 20,
            "restore order:P:0:beyond earn paid-A base": 10}  # fmt: skip
    assert left(after([*BOUGHT, held, paid, first, gone])) == {
        "earn paid-B base": 7, "restore order:P:0 earn paid-A base": 5, "restore order:P:1 earn paid-A base": 15,
        "restore order:P:0:beyond earn paid-A base": 10}  # fmt: skip


def test_what_an_order_leaves_of_what_was_set_aside_for_it_was_never_away() -> None:
    said = {"payment_id": "p", "order_id": "P", "points": 20, "money": "0.20"}
    held = a_fact("payment.held", said, at=day(30), id="h", internal=True)
    paid = an_order("P", "10.00", at=day(40), points_paid="0.05")
    fold = after([*BOUGHT, held, paid], day(41))
    assert left(fold) == {"earn paid-B base": 7, "earn paid-P base": 9}
    assert posted(fold)[2:4] == [("hold payment:p", 0), ("expire earn paid-A base", -25)]


def test_points_come_back_promotional_when_they_were_and_repay_what_is_owed() -> None:
    given = own(
        "points.adjusted",
        "x",
        day(1),
        adjustment_id="x",
        points=8,
        reason="eggs",
        actor="ann",
        promotional=True,
    )
    fold = after([*BOUGHT, given, made(20, day(10)), called_off(day(40))])
    assert {name: lot(fold, name).promotional for name in left(fold)} == {
        "earn paid-B base": False, TEA: False, "restore redemption:r adjust regulars x": True}  # fmt: skip
    taken = own("points.adjusted", "y", day(35), adjustment_id="y", points=-17, reason="eggs", actor="ann")
    owing = after([*BOUGHT, taken, made(20, day(10)), called_off(day(40))])
    assert left(owing) == {TEA: 10}


def test_the_memory_of_a_month_is_enough_to_go_on_from() -> None:
    """From a checkpoint between: the lots as they were then, and what the engine wrote down."""
    facts = [*BOUGHT, made(20, day(10)), called_off(day(40))]
    for cut in (day(15), day(32)):
        fold = Fold(LINE)
        for event in events_and_returns(facts):
            if event.at < cut:
                fold.apply(event)
        fold.advance(cut)
        there: dict[str, LotState] = {one.cause: one for one in fold.lots.values() if one.remaining}
        later = fold_of(state_of(fold), LINE)
        later.lots, later.expiry_due = there, None
        later.expiry_due = later.next_expiry()
        for event in events_and_returns(facts):
            if event.at >= cut:
                later.apply(event)
        later.advance(day(40))
        assert left(later) == {"earn paid-B base": 7, TEA: 20}


def test_what_was_called_off_is_no_first_event() -> None:
    """A member's own years begin with what counts, whatever came back before it."""
    line = line_of(a_programme(points=POINTS, tiers="  window: {kind: anniversary}", levels=ONE_LEVEL))
    first = [
        an_order("A", "30.00", at=NOON),
        a_fact("order.cancelled", {"order_id": "A"}, at=day(2), id="gone"),
    ]
    fold = after([*first, made(20, day(1)), called_off(day(3)), an_order("B", "7.00", at=day(20))], line=line)
    assert fold.climb.joined == day(20).date().toordinal()


def test_without_grace_nothing_is_looked_for() -> None:
    plain = line_of(a_programme(points="  expiry: {kind: rolling, months: 1}", levels=ONE_LEVEL))
    assert (plain.graces, LINE.graces) == (False, True)
    assert [event.type for event in events([*BOUGHT, made(20, day(10)), called_off(day(40))])] == [
        "order.paid"
    ] * 2


def test_the_rules_page_says_it_in_every_language() -> None:
    for code in codes():
        say = Wording(language(code), "USD")
        assert coming_back(terms_of(a_programme(points=POINTS)).points, say)
        assert coming_back(terms_of(a_programme()).points, say) == ""
