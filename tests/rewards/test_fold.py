"""The fold by hand-made histories: every posting with all its figures, in the order in which it comes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from facts.events import OWN_SOURCE, Fact
from facts.history import Event, events
from facts.refusals import Refusal
from rewards.effects import Posting, TierMove
from rewards.fold import Fold, falls_due, needs_lots
from rewards.lots import DEBT, EARNED, HELD, LotState, rank_of
from tests.builders import SHOP, a_fact, an_order
from tests.engine.wording import a_programme
from tests.rewards.paper import ONE_LEVEL, folded, left, line_of, lot, posted

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # in New York
REVIEW = "  - {kind: fixed_points, slug: review, on: review.posted, points: 40%s}"
BASE = '  - {kind: points_per_money, slug: base, points: 1, per: "1.00"%s}'
FLAT = a_programme(levels=ONE_LEVEL)


def days(count: float) -> datetime:
    return NOON + timedelta(days=count)


def midnight(text: str, hours: int = 5) -> datetime:
    return datetime.fromisoformat(text).replace(hour=hours, tzinfo=UTC)


def review(name: str, at: datetime = NOON) -> Fact:
    return a_fact("review.posted", {"review_id": name}, at=at, id=name)


def own(kind: str, name: str, at: datetime = NOON, **data: Any) -> Fact:
    return a_fact(kind, data, at=at, id=name, source=OWN_SOURCE, internal=True)


def made(name: str, points: int, at: datetime = NOON, held: bool = False) -> Fact:
    return own(
        "redemption.made", f"made:{name}", at, redemption_id=name, reward="mug", points=points, held=held
    )


def adjusted(points: int, at: datetime = NOON, name: str = "fix", promotional: bool = False) -> Fact:
    return own("points.adjusted", name, at, adjustment_id=name, points=points, reason="eggs", actor="ann",
               promotional=promotional)  # fmt: skip


def why(posting: Posting) -> dict[str, Any]:
    return json.loads(posting.why)


# --- earning --------------------------------------------------------------------------------------------------


def test_an_order_opens_a_lot_and_says_why() -> None:
    text = a_programme(points="  expiry: {kind: rolling, months: 12}\n  pending_days: 14")
    fold = folded(line_of(text), [an_order("A", "120.50", at=NOON)])
    cause, ends, begins = f"earn|{SHOP}|paid-A|base", midnight("2027-03-03"), midnight("2026-03-16", 4)
    said = '{"k":"points_per_money","groups":[[12050,1000000]],"points":1,"per":100,"round":"down"}'
    assert fold.postings == [Posting(cause, "earned", 120, NOON, begins, ends, "base", 1, said)]
    rank = rank_of(NOON, SHOP, "paid-A", "base")
    assert fold.lots == {cause: LotState(cause, EARNED, 120, 120, False, NOON, begins, ends, rank, None, [])}
    assert (fold.climb.tier, fold.climb.since, fold.climb.days) == (
        "silver",
        NOON,
        [[NOON.toordinal(), 12050, 120]],
    )
    assert fold.moves == [TierMove(NOON, "silver", "member", "reached")]
    assert (fold.expiry_due, fold.last) == (ends, (NOON, SHOP, "paid-A"))
    assert fold.due_at() == midnight("2027-01-01")


@pytest.mark.parametrize(
    ("more", "begins", "ends"),
    [("", midnight("2026-03-06"), midnight("2027-03-03")), (", pending_days: 0", NOON, midnight("2027-03-03")),
     (", pending_days: 1", midnight("2026-03-03"), midnight("2027-03-03")),
     (", expires_days: 1", midnight("2026-03-06"), midnight("2026-03-04"))],
)  # fmt: skip
def test_a_rules_own_days_come_before_the_programmes(more: str, begins: datetime, ends: datetime) -> None:
    text = a_programme(points="  expiry: {kind: rolling, months: 12}\n  pending_days: 4", earning=BASE % more)
    (posting,) = folded(line_of(text), [an_order("A", "5.00", at=NOON)]).postings
    assert (posting.active_from, posting.expires_at) == (begins, ends)


def test_promotional_points_climb_no_tier() -> None:
    text = a_programme(earning=BASE % "" + "\n" + REVIEW % ", promotional: true")
    fold = folded(line_of(text), [an_order("A", "90.00", at=NOON), review("v", days(1))])
    assert fold.climb.days == [[NOON.toordinal(), 9000, 90]]
    assert (fold.climb.tier, lot(fold, "earn v review").promotional) == ("member", True)
    plain = folded(
        line_of(text.replace(", promotional: true", "")), [an_order("A", "90.00", at=NOON), review("v")]
    )
    assert (plain.climb.tier, plain.climb.days) == ("silver", [[NOON.toordinal(), 9000, 130]])


def test_what_earns_nothing_and_costs_nothing_leaves_only_its_place() -> None:
    fold = folded(line_of(), [review("v")])
    assert (fold.postings, fold.lots, fold.climb.days) == ([], {}, [])
    assert (fold.climb.tier, fold.last, fold.moves) == ("member", (NOON, SHOP, "v"), [])


def test_an_order_earns_with_the_tier_before_it_and_climbs_by_what_was_not_paid_with_points() -> None:
    orders = [an_order("A", "100.00", at=NOON), an_order("B", "100.00", at=days(1), points_paid="0.40")]
    fold = folded(line_of(), orders)
    assert posted(fold) == [("earn paid-A base", 100), ("spend order:B", -40), ("earn paid-B base", 149)]
    assert fold.climb.days == [[NOON.toordinal(), 10_000, 100], [NOON.toordinal() + 1, 9960, 149]]


@pytest.mark.parametrize(
    ("value", "paid", "points"),
    [('{points: 100, money: "1.00"}', "0.40", 40), ('{points: 3, money: "0.02"}', "0.05", 8),
     ('{points: 1, money: "0.02"}', "0.05", 3), ('{points: 1, money: "0.04"}', "0.05", 1)],
)  # fmt: skip
def test_paying_with_points_takes_their_worth_half_up(value: str, paid: str, points: int) -> None:
    text = FLAT.replace('{points: 100, money: "1.00"}', value)
    fold = folded(
        line_of(text), [an_order("A", "100.00", at=NOON), an_order("B", "1.00", at=days(1), points_paid=paid)]
    )
    assert fold.postings[1] == Posting(f"spend|{SHOP}|order:B", "spent", -points, days(1), None, None, "", 1,
                                       f'{{"k":"spent","points":{points},"order":"B"}}')  # fmt: skip


# --- spending, holding, adjusting -----------------------------------------------------------------------------


def test_a_reward_at_once_is_spent() -> None:
    fold = folded(line_of(FLAT), [an_order("A", "100.00", at=NOON), made("r1", 40, days(1))])
    assert fold.postings[1] == Posting("spend|regulars|redemption:r1", "spent", -40, days(1), None, None, "", 1,
                                       '{"k":"spent","points":40,"reward":"mug"}')  # fmt: skip
    assert left(fold) == {"earn paid-A base": 60}
    assert lot(fold, "earn paid-A base").draws == [("spend|regulars|redemption:r1", days(1), 40)]


def test_a_held_reward_sets_points_aside_until_it_is_handed_over() -> None:
    facts = [an_order("A", "100.00", at=NOON), made("r1", 40, days(1), held=True)]
    fold = folded(line_of(FLAT), facts)
    cause = "hold|regulars|redemption:r1"
    assert fold.postings[1] == Posting(cause, "held", 0, days(1), None, None, "", 1,
                                       '{"k":"held","points":40,"reward":"mug"}')  # fmt: skip
    rank = rank_of(days(1), OWN_SOURCE, "r1", "")
    assert fold.lots[cause] == LotState(cause, HELD, 40, 40, False, days(1), days(1), None, rank, None, [])
    assert lot(fold, "earn paid-A base").draws == [(cause, days(1), 40)]

    done = own("redemption.captured", "captured:r1", days(3), redemption_id="r1")
    fold = folded(line_of(FLAT, (FLAT, days(2))), [*facts, done], days(2.9))
    assert fold.settlements[0][0] == days(3)
    fold.advance(days(3))
    spent = "spend|regulars|redemption:r1"
    assert fold.postings[2] == Posting(spent, "spent", -40, days(3), None, None, "", 2,
                                       '{"k":"spent","points":40,"reward":"mug"}')  # fmt: skip
    assert fold.lots[cause].draws == [(spent, days(3), 40)]
    assert (fold.settlements, fold.last) == ([], (days(3), "", ""))


def test_holds_are_handed_over_in_the_order_of_their_moments_and_never_before_they_were_made() -> None:
    facts = [an_order("A", "100.00", at=NOON), made("a", 10, days(1), held=True), made("b", 20, days(1.5), held=True),
             own("redemption.captured", "captured:a", days(9), redemption_id="a"),
             own("redemption.captured", "captured:b", days(0.5), redemption_id="b")]  # fmt: skip
    fold = folded(line_of(FLAT), facts)
    assert [(at, event.data["redemption_id"]) for at, event in fold.settlements] == [
        (days(1.5), "b"),
        (days(9), "a"),
    ]
    fold.advance(days(1.5))
    assert fold.last == (days(1.5), OWN_SOURCE, "made:b"), "what was weighed at that moment is named still"
    fold.advance(days(10))
    assert posted(fold)[-2:] == [("spend regulars redemption:b", -20), ("spend regulars redemption:a", -10)]


def test_what_is_handed_over_at_one_moment_is_settled_in_the_order_in_which_it_was_made() -> None:
    facts = [an_order("A", "100.00", at=NOON), made("b", 10, days(1), held=True), made("a", 20, days(1.5), held=True),
             own("redemption.captured", "captured:a", days(3), redemption_id="a"),
             own("redemption.captured", "captured:b", days(3), redemption_id="b")]  # fmt: skip
    fold = folded(line_of(FLAT), facts, days(3))
    assert posted(fold)[-2:] == [("spend regulars redemption:b", -10), ("spend regulars redemption:a", -20)]


def test_an_adjustment_opens_a_lot_or_takes_in_the_usual_order() -> None:
    fold = folded(
        line_of(FLAT), [adjusted(25, NOON, "up", True), adjusted(10, NOON, "more"), adjusted(-30, days(1))]
    )
    ends = midnight("2027-03-03")
    up, down = fold.postings[1], fold.postings[2]
    assert up == Posting("adjust|regulars|up", "adjusted", 25, NOON, NOON, ends, "", 1,
                         '{"k":"adjusted","points":25,"reason":"eggs"}')  # fmt: skip
    assert down == Posting("adjust|regulars|fix", "adjusted", -30, days(1), None, None, "", 1,
                           '{"k":"adjusted","points":-30,"reason":"eggs"}')  # fmt: skip
    rank = rank_of(NOON, OWN_SOURCE, "up", "")
    taken = [("adjust|regulars|fix", days(1), 25)]
    gift = LotState("adjust|regulars|up", EARNED, 25, 0, True, NOON, NOON, ends, rank, days(1), taken)
    assert fold.lots["adjust|regulars|up"] == gift
    assert left(fold) == {"adjust regulars more": 5}
    assert fold.lots["adjust|regulars|more"].promotional is False
    assert fold.climb.days == [], "what staff gives climbs no tier"


@pytest.mark.parametrize(("points", "open_lots"), [(1, {"adjust regulars fix": 1}), (0, {})])
def test_the_smallest_adjustments(points: int, open_lots: dict[str, int]) -> None:
    fold = folded(line_of(FLAT), [adjusted(points)])
    (entry,) = fold.postings
    assert (left(fold), list(fold.lots.values()) == []) == (open_lots, not points)
    assert (entry.amount, entry.active_from) == (points, NOON if points else None)


# --- shortfalls -----------------------------------------------------------------------------------------------


def short(policy: str) -> str:
    return a_programme(points=f"  expiry: {{kind: rolling, months: 12}}\n  negative_balance: {{{policy}}}",
                       levels=ONE_LEVEL)  # fmt: skip


SPENT = [an_order("A", "10.00", at=NOON), made("r1", 40, days(1)), adjusted(-5, days(2))]


def test_a_shortfall_is_a_debt_up_to_the_limit_and_the_rest_is_let_go() -> None:
    fold = folded(line_of(short("policy: debt, limit: 32")), SPENT)
    assert posted(fold) == [("earn paid-A base", 10), ("spend regulars redemption:r1", -40),
                            ("adjust regulars fix", -5), ("forgive adjust regulars fix", 3)]  # fmt: skip
    first, second = "debt|spend|regulars|redemption:r1", "debt|adjust|regulars|fix"
    rank = rank_of(days(1), "", "spend|regulars|redemption:r1", "")
    assert fold.lots[first] == LotState(first, DEBT, -30, -30, False, days(1), days(1), None, rank, None, [])
    assert fold.lots[second].remaining == -2
    assert fold.postings[3] == Posting("forgive|adjust|regulars|fix", "forgiven", 3, days(2), None, None, "", 1,
                                       '{"k":"forgiven","points":3}')  # fmt: skip
    more = folded(line_of(short("policy: debt, limit: 32")), [*SPENT, an_order("B", "31.00", at=days(3))])
    assert left(more) == {"debt adjust regulars fix": -1}


def test_points_that_were_owed_whole_never_expire() -> None:
    fold = folded(line_of(short("policy: debt")), [adjusted(-40), an_order("B", "31.00", at=days(1))])
    assert (left(fold), fold.expiry_due) == ({"debt adjust regulars fix": -9}, None)


@pytest.mark.parametrize(
    ("policy", "owed", "forgiven"),
    [("policy: zero", 0, [30, 5]), ("policy: debt, limit: 30", 30, [5]), ("policy: debt, limit: 35", 35, []),
     ("policy: debt, limit: 0", 0, [30, 5]), ("policy: debt", 35, [])],
)  # fmt: skip
def test_the_policy_says_what_becomes_of_a_shortfall(policy: str, owed: int, forgiven: list[int]) -> None:
    fold = folded(line_of(short(policy)), SPENT)
    assert -sum(lot.remaining for lot in fold.lots.values() if lot.kind == DEBT) == owed
    assert [posting.amount for posting in fold.postings if posting.kind == "forgiven"] == forgiven


def test_a_shortfall_may_be_refused() -> None:
    with pytest.raises(Refusal) as caught:
        folded(line_of(short("policy: refuse")), SPENT)
    assert (caught.value.code, str(caught.value)) == (
        "balance_short",
        "There are 30 points too few for this.",
    )
    folded(line_of(short("policy: refuse")), [SPENT[0], made("r1", 10, days(1))])


def test_a_hold_beyond_what_is_there_is_owed_too() -> None:
    fold = folded(line_of(short("policy: debt")), [SPENT[0], made("r1", 40, days(1), held=True)])
    assert left(fold) == {"hold regulars redemption:r1": 40, "debt hold regulars redemption:r1": -30}


# --- what needs older lots ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "needed"),
    [(an_order("A", "9.00", at=NOON), False), (an_order("A", "9.00", at=NOON, points_paid="0.01"), True),
     (made("r", 1), True), (adjusted(5), True), (review("v"), False)],
)  # fmt: skip
def test_older_lots_are_needed_to_take_from_them(fact: Fact, needed: bool) -> None:
    batch: list[Event] = events([review("first", days(-1)), fact])
    assert needs_lots(Fold(line_of()), 0, batch) is needed
    assert needs_lots(Fold(line_of()), 1, batch) is True


def test_older_lots_that_end_are_needed_and_no_others() -> None:
    fold = Fold(line_of(), expiry_due=NOON)
    batches = [events([review("v", days(d - 1)), review("w", days(d))]) for d in (-1, 0, 1)]
    assert [falls_due(fold, batch) for batch in batches] == [None, NOON, days(1)]
    assert [needs_lots(fold, 0, batch) for batch in batches] == [False, False, False]
    assert falls_due(fold, []) is None
    assert falls_due(Fold(line_of()), batches[2]) is None


def test_all_older_lots_are_needed_where_they_end_together_or_some_are_away() -> None:
    batches = [events([review("v", days(d))]) for d in (-1, 0)]
    idle = Fold(line_of(a_programme(points="  expiry: {kind: inactivity}")), expiry_due=NOON)
    assert [needs_lots(idle, 0, batch) for batch in batches] == [False, True]
    away = Fold(line_of(), expiry_due=NOON, away=[["a lot", 5, NOON.isoformat(), "r", 0, "points", 0]])
    assert [needs_lots(away, 0, batch) for batch in batches] == [False, True]
