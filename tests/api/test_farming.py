"""FEATURES 79 from outside: a script of 500 fake actions earns nothing and opens one case, which staff decide."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from app import database
from facts.language import codes, language
from facts.refusals import Refusal
from members.actions.cases import reject, release
from members.audit import first_broken
from members.case_tables import HeldCase, HeldFact
from members.cases import evidence
from members.prove import prove
from members.tables import Audit
from members.views.history import history
from members.views.home import home
from tests.api.shop import Shop, an_event, an_order

pytestmark = [pytest.mark.anyio, pytest.mark.feature(79)]
BEGAN = (datetime.now(UTC) - timedelta(days=1)).replace(
    hour=17
)  # noon or so in the shop: one day of its calendar


def a_script(many: int) -> list[dict[str, Any]]:
    """So many reviews by one customer, a second apart, the same on every run."""
    return [an_event("review.posted", {"review_id": f"r{i}", "rating": 5}, id=f"fake-{i}",
                     time=(BEGAN + timedelta(seconds=i)).isoformat()) for i in range(many)]  # fmt: skip


async def points(shop: Shop, key: dict[str, str]) -> int:
    """What the member can spend."""
    return int((await shop.standing(key))["available"])


def looked_at(shop: Shop) -> tuple[list[tuple[str, str, int]], int]:
    """The cases (guard, status and facts), and how many facts are held; the ledger holds meanwhile."""
    with database.reading(shop.engine) as session:
        assert prove(session).flaws == []
        cases = session.exec(select(HeldCase).order_by(col(HeldCase.guard), col(HeldCase.number))).all()
        held = session.exec(select(HeldFact)).all()
        return [(case.guard, case.status, case.facts) for case in cases], len(held)


def decide(shop: Shop, verb: Any, reason: str = "I looked at them", number: int = 1) -> None:
    """Staff decide about the reviews."""
    with database.transaction(shop.engine) as session:
        name = (whose(session), "reviews", number)
        case = session.get(HeldCase, name)
        verb(session, name, evidence(case) if case else "", reason, "support:kim", datetime.now(UTC))


def whose(session: Session) -> UUID:
    """The member of the one case there is."""
    return session.exec(select(HeldCase.member_id).limit(1)).one()


@pytest.mark.parametrize("way", ["one by one", "at once", "side by side, shuffled, everything twice"])
async def test_500_fake_actions_earn_nothing_and_open_one_case(shop: Shop, way: str) -> None:
    key, events = shop.key(), a_script(500)
    if way == "one by one":
        for event in events[:30]:
            assert (await shop.post(event, key=key)).status_code in (200, 202)
        await shop.post(*events[30:], key=key)
    elif way == "at once":
        await shop.post(*events, key=key)
    else:
        twice = [*events, *events]
        random.Random(7).shuffle(twice)
        parts = [twice[i : i + 50] for i in range(0, len(twice), 50)]
        await asyncio.gather(*(shop.post(*part, key=key) for part in parts))
    standing = await shop.standing(key)
    assert (standing["available"], standing["pending"]) == (0, 0)
    assert looked_at(shop) == ([("reviews", "open", 500)], 500)


async def test_an_honest_shopper_beside_it_is_paid_as_ever(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_order("20.00", customer="901", days_ago=3), key=key)
    for i in range(3):
        await shop.post(
            an_event("review.posted", {"review_id": f"h{i}"}, customer="901", days_ago=2), key=key
        )
    await shop.post(*a_script(40), key=key)
    assert (await shop.standing(key, "customer:901"))["available"] == 200 + 3 * 40
    assert looked_at(shop) == ([("reviews", "open", 40)], 40)


async def test_what_was_paid_first_is_taken_back_and_what_is_honest_stays(shop: Shop) -> None:
    key, script = shop.key(), a_script(30)
    await shop.post(an_order("20.00", days_ago=3), key=key)
    await shop.post(*script[:3], key=key)
    assert await points(shop, key) == 200 + 3 * 40
    await shop.post(*script[3:], key=key)
    assert await points(shop, key) == 200
    with database.reading(shop.engine) as session:
        now, member_id = datetime.now(UTC), whose(session)
        for code in codes():
            card = history(session, member_id, now, language(code))
            assert any(entry.why.startswith(language(code).text(
                "Many of these came at once, so the shop looks at them first.")) for entry in card.entries)  # fmt: skip
            assert card.looked_at == language(code).plural(
                "The shop looks at {n} action of yours before it counts. You need not do anything.",
                "The shop looks at {n} actions of yours before they count. You need not do anything.", 30,
            )  # fmt: skip
            assert home(session, member_id, now, language(code)).step.icon == "hourglass"


async def test_released_they_are_paid_with_their_true_dates_and_rejected_they_are_not(shop: Shop) -> None:
    key = shop.key()
    await shop.post(*a_script(500), key=key)
    decide(shop, reject)
    assert await points(shop, key) == 0
    assert looked_at(shop) == ([("reviews", "rejected", 500)], 500)
    decide(shop, release)
    assert await points(shop, key) == 120, "what 500 reviews of a day bring: the rule's own cap"
    assert looked_at(shop) == ([("reviews", "released", 500)], 0)
    with database.reading(shop.engine) as session:
        card = history(session, whose(session), datetime.now(UTC), language("en"))
        assert (card.looked_at, len(card.entries)) == ("", 20)
        assert first_broken(session) is None
        told = session.exec(select(Audit.actor, Audit.action).where(col(Audit.action).like("case.%"))).all()
        assert told == [("support:kim", "case.rejected"), ("support:kim", "case.released")]
    decide(shop, reject)
    assert await points(shop, key) == 0
    assert looked_at(shop) == ([("reviews", "rejected", 500)], 500)


async def test_a_burst_that_goes_on_after_the_decision_is_a_new_case(shop: Shop) -> None:
    key, script = shop.key(), a_script(60)
    await shop.post(*script[:30], key=key)
    decide(shop, release)
    assert await points(shop, key) == 120
    await shop.post(*script[30:], key=key)
    assert looked_at(shop) == ([("reviews", "released", 30), ("reviews", "open", 30)], 30)
    decide(shop, reject, number=2)
    assert looked_at(shop) == ([("reviews", "released", 30), ("reviews", "rejected", 30)], 30)
    assert await points(shop, key) == 120


async def test_a_decision_is_refused_where_there_is_none_to_make(shop: Shop) -> None:
    key = shop.key()
    await shop.post(*a_script(30), key=key)
    decide(shop, reject)
    for verb, reason, number, code in (
        (reject, "again", 1, "case_decided"),
        (release, "never was", 2, "case_unknown"),
        (release, " ", 1, "reason_missing"),
    ):
        with pytest.raises(Refusal) as refused:
            decide(shop, verb, reason, number)
        assert refused.value.code == code
    assert looked_at(shop) == ([("reviews", "rejected", 30)], 30)


async def test_the_same_product_again_and_again_is_a_case_of_its_own(shop: Shop) -> None:
    key = shop.key()
    for i in range(4):
        await shop.post(
            an_event("review.posted", {"review_id": f"s{i}", "sku": "tea"}, days_ago=4 - i), key=key
        )
    await shop.post(an_event("review.posted", {"review_id": "other", "sku": "jam"}, days_ago=0.5), key=key)
    assert await points(shop, key) == 40
    assert looked_at(shop) == ([("same-review", "open", 4)], 4)


async def test_nobody_releases_their_own_facts_from_outside(shop: Shop) -> None:
    key = shop.key()
    await shop.post(*a_script(30), key=key)
    ends = [int((BEGAN + timedelta(hours=n)).timestamp()) * 10**6 for n in (-1, 1)]
    data = {
        "case": "reviews:1",
        "guard": "reviews",
        "since": ends[0],
        "until": ends[1],
        "reason": "let me",
        "actor": "me",
    }
    answer = await shop.post(an_event("guard.released", data), key=key)
    assert answer.status_code == 422
    assert looked_at(shop) == ([("reviews", "open", 30)], 30)


async def test_a_year_of_orders_in_a_file_is_no_case(shop: Shop) -> None:
    key = shop.key()
    orders = [an_order("5.00", days_ago=400 - i / 10) for i in range(300)]
    await shop.post(*orders, key=key)
    assert looked_at(shop) == ([], 0)
