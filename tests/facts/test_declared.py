"""A shop's own facts, held against their declaration by tables."""

from __future__ import annotations

from typing import Any

import pytest

from facts.declared import OwnFact, refusal

BOTTLE = OwnFact.model_validate({
    "name": "bringing bottles back",
    "fields": {"bottles": {"type": "integer", "at_least": 1, "at_most": 50},
               "glass": {"type": "text", "one_of": ["green", "brown"], "required": False},
               "shop": {"type": "text", "required": False}, "clean": {"type": "boolean", "required": False}},
})  # fmt: skip
DECLARED = {"x.bottle_back": BOTTLE, "x.nothing": OwnFact(name={"en": "nothing"})}


@pytest.mark.parametrize(
    "data",
    [{"bottles": 1}, {"bottles": 50, "glass": "green", "clean": False}, {"bottles": 2, "shop": "x" * 200},
     {"bottles": 2, "glass": None}],
)  # fmt: skip
def test_what_fits_is_taken(data: dict[str, Any]) -> None:
    assert refusal(DECLARED, "x.bottle_back", data) is None


@pytest.mark.parametrize(
    ("data", "path", "said"),
    [
        ({}, "data.bottles", "“bottles” is missing; it needs a whole number at “data.bottles”."),
        ({"bottles": None}, "data.bottles", "“bottles” is missing; it needs a whole number at “data.bottles”."),
        ({"bottles": 0}, "data.bottles", "“bottles” must be 1 or more at “data.bottles”."),
        ({"bottles": 51}, "data.bottles", "“bottles” must be 50 or less at “data.bottles”."),
        ({"bottles": "6"}, "data.bottles", "“bottles” needs a whole number at “data.bottles”."),
        ({"bottles": True}, "data.bottles", "“bottles” needs a whole number at “data.bottles”."),
        ({"bottles": 6, "clean": 1}, "data.clean", "“clean” needs true or false at “data.clean”."),
        ({"bottles": 6, "glass": "blue"}, "data.glass", "“glass” must be one of green, brown at “data.glass”."),
        ({"bottles": 6, "glass": 7}, "data.glass", "“glass” needs a text at “data.glass”."),
        ({"bottles": 6, "shop": "x" * 201}, "data.shop", "“shop” has 201 characters; 200 are the most at “data.shop”."),
        ({"botles": 6, "bottles": 6}, "data.botles",
         "“botles” is not declared; did you mean “bottles”? at “data.botles”."),
        ({"colour": "red", "bottles": 6}, "data.colour",
         "“colour” is not declared; known are bottles, glass, shop, clean at “data.colour”."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_path_and_the_remedy(
    data: dict[str, Any], path: str, said: str
) -> None:
    found = refusal(DECLARED, "x.bottle_back", data)
    assert found is not None
    assert (found.code, found.path, found.sentence()) == ("event_malformed", path, said)


def test_a_fact_without_fields_has_none() -> None:
    assert refusal(DECLARED, "x.nothing", {}) is None
    found = refusal(DECLARED, "x.nothing", {"a": 1})
    assert found is not None
    assert found.sentence() == "“a” is not declared; there are no fields at “data.a”."


def test_nothing_is_asked_where_nothing_is_declared_or_the_fact_is_no_own_one() -> None:
    assert refusal({}, "x.anything", {"a": 1}) is None
    assert refusal(DECLARED, "visit", {"a": 1}) is None
    found = refusal(DECLARED, "x.other", {})
    assert found is not None
    assert (found.code, found.path) == ("type_undeclared", "type")
    assert (
        found.sentence()
        == "The programme declares no fact “x.other”. Declared are: x.bottle_back, x.nothing."
    )
