"""Finding and helping members by the handlers of the staff pages."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from app import database, door
from app.frame.routes import address
from members.actions import card
from members.actions.redeem import redeem
from pages.staff.catalogue import CatalogueState
from pages.staff.people import PeopleState
from pages.staff.person import PersonState
from tests.staff.conftest import call, visit
from tests.staff.shop import a_shop, actions

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]

SECRET = b"a secret of thirty-two characters"


@pytest.mark.parametrize("wanted", ["anna", "Petrova", "1", "ANNA PET"])
async def test_a_member_is_found_by_name_and_number(wanted: str) -> None:
    me = a_shop()
    page = visit(PeopleState, "cashier", "/staff/members")
    await call(page, "load")
    await call(page, "search", {"wanted": wanted})
    assert [(row.key, row.name, row.known_as, row.balance) for row in page.card.people] == [
        (str(me), "Anna Petrova", "Customer 1", "90 points")
    ]


@pytest.mark.parametrize(("code", "said"), [("en", "Card {}"), ("ru", "Карта {}"), ("ar", "بطاقة {}")])
async def test_the_number_of_a_card_is_said_to_be_one(code: str, said: str) -> None:
    me = a_shop()
    with database.transaction(door.engine()) as session:
        number = card.mine(session, me, SECRET, datetime.now(UTC)).number
    page = visit(PersonState, "cashier", address("/staff/member", code) + f"?id={me}")
    await call(page, "load")
    plain = [one.replace("\u2068", "").replace("\u2069", "") for one in page.card.known_as]
    assert said.format(number) in plain


@pytest.mark.parametrize("wanted", ["%", "_nna", "nobody", "\\", "' OR 1=1 --", str(UUID(int=7))])
async def test_nobody_is_found_by_accident(wanted: str) -> None:
    a_shop()
    page = visit(PeopleState, "cashier", "/staff/members")
    await call(page, "search", {"wanted": wanted})
    assert page.card.people == ()
    assert wanted in page.card.words


@pytest.mark.feature(20)
async def test_the_timeline_has_the_why_of_every_entry() -> None:
    me = a_shop()
    page = visit(PersonState, "support", f"/staff/member?id={me}")
    await call(page, "load")
    assert page.card.name == "Anna Petrova"
    assert [(entry.amount, entry.why) for entry in page.card.ledger] == [("+90", page.card.ledger[0].why)]
    assert "$90" in page.card.ledger[0].why


@pytest.mark.feature(35)
async def test_points_are_adjusted_with_a_reason_once() -> None:
    me = a_shop()
    page = visit(PersonState, "support", f"/staff/member?id={me}")
    await call(page, "load")
    await call(page, "adjust", {"how_many": "25", "reason": ""})
    assert "Say why" in page.said
    await call(page, "adjust", {"how_many": "lots", "reason": "Because"})
    assert page.wrong
    assert page.turns["points"] == 0  # what was typed stays in the boxes
    await call(page, "adjust", {"how_many": "10001", "reason": "A big apology"})
    assert "second person" in page.said
    others = {"badge": 0, "taking": 0, "time": 0, "tier": 0}
    assert page.turns == {"points": 1, **others}  # nor do the other forms lose it
    for _ in range(2):  # pressed again before the answer has come
        await call(page, "adjust", {"how_many": "+25", "reason": "Broken eggs", "turn": "1"})
    assert page.card.figures[0].value == "115"
    assert "Broken eggs" in page.card.ledger[0].why
    assert actions()[-1] == ("support:kim", "points.adjusted")
    await call(page, "adjust", {"how_many": "\N{MINUS SIGN}15", "reason": "Counted wrong"})
    assert page.card.figures[0].value == "100"


async def test_a_reserved_reward_is_handed_over_by_who_may() -> None:
    me = a_shop()
    with database.transaction(door.engine()) as session:
        made = redeem(session, me, "mug", datetime.now(UTC), "tap", SECRET)
    listed = visit(CatalogueState, "owner", "/staff")
    await call(listed, "load")
    assert listed.card.waiting == "1 reward waits to be handed over"
    page = visit(PersonState, "support", f"/staff/member?id={me}")
    await call(page, "load")
    await call(page, "hand_over", str(made.redemption_id))
    assert "not yours" in page.said  # support may not use codes
    counter = visit(PersonState, "cashier", f"/staff/member?id={me}")
    await call(counter, "load")
    await call(counter, "hand_over", str(made.redemption_id))
    assert counter.card.vouchers[0].state == "used"
    await call(counter, "give_back", str(made.redemption_id))
    assert counter.card.vouchers[0].state == "used"


@pytest.mark.parametrize("role", ["", "member", "marketer", "analyst"])
async def test_who_may_not_see_members_sees_none(role: str) -> None:
    me = a_shop()
    page, found = (
        visit(PersonState, role, f"/staff/member?id={me}"),
        visit(PeopleState, role, "/staff/members"),
    )
    await call(page, "load")
    await call(found, "load")
    await call(found, "search", {"wanted": "anna"})
    await call(page, "adjust", {"how_many": "5", "reason": "Because"})
    await call(page, "look_behind", "1")
    assert (page.card.name, page.card.ledger, found.card.people) == ("", (), ())
    assert "support:kim" not in [actor for actor, _ in actions()]


@pytest.mark.parametrize("wanted", ["", "x", str(UUID(int=7)), "'; --"])
async def test_a_member_who_is_not_there(wanted: str) -> None:
    a_shop()
    page = visit(PersonState, "support", f"/staff/member?id={wanted}")
    await call(page, "load")
    assert (page.status, page.said) == ("failed", "There is no such member.")


async def test_looking_people_up_has_its_rate() -> None:
    """Whoever reads out the list of members with a script is stopped, and told so."""
    a_shop()
    page = visit(PeopleState, "cashier", "/staff/members")
    for _ in range(65):
        await call(page, "search", {"wanted": "anna"})
    assert page.said.startswith("That was a little too often.")
