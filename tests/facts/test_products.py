"""Out of many questions only those are asked that an event can move: the answers are those of asking them all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from badges.document import Badge
from badges.game import Game
from badges.tracks import Rules, RulesLine, track_of
from facts.criteria import Filter
from facts.history import Event
from facts.orders import Order, OrderLine
from facts.products import Asked, Facets, fits
from rewards.earning import KINDS, AnyRule, Rule
from rewards.earning.rule import in_order
from rewards.fold import Fold
from rewards.terms import Terms, TermsLine
from tests.rewards.paper import terms_of

RULE: TypeAdapter[Rule] = TypeAdapter(AnyRule)
PATHS = [("A",), ("A", "B"), ("A", "B", "C"), ("D",)]
SEVERAL: dict[str, Any] = {"max_size": 2, "unique": True}
WHERE = st.fixed_dictionaries(
    {},
    optional={
        "skus": st.lists(st.sampled_from("stuv"), **SEVERAL),
        "categories": st.lists(st.sampled_from([" > ".join(path) for path in PATHS]), **SEVERAL),
        "brands": st.lists(st.sampled_from(["x", "y"]), **SEVERAL),
        "tags": st.lists(st.sampled_from(["new", "old", "red"]), **SEVERAL),
    },
)
KIND: dict[str, dict[str, Any]] = {
    "exclude": {"where": WHERE},
    "multiply": {"where": WHERE, "factor": st.sampled_from(["2", "1.5"])},
    "points_per_money": {"where": WHERE, "points": st.just(3),
                         "basis": st.fixed_dictionaries({"shipping": st.booleans()})},
    "cashback": {"where": WHERE, "percent": st.sampled_from(["2.5", "10"])},
    "extra_points": {"where": WHERE, "points": st.just(7), "each": st.sampled_from(["piece", "order"])},
    "fixed_points": {"on": st.sampled_from(["review.posted", "visit", "x.own"]), "points": st.just(5)},
    "criterion_bonus": {
        "points": st.just(4),
        "criterion": st.fixed_dictionaries(
            {"kind": st.just("count"), "at_least": st.integers(1, 3)},
            optional={"where": WHERE | st.just({"type": "visit"})},
        ),
    },
}  # fmt: skip
START = datetime(2026, 1, 5, 12, tzinfo=UTC)
LIKE = terms_of()


@st.composite
def lines(draw: st.DrawFn) -> OrderLine:
    """A line of a product of any sort, some of which nothing asks for."""
    product = (
        draw(st.sampled_from("stuvw")), draw(st.sampled_from([(), *PATHS])), draw(st.sampled_from(["", "x", "y", "z"])),
        tuple(draw(st.lists(st.sampled_from(["new", "old", "blue"]), **SEVERAL))),
    )  # fmt: skip
    return OrderLine("", product, 10**6, draw(st.integers(0, 900)))


def happened(n: int, what: list[OrderLine] | str, shipping: int) -> Event:
    """An order of these lines, or a fact of this type."""
    key = (START + timedelta(hours=n), "shop", str(n))
    if isinstance(what, str):
        return Event(key, what, {})
    return Event(key, "order.paid", {}, Order(str(n), "USD", what, shipping))


EVENTS = st.lists(
    st.tuples(st.lists(lines(), max_size=3) | st.sampled_from(["review.posted", "visit", "x.own", "x.other"]),
              st.sampled_from([0, 700])), min_size=1, max_size=8,
).map(lambda told: [happened(n, what, shipping) for n, (what, shipping) in enumerate(told)])  # fmt: skip


def all_asked(terms: Terms) -> Terms:
    """The same terms, whose rules are asked about everything."""
    object.__setattr__(terms, "_asked", Asked([None for _ in terms.rules]))
    return terms


@settings(max_examples=150)
@given(st.data(), EVENTS)
def test_rules_that_are_found_earn_what_all_rules_earn(data: st.DataObject, events: list[Event]) -> None:
    drawn = data.draw(
        st.lists(st.sampled_from(sorted(KIND)).flatmap(
            lambda kind: st.fixed_dictionaries({"kind": st.just(kind)} | KIND[kind])), max_size=12),
    )  # fmt: skip
    rules = in_order([RULE.validate_python(told | {"slug": f"r{n}"}) for n, told in enumerate(drawn)])

    def terms() -> Terms:
        return replace(LIKE, rules=rules)

    found, asked = Fold(TermsLine([terms()])), Fold(TermsLine([all_asked(terms())]))
    for event in events:
        found.apply(event)
        asked.apply(event)
    assert found.postings == asked.postings
    assert found.lots == asked.lots
    assert found.climb == asked.climb


def test_every_kind_of_rule_is_among_those_tried() -> None:
    assert set(KIND) == {kind.model_fields["kind"].default for kind in KINDS}


@settings(max_examples=150)
@given(st.lists(st.tuples(WHERE, st.booleans()), min_size=1, max_size=8), EVENTS)
def test_badges_that_are_woken_are_those_that_all_would_be(
    drawn: list[tuple[dict[str, Any], bool]], events: list[Event]
) -> None:
    tracks = [track_of(a_badge(n, where, either), LIKE.digits, 1) for n, (where, either) in enumerate(drawn)]

    def game(asked: Asked | None) -> Game:
        rules = Rules.of(1, START, LIKE.zone, LIKE.digits, tracks)
        if asked:
            object.__setattr__(rules, "_asked", asked)
        return Game(RulesLine([rules]))

    found, all_of_them = game(None), game(Asked([None for _ in tracks]))
    for event in events:
        assert found.apply(event, "member") == all_of_them.apply(event, "member")
    assert found.told() == all_of_them.told()


def a_badge(number: int, where: dict[str, Any], either: bool) -> Badge:
    """Counted orders, or these or a review."""
    count = {"kind": "count", "at_least": 1, "where": where}
    review = {"kind": "count", "at_least": 1, "where": {"type": "review.posted"}}
    criterion = {"kind": "all", "of": [count, review]} if either else count
    told = {"slug": f"b{number}", "name": {"en": "B"}, "criterion": criterion, "levels": ["1", "2"]}
    return Badge.model_validate(told)


@pytest.mark.parametrize(
    ("facets", "numbers"),
    [
        ([], [1]),
        ([("sku", "s")], [0, 1, 3]),
        ([("sku", "t"), ("brand", "x"), ("brand", "y")], [1, 2, 3]),
        ([("category", ("A",))], [1]),
    ],
)
def test_questions_are_found_in_their_order_and_once(facets: list[Any], numbers: list[int]) -> None:
    moved_by = [[("sku", "s")], None, [("sku", "t")], [("sku", "s"), ("brand", "x"), ("sku", "t")], []]
    assert Asked(moved_by).by(set(facets)) == numbers


def test_an_event_has_its_type_and_what_its_lines_are_of() -> None:
    line = OrderLine("1", ("s", ("A", "B"), "x", ("new",)), 10**6, 100)
    assert Facets("order.paid", [line, line]).all == {
        ("type", "order.paid"), ("sku", "s"), ("brand", "x"), ("tag", "new"), ("category", ("A",)),
        ("category", ("A", "B")),
    }  # fmt: skip
    event = happened(1, [line], 0)
    assert event.facets is event.facets
    assert happened(1, "visit", 0).facets.all == {("type", "visit")}


@settings(max_examples=300)
@given(WHERE.filter(lambda where: any(where.values())), st.lists(lines(), max_size=6))
def test_lines_that_are_found_are_those_that_fit(where: dict[str, Any], found: list[OrderLine]) -> None:
    paths: Any = {"categories": tuple(tuple(one.split(" > ")) for one in where.get("categories", ()))}
    wanted = Filter(**{**where, **paths})
    right = [line for line in found if fits(wanted, line.product)]
    assert [id(line) for line in Facets("order.paid", found).lines(wanted)] == [id(line) for line in right]
