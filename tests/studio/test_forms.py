"""Badges and challenges as forms: those of the demo come back as they were; boxes come and go; wrong ones are named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from badges.document import Badge, Challenge
from members.programme import load
from members.programme.plan import plan
from members.programme.presets import preset
from members.studio.asked import Form, parts
from members.studio.game import artwork_of, blank, form_of, placed, read
from members.studio.steps import steps
from members.studio.verbs import (
    add_condition,
    add_item,
    add_part,
    add_step,
    anew,
    drop_condition,
    drop_item,
    drop_part,
    drop_step,
    names,
    put,
    tick_item,
)
from tests.builders import NOW, PROGRAMME
from tests.staff.shop import GAMES

DEMO = preset("grocery", NOW, played=True)
PROG = load(PROGRAMME + GAMES)
RICH = """
badges:
  - slug: rich
    name: Rich
    criterion: {kind: count, at_least: 1}
    levels: {formula: 10*level + 5, levels: 4}
    prizes: [{points: 5, promotional: false}, {points: 5, promotional: false}, {badge: other, expires_days: 9}]
    tiers: [gold]
    opens: "2027-01-01T00:00:00-05:00"
    closes: "2027-02-01T00:00:00-05:00"
    edition: 17
    secret: true
    paused: true
    on_refund: keep
  - {slug: other, name: Other, criterion: {kind: manual}, prizes: [{boost: {factor: "1.5", days: 7}}],
     artwork: {emblem: leaf}}
"""


def kind_of(game: Badge | Challenge) -> str:
    return "badge" if isinstance(game, Badge) else "challenge"


@pytest.mark.parametrize("programme", [DEMO, load(PROGRAMME + RICH)], ids=["demo", "rich"])
def test_every_badge_and_challenge_comes_back_from_its_form_as_it_was(programme: Any) -> None:
    for game in (*programme.badges, *programme.challenges):
        found = read(form_of(game, programme), kind_of(game), programme, artwork_of(game), game)
        assert (found.problems, found.game) == ({}, game)
        assert plan(programme, placed(programme, game)) == []


def named(form: Form, slug: str = "tea") -> Form:
    return {**form, "slug": slug, "name.en": "Tea"}


def made(form: Form, kind: str = "badge") -> Any:
    """What a form describes, which must be something."""
    found = read(form, kind, PROG, {})
    assert found.game, found.problems
    return found.game


@pytest.mark.parametrize("kind", ["badge", "challenge"])
def test_a_blank_form_needs_only_its_names(kind: str) -> None:
    assert set(read(blank(kind), kind, PROG, {}).problems) == {"slug", "name.en"}
    found = read(named(blank(kind)), kind, PROG, {})
    assert found.problems == {}
    assert found.game
    assert found.game.thresholds() == ["3"]
    assert set(blank(kind)) <= names(blank(kind), kind, PROG)


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("badge", {"slug": "Tea Time"}, "slug"),
    ("badge", {"description.en": "", "name.en": " "}, "name.en"),
    ("badge", {"edition": "0"}, "edition"),
    ("badge", {"order": "first"}, "order"),
    ("badge", {"counts": "sometimes"}, "counts"),
    ("badge", {"opens": "soon"}, "opens"),
    ("badge", {"opens": "2027-02-01T00:00", "closes": "2027-01-01T00:00"}, "closes"),
    ("badge", {"ladder": "rope"}, "ladder"),
    ("badge", {"ladder": "list"}, "step.0.at"),
    ("badge", {"ladder": "formula", "formula": "level", "levels": "3"}, "formula"),
    ("badge", {"ladder": "formula", "formula": "1**level", "levels": "3"}, "formula"),
    ("badge", {"ladder": "formula", "formula": "2*level", "levels": "99"}, "levels"),
    ("badge", {"step.0.points": "-1"}, "step.0.points"),
    ("badge", {"step.0.badge": "nobody"}, "step.0.badge"),
    ("badge", {"step.0.factor": "1.5"}, "step.0.boost_days"),
    ("badge", {"step.0.factor": "1.23456", "step.0.boost_days": "3"}, "step.0.factor"),
    ("badge", {"step.0.lasting": "gold"}, "step.0.lasting"),
    ("badge", {"part.0.kind": "manual", "ladder": "list", "step.0.at": "3"}, "step.0.at"),
    ("challenge", {"step.0.at": "2.5"}, "step.0.at"),
    ("challenge", {"days": "30"}, "join"),
    ("challenge", {"join": "opt_in", "days": "30", "repeats": "week"}, "days"),
    ("challenge", {"join": "opt_in", "days": "9999"}, "days"),
    ("challenge", {"budget": "1.5"}, "budget"),
]


@pytest.mark.parametrize(("kind", "change", "box"), WRONG)
def test_what_is_wrong_is_said_beside_its_box(kind: str, change: dict[str, str], box: str) -> None:
    found = read(named(blank(kind)) | change, kind, PROG, {})
    assert list(found.problems) == [box]
    assert found.game is None


def test_two_steps_must_rise_and_badges_do_not_give_each_other_in_a_circle() -> None:
    form = add_step(named(blank("badge")), "badge") | {"step.0.at": "3", "step.1.at": "3"}
    assert list(read(form, "badge", PROG, {}).problems) == ["step.1.at"]
    programme = load(PROGRAMME + RICH)
    form = form_of(programme.badges[1], programme) | {"step.0.badge": "rich"}
    assert list(read(form, "badge", programme, {}, programme.badges[1]).problems) == ["step.0.badge"]


def test_questions_come_and_go() -> None:
    form = put(add_part(add_part(named(blank("badge")))), "badge", PROG, "part.1.kind", "tier")
    form = put(form, "badge", PROG, "part.1.tier", "gold")
    form = put(form, "badge", PROG, "part.2.at_least", "9")
    game = made(form)
    assert (game.criterion.kind, [one.kind for one in game.criterion.of]) == (
        "all",
        ["count", "tier", "count"],
    )
    form = drop_part(form, "part.1")
    assert (parts(form), form["part.1.at_least"], "part.1.tier" in form) == (["part.0", "part.1"], "9", False)
    form = drop_part(form, "part.0")
    game = made(form)
    assert (game.criterion.kind, game.criterion.at_least) == ("count", 9)
    assert drop_part(form, "part.0") == form  # one is always left
    assert len(parts(_often(add_part, form))) == 20


def _often(verb: Callable[[Form], Form], form: Form) -> Form:
    for _ in range(60):
        form = verb(form)
    return form


def test_conditions_come_and_go() -> None:
    form = add_condition(named(blank("badge")), "part.0", "categories")
    assert list(read(form, "badge", PROG, {}).problems) == ["part.0.where.categories"]
    form = add_item(
        add_item(form, "part.0.where.categories", " GROCERY >  BAKERY "), "part.0.where.categories", "DELI"
    )
    form = add_condition(add_condition(form, "part.0", "hours"), "part.0", "weekdays")
    form = tick_item(
        tick_item(form, "part.0.where.weekdays", "sun", True), "part.0.where.weekdays", "sat", True
    )
    game = made(form)
    where = game.criterion.where
    assert (where.categories, where.hours, where.weekdays) == (
        (("GROCERY", "BAKERY"), ("DELI",)),
        (17, 20),
        ("sat", "sun"),
    )
    form = drop_item(form, "part.0.where.categories", "DELI")
    form = tick_item(form, "part.0.where.weekdays", "sun", False)
    form = drop_condition(form, "part.0.where.hours")
    game = made(form)
    where = game.criterion.where
    assert (where.categories, where.hours, where.weekdays) == ((("GROCERY", "BAKERY"),), None, ("sat",))


def test_conditions_on_fields_come_and_go() -> None:
    form = put(named(blank("badge")), "badge", PROG, "part.0.where.type", "review.posted")
    for i, (name, value) in enumerate((("rating", "4"), ("photos", "1"))):
        form = add_condition(form, "part.0", "fields")
        form = put(put(form, "badge", PROG, f"part.0.where.fields.{i}.name", name), "badge", PROG,
                   f"part.0.where.fields.{i}.value", value)  # fmt: skip
    form = drop_condition(form, "part.0.where.fields.0")
    game = made(form)
    assert [(one.name, one.at_least) for one in game.criterion.where.fields] == [("photos", 1)]


def test_another_kind_says_something_at_once() -> None:
    for kind in ("sum", "distinct", "largest", "streak", "manual", "event", "count"):
        form = put(named(blank("badge")), "badge", PROG, "part.0.kind", kind)
        assert read(form, "badge", PROG, {}).problems == {}, kind
    for kind in ("calendar", "rolling", "from_joining", "ever"):
        form = put(named(blank("badge")), "badge", PROG, "part.0.window.kind", kind)
        assert read(form, "badge", PROG, {}).problems == {}, kind


def test_steps_come_and_go() -> None:
    form = add_step(add_step(named(blank("challenge")), "challenge"), "challenge")
    form |= {"step.1.at": "5", "step.2.at": "9", "step.2.points": "50"}
    form = drop_step(form, "step.1")
    game = read(form, "challenge", PROG, {}).game
    assert isinstance(game, Challenge)
    assert [(one.at, one.prize.points) for one in game.milestones] == [("3", 0), ("9", 50)]
    assert steps(drop_step(drop_step(form, "step.1"), "step.0")) == ["step.0"]
    badge = add_step(named(blank("badge")), "badge")
    assert badge["ladder"] == "list"
    assert steps(put(badge, "badge", PROG, "ladder", "one")) == ["step.0"]


def test_what_is_deeper_than_the_form_is_kept_until_it_is_begun_anew() -> None:
    deep = """
badges:
  - slug: deep
    name: Deep
    criterion: {kind: all, of: [{kind: manual}, {kind: any, of: [{kind: manual}, {kind: tier, tier: gold}]}]}
"""
    programme = load(PROGRAMME + deep)
    badge = programme.badges[0]
    form = form_of(badge, programme) | {"name.en": "Deeper"}
    game = read(form, "badge", programme, artwork_of(badge), badge).game
    assert game
    assert (game.criterion, game.name) == (badge.criterion, {"en": "Deeper"})
    game = read(anew(form), "badge", programme, artwork_of(badge), badge).game
    assert game
    assert game.criterion.kind == "count"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "deep",
        "part.9.kind",
        "part.0.where.brands",
        "step.7.points",
        "step.0.rest",
        "name.xx",
        "paused",
        "artwork",
    ],
)
def test_nothing_is_typed_where_there_is_no_box(name: str) -> None:
    form = blank("badge")
    assert put(form, "badge", PROG, name, "[]") == form
    assert (
        add_item(form, name, "x") == drop_item(form, name, "x") == tick_item(form, name, "mon", True) == form
    )
    assert drop_condition(form, name) == add_condition(form, name, name) == form
    assert drop_part(form, name) == drop_step(form, name) == form


def test_what_would_change_is_told_in_words() -> None:
    badge = PROG.badges[1]
    form = form_of(badge, PROG) | {"part.0.at_least": "4", "step.0.points": "31"}
    found = read(form, "badge", PROG, artwork_of(badge), badge)
    assert found.game
    assert [change.sentence for change in plan(PROG, placed(PROG, found.game))] == [
        "Badge “Regular”: criterion from “at least 2 orders” to “at least 4 orders”",
        "Badge “Regular”: prizes from points 30, promotional yes, points 50, promotional yes "
        "to points 31, promotional yes, points 50, promotional yes",
    ]


def test_a_moment_that_no_calendar_holds_is_a_box_to_look_at_again() -> None:
    programme = load(PROGRAMME).model_copy(update={"timezone": "America/New_York"})
    for name, text, ok in (
        ("closes", "9999-12-31T23:59", False), ("closes", "9000-12-31T23:59", True),
        ("opens", "0001-01-01T00:00", False), ("opens", "2000-01-01T00:00", True),
    ):  # fmt: skip
        found = read(blank("badge") | {"slug": "tea", "name.en": "Tea", name: text}, "badge", programme, {})
        assert (list(found.problems), found.game is not None) == (([], True) if ok else ([name], False))
