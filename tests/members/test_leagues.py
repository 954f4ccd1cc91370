"""Leagues: circles of twenty, who climbs and who goes down, judged once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from badges.board_tables import BoardCircle, LeagueSeat
from badges.tables import Player
from members.actions import record
from members.actions.board_lists import refresh
from members.actions.boards import enter, leave
from tests.builders import PROGRAMME, an_order, days, in_force, standing_of

LEAGUE = """
boards:
  - {slug: week, name: Week, period: week, criterion: {kind: count, at_least: 1},
     leagues: {divisions: [Seedling, Sprout, Oak]}}
"""
MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)


def circles(session: Session) -> dict[tuple[int, int], list[str]]:
    """Who sits in each circle of the newest week, by division and number."""
    query = select(BoardCircle).execution_options(populate_existing=True)
    rows = list(session.exec(query))
    newest = max(row.period for row in rows)
    return {
        (row.division, row.number): [alias for _, alias, _ in json.loads(row.people)]
        for row in rows
        if row.period == newest
    }


def a_week(session: Session, orders: dict[int, int], monday: datetime) -> None:
    """Customers with so many orders in a week."""
    facts = [an_order(f"{monday:%j}-{one}-{i}", "10.00", at=monday + timedelta(hours=i), subject=f"customer:{one}")
             for one, many in orders.items() for i in range(many)]  # fmt: skip
    record(session, facts, monday + days(3))
    for one in orders:
        member = standing_of(session, str(one)).member_id
        if not (player := session.get(Player, member)) or not player.alias:
            enter(session, member, f"Player {one}", monday + days(3))
    while refresh(session, monday + days(3)):
        pass


def test_circles_have_twenty_and_the_best_five_climb(session: Session) -> None:
    in_force(session, PROGRAMME + LEAGUE)
    a_week(session, {one: one for one in range(1, 25)}, MONDAY)
    first = circles(session)
    assert sorted(len(people) for people in first.values()) == [4, 20]
    assert {division for division, _ in first} == {0}
    climbed = {
        alias for people in first.values() for alias in (people[:5] if len(people) == 20 else people[:1])
    }
    a_week(session, dict.fromkeys(range(1, 25), 1), MONDAY + days(7))
    assert {
        alias for (division, _), people in circles(session).items() if division == 1 for alias in people
    } == climbed
    assert len(climbed) == 6


def test_the_last_five_go_down_and_who_does_not_play_drops_out(session: Session) -> None:
    in_force(session, PROGRAMME + LEAGUE)
    everybody = dict.fromkeys(range(1, 21), 1)
    a_week(session, everybody, MONDAY)  # a tie: all share the first place, and all climb
    a_week(session, {one: one for one in range(1, 21)}, MONDAY + days(7))
    assert set(circles(session)) == {(1, 1)}
    a_week(session, {one: 1 for one in range(1, 21) if one != 10}, MONDAY + days(14))
    found = {division: set(people) for (division, _), people in circles(session).items()}
    assert found[0] == {f"Player {one}" for one in range(1, 6)}
    assert found[2] == {f"Player {one}" for one in range(16, 21)}
    assert found[1] == {f"Player {one}" for one in range(6, 16) if one != 10}
    leave(session, standing_of(session, "6").member_id, MONDAY + days(17))
    assert "Player 6" not in circles(session)[1, 1]


def test_a_circle_is_judged_once(session: Session) -> None:
    """Whoever goes on first has the circle judged; what comes late changes nobody's division."""
    in_force(session, PROGRAMME + LEAGUE)
    a_week(session, {1: 3, 2: 2, 3: 1}, MONDAY)
    a_week(session, {3: 1}, MONDAY + days(7))
    late = [an_order(f"late-{i}", "5.00", at=MONDAY + days(1), subject="customer:2") for i in range(5)]
    record(session, late, MONDAY + days(7))
    refresh(session, MONDAY + days(7))
    a_week(session, {1: 1, 2: 1}, MONDAY + days(7))
    assert circles(session)[1, 1] == ["Player 1"]
    assert set(circles(session)[0, 1]) == {"Player 2", "Player 3"}


def seat_of(session: Session, customer: int) -> tuple[int, int, int]:
    """Period, division and circle in which somebody was seated last."""
    key = (standing_of(session, str(customer)).member_id, "week")
    found = session.get_one(LeagueSeat, key, populate_existing=True)
    return (found.period, found.division, found.circle)


def test_a_late_first_score_of_an_old_week_takes_nobodys_seat(session: Session) -> None:
    """Who sits in this week's circle keeps that seat, and what it leads to, when an order of a week before comes in."""
    in_force(session, PROGRAMME + LEAGUE)
    a_week(session, {1: 2, 2: 1}, MONDAY)
    a_week(session, {1: 2, 2: 1, 3: 3}, MONDAY + days(7))
    before = {one: seat_of(session, one) for one in (1, 3)}
    assert before[1][1:] == (1, 1), "the first of the week before has climbed"
    late = [an_order(f"late-{one}", "5.00", at=MONDAY - days(5), subject=f"customer:{one}") for one in (1, 3)]
    record(session, late, MONDAY + days(10))
    while refresh(session, MONDAY + days(10)):
        pass
    assert {one: seat_of(session, one) for one in (1, 3)} == before
    a_week(session, {1: 1, 3: 1}, MONDAY + days(14))
    found = {name: set(people) for name, people in circles(session).items()}
    assert found == {(1, 1): {"Player 1", "Player 3"}}, "one stayed, and one climbed from this week's circle"
