"""Criteria in words: every kind, filter and window, in three languages with their plurals."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from facts.criteria import KINDS, Criterion, Filter
from facts.criteria.filters import WEEKDAYS
from facts.criteria.saying import SAYINGS, progress, sentence
from facts.criteria.windows import Unit
from facts.events import DATA
from facts.language import codes, language

CRITERION: TypeAdapter[Any] = TypeAdapter(Criterion)
REVIEW = {"type": "review.posted"}
HELPFUL: dict[str, Any] = {"kind": "largest", "of": "count", "per": "review_id", "at_least": "10"}


def a_criterion(kind: str, **fields: Any) -> Any:
    return CRITERION.validate_python({"kind": kind, **fields})


def in_english(kind: str, **fields: Any) -> str:
    return sentence(a_criterion(kind, **fields), language("en"), "USD")


def test_every_kind_can_be_said() -> None:
    assert set(SAYINGS) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("count", {"at_least": 1}, "an order"),
        ("count", {"at_least": 3}, "at least 3 orders"),
        ("count", {"at_least": 1000, "where": REVIEW}, "at least 1,000 reviews"),
        ("count", {"at_least": 10, "of": "lines"}, "at least 10 lines of receipts"),
        ("count", {"at_least": 2, "where": {"type": "x.bag_returned"}}, "at least 2 times “bag returned”"),
        ("sum", {"at_least": "99.50"}, "at least $99.50 spent"),
        ("sum", {"at_least": "1", "of": "quantity"}, "at least 1 item bought"),
        ("sum", {"at_least": "2.5", "of": "quantity"}, "at least 2.5 items bought"),
        ("distinct", {"of": "category", "at_least": 7, "among": list("ABCDEFGHI")}, "7 of 9 departments"),
        ("distinct", {"of": "category", "at_least": 2, "among": list("ABC")}, "2 of 3 departments (A, B, and C)"),
        ("distinct", {"of": "category", "at_least": 2, "among": ["MEAT-PCKGD", "Deli"]},
         "2 of 2 departments (Meat-pckgd and Deli)"),
        ("distinct", {"of": "category", "level": 2, "at_least": 5}, "5 different categories"),
        ("distinct", {"of": "channel", "at_least": 2}, "2 different shops"),
        ("distinct", {"of": "day", "at_least": 5}, "5 different days, each with an order"),
        ("distinct", {"of": "sku", "at_least": 3, "where": REVIEW}, "3 different products, each with a review"),
        ("largest", {"at_least": "140"}, "a single order of $140 or more"),
        ("streak", {"every": "week", "at_least": 4}, "4 weeks in a row with an order"),
        ("streak", {"every": "month", "at_least": 2, "times": 3}, "2 months in a row with 3 orders"),
        ("streak", {"every": "day", "at_least": 7, "where": {"type": "visit"}}, "7 days in a row with a visit"),
        ("date", {"on": ["12-25"]}, "an order on 25 December"),
        ("date", {"on": ["02-29", "2026-12-31"]}, "an order on 29 February or 31 Dec 2026"),
        ("tier", {"tier": "gold"}, "the tier gold or one above it"),
        ("manual", {}, "given by the shop in person"),
        ("event", {"where": {"type": "profile.completed"}}, "a completed profile"),
    ],
)  # fmt: skip
def test_each_kind(kind: str, fields: dict[str, Any], said: str) -> None:
    assert in_english(kind, **fields) == said


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"categories": ["GROCERY > PASTRY", "DELI"]}, "in Pastry or Deli"),
        ({"brands": ["Acme"]}, "of the brand Acme"),
        ({"skus": ["1", "2"]}, "with product 1 or 2"),
        ({"tags": ["organic"]}, "marked organic"),
        ({"channels": ["store:330"]}, "through store:330"),
        ({"partners": ["Bus"]}, "at partner Bus"),
        ({"amount_min": "40"}, "of $40 or more"),
        ({"weekdays": ["fri", "mon"]}, "on a Monday or on a Friday"),
        ({"weekdays": ["sun", "sat"]}, "at the weekend"),
        ({"weekdays": ["mon", "tue", "wed", "thu", "fri"]}, "from Monday to Friday"),
        ({"hours": [17, 20]}, "between 17:00 and 20:00"),
        ({"hours": [0, 9]}, "before 09:00"),
        ({"hours": [20, 24]}, "after 20:00"),
        (
            {"channels": ["web"], "amount_min": "5", "categories": ["DELI"]},
            "of $5 or more in Deli through web",
        ),
    ],
)
def test_each_filter(where: dict[str, Any], said: str) -> None:
    assert in_english("event", where=where) == f"an order {said}"
    assert in_english("count", at_least=3, where=where) == f"at least 3 orders {said}"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ([{"name": "rating", "equals": 5}], "(rating: 5)"),
        ([{"name": "rating", "at_least": 4}, {"name": "verified", "equals": True}], "(rating: 4 or more and verified)"),
        ([{"name": "verified", "equals": False}], "(not verified)"),
    ],
)  # fmt: skip
def test_fields_of_a_fact(fields: list[dict[str, Any]], said: str) -> None:
    assert in_english("event", where={**REVIEW, "fields": fields}) == f"a review {said}"


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ({"kind": "ever"}, ""),
        ({"kind": "rolling", "days": 30}, " within 30 days"),
        ({"kind": "calendar", "unit": "week"}, " within one calendar week"),
        ({"kind": "from_joining", "days": 1}, " within 1 day of joining"),
        ({"kind": "fixed", "since": "2026-12-01", "until": "2026-12-24"}, " from 1 Dec 2026 to 24 Dec 2026"),
        ({"kind": "fixed", "since": "2026-12-24", "until": "2026-12-24"}, " on 24 Dec 2026"),
    ],
)
def test_each_window(window: dict[str, Any], said: str) -> None:
    assert in_english("count", at_least=3, window=window) == f"at least 3 orders{said}"
    assert in_english("distinct", of="brand", at_least=2, window=window) == f"2 different brands{said}"
    assert in_english("sum", at_least="5", window=window) == f"at least $5 spent{said}"


def test_the_owners_own_examples() -> None:
    bakery = {"where": {"categories": ["Bakery"]}, "window": {"kind": "rolling", "days": 30}}
    assert in_english("count", at_least=3, **bakery) == "at least 3 orders in Bakery within 30 days"
    helpful = {**HELPFUL, "where": {"type": "x.review_helpful"}}
    assert (
        in_english(str(helpful.pop("kind")), **helpful)
        == "at least 10 times “review helpful” for one and the same review"
    )


def test_combined_ones_are_never_ambiguous() -> None:
    event, count, hand = (
        {"kind": "event", "where": REVIEW},
        {"kind": "count", "at_least": 2},
        {"kind": "manual"},
    )
    assert in_english("all", of=[event, count]) == "a review, and at least 2 orders"
    assert in_english("any", of=[event, count]) == "a review, or at least 2 orders"
    assert in_english("all", of=[event, {"kind": "any", "of": [count, hand]}]) == (
        "a review, and (at least 2 orders, or given by the shop in person)"
    )
    three = [event, count, hand]
    listed = "a review; at least 2 orders; given by the shop in person"
    assert in_english("all", of=three) == f"all of these: {listed}"
    assert in_english("any", of=three) == f"one of these: {listed}"
    assert in_english("n_of", at_least=2, of=three) == f"2 of these 3: {listed}"
    assert in_english("n_of", at_least=2, of=[event, count]) == "all of these: a review; at least 2 orders"


def test_a_level_says_its_own_threshold() -> None:
    english = language("en")
    assert sentence(a_criterion("count", at_least=1), english, "USD", target="10") == "at least 10 orders"
    assert sentence(a_criterion("sum", at_least="1"), english, "JPY", target="500") == "at least ¥500 spent"


def test_tiers_are_called_by_their_names() -> None:
    said = sentence(a_criterion("tier", tier="gold"), language("ru"), "USD", tiers={"gold": "Золото"})
    assert said == "уровень «Золото» или выше"


@pytest.mark.parametrize(
    ("kind", "fields", "value", "goal", "said"),
    [
        ("count", {"at_least": 5}, 4, 5, "4 of 5 orders"),
        ("count", {"at_least": 1}, 0, 1, "0 of 1 order"),
        ("count", {"at_least": 5}, 7, 5, "5 of 5 orders"),
        ("sum", {"at_least": "100"}, 8000, 10000, "$80 of $100"),
        ("sum", {"at_least": "100"}, 8050, 10000, "$80.50 of $100"),
        ("sum", {"at_least": "2.5", "of": "quantity"}, 1_000_000, 2_500_000, "1 of 2.5 items"),
        ("distinct", {"of": "category", "at_least": 7}, 4, 7, "4 of 7 departments"),
        ("largest", {"at_least": "140"}, 8000, 14000, "$80 of $140"),
        ("largest", {**HELPFUL, "where": REVIEW}, 4, 10, "4 of 10 reviews"),
        ("streak", {"every": "week", "at_least": 4}, 3, 4, "3 of 4 weeks in a row"),
        ("streak", {"every": "month", "at_least": 4}, 3, 4, "3 of 4 months in a row"),
        ("date", {"on": ["12-25"]}, 0, 1, "not yet"),
        ("manual", {}, 1, 1, "done"),
        ("all", {"of": [{"kind": "manual"}, {"kind": "manual"}]}, 1, 2, "1 of 2 steps"),
    ],
)
def test_progress(kind: str, fields: dict[str, Any], value: int, goal: int, said: str) -> None:
    fields.pop("kind", None)
    assert progress(a_criterion(kind, **fields), value, goal, language("en"), "USD") == said


@pytest.mark.parametrize(
    ("n", "russian", "arabic"),
    [
        (1, "заказ", "طلب"),
        (2, "минимум 2 заказа", "طلبان على الأقل"),
        (3, "минимум 3 заказа", "٣ طلبات على الأقل"),
        (5, "минимум 5 заказов", "٥ طلبات على الأقل"),
        (11, "минимум 11 заказов", "١١ طلبًا على الأقل"),
        (21, "минимум 21 заказ", "٢١ طلبًا على الأقل"),
        (100, "минимум 100 заказов", "١٠٠ طلب على الأقل"),
    ],
)
def test_plurals_of_russian_and_arabic(n: int, russian: str, arabic: str) -> None:
    asked = a_criterion("count", at_least=n)
    assert sentence(asked, language("ru"), "USD") == russian
    assert sentence(asked, language("ar"), "USD") == arabic


def every_criterion() -> list[Any]:
    """One of each kind, filter, window and type of fact, whole and in part."""
    wheres = [{"type": kind} for kind in DATA if _counts(kind)] + [{"weekdays": [day]} for day in WEEKDAYS]
    wheres += [{"categories": ["А"], "hours": [8, 20], "amount_min": "7"}, {"tags": ["а"], "partners": ["б"]}]
    windows = [{"kind": "calendar", "unit": unit} for unit in get_args(Unit)]
    windows += [{"kind": "rolling", "days": 3}, {"kind": "from_joining", "days": 3}]
    found = [
        a_criterion("count", at_least=3, where=where, window=window) for where in wheres for window in windows
    ]
    found += [a_criterion("event", where=where) for where in wheres]
    for of in ("category", "sku", "brand", "tag", "channel", "partner", "day"):
        found += [
            a_criterion("distinct", of=of, at_least=3),
            a_criterion("distinct", of=of, at_least=1, among=["а"]),
        ]
    found += [a_criterion("streak", every=every, at_least=3, times=2) for every in ("day", "week", "month")]
    found += [a_criterion("sum", at_least="3"), a_criterion("sum", at_least="3", of="quantity")]
    found += [a_criterion("largest", at_least="3"), a_criterion("manual"), a_criterion("date", on=["12-25"])]
    return [
        *found,
        a_criterion("n_of", at_least=2, of=[{"kind": "manual"}, {"kind": "manual"}, {"kind": "manual"}]),
    ]


def _counts(kind: str) -> bool:
    try:
        Filter(type=kind)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("code", [code for code in codes() if code != "en"])
def test_nothing_is_left_in_english(code: str) -> None:
    """A type of fact that only the programme makes keeps its own name between quotation marks."""
    for criterion in every_criterion():
        said = [sentence(criterion, language(code), "JPY"), progress(criterion, 1, 3, language(code), "JPY")]
        left = re.sub(r"«[^»]*»|JP", "", " ".join(said))
        assert not re.search("[A-Za-z{}]", left), said


def test_arabic_keeps_its_digits_and_names_apart() -> None:
    asked = a_criterion("count", at_least=12, where={"categories": ["PASTRY"], "hours": [17, 20]})
    said = sentence(asked, language("ar"), "USD")
    assert "\u2068Pastry\u2069" in said
    assert not re.search("[0-9]", said)


def test_days_are_days_of_the_calendar() -> None:
    said = sentence(a_criterion("date", on=["2028-02-29"]), language("ru"), "USD")
    assert said == f"заказ {language('ru').date(date(2028, 2, 29))}"


@pytest.mark.parametrize(("code", "said"), [("ru", "1,5"), ("ar", "١٫٥")])
def test_a_fraction_is_said_and_not_taken_for_two(code: str, said: str) -> None:
    half = a_criterion("sum", at_least="1.5", of="quantity")
    assert said in sentence(half, language(code), "USD")
