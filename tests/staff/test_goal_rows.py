"""Goals in the list of staff: how far all are and when it ends; paused, nothing is added up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app import database, door
from app.frame.routes import address
from app.jobs.goals import follow_goals
from facts.language import codes
from members.actions.record import record
from members.programme import versions
from pages.staff.games import GamesState
from tests.builders import PROGRAMME, an_order, in_force
from tests.staff.conftest import call, visit
from tests.staff.shop import actions

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house"), pytest.mark.feature(78)]

GOALS = """
goals:
  - {slug: gone, name: Gone, criterion: {kind: count, at_least: 1}, target: "5", retired: true}
  - {slug: baskets, name: Baskets, criterion: {kind: count, at_least: 2}, target: "10",
     closes: "2999-06-01T00:00:00Z"}
  - {slug: money, name: Money, criterion: {kind: sum, at_least: "1"}, target: "20"}
"""


def a_shop() -> None:
    """Three goals, and nobody who brought anything."""
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME + GOALS)


def shops(number: int) -> None:
    """A customer spends $10 now; it is gathered."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        record(session, [an_order(f"o{number}", "10.00", at=now, subject=f"customer:{number % 2}")], now)
    follow_goals(door.engine(), now)


async def opened(role: str, path: str = "/staff/badges") -> Any:
    page = visit(GamesState, role, path)
    await call(page, "load")
    return page


def row(page: Any, slug: str) -> Any:
    return next(card for card in page.card.goals if card.key == f"goal:{slug}")


def so_far(page: Any, slug: str) -> list[tuple[str, str, str]]:
    return [(one.label, one.value, one.words) for one in row(page, slug).figures]


async def test_each_is_told_in_words_with_how_far_all_are() -> None:
    a_shop()
    for number in range(3):
        shops(number)
    page = await opened("analyst")
    assert [card.name for card in page.card.goals] == ["Baskets", "Money", "Gone"]
    card = row(page, "baskets")
    assert (card.state, card.asks) == ("Running", "All together: at least 10 orders")
    assert card.words == "To take part: at least 2 orders · Closes on 31 May 2999"
    assert so_far(page, "baskets") == [
        ("So far", "3 of 10 orders", "30%"), ("Members", "2", "brought something"),
    ]  # fmt: skip
    assert (card.may_pause, card.may_retire, card.edit) == (False, False, "")
    reached = row(page, "money")
    assert (reached.state, reached.tone, reached.may_pause) == ("Reached", "good", False)
    assert so_far(page, "money")[0][2].startswith("Reached on ")
    assert row(page, "gone").state == "Retired"


async def test_paused_nothing_is_added_up_and_it_goes_on_from_there() -> None:
    a_shop()
    shops(0)
    page = await opened("marketer")
    await call(page, "pause", "goal:baskets")
    assert (page.said, row(page, "baskets").state) == (
        "Paused. What members have of it stays theirs.",
        "Paused",
    )
    shops(2)
    await call(page, "load")
    assert so_far(page, "baskets")[0][1] == "1 of 10 orders"
    await call(page, "go_on", "goal:baskets")
    assert row(page, "baskets").may_pause
    shops(4)
    await call(page, "load")
    assert so_far(page, "baskets")[0][1] == "2 of 10 orders", "what came in the pause never counts"
    told = [action for _, action in actions()]
    assert [one for one in told if one in ("goal.paused", "goal.resumed")] == ["goal.paused", "goal.resumed"]


async def test_retired_with_a_question_before_it() -> None:
    a_shop()
    page = await opened("owner")
    await call(page, "ask_retire", "goal:money")
    assert (page.retiring, page.retiring_name) == ("goal:money", "Money")
    await call(page, "retire")
    assert row(page, "money").state == "Retired"
    with database.reading(door.engine()) as session:
        assert [goal.slug for goal in versions(session).latest.programme.goals if goal.retired] == [
            "gone",
            "money",
        ]


@pytest.mark.parametrize("key", ["goal:", "goal:no-such", "goals:money", "reward:money", "goal:money:more"])
async def test_what_is_no_goal_is_kindly_declined(key: str) -> None:
    a_shop()
    page = await opened("owner")
    await call(page, "pause", key)
    assert page.said == "There is no such badge, challenge or goal."


@pytest.mark.parametrize("code", codes())
async def test_it_speaks_every_language(code: str) -> None:
    a_shop()
    page = await opened("owner", address("/staff/badges", code))
    assert (row(page, "baskets").asks.startswith("All together")) == (code == "en")
    assert (row(page, "baskets").figures[1].words == "brought something") == (code == "en")
