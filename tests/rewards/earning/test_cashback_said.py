"""Cashback word for word: what comes back, on what, how it is rounded, and why an entry has its amount."""

from __future__ import annotations

from typing import Any

import pytest

from facts.language import language
from rewards.earning.cashback import Cashback
from rewards.earning.exclude import Exclude
from rewards.earning.multiply import Multiply
from rewards.wording import Purse, Wording

SAY = Wording(language("en"), "USD", purses={"cash": Purse("Cashback")}).of("cash")
ONE = 1_000_000
HERE = "It goes to “Cashback”."
NEAREST = "Rounded to the nearest, halves"


def cashback(**more: Any) -> Cashback:
    return Cashback.model_validate(
        {"kind": "cashback", "slug": "c", "percent": "2.5", "wallet": "cash"} | more
    )


def test_what_comes_back_and_on_what() -> None:
    assert cashback().sentence(SAY) == "2.5% back on what you spend."
    assert cashback(percent="0.125", where={"categories": ["TEA"]}).sentence(SAY) == "0.125% back on Tea."


@pytest.mark.parametrize(
    ("more", "limits"),
    [
        ({}, ["Counted in: tax.", "Left out: delivery, discounts, and what you pay with what you have earned.",
              "Your tier multiplies them.", "Rounded down.", HERE]),
        ({"tier_multiplier": False, "rounding": "up", "basis": {"tax": False, "shipping": True}},
         ["Counted in: delivery.", "Left out: tax, discounts, and what you pay with what you have earned.",
          "Rounded up.", HERE]),
        ({"rounding": "half_up", "tier_multiplier": False, "pending_days": 0,
          "basis": {"shipping": True, "before_discount": True, "points_paid": True}},
         ["Counted in: tax, delivery, discounts, and what you pay with what you have earned.", f"{NEAREST} up.", HERE,
          "They count at once."]),
    ],
)  # fmt: skip
def test_what_counts_and_how_it_is_rounded(more: dict[str, Any], limits: list[str]) -> None:
    assert cashback(**more).limits(SAY) == limits


def test_a_why_is_said_in_its_figures() -> None:
    why = {"groups": [[1000, ONE], [250, 1_500_000]], "percent": 2500, "round": "half_even"}
    assert Cashback.because(why, SAY) == f"2.5% of $10 + $2.50 × 1.5. {NEAREST} to even."
    assert Cashback.recompute(why) == 34, "2.5% of 13.75 dollars are 34.375 cents"


def test_where_shipping_counts_every_order_is_asked_about() -> None:
    of_tea = {"where": {"categories": ["TEA"]}}
    assert cashback(**of_tea, basis={"shipping": True}).facets() is None
    assert cashback(**of_tea).facets() == cashback(**of_tea).where.facets()
    assert cashback(**of_tea).facets()


def test_what_holds_for_all_wallets_is_not_said_of_points() -> None:
    tea: dict[str, Any] = {"where": {"categories": ["TEA"]}}
    twice = Multiply.model_validate({"kind": "multiply", "slug": "m", "factor": 2, "stack": "instead"} | tea)
    assert twice.sentence(SAY) == "You get 2 times as much on Tea."
    assert (
        twice.beside(SAY) == "Where a rule before it is for the same products, this one counts in its place."
    )
    more = Multiply.model_validate({"kind": "multiply", "slug": "m", "factor": 1.5})
    assert more.sentence(SAY) == "You get 1.5 times as much on everything."
    assert (
        Exclude.model_validate({"kind": "exclude", "slug": "e"} | tea).sentence(SAY)
        == "You get nothing for Tea."
    )
