"""A badge that is kept, and is a prize of another, stays no more than that other because of a burst."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlmodel import Session

from members.prove import prove
from tests.builders import a_refund, an_order, in_force, standing_of
from tests.members.test_guarding import GUARDED, START, at_hours, stands
from tests.members.test_law import in_batches

GIVEN = """
  - {slug: three, name: Three, criterion: {kind: count, at_least: 3, where: {type: x.bottle}}, prizes: [{badge: medal}]}
  - {slug: medal, name: Medal, on_refund: keep, criterion: {kind: manual}, prizes: [{points: 5, badge: crown}]}
  - {slug: crown, name: Crown, on_refund: keep, criterion: {kind: manual}, prizes: [{points: 3}]}
  - {slug: shopper, name: Shopper, criterion: {kind: count, at_least: 2, where: {amount_min: "90"}},
     prizes: [{badge: cup}]}
  - {slug: cup, name: Cup, on_refund: keep, criterion: {kind: manual}}
"""


@pytest.mark.parametrize("at_once", [True, False])
def test_a_prize_that_a_burst_helped_to_win_is_not_kept(session: Session, at_once: bool) -> None:
    """The third bottle stands by itself; the first two are a burst as soon as another comes between them."""
    in_force(session, GUARDED + GIVEN)
    source = f"won{at_once}"
    three, burst = [at_hours("bottle", one, source) for one in (10, 100, 190)], at_hours("bottle", 60, source)
    for batch in ([*three, burst],) if at_once else (three, [burst]):
        in_batches(session, batch, random.Random(1))
    told = stands(session, source)
    assert {slug for _, slug, *_ in told["awards"]} == set()
    assert standing_of(session, source=source).balance == told["balance"]
    assert prove(session).flaws == []


def test_a_prize_stays_when_its_order_goes_back_and_others_are_held(session: Session) -> None:
    in_force(session, GUARDED + GIVEN)
    big = [an_order(f"b{day}", "95.00", at=START + timedelta(days=day), source="cup") for day in (3, 6)]
    in_batches(session, big, random.Random(1))
    back = a_refund("b3", ("1", "95.00"), at=START + timedelta(days=7), source="cup")
    in_batches(session, [back], random.Random(1))
    in_batches(session, [at_hours("order", 200 + one, "cup") for one in range(5)], random.Random(1))
    told = stands(session, "cup")
    assert (len(told["held"]), {slug for _, slug, *_ in told["awards"]}) == (5, {"big", "cup"})
