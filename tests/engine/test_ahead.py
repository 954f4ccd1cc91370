"""What is asked of a member next, and by which day, is what the engine does on that day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app import database
from facts.language import language
from members.views.home import home
from tests.engine.ladders import (
    EARNED,
    EARNED_GRACE,
    HALF,
    NEXT,
    PLAIN,
    STEP,
    STEP_GRACE,
    YEAR,
    ladder,
)
from tests.engine.till import Till
from tests.engine.wording import LEVELS, a_programme, local

TOP = "This is the highest tier there is."
# what stands when somebody asks: window, downgrade, basis, purchases, the day of the question
ASKED: dict[str, tuple[str, str, str, list[tuple[str, int]], str]] = {
    "this year": (YEAR, EARNED, "points_earned", [("2026-02-03", 120)], "2026-05-01"),
    "this year, in December": (YEAR, EARNED, "points_earned", [("2026-02-03", 320)], "2026-12-31"),
    "this year, grace": (YEAR, EARNED_GRACE, "points_earned", [("2026-02-03", 320)], "2026-12-01"),
    "this year, in grace": (
        YEAR,
        EARNED_GRACE,
        "points_earned",
        [("2025-02-03", 320), ("2026-01-02", 7)],
        "2026-01-05",
    ),
    "next year": (NEXT, EARNED, "points_earned", [("2025-02-03", 320)], "2026-05-01"),
    "next year, half of it there": (
        NEXT,
        EARNED,
        "points_earned",
        [("2025-02-03", 320), ("2026-03-03", 130)],
        "2026-05-01",
    ),
    "next year, all of it there": (
        NEXT,
        EARNED,
        "points_earned",
        [("2025-02-03", 320), ("2026-03-03", 300)],
        "2026-05-01",
    ),
    "next year, reached just now": (NEXT, STEP, "points_earned", [("2026-02-03", 320)], "2026-05-01"),
    "next year, grace": (
        NEXT,
        STEP_GRACE,
        "points_earned",
        [("2025-02-03", 320), ("2026-03-03", 130)],
        "2026-05-01",
    ),
    "next year, in grace": (
        NEXT,
        STEP_GRACE,
        "points_earned",
        [("2025-02-03", 320), ("2026-03-03", 130)],
        "2027-01-05",
    ),
    "next year, lent": (NEXT, STEP, "points_earned", [("2024-02-03", 320)], "2026-05-01"),
    "half a year": (HALF, EARNED, "points_earned", [("2026-01-10", 200), ("2026-03-31", 150)], "2026-05-01"),
    "half a year, silver": (
        HALF,
        EARNED,
        "points_earned",
        [("2026-01-10", 20), ("2026-03-31", 150)],
        "2026-05-01",
    ),
    "half a year, grace": (
        HALF,
        STEP_GRACE,
        "points_earned",
        [("2026-01-10", 200), ("2026-03-31", 150)],
        "2026-05-01",
    ),
    "half a year, in grace": (
        HALF,
        STEP_GRACE,
        "points_earned",
        [("2026-01-10", 200), ("2026-03-31", 150)],
        "2026-07-15",
    ),
    "half a year, lent": (HALF, STEP, "points_earned", [("2026-01-10", 300)], "2026-08-01"),
    "by spend": (NEXT, EARNED, "spend", [("2025-02-03", 320), ("2026-03-03", 30)], "2026-05-01"),
    "by spend, half a year": (HALF, EARNED, "spend", [("2026-01-10", 20), ("2026-03-31", 150)], "2026-05-01"),
    "a newcomer": (HALF, EARNED, "points_earned", [("2026-05-01", 1)], "2026-05-01"),
    "an old regular who came back": (
        HALF,
        EARNED,
        "points_earned",
        [("2024-01-10", 300), ("2026-04-30", 10)],
        "2026-05-01",
    ),
}


@pytest.mark.feature(40)
@pytest.mark.parametrize("name", ASKED)
def test_what_is_missing_by_which_day_is_what_the_engine_does_on_that_day(till: Till, name: str) -> None:
    """Who brings exactly what was asked on the last day for it has the tier; one point less, and they have not."""
    window, downgrade, basis, purchases, asked = ASKED[name]
    till.at(f"{purchases[0][0]} 09:00").open(
        a_programme(earning=PLAIN, tiers=ladder(window, downgrade, basis))
    )
    for who in ("asks", "enough", "short", "stays", "leaves", "late"):
        for i, (day, amount) in enumerate(purchases):
            at = local(f"{day} 12:00")
            till.at(at).post(till.order(f"{who}{i}", f"{amount}.00", customer=who))
    said = till.at(f"{asked} 18:00").standing("asks")
    step = 1 if basis == "points_earned" else 0.01
    if said.get("to_next") and said["to_next"].get("by"):
        wanted = said["to_next"]
        brings(till, wanted, "enough", "short", step)
        assert till.tier("enough") == wanted["tier"]
        assert rank(till.tier("short")) < rank(wanted["tier"])
    hopeless = window == YEAR and name != "this year, in grace"
    assert ("to_stay" in said) == (said["tier"]["slug"] != "member" and not hopeless)
    if said.get("to_stay"):
        wanted = said["to_stay"]
        assert wanted["tier"] == said["tier"]["slug"]
        assert wanted["by"] >= asked, "nobody can do anything about the past"
        brings(till, wanted, "stays", "leaves", step)
        after = date.fromisoformat(wanted["by"]) + timedelta(days=1)
        till.at(f"{after} 00:00")
        assert till.tier("stays") == wanted["tier"]
        if amount_of(wanted):
            dropped = after_grace(till, wanted, downgrade)
            assert rank(till.at(dropped).tier("leaves")) < rank(wanted["tier"])
            assert till.tier("stays") == wanted["tier"], "and keeps it"
    till.at(
        f"{asked} 18:00"
    )  # the card is asked for the day of the question: nobody who asks ever bought again
    assert on_card(till, "asks") == as_the_api_says(said, asked, window)
    till.night()
    till.proven()


def on_card(till: Till, who: str) -> list[tuple[str, str]]:
    """What the card of the home page asks for, and by when: the way to the next tier first."""
    with database.reading(till.engine) as session:
        tier = home(session, till.member(session, who), till.now, language("en")).tier
    told = [(tier.before + tier.strong + tier.after, tier.by), (tier.stay, tier.stay_by)]
    return [(what, by) for what, by in told if what]


def as_the_api_says(said: dict[str, Any], asked: str, window: str) -> list[tuple[str, str]]:
    """The sentences that a member should read, made of the numbers and days of the API's answer."""
    to_next, to_stay = said.get("to_next"), said.get("to_stay")
    found = [(f"{much(to_next)} to {to_next['tier'].title()}", by(to_next, asked))] if to_next else []
    if to_stay and amount_of(to_stay) and is_time(to_stay, asked, window):
        found.append((f"{much(to_stay)} to keep {to_stay['tier'].title()}", by(to_stay, asked)))
    return found or [(f"{said['tier']['slug'].title()} is yours" if to_stay else TOP, "")]


def much(wanted: dict[str, Any]) -> str:
    if "money" in wanted:
        return f"${wanted['money']}".removesuffix(".00")
    return f"{wanted['points']} point{'s' if wanted['points'] != 1 else ''}"


def by(wanted: dict[str, Any], asked: str) -> str:
    if not wanted.get("by"):
        return ""
    day = date.fromisoformat(wanted["by"])
    year = f" {day.year}" if day.year != int(asked[:4]) else ""
    month = f"{day:%b}".replace("Sep", "Sept")  # CLDR
    return f"by {day.day} {month}{year}"


def is_time(wanted: dict[str, Any], asked: str, window: str) -> bool:
    """What keeps a tier is said in the year that counts, and in the last months of a rolling window."""
    last, today = date.fromisoformat(wanted["by"]), date.fromisoformat(asked)
    return (last - today).days <= 92 if window == HALF else last.year == today.year


def brings(till: Till, wanted: dict[str, Any], enough: str, short: str, step: float) -> None:
    """On the last day, at its last second: exactly what is wanted, and one step less."""
    till.at(f"{wanted['by']} 23:59:59")
    amount = amount_of(wanted)
    for who, money in ((enough, amount), (short, amount - step)):
        if money > 0:
            till.post(till.order(f"{who}-brings-{wanted['tier']}", f"{money:.2f}", customer=who))


def amount_of(wanted: dict[str, Any]) -> float:
    return float(wanted["money"]) if "money" in wanted else wanted["points"]


def after_grace(till: Till, wanted: dict[str, Any], downgrade: str) -> Any:
    """The moment at which the tier is looked at again: after the last day, and after a grace that adds nothing."""
    day = date.fromisoformat(wanted["by"]) + timedelta(days=1)
    grace = 14 if "grace_days: 14" in downgrade else 10 if "grace_days: 10" in downgrade else 0
    return local(f"{day + timedelta(days=grace)} 00:00")


def rank(tier: str) -> int:
    return ["member", "silver", "gold"].index(tier)


@pytest.mark.feature(40)
def test_api_and_card_and_job_agree_on_every_day(till: Till) -> None:
    """The standing asked for on a day, before any job ran, is the standing after the job of that day."""
    till.at("2026-01-10 12:00").open(
        a_programme(
            points="  expiry: {kind: rolling, months: 2}", earning=PLAIN, tiers=ladder(HALF, STEP_GRACE)
        )
    )
    till.post(till.order("A", "300.00"))
    till.at("2026-03-05 12:00").post(till.order("B", "40.00"))
    for day in (
        "2026-03-10",
        "2026-03-11",
        "2026-05-06",
        "2026-07-23",
        "2026-07-24",
        "2027-01-09",
        "2027-02-20",
    ):
        till.at(f"{day} 00:00")
        asked, card, told = till.standing(), till.history(), on_card(till, "1")
        assert told == as_the_api_says(asked, day, HALF)
        till.night()
        assert till.standing() == asked
        assert (till.history().balance, on_card(till, "1")) == (card.balance, told)
        assert till.tier() in LEVELS
