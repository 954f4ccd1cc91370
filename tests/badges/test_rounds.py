"""A badge that was lost by its date can come again, whoever gives it: another badge, staff, or its own facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter

from badges.awards import Awarded
from badges.document import Badge
from badges.game import Game
from badges.tracks import Rules, RulesLine, track_of
from facts.history import Event

START = datetime(2026, 3, 1, 22, tzinfo=UTC)
REVIEWS = {"kind": "count", "at_least": 1, "where": {"type": "review.posted"}}
STAR = {"slug": "star", "name": "Star", "expires_days": 10, "criterion": {"kind": "manual"}}
GIVER = {"slug": "giver", "name": "Giver", "criterion": REVIEWS, "levels": ["1", "2", "3", "4"],
         "prizes": [{"badge": "star"}] * 4}  # fmt: skip


def rules(*badges: dict[str, Any]) -> RulesLine:
    """These badges, for ever, in UTC."""
    tracks = [track_of(TypeAdapter(Badge).validate_python(one), 2, 1) for one in badges]
    return RulesLine([Rules.of(1, START - timedelta(days=900), ZoneInfo("UTC"), 2, tracks)])


def an_event(kind: str, days: int, **data: Any) -> Event:
    """Something that happened so many days after the start."""
    return Event((START + timedelta(days=days), "shop", f"e{days}"), kind, data)


def stars(game: Game) -> list[tuple[int, int]]:
    """The rounds in which the star was given, and the days."""
    return [(one.instance, (one.at - START).days) for one in game.awards if one.track.slug == "star"]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("review.posted", {}),
        ("badge.granted", {"badge": "star", "reason": "a test", "grant_id": "g", "actor": "test"}),
        ("board.placed", {"board": "b", "place": 1, "badge": "star"}),
        ("goal.reached", {"goal": "g", "badge": "star"}),
    ],
)
def test_an_expired_badge_is_given_again_and_one_that_stands_is_not(kind: str, data: dict[str, Any]) -> None:
    game = Game(rules(STAR, GIVER))
    for days in (0, 10, 11, 30):
        game.apply(an_event(kind, days, **data), "")
    assert stars(game) == [(0, 0), (1, 11), (2, 30)]


def test_the_day_is_the_members_own() -> None:
    """At 22:00 in UTC it is the next morning in Auckland: there the star is lost on that day already."""
    game = Game(rules(STAR, GIVER), zone="Pacific/Auckland")
    early = START - timedelta(hours=12)
    for at in (early, early + timedelta(days=10, hours=12)):
        game.apply(Event((at, "shop", at.isoformat()), "review.posted", {}), "")
    assert [one.instance for one in game.awards if one.track.slug == "star"] == [0, 1]


def test_what_staff_took_away_is_given_again_in_the_next_round() -> None:
    granted = {"badge": "star", "reason": "a test", "grant_id": "g", "actor": "test"}
    game = Game(rules(STAR))
    game.apply(an_event("badge.granted", 0, **granted), "")
    game.apply(an_event("badge.revoked", 5, badge="star", reason="a test", actor="test"), "")
    game.apply(an_event("badge.granted", 30, **granted), "")
    assert stars(game) == [(0, 0), (1, 30)]


def test_a_badge_that_stays_by_policy_is_lost_by_its_date_all_the_same() -> None:
    kept = GIVER | {"slug": "kept", "on_refund": "keep", "expires_days": 10, "levels": ["1"], "prizes": []}
    line = rules(kept)
    stays = Awarded(line.versions[0].tracks["badge:kept"], 0, 1, an_event("", 0).key, 1)
    game = Game(line, keeps=[stays])
    for days in (5, 20):
        game.apply(an_event("review.posted", days), "")
    assert [(one.instance, (one.at - START).days) for one in game.awards] == [(0, 0), (1, 20)]


def test_what_was_not_given_is_not_lost_by_a_date() -> None:
    """None was left: what was counted stays, and when there are more it is given at once."""
    scarce = GIVER | {"slug": "scarce", "expires_days": 10, "edition": 1, "levels": ["2"], "prizes": []}
    game = Game(rules(scarce), ask=lambda award: False)
    for days in (0, 1):
        game.apply(an_event("review.posted", days), "")
    game.ask = lambda award: True
    game.apply(an_event("review.posted", 30), "")
    assert [(one.instance, one.value, (one.at - START).days) for one in game.awards] == [(0, 3, 30)]
