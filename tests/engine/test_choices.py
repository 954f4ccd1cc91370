"""A choice on a day of the member's own: a thing as long as there are some, or points; one each time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import time_machine
from sqlmodel import select

from app import database
from app.jobs import due
from facts.language import language
from members.actions import own
from members.actions.merging import merge
from members.cards import RewardsCard
from members.programme.presets import text
from members.tables import Member
from members.views.rewards import rewards
from members.views.rules import rules
from tests.engine.till import Till
from tests.engine.wording import a_programme

ONE_OF_TWO = """  - {slug: cup, kind: gift, name: A cup, price: 0, stock: 1, occasion: &day}
  - {slug: thanks, kind: points, name: Thanks, price: 0, points: 40, occasion: &day}
  - {slug: tea, kind: gift, name: Tea, price: 5, occasion: {on: member.anniversary, days: 5}}""".replace(
    "&day", "{on: member.anniversary, days: 3, choice: c}"
)


def joined(till: Till, customer: str = "1", birthday: str = "") -> UUID:
    """Somebody who bought for a cent and joined, and told their birthday."""
    till.post(till.order(f"first-{customer}", "0.01", customer=customer))
    with database.transaction(till.engine) as session:
        found = till.member(session, customer)
        member = session.get_one(Member, found)
        member.status, member.created_at = "active", till.now
        session.add(member)
        session.flush()
        if birthday:
            own.tell(session, found, till.now, birthday=birthday)
    return found


def morning(till: Till, moment: str) -> Till:
    """It is then, and the job that looks for birthdays has run."""
    due.record_occasions(till.engine, till.at(moment).now)
    return till


def had(till: Till, reward: str, customer: str = "1", request: str = "") -> tuple[int, str]:
    """What the API says: the state of the reward, or why not."""
    answer = till.redeem(reward, request, customer)
    return answer.status_code, answer.json().get("state") or answer.json()["code"]


def one_person(till: Till, was: UUID, becomes: UUID) -> None:
    """An hour later the first account is found to be of who has the other one, too."""
    with database.transaction(till.engine) as session:
        merge(session, was, becomes, "one person", "staff:test", till.later(hours=1).now)


def the_first_chose(till: Till, *others: str) -> list[UUID]:
    """Customer 1 joined on the first of March and has chosen; the others joined on the twentieth, which is today."""
    till.at("2025-03-01 12:00").open(a_programme(rewards=ONE_OF_TWO.replace("days: 3", "days: 30")))
    ones = [joined(till), *(joined(till.at("2025-03-20 12:00"), customer) for customer in others)]
    morning(till, "2026-03-01 12:00")
    assert had(till.at("2026-03-05 12:00"), "thanks") == (200, "used")
    morning(till, "2026-03-20 12:00")
    return ones


def page(till: Till, customer: str = "1", code: str = "en") -> RewardsCard:
    """The rewards page of a member."""
    with database.reading(till.engine) as session:
        return rewards(session, till.member(session, customer), till.now, language(code), lambda _: "")


def listed(till: Till) -> dict[str, Any]:
    """The catalogue by HTTP."""
    with time_machine.travel(till.now, tick=False):
        answer = till.client.get("/api/v1/catalogue", headers=till.head)
    return {one["slug"]: one for one in answer.json()["rewards"]}


@pytest.mark.feature(16)
@pytest.mark.feature(49)
def test_of_a_gift_and_points_one_is_chosen_once_a_year_within_thirty_days(till: Till) -> None:
    till.at("2026-01-10 12:00").open(text("beauty"))
    joined(till, birthday="1990-05-02")
    morning(till, "2026-05-01 12:00")
    assert had(till, "birthday-set") == had(till, "birthday-points") == (409, "reward_no_occasion")
    later = {card.slug: card.words for card in page(till).later}
    assert (
        later["birthday-set"] == "For 30 days after your birthday. Tell us the day at least 30 days before."
    )

    morning(till, "2026-05-02 09:00")
    there = {card.slug: (card.price, card.words, card.question) for card in page(till).now}
    assert there == {
        "birthday-points": ("Free", "Free until 1 Jun", "Choose “Points for your birthday”?"),
        "birthday-set": ("Free", "Free until 1 Jun", "Choose “A birthday set”?"),
    }
    assert [card.terms for card in page(till).now] == [
        "You choose one: this, or “A birthday set”. They last 30 days. They are used first, and count towards no tier.",
        "You choose one: this, or “Points for your birthday”. Your code is good for 30 days.",
    ]
    assert (
        had(till, "birthday-set", request="tap")
        == had(till, "birthday-set", request="tap")
        == (200, "issued")
    )
    assert had(till, "birthday-points") == had(till, "birthday-set") == (409, "reward_chosen")
    assert (listed(till)["birthday-set"]["left"], till.balance()) == (499, 0)
    assert {card.slug: card.words for card in page(till).later}["birthday-points"] == (
        "You have made your choice this time"
    )
    newest = till.history().entries[0]
    assert (newest.title, newest.why, newest.amount) == ("A birthday set", "You chose “A birthday set”.", "0")

    morning(till, "2027-05-02 09:00")
    till.at("2027-06-01 23:59")
    assert had(till, "birthday-points") == (200, "used")
    assert had(till, "birthday-set") == (409, "reward_chosen")
    (given,) = [row for row in till.entries("1") if row["amount"] == 250]
    assert (given["kind"], given["expires_at"][:16]) == ("earned", "2027-07-02T04:00")
    newest = till.history().entries[0]
    assert (newest.title, newest.why) == (
        "Points for your birthday",
        "You chose “Points for your birthday”: 250 points.",
    )

    morning(till, "2028-05-02 09:00")
    till.at("2028-06-02 00:00")
    assert had(till, "birthday-set") == (409, "reward_no_occasion"), "the thirty days are over"
    till.night()
    assert (till.balance(), till.tier()) == (0, "insider")
    till.proven()


@pytest.mark.feature(38)
def test_five_hundred_points_are_ten_dollars_at_belle(till: Till) -> None:
    till.at("2026-03-10 12:00").open(text("beauty"))
    till.post(till.order("A", "499.99"))
    assert till.standing()["available"] == 499
    assert had(till, "ten-off") == (409, "reward_points_short")
    till.post(till.order("B", "1.00"))
    answer = till.redeem("ten-off").json()
    assert (answer["price"], answer["state"], till.standing()["available"]) == (500, "issued", 0)
    body = {"code": answer["code"], "used_in": "sale-1"}
    with time_machine.travel(till.now, tick=False):
        used = till.client.post("/api/v1/codes/use", json=body, headers=till.head).json()
    assert (used["kind"], used["value"], used["currency"], used["state"]) == ("fixed", "10.00", "USD", "used")
    till.proven()


@pytest.mark.feature(16)
@pytest.mark.feature(49)
def test_another_shop_says_it_of_another_day_and_what_is_sold_out_leaves_the_points(till: Till) -> None:
    till.at("2025-02-28 12:00").open(a_programme(rewards=ONE_OF_TWO))
    for customer in ("1", "2"):
        joined(till, customer)
    morning(till, "2026-02-28 12:00")
    (first,) = [card for card in page(till).now if card.slug == "cup"]
    assert first.terms.startswith("You choose one: this, or “Thanks”.")
    made = till.redeem("cup").json()
    assert had(till, "cup", "2") == (409, "reward_sold_out")
    assert [card.slug for card in page(till, "2").now] == ["thanks"]
    assert had(till, "thanks", "2") == (200, "used")
    assert had(till, "thanks") == (409, "reward_chosen")
    assert had(till, "tea") == (409, "reward_points_short"), "it is no part of the choice"

    assert till.call_off(made["redemption_id"]).status_code == 200
    assert till.history().entries[0].why == "“A cup” was given back."
    assert listed(till)["cup"]["left"] == 1
    assert had(till, "thanks") == (200, "used"), "what was given back leaves the choice open"
    assert had(till, "cup") == (409, "reward_chosen")
    till.post(till.order("B", "5.00"))
    assert had(till, "tea") == (200, "issued")
    till.post(till.order("C", "5.00"))
    assert had(till, "tea") == (409, "reward_chosen"), "once each time"
    till.post(till.refund("first-1", ("1", "0.01")))
    assert till.standing()["available"] == 40 + 5, "what was chosen stays"
    till.proven()


def test_two_accounts_that_become_one_have_one_choice(till: Till) -> None:
    till.at("2025-02-28 12:00").open(a_programme(rewards=ONE_OF_TWO))
    ones = [joined(till, customer) for customer in ("1", "2")]
    morning(till, "2026-02-28 12:00")
    assert had(till, "thanks") == (200, "used")
    one_person(till, *ones)
    assert had(till, "cup", "2") == (409, "reward_chosen")
    till.proven()


def test_a_later_day_of_the_other_account_opens_no_second_choice(till: Till) -> None:
    ones = the_first_chose(till, "2")
    assert [card.slug for card in page(till, "2").now] == ["cup", "thanks"]
    one_person(till, *ones)
    assert had(till, "cup", "2") == (409, "reward_chosen")
    assert "cup" not in [card.slug for card in page(till, "2").now]
    till.proven()


CUP, THANKS, TEA = ONE_OF_TWO.splitlines()


@pytest.mark.parametrize("left", [[THANKS, TEA], [CUP.replace("choice: c", "choice: d"), THANKS, TEA],
                                  [CUP.replace(", occasion: {on: member.anniversary, days: 3, choice: c}", "")
                                   .replace("price: 0", "price: 3"), THANKS, TEA]])  # fmt: skip
def test_whatever_becomes_of_what_was_chosen_the_choice_is_made(till: Till, left: list[str]) -> None:
    """It is dropped from the catalogue, is another choice now, or is had on any day."""
    till.at("2025-03-01 12:00").open(a_programme(rewards=ONE_OF_TWO))
    joined(till)
    morning(till, "2026-03-01 12:00")
    assert had(till, "cup") == (200, "issued")
    till.later(hours=1).open(a_programme(rewards="\n".join(left)))
    assert had(till.later(hours=1), "thanks") == (409, "reward_chosen")
    assert "thanks" not in [card.slug for card in page(till).now]
    assert had(morning(till, "2027-03-01 12:00"), "thanks") == (200, "used"), "a year later it is open again"
    till.proven()


def test_the_rules_page_tells_of_the_choice_in_three_languages(till: Till) -> None:
    till.at("2026-01-10 12:00").open(text("beauty"))
    told: list[str] = []
    for code in ("en", "ru", "ar"):
        with database.reading(till.engine) as session:
            cards = {card.slug: card for card in rules(session, till.now, language(code)).rewards}
        told.append(cards["birthday-points"].words)
        assert "250" in cards["birthday-points"].kind or code == "ar"
    assert told[0] == (
        "For 30 days after your birthday. Tell us the day at least 30 days before. "
        "You choose one: this, or “A birthday set”."
    )
    assert "дня рождения" in told[1]
    assert "Подарочный набор" in told[1]
    assert "طقم عيد الميلاد" in told[2]
    with database.reading(till.engine) as session:
        assert session.exec(select(Member)).all() == []
