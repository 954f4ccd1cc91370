"""What is left of an edition or a budget: how far it goes for somebody who has come so far."""

from __future__ import annotations

from typing import Any

import pytest

from badges.remaining import reach
from tests.badges.test_ways import a_badge, a_challenge

STEPS: list[dict[str, Any]] = [
    {"at": 1, "prize": {"points": 20}},
    {"at": 2},
    {"at": 3, "prize": {"points": 100}},
    {"at": 4},
]


@pytest.mark.parametrize(
    ("budget", "reached", "taken", "last"),
    [
        (None, 0, 10**9, 4),
        (120, 0, 0, 4),
        (119, 0, 0, 2),
        (500, 0, 380, 4),
        (500, 0, 381, 2),
        (500, 1, 401, 2),
        (500, 1, 400, 4),
        (500, 2, 401, 2),
        (500, 3, 500, 4),
        (500, 0, 481, 0),
        (500, 0, 600, 0),
    ],
)
def test_a_budget_pays_step_by_step(budget: int | None, reached: int, taken: int, last: int) -> None:
    """Each step takes its points in its order; one without points fits as long as it can be come to."""
    assert reach(a_challenge(milestones=STEPS, budget=budget), reached, taken) == last


def test_what_somebody_had_takes_nothing_anew() -> None:
    """A step that went back with an order was paid for once: whoever reaches it again gets it again."""
    track = a_challenge(milestones=STEPS, budget=120)
    assert [reach(track, 0, 120, had) for had in ((), (1,), (1, 2, 3))] == [0, 2, 4]


@pytest.mark.parametrize(
    ("edition", "reached", "taken", "last"), [(None, 0, 9, 2), (3, 0, 2, 2), (3, 0, 3, 0), (3, 1, 3, 2)]
)
def test_an_edition_is_taken_with_the_first_level(
    edition: int | None, reached: int, taken: int, last: int
) -> None:
    """Who has one climbs its levels, however many are left."""
    assert reach(a_badge(edition=edition), reached, taken) == last
