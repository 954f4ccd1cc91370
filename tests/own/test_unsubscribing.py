"""One click on an old letter: after the account became part of another one, and from a mail provider of many people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlmodel import Session
from starlette.applications import Starlette

from app import database, door, limits
from app.public import unsubscribe
from members import consents
from members.actions import record
from members.actions.merging import merge, undo
from tests.builders import an_order, days, in_force

pytestmark = [pytest.mark.anyio, pytest.mark.feature(98)]
NOW = datetime.now(UTC).replace(microsecond=0)
OFFERS = ("offers", "email")


@pytest.fixture
async def provider(house: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A mail provider, which clicks for everybody from one address; three clicks a day are guesses enough."""
    monkeypatch.setitem(limits.RATES, "unsubscribe", "3/day")
    limits.forget()
    limits._rates.cache_clear()  # pyright: ignore[reportPrivateUsage]
    app = Starlette(routes=unsubscribe.routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as client:
        yield client
    limits._rates.cache_clear()  # pyright: ignore[reportPrivateUsage]
    limits.forget()


def people(session: Session, many: int) -> list[UUID]:
    in_force(session)
    orders = [an_order(str(n), "10.00", at=NOW - days(2), subject=f"customer:{n}") for n in range(many)]
    found = [one.member_id for one in record(session, orders, NOW)]
    return [one for one in found if one]


def address_for(member_id: UUID) -> str:
    return consents.unsubscribe_address("http://shop.test", member_id, *OFFERS, door.secret())


async def test_a_letter_to_an_account_that_was_merged_since_stops_those_to_the_person(
    provider: httpx.AsyncClient,
) -> None:
    with database.transaction(door.engine()) as session:
        oldest, older, kept = people(session, 3)
        consents.decide(session, oldest, *OFFERS, True, NOW, way="me")
        merge(session, oldest, older, "", "owner:ada", NOW)
        merge(session, older, kept, "", "owner:ada", NOW)
        assert consents.given(session, kept) == {OFFERS}
    assert (await provider.post(address_for(oldest))).status_code == 200
    with database.transaction(door.engine()) as session:
        assert [consents.given(session, one) for one in (kept, older, oldest)] == [set()] * 3
        assert consents.history(session, kept)[-1].way == "unsubscribe"
        undo(session, older, "owner:ada", NOW)
        undo(session, oldest, "owner:ada", NOW)
        assert [consents.given(session, one) for one in (kept, older, oldest)] == [set()] * 3, "it holds"


async def test_a_large_provider_clicks_for_everybody_and_a_guess_is_counted(
    provider: httpx.AsyncClient,
) -> None:
    with database.transaction(door.engine()) as session:
        members = people(session, 5)
        for one in members:
            consents.decide(session, one, *OFFERS, True, NOW, way="me")
    for one in members:
        assert (await provider.post(address_for(one))).status_code == 200
    guess = address_for(members[0])[:-1]
    assert [(await provider.post(guess)).status_code for _ in range(5)] == [404] * 3 + [429] * 2
    assert (await provider.post(address_for(members[0]))).status_code == 200
    with database.reading(door.engine()) as session:
        assert [consents.given(session, one) for one in members] == [set()] * 5
