"""Figures of bringing friends by their page: how far friends get by which way, what each has cost, who brings most."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from app import database, door
from members.actions import referring
from pages.staff.person import PersonState
from pages.staff.referrals import ReferralsState
from tests.builders import days
from tests.staff.conftest import call
from tests.staff.shop import actions
from tests.staff.test_offer_pages import LIST, a_shop, buys, opened, somebody

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]


async def test_the_funnel_says_how_far_friends_get_and_what_each_has_cost() -> None:
    a_shop()
    ann, code = somebody("ann")
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        for tag in ("telegram", "telegram", "qr"):
            referring.shared(session, ann, now, tag)
        referring.clicked(session, code, now, "telegram")
        referring.clicked(session, code, now - days(60), "telegram")
    somebody("eve", f"{code}~telegram")
    somebody("ida", f"{code}~qr")
    buys("eve", "1")
    page = await opened(kind=ReferralsState, path=LIST)
    card = page.card
    assert [(one.key, one.value) for one in card.steps] == [
        ("shared", "3"), ("clicked", "1"), ("joined", "2"), ("bought", "1"), ("again", "0"),
    ]  # fmt: skip
    assert [one.words.replace("\xa0", " ") for one in card.steps[3:4]] == ["50% of the step before"]
    assert [one.key for one in card.channels] == ["telegram", "qr"]
    assert [figure.value for figure in card.channels[0].figures] == ["2", "1", "1", "1", "0"]
    assert card.cost == "$8"
    assert card.cost_how.startswith(
        "800 points were given to both sides, worth $8. Shared among 1 friend who bought,"
    )
    assert card.advocates[0].words == "1 friend bought · 2 joined · 800 points"
    await call(page, "choose_days", "90")
    assert [one.value for one in page.card.steps][:2] == ["3", "2"]
    await call(page, "choose_offer", "give-get")
    assert [one.value for one in page.card.steps] == ["3", "2", "2", "1", "0"]
    for nonsense in ("-1", "x", "9999999", "٣٠"):
        await call(page, "choose_days", nonsense)
        assert page.card.days == "30"
    await call(page, "choose_offer", "nothing")
    assert page.card.offer == ""


async def test_who_may_not_see_members_reads_aliases_and_who_may_is_in_the_audit() -> None:
    a_shop()
    ann, code = somebody("ann")
    somebody("eve", code)
    owner = await opened(kind=ReferralsState, path=LIST)
    assert owner.card.advocates[0].path == f"/staff/member?id={ann}"
    assert ("owner:kim", "advocates.viewed") in actions()
    for role in ("marketer", "analyst"):
        page = await opened(role, kind=ReferralsState, path=LIST)
        assert (len(page.card.advocates), page.card.advocates[0].path) == (1, "")
        assert str(ann) not in str(asdict(page.card))
        assert (f"{role}:kim", "advocates.viewed") not in actions()


async def test_a_members_page_says_who_brought_them_and_whom_they_have_brought() -> None:
    a_shop()
    ann, code = somebody("ann")
    eve, _ = somebody("eve", f"{code}~qr")
    buys("eve", "1")
    hers = (await opened(kind=PersonState, path="/staff/member", query=f"id={ann}")).friends
    assert (hers.by, hers.words) == ((), "1 joined · 1 bought")
    assert [(one.path, one.tone) for one in hers.brought] == [(f"/staff/member?id={eve}", "caution")]
    assert hers.brought[0].status.startswith("Waits until ")
    assert "QR code" in hers.brought[0].words
    theirs = (await opened(kind=PersonState, path="/staff/member", query=f"id={eve}")).friends
    assert [one.path for one in theirs.by] == [f"/staff/member?id={ann}"]
    assert theirs.brought == ()
    assert (
        await opened("analyst", kind=PersonState, path="/staff/member", query=f"id={ann}")
    ).friends.brought == ()
