"""More time for points, and a tier by hand, on the page of a member: by who may, with a reason, two for much."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from app import database, door
from app.frame.routes import address
from members.actions.pinning import Pin, pin_of
from members.actions.record import record
from members.prove import prove
from pages.staff.approvals import ApprovalsState
from pages.staff.person import PersonState
from rewards.tables import Lot
from tests.builders import PROGRAMME, an_order, days, in_force
from tests.staff.conftest import call, visit
from tests.staff.shop import actions, called_anna

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]

CLUB = PROGRAMME.replace("points:\n", "points:\n  adjustment_limit: 100\n").replace(
    "rewards: []", "    - {slug: circle, name: Circle, invite_only: true, entry: {points: 150}}\nrewards: []"
)
ASKED = "Asked. It is done as soon as a second person agrees."


def a_member(*amounts: str) -> UUID:
    """Anna, who bought for these amounts, ninety days ago and a day later each."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        in_force(session, CLUB)
        orders = [an_order(f"o{i}", one, at=now - days(90 - i)) for i, one in enumerate(amounts)]
        record(session, orders, now)
        return called_anna(session)


async def the_page(me: UUID, role: str = "support", code: str = "en") -> Any:
    page = visit(PersonState, role, address("/staff/member", code) + f"?id={me}")
    await call(page, "load")
    return page


def last_days(me: UUID) -> list[date]:
    """On which day, in UTC, each lot of the member ends, in the order in which they came."""
    with database.reading(door.engine()) as session:
        query = select(Lot.expires_at).where(Lot.member_id == me).order_by(col(Lot.rank))
        return [one.date() for one in session.exec(query) if one]


def held(me: UUID) -> Pin | None:
    with database.reading(door.engine()) as session:
        return pin_of(session, me, datetime.now(UTC))


def proved() -> None:
    with database.reading(door.engine()) as session:
        assert prove(session).flaws == []


async def test_one_lot_and_then_all_last_longer_once_with_a_reason() -> None:
    me = a_member("40.00", "50.00")
    page, (first, second) = await the_page(me), last_days(me)
    card = page.card.by_hand
    assert card.lots[0].key == ""
    assert [one.label.split(" · ")[0] for one in card.lots[1:]] == ["40 points", "50 points"]
    given = {"lot": card.lots[1].key, "lasts_until": card.last, "time_reason": "We were closed"}
    await call(page, "extend", {**given, "time_reason": " "})
    assert "Say why" in page.said
    for day in ("", "soon", "2020-01-01", card.today, "9999-12-31"):
        await call(page, "extend", {**given, "lasts_until": day})
        assert page.said == "Choose a day from tomorrow on, a year from today at most."
    assert last_days(me) == [first, second]

    await call(page, "extend", given)
    assert page.said.startswith("Done. They last to ")
    longer, still = last_days(me)
    assert longer > second == still
    assert page.card.ledger[0].why.endswith("We were closed") or "We were closed" in page.card.ledger[0].why
    assert actions()[-1] == ("support:kim", "points.extended")
    await call(page, "extend", given)
    assert page.said == "No points end before that day."
    await call(page, "extend", {**given, "lot": ""})
    assert last_days(me) == [longer, longer]
    await call(page, "extend", {**given, "lot": ""})
    assert page.said == "No points end before that day."
    assert last_days(me) == [longer, longer]
    proved()


async def test_more_time_for_many_points_and_a_tier_with_a_great_welcome_wait_for_a_second_person() -> None:
    me = a_member("120.00")
    page, before = await the_page(me), last_days(me)
    card = page.card.by_hand
    await call(page, "extend", {"lot": "", "lasts_until": card.last, "time_reason": "We were closed"})
    await call(page, "pin_tier", {"tier": "circle", "tier_until": "", "tier_reason": "A friend of the house"})
    assert (page.said, last_days(me), held(me)) == (ASKED, before, None)

    owner = visit(ApprovalsState, "owner", "/staff/approvals", who="eva")
    await call(owner, "load")
    what = {one.what: one.key for one in owner.card.waiting}
    assert "Give Anna Petrova the tier Circle, which is welcomed with 150 points" in what
    for key in what.values():
        await call(owner, "agree", key)
        assert owner.said == "Agreed, and done."
    await call(page, "load")
    assert last_days(me)[0] > before[0]
    assert (page.card.by_hand.pinned, page.card.figures[0].value) == ("Circle", "270")
    assert set(actions()) >= {("support:kim", "tier.pinned"), ("support:kim", "points.extended")}
    proved()


async def test_the_welcome_of_a_tier_counts_with_what_one_gives_alone_in_a_day() -> None:
    me = a_member("1.00")
    page = await the_page(me)
    await call(page, "adjust", {"how_many": "100", "reason": "As much as one may"})
    await call(page, "pin_tier", {"tier": "gold", "tier_until": "", "tier_reason": "It brings no points"})
    assert page.said == "The tier is given."
    await call(page, "adjust", {"how_many": "1", "reason": "One more"})
    assert page.said == ASKED


async def test_a_tier_is_given_in_place_of_another_one_and_taken_back() -> None:
    me = a_member("10.00")
    page = await the_page(me)
    card = page.card.by_hand
    assert [one.key for one in card.tiers] == ["silver", "gold", "circle"]
    given = {"tier": "silver", "tier_until": card.last, "tier_reason": "Moved from another shop"}
    for wrong in (
        {"tier": "member"},
        {"tier": ""},
        {"tier_until": "2020-01-01"},
        {"tier_until": "x"},
        {"tier_reason": ""},
    ):
        await call(page, "pin_tier", {**given, **wrong})
        assert page.said != "The tier is given."
    assert held(me) is None

    await call(page, "pin_tier", given)
    shown = page.card.by_hand
    assert (page.card.tier, shown.pinned, shown.pinned_reason) == (
        "Silver",
        "Silver",
        "Moved from another shop",
    )
    assert shown.pinned_words.startswith("until ")
    await call(page, "pin_tier", {**given, "tier": "gold", "tier_until": ""})
    assert (page.card.tier, page.card.by_hand.pinned_words) == ("Gold", "without an end")
    await call(page, "unpin_tier", {"unpin_reason": ""})
    assert ("Say why" in page.said, page.card.tier) == (True, "Gold")
    await call(page, "unpin_tier", {"unpin_reason": "It was somebody else"})
    assert (page.said, page.card.tier, page.card.by_hand.pinned) == ("The tier is taken back.", "Member", "")
    await call(page, "unpin_tier", {"unpin_reason": "Once more"})
    assert page.said == "No tier was given to them by hand."
    assert [one for _, one in actions()[-3:]] == ["tier.pinned", "tier.pinned", "tier.unpinned"]
    proved()


async def test_who_may_not_help_members_gives_neither() -> None:
    me = a_member("40.00")
    before, last = last_days(me), (await the_page(me, "owner")).card.by_hand.last
    for role in ("", "member", "marketer", "analyst", "cashier"):
        page = await the_page(me, role)
        assert (page.card.by_hand.lots, page.card.by_hand.tiers) == ((), ())
        page._member = str(me)
        await call(page, "extend", {"lot": "", "lasts_until": last, "time_reason": "Because I can"})
        await call(page, "pin_tier", {"tier": "gold", "tier_until": "", "tier_reason": "Because I can"})
        await call(page, "unpin_tier", {"unpin_reason": "Because I can"})
        assert (last_days(me), held(me)) == (before, None)


async def test_hostile_values_do_nothing() -> None:
    me = a_member("40.00")
    page, before = await the_page(me), last_days(me)
    good = {"lot": "", "lasts_until": page.card.by_hand.last, "time_reason": "A good reason"}
    tier = {"tier": "gold", "tier_until": "", "tier_reason": "A good reason"}
    for value in ("x" * 100_000, "\x00", "\ud800", "💥", 7, True, ["gold"], {"a": 1}):
        await call(page, "extend", {**good, "lot": value})
        assert page.said == "There are no such points."
        await call(page, "extend", {**good, "lasts_until": value})
        await call(page, "pin_tier", {**tier, "tier": value})
        await call(page, "pin_tier", {**tier, "tier_until": value})
    for handler in ("extend", "pin_tier", "unpin_tier"):
        await call(page, handler, {})
    assert (page.status, last_days(me), held(me)) == ("here", before, None)


async def test_both_are_said_in_the_language_of_the_page() -> None:
    me = a_member("40.00")
    for code, points, without in (
        ("ru", "40 баллов · до ", "бессрочно"),
        ("ar", "٤٠ نقطة · حتى ", "بلا نهاية"),
    ):
        page = await the_page(me, code=code)
        await call(page, "pin_tier", {"tier": "gold", "tier_until": "", "tier_reason": "Anna"})
        assert page.card.by_hand.pinned_words == without
        assert page.card.by_hand.lots[1].label.replace("\u2068", "").startswith(points)


@pytest.mark.feature(26)
async def test_cashback_lasts_longer_by_the_lot_or_all_of_it_and_for_much_of_it_two_agree() -> None:
    """A dollar of cashback weighs as much as a hundred points: ten are beyond what one person may do alone."""
    now, cash = (
        datetime.now(UTC),
        "wallets:\n  cash: {kind: cashback, name: Cash, expiry: {kind: rolling, months: 6}}\n",
    )
    back = "earning:\n  - {kind: cashback, slug: back, percent: 10, wallet: cash}\n"
    with database.transaction(door.engine()) as session:
        in_force(session, CLUB.replace("earning:\n", back) + "\n" + cash)
        record(
            session,
            [an_order("o0", "5.00", at=now - days(90)), an_order("o1", "100.00", at=now - days(80))],
            now,
        )
        me = called_anna(session)
    page = await the_page(me)
    lots, last = (
        {one.label.split(" · ")[0]: one.key for one in page.card.by_hand.lots},
        page.card.by_hand.last,
    )
    assert {name for name, key in lots.items() if key in ("", "wallet|cash")} == {
        "All points that end before that day",
        "All of “Cash” that ends before that day",
    }
    given = {"lot": lots["$0.50"], "lasts_until": last, "time_reason": "We were closed"}
    await call(page, "extend", given)
    assert page.said.startswith("Done. They last to ")
    assert page.card.ledger[0].why.startswith("The shop lets $0.50 last to ")
    await call(page, "extend", given)
    assert page.said == "Nothing ends before that day."
    await call(page, "extend", {**given, "lot": "wallet|coins"})
    assert page.said == "There are no such points."

    await call(page, "extend", {**given, "lot": "wallet|cash"})
    assert page.said == ASKED
    owner = visit(ApprovalsState, "owner", "/staff/approvals", who="eva")
    await call(owner, "load")
    (asked,) = owner.card.waiting
    assert asked.what.startswith("Let $10.00 of “Cash” of Anna Petrova last to ")
    await call(owner, "agree", asked.key)
    assert owner.said == "Agreed, and done."
    await call(page, "load")
    assert page.card.ledger[0].why.startswith("The shop lets $10.00 last to ")
    proved()
