"""A change of an offer is planned for a moment: until then links make the old one, and what was planned says when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app import database, door
from app.jobs import due
from members.actions.drafts import OFFERS, drafts
from members.reckoned_cards import ReckonedCard
from members.views.reckoning import said_once
from pages.staff.referrals import ReferralsState
from tests.staff.conftest import call
from tests.staff.shop import actions
from tests.staff.test_offer_pages import LIST, a_shop, offers, opened

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]


@pytest.mark.feature(83)
async def test_a_live_offer_changes_at_its_moment_and_not_before() -> None:
    a_shop()
    page = await opened(query="slug=give-get")
    await call(page, "put", "sharer.points", "700")
    await call(page, "plan", {"at": "2020-01-01T10:00"})
    assert page.said == "Choose a moment that is still to come."
    at = datetime.now(UTC) + timedelta(days=9)
    await call(page, "plan", {"at": at.strftime("%Y-%m-%dT10:00")})
    assert page.said == "It is planned."
    assert page.card.planned.endswith("10:00.")
    [row] = (await opened(kind=ReferralsState, path=LIST)).card.drafts
    assert (row.planned, row.words.startswith("Will be published on ")) == (True, True)
    assert due.publish_drafts(door.engine(), datetime.now(UTC)) == 0
    assert [one.sharer.points for one in offers()] == [500]
    await call(page, "unplan")
    assert page.card.planned == ""
    await call(page, "plan", {"at": at.strftime("%Y-%m-%dT10:00")})
    assert due.publish_drafts(door.engine(), at + timedelta(days=2)) == 1
    assert [one.sharer.points for one in offers()] == [700]
    assert ("owner:kim", "offer.published") in actions()
    with database.reading(door.engine()) as session:
        assert drafts(session, OFFERS) == []


@pytest.mark.feature(83)
async def test_a_moment_is_told_as_people_write_it() -> None:
    a_shop()
    page = await opened(query="slug=give-get")
    await call(page, "put", "closes", "2099-05-03T10:00")
    assert page.card.changes == ("Referral offer “Give 5, get 5”: closes from nothing to 3 May 2099, 10:00",)


def test_what_points_pay_is_said_once_where_all_tiers_agree() -> None:
    alike = [ReckonedCard("A", could_pay="$3"), ReckonedCard("B", could_pay="$3")]
    assert said_once(alike) == ((ReckonedCard("A"), ReckonedCard("B")), "$3")
    apart = [ReckonedCard("A", could_pay="$3"), ReckonedCard("B", could_pay="$4")]
    assert said_once(apart) == (tuple(apart), "")
