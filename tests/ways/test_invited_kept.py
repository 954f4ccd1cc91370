"""What others keep of a link: its picture and its poster may carry a first name, and are nobody's for a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from app import database, door, limits
from app.public import invited, invited_poster
from members.actions import joining, referring
from members.actions.joining import Wish
from members.tables import Member
from tests.builders import days, in_force
from tests.ways.conftest import Visit
from tests.ways.test_invited import RUSSIAN, link_of

pytestmark = [pytest.mark.anyio, pytest.mark.feature(80)]


@pytest.fixture
def shop(house: Path) -> Iterator[Starlette]:
    with database.transaction(door.engine()) as session:
        in_force(session, RUSSIAN.replace("hold_days: 14", "hold_days: 14\n      link_days: 30"))
    limits.forget()
    yield Starlette(routes=[*invited.routes(), *invited_poster.routes()])
    limits.forget()


async def test_a_picture_is_asked_again_so_that_a_name_goes_when_it_is_taken_back(visit: Visit) -> None:
    ann, code = link_of()
    with database.transaction(door.engine()) as session:
        session.get_one(Member, ann).name = "Ann"
        referring.let_name(session, ann, True)
    async with visit() as messenger:
        named = await messenger.get(f"/r/{code}/card.png")
        assert named.headers["cache-control"] == "no-cache"
        assert named.headers["x-robots-tag"] == "noindex"
        seen = {"if-none-match": named.headers["etag"]}
        again = await messenger.get(f"/r/{code}/card.png", headers=seen)
        assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")
        with database.transaction(door.engine()) as session:
            referring.let_name(session, ann, False)
        nameless = await messenger.get(f"/r/{code}/card.png", headers=seen)
        assert (nameless.status_code, nameless.headers["etag"] != seen["if-none-match"]) == (200, True)
        poster = await messenger.get(f"/r/{code}/poster.png")
        assert poster.headers["cache-control"].startswith("private,")


async def test_a_link_that_is_over_has_no_picture(visit: Visit) -> None:
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        old = joining.join(session, "email:old@shop.example", Wish(), now - days(40))
        link = referring.open_link(session, old, now - days(31))
        assert link is not None
        code = link.code
    async with visit() as messenger:
        page = await messenger.get(f"/r/{code}")
        assert "This invitation is over." in page.text
        assert "card.png" not in page.text
        for picture in ("card.png", "poster.png"):
            assert (await messenger.get(f"/r/{code}/{picture}")).status_code == 404


async def test_who_looks_at_links_without_end_waits_and_everybody_else_reads_on(
    shop: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rate is of who asks, not of a link: a link that many open is there for the next one too."""
    monkeypatch.setitem(limits.RATES, invited.RATE, "3/hour")
    monkeypatch.setattr(limits, "_rates", limits._rates.__wrapped__)  # the others' are kept as they are
    _, code = link_of()

    def of(address: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(shop, client=(address, 1)), base_url="http://shop.test"
        )

    async with of("203.0.113.7") as guesser, of("203.0.113.8") as friend:
        for guessed in ("swift-otter-41", "swift-otter-42", "swift-otter-43"):
            assert (await guesser.get(f"/r/{guessed}")).status_code == 404
        page = await guesser.get(f"/ru/r/{code}")
        assert (page.status_code, page.headers["retry-after"]) == (429, "60")
        assert "Слишком часто" in page.text
        assert invited.INVITED not in guesser.cookies
        for sheet in ("card.png", "poster.png", "poster.pdf"):
            assert (await guesser.get(f"/r/{code}/{sheet}")).status_code == 429
        assert (await friend.get(f"/r/{code}")).status_code == 200
