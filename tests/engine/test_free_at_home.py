"""Home tells what is free on a day of the member's own, as the rewards page does, and keeps to the same limits."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app import database
from facts.language import language
from members.cards import HomeCard, StepCard
from members.views.home import home
from tests.engine.test_choices import ONE_OF_TWO, had, joined, morning, one_person, page, the_first_chose
from tests.engine.till import Till
from tests.engine.wording import a_programme

pytestmark = [pytest.mark.feature(49), pytest.mark.feature(125)]
FREE = StepCard("gift", "Ready for you", "A cup or Thanks", "rewards")


def at_home(till: Till, customer: str = "1") -> HomeCard:
    """What home shows."""
    with database.reading(till.engine) as session:
        return home(session, till.member(session, customer), till.now, language("en"))


def step(till: Till, customer: str = "1") -> StepCard:
    """What home says is best done next."""
    return at_home(till, customer).step


def test_a_free_choice_is_told_at_home_while_it_is_open_and_not_made(till: Till) -> None:
    till.at("2025-02-28 12:00").open(a_programme(rewards=ONE_OF_TWO))
    joined(till)
    morning(till, "2026-02-27 12:00")
    assert step(till) != FREE
    assert step(morning(till, "2026-02-28 12:00")) == FREE
    assert had(till, "cup") == (200, "issued")
    assert step(till) == StepCard("ticket", "Use your reward", "A cup", "mine")
    morning(till, "2027-02-28 12:00")
    assert step(till).text == "Thanks", "there was one cup"
    till.at("2027-03-04 00:00")
    assert step(till).title != "Ready for you", "the days are over"


def test_what_another_account_of_the_person_chose_is_chosen_at_home_too(till: Till) -> None:
    ones = the_first_chose(till, "2")
    assert step(till, "2") == FREE
    one_person(till, *ones)
    assert step(till, "2").text != FREE.text
    assert had(till, "cup", "2") == (409, "reward_chosen")


def test_limits_count_what_accounts_had_that_became_part_of_this_one(till: Till) -> None:
    rewards = "  - {slug: tea, kind: donation, name: Tea for all, thanks: Thank you, price: 5, per_member: 1}"
    till.at("2026-03-01 12:00").open(a_programme(rewards=rewards))
    ones = [joined(till, customer) for customer in ("1", "2")]
    till.post(till.order("A", "5.00"), till.order("B", "9.00", customer="2"))
    assert had(till, "tea") == (200, "used")
    assert (at_home(till, "2").reward.name, at_home(till, "2").reward.group) == ("Tea for all", "now")
    one_person(till, *ones)
    assert page(till, "2").now == ()
    assert at_home(till, "2").reward.name == ""


def test_what_an_account_had_counts_at_home_when_it_went_through_another_one(till: Till) -> None:
    ones = the_first_chose(till, "2", "3")
    assert step(till, "3") == FREE
    for was, becomes in pairwise(ones):
        one_person(till, was, becomes)
    assert step(till, "3").text != FREE.text
    assert had(till, "cup", "3") == (409, "reward_chosen")
