"""Days of a member's own: from when to when a reward can be had on them, and what a choice closes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from facts.language import language
from rewards.document import Reward
from rewards.occasion import Day, Occasion, chosen, instead, last_of, open_until, others, when
from rewards.wording import Wording

NEW_YORK = ZoneInfo("America/New_York")
TICK = timedelta(microseconds=1)
BIRTHDAY, YEARS = "member.birthday", "member.anniversary"


def a_reward(slug: str, on: str = BIRTHDAY, **more: Any) -> Reward:
    said = {"slug": slug, "kind": "gift", "name": slug.title(), "price": 0, "occasion": {"on": on, **more}}
    return Reward.model_validate(said)


@pytest.mark.parametrize(
    ("began", "days", "over"),
    [
        (datetime(2026, 5, 2, 4, tzinfo=UTC), 1, datetime(2026, 5, 4, 4, tzinfo=UTC)),
        (
            datetime(2026, 10, 30, 4, tzinfo=UTC),
            2,
            datetime(2026, 11, 2, 5, tzinfo=UTC),
        ),  # the clocks go back
        (datetime(2028, 2, 28, 5, tzinfo=UTC), 1, datetime(2028, 3, 1, 5, tzinfo=UTC)),  # a leap year
        (
            datetime(2026, 5, 1, 12, tzinfo=UTC),
            30,
            datetime(2026, 6, 1, 4, tzinfo=UTC),
        ),  # in Auckland it is the 2nd
    ],
)
def test_it_lasts_to_the_end_of_its_last_day_by_the_programmes_clock(
    began: datetime, days: int, over: datetime
) -> None:
    reward = a_reward("cup", days=days)
    for now, found in ((began - TICK, {}), (began, {"cup": over}), (over - TICK, {"cup": over}), (over, {})):
        assert open_until([reward], {BIRTHDAY: Day(began, began)}, now, NEW_YORK) == found
    assert open_until([reward], {YEARS: Day(began, began)}, began, NEW_YORK) == {}, "another day"


def test_what_was_had_since_closes_itself_and_its_choice_and_nothing_else() -> None:
    rewards = [
        a_reward("cup", choice="c"), a_reward("tea", choice="c"), a_reward("mug", choice="d"), a_reward("pen"),
        a_reward("hat", YEARS, choice="c"), Reward.model_validate(
            {"slug": "c", "kind": "gift", "name": "C", "price": 9}),
    ]  # fmt: skip
    began = datetime(2026, 5, 2, 4, tzinfo=UTC)
    days: dict[str, Day] = {BIRTHDAY: Day(began, began), YEARS: Day(began, began)}
    for slug, closed in (("cup", {"cup", "tea"}), ("mug", {"mug"}), ("pen", {"pen"}), ("hat", {"hat"}),
                         ("c", set()), ("gone", set())):  # fmt: skip
        assert chosen(rewards, days, [(slug, began)], lambda _: rewards) == closed
    assert chosen(rewards, days, [("cup", began - TICK)], lambda _: rewards) == frozenset(), "the year before"
    never = chosen(rewards, {YEARS: Day(began, began)}, [("cup", began)], lambda _: rewards)
    assert never == frozenset(), "it never was"
    assert [one.slug for one in others(rewards[0], rewards)] == ["tea"]
    assert others(rewards[3], rewards) == others(rewards[5], rewards) == []


def test_what_was_one_choice_when_it_was_made_is_so_still_and_what_was_two_is_so_too() -> None:
    began = datetime(2026, 5, 2, 4, tzinfo=UTC)
    days = {BIRTHDAY: Day(began, began)}
    before = [
        a_reward("cup", choice="c"),
        a_reward("tea", choice="c"),
        a_reward("pen"),
        a_reward("mug", choice="d"),
    ]
    after = [
        a_reward("tea", choice="other"),
        a_reward("pen", choice="c"),
        a_reward("new", choice="c"),
        a_reward("mug"),
    ]

    def then(at: datetime) -> list[Reward]:
        return before if at == began else after

    closed = {"cup": {"cup", "tea", "pen", "new"}, "tea": {"cup", "tea", "pen", "new"}, "pen": {"pen", "new"},
              "mug": {"mug"}}  # fmt: skip
    for slug, found in closed.items():
        assert chosen(after, days, [(slug, began)], then) == found, slug
    assert chosen(after, days, [("tea", began + TICK)], then) == {"tea"}


@pytest.mark.parametrize(
    ("moments", "began", "since"),
    [([0], 0, 0), ([0, 365], 365, 365), ([20, 0], 20, 0), ([0, 300, 365], 365, 365), ([0, 300, 365, 665], 665, 365),
     ([0, 329], 329, 0), ([0, 330], 330, 330)],
)  # fmt: skip
def test_days_of_two_accounts_within_330_days_are_one_occasion(
    moments: list[int], began: int, since: int
) -> None:
    first = datetime(2026, 3, 1, 5, tzinfo=UTC)
    day = last_of(first + timedelta(days=days) for days in moments)
    assert day == (first + timedelta(days=began), first + timedelta(days=since))
    assert last_of([]) is None


def test_when_it_is_and_with_what_one_has_to_choose() -> None:
    say = Wording(language("en"), "USD")
    assert when(Occasion(on=BIRTHDAY, days=1), say) == (
        "For 1 day after your birthday. Tell us the day at least 30 days before."
    )
    assert when(Occasion(on=YEARS), say) == "For 30 days after the day on which you joined, each year."
    assert instead([], say) == ""
    assert instead(["A cup", "Tea"], say) == "You choose one: this, or “A cup” or “Tea”."
