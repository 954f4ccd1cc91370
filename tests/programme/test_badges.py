"""Badges and challenges in the document: what is wrong is said where it stands, with what would be right."""

from __future__ import annotations

import pytest

from members.programme import Programme, dump, load, plan, validate
from members.programme.known import fields_at, kinds_at
from tests.programme.test_document import SMALL

BADGES = """\
badges:
  - slug: first
    name: First
    criterion: {kind: count, at_least: 1}
  - slug: regular
    name: Regular
    criterion:
      kind: count
      at_least: 3
      where:
        type: order.paid
        categories: [[GROCERY, PASTRY], DELI > CHEESE]
        hours: [8, 12]
        weekdays: [sat]
        amount_min: "5.00"
      window: {kind: rolling, days: 30}
    levels: [3, 6, 12]
    prizes:
      - points: 20
      - {badge: first, boost: {factor: 2, days: 7}}
  - slug: allrounder
    name: Allrounder
    criterion:
      kind: n_of
      at_least: 2
      of:
        - kind: distinct
          of: category
          at_least: 2
          among: [A, B, C]
        - {kind: tier, tier: gold}
        - kind: all
          of:
            - {kind: streak, every: week, at_least: 4, freezes: 2}
            - {kind: date, on: [12-25]}
challenges:
  - slug: month
    name: Month
    criterion: {kind: sum, at_least: "50"}
    repeats: month
    milestones:
      - {at: 50, prize: {points: 5}}
      - {at: 100, prize: {points: 10}}
"""
WHOLE = SMALL + BADGES
CRITERION = "badges[1].criterion"
DEEP = "badges[2].criterion.of"

WRONG = [
    ("kind: count\n", "kind: cout\n", CRITERION, "did you mean “count”?"),
    ("      kind: count\n", "", CRITERION, "count, sum, distinct, largest, streak"),
    ("      at_least: 3\n", "", f"{CRITERION}.at_least", "add at_least"),
    ("at_least: 3\n", "at_least: three\n", f"{CRITERION}.at_least", "write a whole number"),
    ("      where:", "      were:", f"{CRITERION}.were", "did you mean “where”?"),
    ("        type:", "        tpe:", f"{CRITERION}.where.tpe", "did you mean “type”?"),
    ("type: order.paid", "type: ordr.paid", f"{CRITERION}.where.type", "did you mean “order.paid”?"),
    ("type: order.paid", "type: fish", f"{CRITERION}.where.type", "x.<your own>"),
    ("type: order.paid", "type: order.placed", f"{CRITERION}.where.type", "use order.paid"),
    ("type: order.paid", "type: visit", f"{CRITERION}.where.type", "belong to order.paid"),
    ("[[GROCERY, PASTRY], DELI > CHEESE]", "DELI", f"{CRITERION}.where.categories", "write a list"),
    ("[[GROCERY, PASTRY], DELI > CHEESE]", "[DELI >]", f"{CRITERION}.where.categories", "GROCERY > PASTRY"),
    ("hours: [8, 12]", "hours: [8]", f"{CRITERION}.where.hours[1]", "write both"),
    ("hours: [8, 12]", "hours: [12, 8]", f"{CRITERION}.where.hours", "from is before until"),
    ("weekdays: [sat]", "weekdays: [sun, satday]", f"{CRITERION}.where.weekdays[1]", "did you mean “sat”?"),
    ('amount_min: "5.00"', "amount_min: 5.5", f"{CRITERION}.where.amount_min", "in quotes"),
    ('amount_min: "5.00"', 'amount_min: "5.005"', f"{CRITERION}.where.amount_min", "EUR has 2 decimals"),
    ("kind: rolling", "kind: roling", f"{CRITERION}.window", "did you mean “rolling”?"),
    ("days: 30", "dayz: 30", f"{CRITERION}.window.dayz", "did you mean “days”?"),
    ("days: 30", "days: 3000", f"{CRITERION}.window.days", "1 to 400"),
    ("kind: rolling, days: 30", "kind: fixed, since: 2026-12-01, until: 2026-13-01", f"{CRITERION}.window.until",
     "2026-12-25"),
    ("kind: rolling, days: 30", "kind: fixed, since: 2026-12-01, until: 2026-11-01", f"{CRITERION}.window.until",
     "from 2026-12-01 on"),
    ("levels: [3, 6, 12]", "levels: [3, 12, 6]", "badges[1].levels[2]", "more than 12"),
    ("levels: [3, 6, 12]", "levels: [0, 6, 12]", "badges[1].levels[0]", "more than 0"),
    ("levels: [3, 6, 12]", "levels: ['1.5', 6, 12]", "badges[1].levels[0]", "whole number"),
    ("levels: [3, 6, 12]", "levels: 3", "badges[1].levels", "write a list"),
    ("levels: [3, 6, 12]", "levels: {formula: 3^level, levels: 4}", "badges[1].levels.formula", "5*level"),
    ("levels: [3, 6, 12]", "levels: {formla: 3*level, formula: 3*level, levels: 4}", "badges[1].levels.formla",
     "did you mean “formula”?"),
    ("points: 20", "pionts: 20", "badges[1].prizes[0].pionts", "did you mean “points”?"),
    ("badge: first", "badge: fist", "badges[1].prizes[1].badge", "did you mean “first”?"),
    ("badge: first", "badge: regular", "badges[1].prizes[1].badge", "earned otherwise"),
    ("factor: 2", "factor: 2.0001", "badges[1].prizes[1].boost.factor", "three decimals"),
    ("at_least: 2\n      of:", "at_least: 4\n      of:", "badges[2].criterion.at_least", "only 3 to fulfil"),
    ("among: [A, B, C]", "among: [A]", f"{DEEP}[0].at_least", "among names only 1"),
    ("tier: gold", "tier: gld", f"{DEEP}[1].tier", "did you mean “gold”?"),
    ("freezes: 2", "freezes: 3", f"{DEEP}[2].of[0].freezes", "write 2 or less"),
    ("every: week", "every: weak", f"{DEEP}[2].of[0].every", "did you mean “week”?"),
    ("[12-25]", "[12-25, 13-25]", f"{DEEP}[2].of[1].on[1]", "write 12-25 for every year"),
    ("kind: date, on: [12-25]", "kind: dat, on: [12-25]", f"{DEEP}[2].of[1]", "did you mean “date”?"),
    ('at_least: "50"', 'at_least: "50.001"', "challenges[0].criterion.at_least", "2 decimals"),
    ("at: 100", "at: 50", "challenges[0].milestones[1].at", "more than 50"),
    ("repeats: month", "repeats: monthly", "challenges[0].repeats", "did you mean “month”?"),
    ("repeats: month", "repeats: month\n    days: 3", "challenges[0].join", "use join: opt_in"),
    ("name: Month", "name: {ru: Месяц}", "challenges[0].name", "add en"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "path", "remedy"), WRONG)
def test_what_is_wrong_is_said_where_it_stands(right: str, wrong: str, path: str, remedy: str) -> None:
    assert right in BADGES
    problems = validate(SMALL + BADGES.replace(right, wrong, 1))
    assert path in [problem.path for problem in problems], problems
    found = next(problem for problem in problems if problem.path == path)
    assert remedy in f"{found.problem}; {found.remedy}"
    assert len({problem.path.rpartition(".")[0] for problem in problems} - {"challenges[0]"}) <= 1, problems


@pytest.mark.parametrize(
    ("right", "wrong", "line", "column"),
    [
        ("hours: [8, 12]", "hours: [12, 8]", 13, 9),
        ("[12-25]", "[12-25, 13-25]", 35, 40),
        ("        type:", "        tpe:", 11, 9),
        ("levels: [3, 6, 12]", "levels: [3, 12, 6]", 17, 21),
        ("kind: rolling", "kind: roling", 16, 7),
    ],
)
def test_line_and_column_are_those_of_the_document(right: str, wrong: str, line: int, column: int) -> None:
    above = SMALL.count("\n")
    (problem,) = validate(SMALL + BADGES.replace(right, wrong, 1))
    assert (problem.line - above, problem.column) == (line, column)


def test_the_right_one_has_nothing_wrong_and_writes_back_the_same() -> None:
    assert validate(WHOLE) == []
    programme = load(WHOLE)
    again = load(dump(programme))
    assert again.model_dump() == programme.model_dump()
    assert plan(programme, again) == []


def test_badges_must_not_give_each_other_in_a_circle() -> None:
    circle = BADGES.replace("criterion: {kind: count, at_least: 1}",
                            "criterion: {kind: count, at_least: 1}\n    prizes: [{badge: regular}]", 1)  # fmt: skip
    problems = validate(SMALL + circle)
    assert {problem.path for problem in problems} == {
        "badges[0].prizes[0].badge",
        "badges[1].prizes[1].badge",
    }


def test_what_nobody_could_reach_is_refused() -> None:
    game = "  - {slug: b, name: B, criterion: %s, levels: %s}\n"
    for criterion, levels in (
        ("{kind: distinct, of: brand, at_least: 1, among: [a, b]}", "[1, 2, 3]"),
        ("{kind: any, of: [{kind: manual}, {kind: tier, tier: gold}]}", "[1, 3]"),
        ("{kind: manual}", "{formula: 1*level, levels: 2}"),
    ):
        (problem,) = validate(SMALL + "badges:\n" + game % (criterion, levels))
        assert "nobody can reach" in problem.problem, problem


def test_several_mistakes_are_said_at_once() -> None:
    wrong = (
        BADGES.replace("hours: [8, 12]", "hours: [12, 8]")
        .replace("at: 100", "at: ten")
        .replace("tier: gold", "tir: gold")
    )
    assert {problem.path for problem in validate(SMALL + wrong)} == {
        "badges[1].criterion.where.hours", "badges[2].criterion.of[1].tier", "badges[2].criterion.of[1].tir",
        "challenges[0].milestones[1].at",
    }  # fmt: skip


def test_suggestions_know_every_kind_and_field() -> None:
    place = ("badges", 0, "criterion", "all", "of", 3, "count")
    assert "window" in fields_at(Programme, place)
    assert kinds_at(Programme, (*place, "window")) == ["ever", "calendar", "rolling", "fixed", "from_joining"]
    assert fields_at(Programme, (*place, "window", "rolling")) == ["days", "kind"]
    assert "points" in fields_at(Programme, ("challenges", 0, "milestones", 0, "prize"))
