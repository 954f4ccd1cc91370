"""Every kind of criterion as a shop meets it: events by HTTP, and by the export who holds the badge, who just not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from app import database
from members.actions import awards
from tests.engine.till import Till
from tests.engine.wording import a_programme

Happening = Callable[[Till, str], None]
BREAD = {"amount": "3.00", "sku": "bread", "category": ["BAKERY", "BREAD"]}
COFFEE = {"amount": "2.00", "sku": "coffee"}
KIM = "support:kim"
BEEF = {"amount": "12.00", "sku": "beef", "category": ["MEAT"]}


def orders(*days: str, **more: Any) -> Happening:
    """An order on each of these local times."""

    def happen(till: Till, customer: str) -> None:
        for day in days:
            order = till.at(day).order(
                f"{customer}-{next(till.numbers)}", *more.get("lines", ["10.00"]), customer=customer
            )
            till.send(order)

    return happen


def reviews(*ratings: int) -> Happening:
    """Reviews with these ratings, an hour apart."""

    def happen(till: Till, customer: str) -> None:
        for number, rating in enumerate(ratings):
            data = {"review_id": f"{customer}-{number}", "rating": rating}
            till.later(hours=1).send(till.event("review.posted", data, customer))

    return happen


def visits(*days: str) -> Happening:
    """A visit at each of these local times."""

    def happen(till: Till, customer: str) -> None:
        for day in days:
            till.at(day).post(till.event("visit", {}, customer))

    return happen


def by_hand(day: str, again: str = "") -> Happening:
    """Staff give the badge at this local time, and with `again` take it away at that one."""

    def happen(till: Till, customer: str) -> None:
        with database.transaction(till.at(day).engine) as session:
            awards.grant(
                session, till.member(session, customer), "it", 1, "Helped at the fair", KIM, till.now
            )
        assert held(till, customer) == ["it"]
        if again:
            with database.transaction(till.at(again).engine) as session:
                awards.revoke(session, till.member(session, customer), "it", "A mistake", KIM, till.now)

    return happen


def all_of(*happenings: Happening) -> Happening:
    """One after another."""

    def happen(till: Till, customer: str) -> None:
        for one in happenings:
            one(till, customer)

    return happen


KINDS: dict[str, tuple[str, Happening, Happening]] = {
    "count": ("{kind: count, at_least: 2}", orders("2026-03-02 10:00", "2026-03-03 10:00"), orders("2026-03-02 10:00")),
    "sum": ("{kind: sum, at_least: '15'}", orders("2026-03-02 10:00", lines=[BREAD, BEEF]),
            orders("2026-03-02 10:00", lines=[BREAD, "11.99"])),
    "collection": ("{kind: distinct, of: category, at_least: 2, among: [BAKERY, MEAT, FISH]}",
                   orders("2026-03-02 10:00", lines=[BREAD, BEEF]), orders("2026-03-02 10:00", lines=[BREAD, BREAD])),
    "largest": ("{kind: largest, at_least: '15'}", orders("2026-03-02 10:00", lines=[BREAD, BEEF]),
                orders("2026-03-02 10:00", "2026-03-03 10:00", lines=[BEEF])),
    "streak": ("{kind: streak, every: week, at_least: 2}", orders("2026-03-08 23:59", "2026-03-09 00:00"),
               orders("2026-03-02 00:00", "2026-03-08 23:59")),
    "date": ("{kind: date, on: ['03-08']}", orders("2026-03-08 00:00"), orders("2026-03-07 23:59", "2026-03-09 00:00")),
    "event": ("{kind: event, where: {type: review.posted, fields: [{name: rating, at_least: 5}]}}", reviews(4, 5),
              reviews(4, 4)),
    "check-in": ("{kind: distinct, of: day, at_least: 2, where: {type: visit}}",
                 visits("2026-03-02 23:59", "2026-03-03 00:00"),
                 all_of(visits("2026-03-02 00:00", "2026-03-02 23:59"), orders("2026-03-03 00:00"))),
    "check-ins in a row": ("{kind: streak, every: day, at_least: 3, freezes: 0, where: {type: visit}}",
                           visits("2026-03-07 23:59", "2026-03-08 03:00", "2026-03-09 00:00"),
                           visits("2026-03-07 00:00", "2026-03-07 23:59", "2026-03-08 23:59", "2026-03-10 00:00")),
    "stamp": ("{kind: sum, of: quantity, at_least: '4', where: {skus: [coffee]}, "
              "window: {kind: fixed, since: 2026-03-03, until: 2026-03-08}}",
              all_of(orders("2026-03-03 00:00", lines=[COFFEE | {"quantity": "3"}, BREAD]),
                     orders("2026-03-08 23:59", lines=[COFFEE])),
              all_of(orders("2026-03-02 23:59", lines=[COFFEE]),
                     orders("2026-03-03 00:00", lines=[COFFEE | {"quantity": "3"}, BREAD]),
                     orders("2026-03-09 00:00", lines=[COFFEE]))),
    "manual": ("{kind: manual}", all_of(orders("2026-03-02 10:00"), by_hand("2026-03-08 23:59")),
               all_of(orders("2026-03-02 10:00"), reviews(5), visits("2026-03-03 00:00"),
                      by_hand("2026-03-08 23:58", again="2026-03-08 23:59"), orders("2026-03-09 00:00"))),
    "tier": ("{kind: tier, tier: silver}", orders("2026-03-02 10:00", lines=["100.00"]),
             orders("2026-03-02 10:00", lines=["99.00"])),
    "calendar": ("{kind: count, at_least: 2, window: {kind: calendar, unit: month}}",
                 orders("2026-03-01 00:00", "2026-03-31 23:59"), orders("2026-02-28 23:59", "2026-03-01 00:00")),
    "rolling": ("{kind: count, at_least: 2, window: {kind: rolling, days: 7}}",
                orders("2026-03-02 00:00", "2026-03-08 23:59"), orders("2026-03-01 23:59", "2026-03-08 00:00")),
    "all": ("{kind: all, of: [{kind: count, at_least: 1}, {kind: event, where: {type: review.posted}}]}",
            all_of(orders("2026-03-02 10:00"), reviews(1)), reviews(1)),
    "any": ("{kind: any, of: [{kind: count, at_least: 2}, {kind: event, where: {type: review.posted}}]}",
            all_of(orders("2026-03-02 10:00"), reviews(1)), orders("2026-03-02 10:00")),
    "n of": ("{kind: n_of, at_least: 2, of: [{kind: count, at_least: 1}, {kind: sum, at_least: '50'}, "
             "{kind: event, where: {type: review.posted}}]}",
             all_of(orders("2026-03-02 10:00"), reviews(1)), orders("2026-03-02 10:00")),
}  # fmt: skip


def held(till: Till, customer: str) -> list[str]:
    """The badges that a member holds, by the export."""
    who = till.standing(customer)["member"]
    rows = [
        json.loads(line) for line in till.run("export", "awards").stdout.splitlines() if line.startswith("{")
    ]
    return [row["slug"] for row in rows if row["member_id"] == who and row["revoked_at"] is None]


@pytest.mark.feature(58)
@pytest.mark.feature(68)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_gives_its_badge_to_who_meets_it_and_to_nobody_else(till: Till, kind: str) -> None:
    criterion, enough, not_quite = KINDS[kind]
    till.at("2026-03-01 00:00").open(
        a_programme() + f"badges:\n  - {{slug: it, name: It, criterion: {criterion}}}\n"
    )
    enough(till, "1")
    not_quite(till, "2")
    assert (held(till, "1"), held(till, "2")) == (["it"], [])
    till.proven()
