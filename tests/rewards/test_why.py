"""Every why recomputes to its amount, and one that makes no sense says so."""

from __future__ import annotations

from typing import Any

import pytest

from rewards.earning import BY_KIND, KINDS
from rewards.why import OTHERS, amount_of, told

ONE = 1_000_000
FIXED = {"k": "fixed_points", "points": 40}


@pytest.mark.parametrize(
    ("why", "amount"),
    [
        ({"k": "spent", "points": 7, "order": "A"}, -7),
        ({"k": "expired", "points": 8}, -8),
        ({"k": "held", "points": 9, "reward": "mug"}, 0),
        ({"k": "released", "points": 9}, 0),
        ({"k": "adjusted", "points": -5, "reason": "r"}, -5),
        ({"k": "forgiven", "points": 6}, 6),
        (FIXED, 40),
        (FIXED | {"caps": [["rule_day", 15], ["member_day", 30]]}, 15),
        (FIXED | {"caps": [["rule_day", 99]]}, 40),
        (FIXED | {"caps": []}, 40),
        ({"k": "extra_points", "count": 3, "points": 7}, 21),
        ({"k": "points_per_money", "groups": [[1099, ONE], [500, 2 * ONE]], "points": 1, "per": 100,
          "round": "down"}, 20),
        ({"k": "reversal", "of": FIXED | {"caps": [["rule_day", 15]]}}, -15),
        ({"k": "reversal", "of": {"k": "spent", "points": 7}}, 7),
    ],
)  # fmt: skip
def test_the_amount_follows_from_the_figures(why: dict[str, Any], amount: int) -> None:
    assert amount_of(why) == amount


@pytest.mark.parametrize(
    "why", [{"k": "reversal", "of": {"points": 3}}, {"points": 3}, {"k": "spent"}, {"k": "fixed_points"}]
)
def test_what_says_too_little_has_no_amount(why: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        amount_of(why)


@pytest.mark.parametrize("kind", ["multiply_all", "SPENT", "", "exclude_"])
def test_an_unknown_kind_has_no_amount(kind: str) -> None:
    with pytest.raises(ValueError, match=f"^no entry has the why '{kind}'$"):
        amount_of({"k": kind, "points": 1})


def test_every_kind_that_is_no_rule_is_known_here() -> None:
    for kind in OTHERS:
        amount_of({"k": kind, "points": 1})
    assert not set(OTHERS) & set(BY_KIND)
    assert len(BY_KIND) == len(KINDS)


def test_the_text_is_short_the_same_for_the_same_figures_and_in_letters_of_any_script() -> None:
    assert (
        told({"k": "adjusted", "points": 5, "reason": "Яйца"})
        == '{"k":"adjusted","points":5,"reason":"Яйца"}'
    )
