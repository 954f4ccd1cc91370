"""The shop of the tests with a game: badges and challenges that count from the beginning, and Mira who has shopped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app import database, door
from badges.tables import BadgeHolders
from facts.events import Fact
from members.actions.backfill import backfill
from members.actions.record import record
from members.programme import apply
from tests.builders import a_fact, an_order, loaded
from tests.pages.conftest import SHOP, House

GAME = """
badges:
  - {slug: first, name: {en: First basket, ru: Первая корзина, ar: السلة الأولى}, criterion: {kind: count, at_least: 1},
     counts: from_beginning, prizes: [{points: 5}]}
  - {slug: baker, name: Baker, criterion: {kind: count, at_least: 1, where: {categories: [BREAD]}},
     levels: ["1", "3", "5"], counts: from_beginning, prizes: [{points: 1}, {points: 7}]}
  - {slug: spender, name: Spender, criterion: {kind: sum, at_least: "1000"}, counts: from_beginning}
  - {slug: critic, name: Critic, criterion: {kind: count, at_least: 2, where: {type: review.posted}}}
  - {slug: few, name: Few, criterion: {kind: count, at_least: 2}, edition: 200, counts: from_beginning}
  - {slug: fresh, name: Fresh, criterion: {kind: sum, at_least: "300"}, expires_days: 20, counts: from_beginning}
  - {slug: hidden-gem, name: Gem of night, secret: true,
     criterion: {kind: count, at_least: 1, where: {type: survey.answered}}}
  - {slug: steady, name: Steady, criterion: {kind: streak, every: week, at_least: 4, freezes: 1},
     counts: from_beginning}
  - {slug: silvery, name: Silvery, criterion: {kind: count, at_least: 9}, tiers: [silver]}
  - {slug: medal, name: Medal, criterion: {kind: manual}}
challenges:
  - {slug: monthly, name: Monthly, repeats: month, criterion: {kind: count, at_least: 1},
     milestones: [{at: 2, prize: {points: 3}}, {at: 4, prize: {points: 4, badge: hidden-gem}}]}
  - {slug: reviews, name: {en: Two reviews, ru: Два отзыва}, join: opt_in, days: 30, repeats: on_joining,
     criterion: {kind: count, at_least: 1, where: {type: review.posted}},
     milestones: [{at: 1, prize: {points: 2}}, {at: 2, prize: {points: 20, boost: {factor: 2, days: 7}}}]}
  - {slug: once, name: Once, join: opt_in, criterion: {kind: count, at_least: 1}, milestones: [{at: 1}]}
  - {slug: noble, name: Noble, join: opt_in, tiers: [silver], criterion: {kind: count, at_least: 1},
     milestones: [{at: 1}]}
  - {slug: resting, name: Resting, join: opt_in, paused: true, criterion: {kind: count, at_least: 1},
     milestones: [{at: 1}]}
  - {slug: gone, name: Gone, join: opt_in, closes: 2020-01-01T00:00:00Z, criterion: {kind: count, at_least: 1},
     milestones: [{at: 1}]}
  - {slug: later, name: Later, join: opt_in, opens: 2100-01-01T00:00:00Z, criterion: {kind: count, at_least: 1},
     milestones: [{at: 1}]}
"""


def begin(house: House, game: str = GAME) -> None:
    """The game is published, and what happened before counts."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        apply(session, loaded(SHOP + game), base=1, actor="test", now=now)
        backfill(session, [house.mira], now)
        session.add(BadgeHolders(slug="first", holders=32, members=1000, counted_at=now))


def a_survey() -> Fact:
    """What earns the secret badge."""
    return a_fact("survey.answered", {"survey_id": "s1"}, at=datetime.now(UTC), id="survey-1")


def a_review(number: int) -> Fact:
    """One of several reviews."""
    return a_fact("review.posted", {"review_id": f"r{number}"}, at=datetime.now(UTC), id=f"review-{number}")


def bread(number: int) -> Fact:
    """An order with bread in it."""
    line = {
        "line_id": "1",
        "sku": "b",
        "name": "Rye",
        "category": ["BREAD"],
        "quantity": "1",
        "amount": "2.00",
    }
    return an_order(f"bread-{number}", line, at=datetime.now(UTC))


def by_staff(kind: str, data: dict[str, Any], member_id: UUID, at: datetime | None = None) -> None:
    """A fact that staff made."""
    now = datetime.now(UTC)
    fact = Fact("regulars", f"{kind}-{now.isoformat()}", kind, at or now, f"member:{member_id}", data)
    with database.transaction(door.engine()) as session:
        assert record(session, [fact], now)[0].status == "recorded"


def another(session: Session) -> UUID:
    """Somebody else who shops here."""
    now = datetime.now(UTC)
    order = an_order("theirs", "12.00", at=now - timedelta(days=1), subject="customer:2")
    return record(session, [order], now)[0].member_id  # type: ignore[return-value]
