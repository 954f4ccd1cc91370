"""A member's gifts on their page for staff: what waits is called off by who may, and the audit says so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app import database, door
from members.actions import giving
from members.programme import apply, in_force, load
from pages.staff.person import PersonState
from rewards.gift_tables import Gift
from tests.builders import PROGRAMME
from tests.staff.conftest import call, visit
from tests.staff.shop import a_shop, actions

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]
SECRET = b"a secret of thirty-two characters"
GIFTS = PROGRAMME.replace("rewards: []", "rewards: []\ngifts: {per_day: 60, min_age_days: 0}")


@pytest.mark.feature(34)
async def test_staff_sees_a_gift_and_calls_it_off() -> None:
    me, now = a_shop(), datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        apply(
            session, load(GIFTS), base=in_force(session, now).number, effective_from=now, actor="t", now=now
        )
        gift = giving.give(session, me, 50, "tap", b"k" * 32, SECRET, datetime.now(UTC))
        key = str(gift.gift_id)
    page = visit(PersonState, "cashier", f"/staff/member?id={me}")
    await call(page, "load")
    row = page.card.vouchers[0]
    assert (row.key, row.name, row.returnable, row.open) == (key, "A gift", True, False)
    assert row.words.startswith("50 points · Waits until")
    assert (row.code, page.card.figures[0].value) == ("", "40"), "nobody at the counter reads its link"
    await call(page, "give_back", key)
    assert page.card.vouchers[0].returnable, "a cashier may not"
    page = visit(PersonState, "support", f"/staff/member?id={me}")
    await call(page, "load")
    await call(page, "give_back", key)
    assert (page.card.vouchers[0].returnable, page.card.figures[0].value) == (False, "90")
    assert actions()[-1] == ("support:kim", "gift.called_back")
    with database.reading(door.engine()) as session:
        stored = session.get(Gift, (me, gift.gift_id))
        assert stored
        assert stored.state == "back"
