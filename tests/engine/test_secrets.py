"""Secret badges: no answer of the API names one to a shop before the member has earned it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.engine.test_criterion_kinds import held
from tests.engine.till import Till
from tests.engine.wording import a_programme

WORDS = ("night", "owl", "howl")
BADGES = """
badges:
  - slug: night-owl
    name: Night owl
    description: It will howl.
    secret: true
    criterion: {kind: count, at_least: 2}
    levels: ["2", "4"]
    prizes: [{points: 70}, {points: 80}]
challenges:
  - {slug: twice, name: Twice, criterion: {kind: count, at_least: 2}, milestones: [{at: 2, prize: {badge: night-owl}}]}
boards:
  - {slug: month, name: Month, period: month, criterion: {kind: count, at_least: 1},
     prizes: [{places: "1", prize: {badge: night-owl}}]}
"""
PLACES = ("openapi.json", "programme", "catalogue", "members/customer:1")


@pytest.fixture
def shop(till: Till) -> Till:
    """One order, of the two that the badge asks for."""
    till.at("2026-03-02 10:00").open(a_programme() + BADGES)
    till.post(till.order("a", "1.00"))
    return till


def answered(till: Till, *events: dict[str, Any]) -> dict[str, str]:
    """What HTTP answers at each place that can be asked, and of what events would do; each answers well."""
    found = {place: till.client.get(f"/api/v1/{place}", headers=till.head) for place in PLACES}
    found["simulate"] = till.would(*events)
    assert {place: answer.status_code for place, answer in found.items()} == dict.fromkeys(found, 200)
    return {place: answer.text for place, answer in found.items()}


def naming(answers: dict[str, str]) -> list[str]:
    """Where the badge is named."""
    return [place for place, text in answers.items() if any(word in text.lower() for word in WORDS)]


def prizes(text: str) -> list[tuple[str, str, int]]:
    """The prizes among the effects that are said: rule, slug, points."""
    found = [
        (one["rule"], one["why"].get("of", one["why"]), one["amount"]) for one in json.loads(text)["effects"]
    ]
    return [(rule, why["slug"], amount) for rule, why, amount in found if why["k"] == "prize"]


@pytest.mark.feature(61)
def test_no_answer_names_a_secret_badge_before_it_is_earned(shop: Till) -> None:
    second = shop.later(hours=1).order("b", "1.00")
    answers = answered(shop, second)
    assert naming(answers) == []
    assert prizes(answers["simulate"]) == [("secret", "secret", 70)], "what it would bring is told"
    assert "Twice" in answers["programme"]
    assert held(shop, "1") == []
    (said,) = shop.send(second)
    assert said["status"] == "recorded"
    assert naming({"events": str(said)}) == []
    assert held(shop, "1") == ["night-owl", "twice"]


@pytest.mark.feature(61)
def test_who_has_earned_it_reads_its_name_and_everybody_else_does_not(shop: Till) -> None:
    shop.post(shop.order("b", "1.00"), shop.order("c", "1.00"), shop.order("x", "1.00", customer="2"))
    fourth, theirs = shop.later(hours=1).order("d", "1.00"), shop.order("y", "1.00", customer="2")
    assert prizes(shop.would(fourth).text) == [("night-owl", "night-owl", 80)]
    assert sorted(prizes(shop.would(fourth, theirs).text)) == [
        ("night-owl", "night-owl", 80),
        ("secret", "secret", 70),
    ]


@pytest.mark.feature(61)
def test_what_went_back_is_a_secret_again(shop: Till) -> None:
    shop.post(shop.order("b", "1.00"))
    back = shop.later(hours=1).refund("b", ("1", "1.00"))
    assert prizes(shop.would(back).text) == [("night-owl", "night-owl", -70)]
    shop.post(back)
    assert held(shop, "1") == []
    again = shop.later(hours=1).order("e", "1.00")
    assert naming(answered(shop, again)) == []
