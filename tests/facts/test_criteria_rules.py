"""The twelve rules of the criterion language, each with a history that fulfils it and one that just does not."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.criteria import TIER_REACHED
from facts.history import Event
from tests.facts.walking import HOME, NEW_YORK, a_basket, an_event, asked, at, comes_to, is_met

BREAD = {
    "amount": "3.00",
    "category": ["BAKERY", "BREAD"],
    "brand": "Own",
    "tags": ["organic"],
    "sku": "bread",
}
BEEF = {"amount": "12.00", "category": ["MEAT"], "brand": "Farm", "sku": "beef"}
MON, TUE, SUN = at("2026-03-02T10:00"), at("2026-03-03T10:00"), at("2026-03-08T12:00")
HELPFUL = [an_event("x.helpful", MON + timedelta(hours=i), review_id="a" if i % 2 else "b") for i in range(5)]
CLIMB = [an_event(TIER_REACHED, MON, tiers=["silver"])]
REVIEW = an_event("review.posted", TUE, review_id="r", rating=5)

RULES: dict[str, tuple[Any, list[Event], list[Event]]] = {
    "count": (asked("count", at_least=2), [a_basket(MON), a_basket(TUE)], [a_basket(MON), REVIEW]),
    "count of lines": (asked("count", of="lines", at_least=2, where={"categories": ["BAKERY"]}),
                       [a_basket(MON, BREAD, BREAD)], [a_basket(MON, BREAD, BEEF)]),
    "sum": (asked("sum", at_least="15"), [a_basket(MON, BREAD, BEEF)], [a_basket(MON, BREAD), a_basket(TUE, "11.99")]),
    "collection": (asked("distinct", of="category", at_least=2, among=["BAKERY", "MEAT", "FISH"]),
                   [a_basket(MON, BREAD), a_basket(TUE, BEEF)],
                   [a_basket(MON, BREAD), a_basket(TUE, {"amount": "1.00", "category": ["TOYS"]})]),
    "largest": (asked("largest", at_least="15"), [a_basket(MON, BREAD, BEEF)], [a_basket(MON, "14.99"), a_basket(TUE)]),
    "largest per object": (asked("largest", of="count", per="review_id", at_least="3", where={"type": "x.helpful"}),
                           HELPFUL, HELPFUL[:4]),
    "streak": (asked("streak", every="day", at_least=2), [a_basket(SUN - timedelta(days=1)), a_basket(SUN)],
               [a_basket(TUE), a_basket(SUN)]),
    "date": (asked("date", on=["03-08"]), [a_basket(SUN)], [a_basket(SUN + timedelta(days=1))]),
    "tier": (asked("tier", tier="silver"), CLIMB, [an_event(TIER_REACHED, MON, tiers=["member"])]),
    "event": (asked("event", where={"type": "review.posted", "fields": [{"name": "rating", "at_least": 5}]}),
              [REVIEW], [an_event("review.posted", TUE, review_id="r", rating=4)]),
    "all": (asked("all", of=[{"kind": "count", "at_least": 1}, {"kind": "tier", "tier": "silver"}]),
            [a_basket(MON), *CLIMB], [a_basket(MON)]),
    "any": (asked("any", of=[{"kind": "count", "at_least": 2}, {"kind": "tier", "tier": "silver"}]),
            CLIMB, [a_basket(MON)]),
    "n of": (asked("n_of", at_least=2, of=[{"kind": "count", "at_least": 1}, {"kind": "tier", "tier": "silver"},
                                           {"kind": "event", "where": {"type": "review.posted"}}]),
             [a_basket(MON), REVIEW], [REVIEW, an_event("review.posted", SUN, review_id="s")]),
}  # fmt: skip


@pytest.mark.feature(58)
@pytest.mark.parametrize("rule", RULES)
def test_each_rule_is_met_and_just_not(rule: str) -> None:
    criterion, enough, not_quite = RULES[rule]
    assert is_met(criterion, enough, "2026-03-08")
    assert not is_met(criterion, not_quite, "2026-03-08")
    assert not is_met(criterion, [], "2026-03-08")


def test_by_hand_nothing_happens_by_itself() -> None:
    assert not is_met(asked("manual"), [a_basket(MON), REVIEW, *CLIMB], "2026-03-08")
    assert list(asked("manual").filters()) == []


@pytest.mark.parametrize(
    ("where", "fits", "fits_not"),
    [
        ({"skus": ["bread"]}, a_basket(MON, BREAD), a_basket(MON, BEEF)),
        ({"categories": ["BAKERY > BREAD"]}, a_basket(MON, BREAD), a_basket(MON, {**BREAD, "category": ["BAKERY"]})),
        ({"brands": ["Own"]}, a_basket(MON, BREAD), a_basket(MON, BEEF)),
        ({"tags": ["organic", "x"]}, a_basket(MON, BREAD), a_basket(MON, BEEF)),
        ({"channels": ["web"]}, a_basket(MON, channel="web"), a_basket(MON)),
        ({"partners": ["bus"]}, a_basket(MON, partner="bus"), a_basket(MON, partner="tram")),
        ({"amount_min": "3", "categories": ["BAKERY"]}, a_basket(MON, BREAD),
         a_basket(MON, BEEF, {**BREAD, "amount": "2.99"})),
        ({"weekdays": ["mon"]}, a_basket(at("2026-03-02T23:59")), a_basket(at("2026-03-03T00:00"))),
        ({"hours": [8, 10]}, a_basket(at("2026-03-02T08:00")), a_basket(at("2026-03-02T10:00"))),
        ({"skus": ["bread"], "brands": ["Own"]}, a_basket(MON, BREAD), a_basket(MON, {**BREAD, "brand": "Farm"}, BEEF)),
    ],
)  # fmt: skip
def test_each_filter_lets_through_what_fits(where: dict[str, Any], fits: Event, fits_not: Event) -> None:
    criterion = asked("event", where=where)
    assert is_met(criterion, [fits], "2026-03-08")
    assert not is_met(criterion, [fits_not], "2026-03-08")


WEEK = {"kind": "fixed", "since": "2026-03-03", "until": "2026-03-08"}
WINDOWS = [
    ({"kind": "rolling", "days": 7}, "2026-03-02T00:00", "2026-03-01T23:59", "2026-03-08"),
    ({"kind": "calendar", "unit": "day"}, "2026-03-08T00:00", "2026-03-07T23:59", "2026-03-08"),
    ({"kind": "calendar", "unit": "week"}, "2026-03-02T00:00", "2026-03-01T23:59", "2026-03-08"),
    ({"kind": "calendar", "unit": "month"}, "2026-03-01T00:00", "2026-02-28T23:59", "2026-03-31"),
    ({"kind": "calendar", "unit": "quarter"}, "2026-01-01T00:00", "2025-12-31T23:59", "2026-03-31"),
    ({"kind": "calendar", "unit": "year"}, "2026-01-01T00:00", "2025-12-31T23:59", "2026-12-31"),
    (WEEK, "2026-03-03T00:00", "2026-03-02T23:59", "2027-01-01"),
    (WEEK, "2026-03-08T23:59", "2026-03-09T00:00", "2027-01-01"),
    ({"kind": "from_joining", "days": 30}, "2026-01-01T00:00", "2025-12-31T23:59", "2027-01-01"),
    ({"kind": "from_joining", "days": 30}, "2026-01-30T23:59", "2026-01-31T00:00", "2027-01-01"),
]  # fmt: skip
COUNTED: list[tuple[str, dict[str, Any]]] = [
    ("count", {"at_least": 1}),
    ("sum", {"at_least": "10"}),
    ("distinct", {"of": "sku", "at_least": 1}),
]
LARGEST = ("largest", {"at_least": "10"})  # has no rolling window
WINDOWED = [(*kind, *window) for kind in [*COUNTED, LARGEST] for window in WINDOWS
            if kind != LARGEST or window[0]["kind"] != "rolling"]  # fmt: skip


@pytest.mark.feature(68)
@pytest.mark.parametrize(("kind", "fields", "window", "inside", "outside", "day"), WINDOWED)
def test_windows_end_at_midnight_of_the_members_clock(
    kind: str, fields: dict[str, Any], window: dict[str, Any], inside: str, outside: str, day: str
) -> None:
    criterion = asked(kind, window=window, **fields)
    assert is_met(criterion, [a_basket(at(inside))], day)
    assert not is_met(criterion, [a_basket(at(outside))], day)


@pytest.mark.feature(68)
def test_29_february_happens_on_the_28th_of_other_years() -> None:
    criterion = asked("date", on=["02-29"])
    assert is_met(criterion, [a_basket(at("2028-02-29T12:00"))], "2028-03-01")
    assert not is_met(criterion, [a_basket(at("2028-02-28T12:00"))], "2028-03-01")
    assert is_met(criterion, [a_basket(at("2027-02-28T12:00"))], "2027-03-01")


# --- step by step comes to the same as counting everything again -------------------------------------------------

SKUS = ["a", "b", "c"]
windows = st.sampled_from(
    [{"kind": "ever"}, {"kind": "rolling", "days": 5}, {"kind": "calendar", "unit": "week"},
     {"kind": "calendar", "unit": "month"}, {"kind": "from_joining", "days": 40},
     {"kind": "fixed", "since": "2026-01-20", "until": "2026-02-10"}]
)  # fmt: skip
orders = st.lists(
    st.tuples(st.integers(0, 24 * 80),
              st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 900)), min_size=1, max_size=3)),
    max_size=14, unique_by=lambda order: order[0],
)  # fmt: skip


def counts(window: dict[str, Any], when: date, today: date) -> bool:
    """Whether something of a day is within a window today; written without looking at the engine."""
    match window:
        case {"kind": "rolling", "days": days}:
            return timedelta(0) <= today - when < timedelta(days=days)
        case {"kind": "calendar", "unit": "week"}:
            return when.isocalendar()[:2] == today.isocalendar()[:2]
        case {"kind": "calendar"}:
            return (when.year, when.month) == (today.year, today.month)
        case {"kind": "from_joining", "days": days}:
            return timedelta(0) <= when - date(2026, 1, 1) < timedelta(days=days)
        case {"kind": "fixed", "since": since, "until": until}:
            return since <= when.isoformat() <= until
        case _:
            return True


@settings(max_examples=200, deadline=None)
@given(orders, windows, st.integers(0, 20), st.sampled_from([[], ["a"], ["a", "b"]]))
def test_step_by_step_equals_a_recount(
    drawn: list[tuple[int, list[tuple[str, int]]]], window: dict[str, Any], later: int, skus: list[str]
) -> None:
    start = datetime(2026, 1, 1, 5, tzinfo=UTC)
    baskets = sorted((start + timedelta(hours=hour), lines) for hour, lines in drawn)
    events = [
        a_basket(when, *({"amount": f"{cents / 100:.2f}", "sku": sku} for sku, cents in lines))
        for when, lines in baskets
    ]
    last = baskets[-1][0].astimezone(NEW_YORK).date() if baskets else date(2026, 1, 1)
    today = last + timedelta(days=later)
    inside = [
        [(sku, cents) for sku, cents in lines if not skus or sku in skus]
        for when, lines in baskets
        if counts(window, when.astimezone(NEW_YORK).date(), today)
    ]
    inside = [lines for lines in inside if lines]
    expected = {
        "count": len(inside),
        "lines": sum(len(lines) for lines in inside),
        "sum": sum(cents for lines in inside for _, cents in lines),
        "distinct": len({sku for lines in inside for sku, _ in lines}),
        "largest": max((sum(cents for _, cents in lines) for lines in inside), default=0),
    }
    criteria = {
        "count": asked("count", at_least=1, where={"skus": skus}, window=window),
        "lines": asked("count", of="lines", at_least=1, where={"skus": skus}, window=window),
        "sum": asked("sum", at_least="1", where={"skus": skus}, window=window),
        "distinct": asked("distinct", of="sku", at_least=3, where={"skus": skus}, window=window),
    }
    if window["kind"] != "rolling":
        criteria["largest"] = asked("largest", at_least="1", where={"skus": skus}, window=window)
    found = {name: comes_to(one, events, today.isoformat(), HOME, 10**9) for name, one in criteria.items()}
    assert found == {name: expected[name] for name in found}


def test_objects_are_counted_apart_in_any_order() -> None:
    mixed = list(HELPFUL)
    random.Random(3).shuffle(mixed)
    criterion = RULES["largest per object"][0]
    assert comes_to(criterion, mixed, "2026-03-08") == 3
