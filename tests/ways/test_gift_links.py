"""Links of gifts: who tries one after the other waits, and nobody learns one, or who is behind it, from the tables."""

from __future__ import annotations

import httpx
import pytest
from sqlmodel import SQLModel
from starlette.applications import Starlette

from app import database, door, limits
from tests.ways.conftest import Visit
from tests.ways.test_gifts import a_member, give, link_in, shop, signed_in

pytestmark = pytest.mark.anyio
__all__ = ["shop"]


async def test_who_guesses_links_waits_and_everybody_else_opens_theirs(
    shop: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("gift_opened", "gift"):
        monkeypatch.setitem(limits.RATES, name, "3/hour")
    monkeypatch.setattr(limits, "_rates", limits._rates.__wrapped__)  # the others' are kept as they are
    (_, hers), (_, his) = a_member("ann"), a_member("eve", 10)

    def of(address: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(shop, client=(address, 1))
        return httpx.AsyncClient(transport=transport, base_url="http://shop.test")

    async with of("203.0.113.7") as guesser, of("203.0.113.8") as friend, of("203.0.113.9") as ann:
        await give(signed_in(ann, hers))
        link = link_in(await ann.get("/give"))
        guesses = [f"/g/7XKQ-2M9D-VB40-HT3W{sign}" for sign in "ABC"]
        assert [(await guesser.get(one)).status_code for one in guesses] == [404] * 3
        assert (await guesser.get(link)).status_code == 429
        signed_in(guesser, his)
        assert [(await guesser.post(one)).status_code for one in guesses] == [404] * 3
        assert (await guesser.post(link)).status_code == 429, "nor by the button"
        assert (await friend.get(link)).status_code == 200


async def test_no_table_tells_a_link_or_who_gave_what_somebody_took(visit: Visit) -> None:
    (ann, hers), (_, his) = a_member("ann"), a_member("ben", 10)
    async with visit() as one, visit() as other:
        await give(signed_in(one, hers))
        link = link_in(await one.get("/give"))
        with database.reading(door.engine()) as session:
            rows = [
                repr(session.connection().execute(table.select()).all())
                for table in SQLModel.metadata.sorted_tables
            ]
        code = link.removeprefix("/g/")
        assert not any(code in kept or code.replace("-", "") in kept for kept in rows)
        assert (await signed_in(other, his).post(link)).status_code == 303
    with database.reading(door.engine()) as session:
        taken = repr(session.connection().execute(SQLModel.metadata.tables["gift_taken"].select()).all())
    assert str(ann) not in taken
