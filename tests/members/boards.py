"""The shop of the tests with boards: what counts on them, and members who stand on them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, select

from badges.board_tables import BoardScore, BoardSeason
from facts.events import Fact
from members.actions import record
from members.actions.board_lists import refresh
from members.actions.boards import enter
from tests.builders import NOW, PROGRAMME, an_order, in_force, standing_of

BOARDS = """
badges:
  - {slug: winner, name: Winner, criterion: {kind: manual}}
boards:
  - {slug: orders, name: Orders, criterion: {kind: count, at_least: 1},
     prizes: [{places: "1", prize: {points: 50, badge: winner}}, {places: 2-3, prize: {points: 20}}]}
  - {slug: spent, name: Spent, period: week, criterion: {kind: sum, at_least: "20"}}
  - {slug: tasted, name: Tasted, period: ever, criterion: {kind: distinct, of: sku, at_least: 1}}
  - {slug: largest, name: Largest, period: season, opens: 2026-11-01T00:00:00Z, closes: 2026-11-21T00:00:00Z,
     criterion: {kind: largest, at_least: "1"}}
"""
MONTH = 2026 * 12 + 10


def shopping(customer: int, number: int, amount: str = "10.00", at: datetime = NOW) -> Fact:
    """One of several orders of a customer."""
    return an_order(f"{customer}-{number}", amount, at=at, subject=f"customer:{customer}")


def play(session: Session, orders: dict[int, int], boards: str = BOARDS) -> dict[int, UUID]:
    """Customers with so many orders each, all on the boards as `Player <customer>`."""
    in_force(session, PROGRAMME + boards)
    facts = [
        shopping(one, i, at=NOW - timedelta(hours=i)) for one, many in orders.items() for i in range(many)
    ]
    record(session, facts, NOW)
    members = {one: standing_of(session, str(one)).member_id for one in orders}
    for one, member_id in members.items():
        enter(session, member_id, f"Player {one}", NOW)
    refresh(session, NOW)
    return members


def season(session: Session, slug: str = "orders", period: int = MONTH) -> BoardSeason:
    """A season, read anew."""
    session.flush()
    return session.get_one(BoardSeason, (slug, period), populate_existing=True)


def listed(session: Session, slug: str = "orders", period: int = MONTH) -> list[tuple[str, int]]:
    """Alias and score, from the best down."""
    return [(leader[1], leader[2]) for leader in json.loads(season(session, slug, period).leaders)]


def scores(session: Session) -> dict[tuple[UUID, str, int], int]:
    """Every score that is not nothing."""
    query = select(BoardScore).execution_options(populate_existing=True)
    return {(row.member_id, row.board, row.period): row.score for row in session.exec(query) if row.score}
