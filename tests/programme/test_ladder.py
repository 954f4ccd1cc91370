"""What is wrong with a ladder, where, and what would be right."""

from __future__ import annotations

import pytest

from members.programme import validate
from tests.engine.wording import a_programme

FIRST = "    - {slug: member, name: Member}\n"


@pytest.mark.parametrize(
    ("tiers", "levels", "path", "said"),
    [
        ("basis: spend", "{slug: a, name: A, needs: {all: {reviews: 3}}}", "tiers.levels[1].needs.all.reviews",
         "there is no measure “reviews”"),
        ("basis: spend", "{slug: a, name: A, needs: {all: {orders: 1}, any: {orders: 1}}}", "tiers.levels[1].needs",
         "say either all: … or any: …"),
        ("basis: spend", "{slug: a, name: A, threshold: 5, invite_only: true}", "tiers.levels[1]",
         "say one of threshold, needs and invite_only"),
        ("basis: spend", "{slug: a, name: A}", "tiers", "threshold must be higher than the one before it"),
        ("basis: spend", "{slug: a, name: A, threshold: 5}\n    - {slug: b, name: B, needs: {all: {orders: 9}}}",
         "tiers", "whoever reaches a level must have reached the one before it"),
        ("basis: spend",
         "{slug: a, name: A, threshold: 5}\n    - {slug: b, name: B, needs: {any: {spend: 6, orders: 1}}}",
         "tiers", "whoever reaches a level must have reached the one before it"),
        ("basis: facts", "{slug: a, name: A, threshold: 5}", "tiers.facts", "say which facts count"),
        ("facts: [order.paid]", "{slug: a, name: A, threshold: 5}", "tiers.facts", "no tier is climbed with that"),
        ("order_min: \"1.234\"", "{slug: a, name: A, threshold: 5}", "tiers.order_min", "USD has 2 decimals"),
        ("basis: spend", "{slug: a, name: A, threshold: 5, entry: {}}", "tiers.levels[1].entry", "it gives nothing"),
        ("basis: spend", "{slug: a, name: A, threshold: 5, entry: {reward: totte}}", "tiers.levels[1].entry.reward",
         "did you mean “tote”?"),
        ("basis: spend", "{slug: a, name: A, threshold: 5, entry: {reward: few}}", "tiers.levels[1].entry.reward",
         "name a reward without stock"),
        ("basis: spend", "{slug: a, name: A, threshold: 5, entry: {reward: cake}}", "tiers.levels[1].entry.reward",
         "name a reward with a price"),
        ("window: {kind: aniversary}", "{slug: a, name: A, threshold: 5}", "tiers.window.kind",
         "did you mean “anniversary”?"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_ladder_is_said_with_what_would_be_right(
    tiers: str, levels: str, path: str, said: str
) -> None:
    rewards = """  - {slug: tote, kind: product, name: Tote, price: 50, sku: TOTE}
  - {slug: few, kind: product, name: Few, price: 50, sku: FEW, stock: 3}
  - {slug: cake, kind: gift, name: Cake, price: 0, occasion: {on: member.birthday}}
"""
    text = a_programme(tiers=f"  {tiers}", levels=f"  levels:\n{FIRST}    - {levels}\n", rewards=rewards)
    (problem,) = validate(text)
    assert problem.path == path
    assert said in str(problem)
