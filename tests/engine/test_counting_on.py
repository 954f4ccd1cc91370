"""What is reached is counted on: a streak shows how long it lasts, and a level that is added finds what there was."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app import database
from components.streak import LINES_AHEAD
from facts.language import language
from members.game_cards import BadgesCard, StreaksCard
from members.tables import Standing
from members.views.badges import badges
from members.views.streak_page import streaks
from tests.engine.till import Till
from tests.engine.wording import a_programme

WEEKLY = """badges:
  - {slug: weekly, name: Weekly, criterion: {kind: streak, every: week, at_least: 4}}
"""
LEVELLED = """badges:
  - slug: regular
    name: Regular
    levels: [3]
    criterion: {kind: count, at_least: 3}
    prizes: [{points: 50}]
"""
MORE = LEVELLED.replace("levels: [3]", "levels: [3, 10]").replace("50}]", "50}, {points: 70}]")
BACK = MORE.replace("levels:", "counts: from_beginning\n    levels:")


def weeks(till: Till, number: int, name: str = "week") -> None:
    """An order on this day of each week, and a day more."""
    for n in range(number):
        till.send(till.order(f"{name}-{n}", "5.00"))
        till.later(days=7)
    till.later(days=-6)


def streak(till: Till, code: str = "en") -> tuple[str, ...]:
    """What the streaks page says of the only one."""
    with database.reading(till.engine) as session:
        card: StreaksCard = streaks(session, till.member(session), till.now, language(code))
    return card.streaks[0].lines


def shelf(till: Till) -> BadgesCard:
    """The badges page."""
    with database.reading(till.engine) as session:
        return badges(session, till.member(session), till.now, language("en"))


def awarded(till: Till) -> list[tuple[Any, ...]]:
    """The badge's levels that stand, and when each was reached, by the export."""
    lines = till.run("export", "awards").stdout.splitlines()
    rows = [json.loads(line) for line in lines if line.startswith("{")]
    stand = [row for row in rows if row["revoked_at"] is None]
    return sorted((row["level"], row["awarded_at"][:10], row["fact_id"]) for row in stand)


@pytest.mark.feature(71)
def test_a_streak_goes_on_behind_the_last_level(till: Till) -> None:
    till.at("2026-01-07 10:00").open(a_programme() + WEEKLY)
    weeks(till, 12)
    assert streak(till) == ("12 weeks in a row",)
    assert shelf(till).earned[0].streak == ("12 weeks in a row",)
    assert [level for level, _, _ in awarded(till)] == [1]
    till.proven()


@pytest.mark.feature(72)
def test_who_comes_back_reads_why_the_one_before_ended(till: Till) -> None:
    """Until the new one is as long."""
    till.at("2026-01-07 10:00").open(a_programme() + WEEKLY)
    weeks(till, 5)
    till.at("2026-02-18 10:00")
    ended = (
        "Your best: 5 weeks",
        "The streak ended: nothing in 9\u00a0Feb\u00a0–\u00a015\u00a0Feb",
        "This streak has no freezes.",
    )
    assert streak(till) == ended
    till.send(till.order("back", "5.00"))
    before = (
        "The one before ended: nothing in 9\u00a0Feb\u00a0–\u00a015\u00a0Feb",
        "This streak has no freezes.",
    )
    assert streak(till) == ("1 week in a row", "Your best: 5 weeks", *before)
    assert streak(till, "ru")[2].startswith("Прошлая серия прервалась: ничего за 9")
    assert streak(till, "ar")[2].startswith("انقطعت السلسلة السابقة: لا شيء في ")
    till.later(days=7)
    weeks(till, 3, "again")
    assert streak(till)[2:] == before
    till.later(days=6)
    weeks(till, 1, "as-long")
    assert streak(till) == ("5 weeks in a row",)


@pytest.mark.feature(72)
def test_all_that_can_be_said_of_a_streak_has_its_line_in_the_first_paint(till: Till) -> None:
    """A freeze keeps one that follows a longer one, which a return broke when the freeze of its month was used."""
    till.open(
        a_programme() + WEEKLY.replace("every: week, at_least: 4", "every: day, at_least: 9, freezes: 1")
    )
    for day in ("01-25", "01-27", "01-28", "01-29", "01-30", "01-31"):
        till.at(f"2026-{day} 10:00").send(till.order(day, "5.00"))
    till.at("2026-02-02 10:00").send(till.refund("01-29", ("1", "5.00")))
    assert streak(till) == (
        "2 days in a row",
        "Your best: 3 days",
        "A freeze kept it (1 Feb)",
        "The one before ended: nothing in 29 Jan",
        "An order of that day came back.",
        "All freezes of that month were used already.",
        "No freezes left for now",
    )
    assert len(streak(till)) == LINES_AHEAD


@pytest.mark.feature(72)
def test_nobody_is_told_to_have_missed_what_counted_for_nobody(till: Till) -> None:
    """The badge is paused: its weeks are nobody's to keep."""
    till.at("2026-01-07 10:00").open(a_programme() + WEEKLY)
    weeks(till, 5)
    till.open(a_programme() + WEEKLY.replace("name: Weekly", "name: Weekly, paused: true"))
    till.later(days=30)
    assert shelf(till).earned[0].streak == ("Your best: 5 weeks",)


@pytest.mark.feature(62)
def test_a_level_that_is_added_counts_from_what_there_was(till: Till) -> None:
    till.at("2026-03-01 10:00").open(a_programme() + LEVELLED)
    for n in range(1, 12):
        till.send(till.order(f"o{n}", "1.00"))
        till.later(days=1)
    assert awarded(till) == [(1, "2026-03-03", "order.paid-o3")]
    till.open(a_programme() + MORE)
    before = till.balance()
    (card,) = shelf(till).nearest
    assert (card.name, card.progress, card.percent) == ("Regular", "10 of 10 orders", 100)
    till.send(till.order("o12", "1.00"))
    assert awarded(till) == [(1, "2026-03-03", "order.paid-o3"), (2, "2026-03-12", "order.paid-o12")]
    assert till.balance() == before + 1 + 70
    assert shelf(till).earned[0].level == "Level 2 of 2"
    till.proven()


@pytest.mark.feature(63)
def test_what_an_earlier_release_did_not_count_a_backfill_counts(till: Till) -> None:
    """It stopped at the last level: of the orders behind it the member's memory knew nothing."""
    till.at("2026-03-01 10:00").open(a_programme() + LEVELLED)
    stopped = ""
    for n in range(1, 12):
        till.send(till.order(f"o{n}", "1.00"))
        with database.transaction(till.engine) as session:
            row = session.get(Standing, till.member(session))
            assert row
            stopped = row.game if n == 3 else stopped
            row.game = stopped or row.game
        till.later(days=1)
    till.open(a_programme() + MORE)
    assert shelf(till).nearest[0].progress == "3 of 10 orders"
    assert "0 awards were given and 0 taken back" in till.run("programme", "backfill").stdout
    assert shelf(till).nearest[0].progress == "10 of 10 orders"
    till.send(till.order("o12", "1.00"))
    assert [level for level, _, _ in awarded(till)] == [1, 2]
    till.proven()


@pytest.mark.feature(63)
def test_a_level_that_is_added_from_the_beginning_is_given_on_its_true_day(till: Till) -> None:
    till.at("2026-03-01 10:00").open(a_programme() + LEVELLED)
    for n in range(1, 12):
        till.send(till.order(f"o{n}", "1.00"))
        till.later(days=1)
    before = till.balance()
    till.open(a_programme() + BACK)
    first, second = (1, "2026-03-03", "order.paid-o3"), (2, "2026-03-10", "order.paid-o10")
    assert (
        "1 award would be given and 0 taken back; +70 points"
        in till.run("programme", "backfill", "--preview").stdout
    )
    assert awarded(till) == [first]
    assert "1 award was given and 0 taken back; +70 points" in till.run("programme", "backfill").stdout
    assert awarded(till) == [first, second]
    assert till.balance() == before + 70
    assert "0 awards were given and 0 taken back" in till.run("programme", "backfill").stdout
    till.send(till.refund("o2", ("1", "1.00")))
    assert awarded(till) == [(1, "2026-03-04", "order.paid-o4"), (2, "2026-03-11", "order.paid-o11")]
    till.later(days=1).open(a_programme() + MORE)
    assert "1 taken back; -70 points" in till.run("programme", "backfill").stdout
    assert awarded(till) == [(1, "2026-03-04", "order.paid-o4")]
    till.send(till.order("o12", "1.00"))
    assert awarded(till)[1:] == [(2, till.now.date().isoformat(), "order.paid-o12")]
    till.proven()
