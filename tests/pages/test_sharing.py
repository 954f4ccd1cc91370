"""What a member does with a badge: a public page that they can take back, a signed credential, and a place in front."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from reflex.istate.data import RouterData
from sqlmodel import select
from starlette.applications import Starlette

from app import database, door, settings
from app.public import credentials, shared
from badges.credentials.tables import Credential
from badges.tables import BadgePage, Player
from members.actions.shelf import SHOWN_MAX
from pages.home import HomeState
from pages.shelf import BadgesState
from tests.pages.conftest import House, call, post
from tests.pages.game import a_review, a_survey, another, begin, bread, by_staff

pytestmark = pytest.mark.anyio
ADDRESS = "https://shop.example"


@pytest.fixture(autouse=True)
def reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop has a public address."""
    monkeypatch.setenv("REGULARS_PUBLIC_URL", ADDRESS)


async def opened(house: House, address: str = "/badges", who: str = "mira") -> Any:
    state = house.visit(BadgesState, address, who)
    await call(state, "load")
    return state


async def at(path: str, **headers: str) -> httpx.Response:
    """What a stranger gets."""
    app = Starlette(routes=[*shared.routes(), *credentials.routes()])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as client:
        return await client.get(path.removeprefix(ADDRESS), headers=headers)


def rows(table: Any) -> list[Any]:
    with database.reading(door.engine()) as session:
        return list(session.exec(select(table)))


@pytest.mark.feature(65)
async def test_a_badge_is_shared_when_its_holder_says_so_and_until_they_take_it_back(house: House) -> None:
    begin(house)
    state = await opened(house)
    await call(state, "show", "earned:first")
    assert (state.shown.slug, state.shown.link, rows(BadgePage)) == ("first", "", [])
    await call(state, "share", {"name": "  Mira "})
    link = state.shown.link
    assert link.startswith(f"{ADDRESS}/b/")
    assert len(link.rsplit("/", 1)[1]) == 22
    assert (state.showing, state.told, state.shown.signed_by) == (True, "", "Mira")
    assert state.shown.message == f"My badge “First basket” from Corner Shop: {link}"
    page = await at(link)
    assert (page.status_code, "First basket" in page.text, "Mira" in page.text) == (200, True, True)
    await call(state, "share", {"name": ""})
    assert (state.shown.link, state.shown.signed_by) == (link, "")
    await call(state, "stop_sharing")
    assert (state.shown.link, rows(BadgePage)) == ("", [])
    assert (await at(link)).status_code == 404
    await call(state, "share", {"name": ""})
    assert state.shown.link not in ("", link), "an address that was taken back never comes again"


async def test_the_link_is_in_the_language_of_the_page(house: House) -> None:
    begin(house)
    state = await opened(house, "/ru/badges")
    await call(state, "show", "earned:first")
    await call(state, "share", {"name": ""})
    assert state.shown.link.startswith(f"{ADDRESS}/ru/b/")
    assert "Первая корзина" in (await at(state.shown.link)).text
    assert (await opened(house, "/ar/badges")).card.earned[0].link == ""
    shared_one = next(one for one in (await opened(house, "/ar/badges")).card.earned if one.slug == "first")
    assert shared_one.link.startswith(f"{ADDRESS}/ar/b/")


@pytest.mark.parametrize("name", ["x" * 41, "two\nlines", "\u202eevil"])
async def test_a_name_that_cannot_be_shown_is_refused_where_it_was_typed(house: House, name: str) -> None:
    begin(house)
    state = await opened(house)
    await call(state, "show", "earned:first")
    await call(state, "share", {"name": name})
    assert state.told == "A name is one line of at most 40 characters."
    assert rows(BadgePage) == []


@pytest.mark.parametrize("key", ["locked:critic", "next:baker", "earned:nothing", ""])
async def test_only_what_one_holds_is_shared_or_signed(house: House, key: str) -> None:
    begin(house)
    state = await opened(house)
    await call(state, "show", key)
    await call(state, "share", {"name": "Mira"})
    await call(state, "sign")
    assert state.said == "You do not have this badge."
    assert (rows(BadgePage), rows(Credential), state.proof.page) == ([], [], "")


@pytest.mark.feature(66)
async def test_a_badge_is_signed_once_and_its_credential_lies_open(house: House) -> None:
    settings.current.cache_clear()
    begin(house)
    state = await opened(house)
    await call(state, "show", "earned:baker")
    assert state.proof.page == ""
    await call(state, "sign")
    assert (state.told, len(rows(Credential))) == ("", 1)
    found = state.proof
    document = (await at(found.file)).json()
    assert document["credentialSubject"]["achievement"]["name"] == "Baker"
    narrative = document["credentialSubject"]["achievement"]["criteria"]["narrative"]
    assert narrative == "An order in Bread"
    picture = await at(found.picture)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert b"openbadgecredential" in picture.content
    assert "Baker" in (await at(found.page, accept="text/html")).text
    await call(state, "show", "earned:baker")
    assert state.proof.page == "", "the detail of a badge begins anew"
    await call(state, "sign")
    assert state.proof == found
    assert len(rows(Credential)) == 1
    state = await opened(house, "/ru/badges")
    await call(state, "show", "earned:baker")
    await call(state, "sign")
    assert state.proof.page == f"/ru{found.page}"


async def test_a_badge_that_was_taken_away_is_neither_shared_nor_first_any_more(house: House) -> None:
    begin(house)
    state = await opened(house)
    await call(state, "put_first", "baker")
    await call(state, "show", "earned:baker")
    await call(state, "share", {"name": ""})
    link = state.shown.link
    by_staff("badge.revoked", {"badge": "baker", "reason": "A mistake", "actor": "owner:kim"}, house.mira)
    await call(state, "load")
    assert (await at(link)).status_code == 404
    assert all(one.name != "Baker" for one in state.card.earned)
    assert state.card.chosen == 0
    await call(state, "put_first", "few")
    assert rows(Player)[0].shown == "few"


async def test_the_member_says_which_come_first(house: House) -> None:
    begin(house)
    for fact in (a_survey(), a_review(1), a_review(2), *map(bread, (1, 2))):
        post(fact)
    state = await opened(house)
    names = [one.slug for one in state.card.earned]
    assert (state.card.chosen, len(names)) == (0, 5)
    for slug in names[:2:-1]:
        await call(state, "put_first", slug)
        await call(state, "put_first", slug)
    assert state.card.chosen == 2
    assert [one.slug for one in state.card.earned] == [names[4], names[3], *names[:3]]
    assert [one.chosen for one in state.card.earned] == [True, True, False, False, False]
    for _ in range(3):
        await call(state, "shift", names[3], True)
    assert [one.slug for one in state.card.earned][:2] == [names[3], names[4]]
    for _ in range(3):
        await call(state, "shift", names[3], False)
    assert [one.slug for one in state.card.earned][:2] == [names[4], names[3]]
    await call(state, "shift", names[0], True)
    assert rows(Player)[0].shown == f"{names[4]} {names[3]}"
    at_home = house.visit(HomeState)
    await call(at_home, "load")
    assert [one.name for one in at_home.card.first] == [one.name for one in state.card.earned[:2]]
    assert all(one.picture.startswith("/pictures/badge/") for one in at_home.card.first)
    await call(state, "let_go", names[4])
    await call(state, "let_go", names[4])
    assert [one.slug for one in state.card.earned] == [names[3], *names[:3], names[4]]
    await call(state, "switch", "game")
    await call(at_home, "load")
    assert at_home.card.first == ()


async def test_there_is_room_for_a_few_and_only_for_what_one_holds(house: House) -> None:
    many = "badges:\n" + "".join(
        f"  - {{slug: b{n}, name: B{n}, criterion: {{kind: count, at_least: 1}}, counts: from_beginning}}\n"
        for n in range(SHOWN_MAX + 1)
    )
    begin(house, many)
    state = await opened(house)
    for n in range(SHOWN_MAX):
        await call(state, "put_first", f"b{n}")
    await call(state, "put_first", f"b{SHOWN_MAX}")
    assert state.said == "You can put 6 badges first. Let go of one before."
    await call(state, "put_first", "hidden-gem")
    assert state.said == "You do not have this badge."
    assert state.card.chosen == SHOWN_MAX


@pytest.mark.parametrize("who", ["", "staff"])
async def test_nobody_but_a_member_does_any_of_it(house: House, who: str) -> None:
    begin(house)
    state = await opened(house, who=who)
    for handler, values in (
        ("share", [{"name": "x"}]), ("stop_sharing", []), ("sign", []), ("put_first", ["first"]),
        ("let_go", ["first"]), ("shift", ["first", True]),
    ):  # fmt: skip
        state.said = ""
        await call(state, handler, *values)
        assert state.said
    assert (rows(BadgePage), rows(Credential), rows(Player)) == ([], [], [])


async def test_with_a_forged_cookie_nothing_is_shared(house: House) -> None:
    begin(house)
    state = await opened(house)
    await call(state, "show", "earned:first")
    data = {"headers": {"cookie": "regulars_session=forged"}, "pathname": "/badges"}
    state.parent_state.router = RouterData.from_router_data(data)
    await call(state, "share", {"name": "x"})
    assert state.told == "Please come in first: you are not signed in."
    assert rows(BadgePage) == []


async def test_ones_own_page_and_order_are_ones_own(house: House) -> None:
    begin(house)
    with database.transaction(door.engine()) as session:
        other = another(session)
        session.add(BadgePage(token="T" * 22, member_id=other, slug="first", since=datetime.now(UTC)))
        session.add(Player(member_id=other, shown="first"))
    state = await opened(house)
    assert all(one.link == "" and not one.chosen for one in state.card.earned)
    await call(state, "show", "earned:first")
    await call(state, "stop_sharing")
    await call(state, "let_go", "first")
    assert [page.member_id for page in rows(BadgePage)] == [other]
    assert {row.member_id: row.shown for row in rows(Player)} == {other: "first", house.mira: ""}


@pytest.mark.parametrize("what", ["link", "message", "<script>", ""])
async def test_what_was_copied_is_said_by_its_name(house: House, what: str) -> None:
    state = house.visit(BadgesState, "/badges", "")
    await call(state, "tell_copied", what)
    assert state.copied == (what if what in ("link", "message") else "")
