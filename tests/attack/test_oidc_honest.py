"""Signing in with a provider that tells the truth: who comes in, who joins, who is linked, and what is set."""

from __future__ import annotations

from datetime import UTC, datetime
from http.cookies import SimpleCookie

import httpx
import pytest
from joserfc.jwk import KeySet
from sqlmodel import select, update
from starlette.applications import Starlette

from app import database, door, settings
from app.public import coming_in
from members.own_tables import Consent
from members.roles import Person
from members.tables import BrowserSession, Identity, Member
from members.way_tables import Staff
from tests.attack.oidc_scene import SITE, Scene, a_member
from tests.attack.wicked import EC, RSA, STRANGE
from tests.ways.authenticator import Authenticator

pytestmark = pytest.mark.anyio
JSON = {"Content-Type": "application/json"}


@pytest.mark.feature(2)
async def test_who_is_known_comes_in_and_is_the_same_person(scene: Scene) -> None:
    async with scene.visitor() as browser:
        answer = await scene.through(browser)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert answer.headers["cache-control"] == "no-store"
        assert scene.who(browser) == scene.anna
        flags = SimpleCookie(next(one for one in answer.headers.get_list("set-cookie") if door.COOKIE in one))
        assert flags[door.COOKIE]["httponly"]
        assert flags[door.COOKIE]["samesite"].lower() == "lax"
    with database.reading(door.engine()) as session:
        row = session.exec(select(BrowserSession)).one()
        assert (row.way, row.person) == ("oidc:wicked", scene.anna.id)


async def test_the_journey_asks_for_pkce_a_nonce_and_a_state(scene: Scene) -> None:
    async with scene.visitor() as browser:
        answer = await browser.get("/ru/oidc/wicked")
        asked = await scene.set_out(browser)
    flags = SimpleCookie(answer.headers["set-cookie"])["regulars_oidc"]
    assert (bool(flags["httponly"]), flags["samesite"].lower(), flags["path"], flags["max-age"]) == (
        True, "lax", "/oidc", "600",
    )  # fmt: skip
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{SITE}/oidc/wicked/back"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43


@pytest.mark.feature(2)
async def test_somebody_new_joins_after_agreeing(scene: Scene) -> None:
    scene.wicked.people["ben"] = {"name": "Ben", "email": "Ben@Shop.example", "email_verified": True}
    async with scene.visitor() as browser:
        answer = await scene.through(browser, "ben")
        assert answer.headers["location"] == "/oidc/wicked/join"
        assert scene.who(browser) is None
        page = await browser.get("/oidc/wicked/join")
        assert "ben@shop.example" in page.text
        refused = await browser.post("/oidc/wicked/join", data={})
        assert (refused.status_code, "aria-invalid" in refused.text, scene.who(browser)) == (422, True, None)
        done = await browser.post("/oidc/wicked/join", data={"agreed": "1"})
        assert (done.status_code, done.headers["location"]) == (303, "/")
        ben = scene.who(browser)
        assert ben
        again = await browser.post("/oidc/wicked/join", data={"agreed": "1"})
        assert again.status_code == 403
    with database.reading(door.engine()) as session:
        identity = session.get(Identity, "email:ben@shop.example")
        assert identity
        assert identity.member_id == ben.member_id
        member = session.get(Member, ben.member_id)
        assert member
        assert (member.status, member.name) == ("active", "Ben")
        assert session.exec(select(Consent.way).where(Consent.member_id == ben.member_id)).all() == [
            "oidc:wicked"
        ]
    async with scene.visitor() as browser:
        await scene.through(browser, "ben")
        assert scene.who(browser) == ben


async def test_without_an_address_they_join_too(scene: Scene) -> None:
    async with scene.visitor() as browser:
        await scene.through(browser, "nobody-in-particular")
        await browser.post("/oidc/wicked/join", data={"agreed": "1", "offers": "1"})
        person = scene.who(browser)
        assert person
        assert person != scene.anna


@pytest.mark.feature(2)
async def test_one_person_one_account_by_linking_from_inside(scene: Scene) -> None:
    """The same verified address by a code and by a provider: sign in first, then link; one row in the end."""
    cleo = a_member("cleo@shop.example")
    scene.wicked.people["cleo"] = {"email": "cleo@shop.example", "email_verified": True}
    before = scene.counted()
    async with scene.visitor() as browser:
        answer = await scene.through(browser, "cleo")
        assert (answer.status_code, scene.who(browser)) == (409, None)
        assert "Sign in to it first" in answer.text
    assert scene.counted() == before
    async with scene.visitor(cleo) as browser:
        page = await browser.post("/oidc/wicked/link")
        assert 'http-equiv="refresh"' in page.text
        journey = page.text.split('href="')[-1].split('"')[0].replace("&amp;", "&")
        asked = dict(httpx_query(journey))
        code = scene.wicked.allow(asked, "cleo")
        done = await scene.come_back(browser, code=code, state=asked["state"], iss=scene.wicked.issuer)
        assert (done.status_code, done.headers["location"]) == (303, "/ways")
    async with scene.visitor() as browser:
        await scene.through(browser, "cleo")
        assert scene.who(browser) == cleo


def httpx_query(address: str) -> list[tuple[str, str]]:
    """The parameters of an address."""
    from urllib.parse import parse_qsl, urlsplit

    return parse_qsl(urlsplit(address).query)


async def test_keys_may_rotate(scene: Scene) -> None:
    async with scene.visitor() as browser:
        await scene.through(browser)
    scene.wicked.sign = lambda claims: scene.wicked.signed(claims, key=STRANGE)
    scene.wicked.keys = lambda: KeySet([RSA, STRANGE]).as_dict(private=False)
    scene_keys_are_older()
    async with scene.visitor() as browser:
        await scene.through(browser)
        assert scene.who(browser) == scene.anna


def scene_keys_are_older() -> None:
    """Let a minute pass for the keys that are remembered."""
    from app.oidc import discovery

    for kept in discovery._keys.values():
        kept.at -= discovery.ANEW_SECONDS + 1


async def test_a_token_of_an_elliptic_curve_is_as_good(scene: Scene) -> None:
    scene.wicked.sign = lambda claims: scene.wicked.signed(claims, "ES256", EC)
    async with scene.visitor() as browser:
        await scene.through(browser)
        assert scene.who(browser) == scene.anna


async def test_apples_form_becomes_an_address_first(scene: Scene) -> None:
    """Another site's form comes without our cookies; the address that it becomes is opened with them."""
    async with scene.visitor() as browser:
        asked = await scene.set_out(browser)
        form = {
            "code": scene.wicked.allow(asked),
            "state": asked["state"],
            "iss": scene.wicked.issuer,
            "user": "{}",
        }
        async with scene.visitor() as without_cookies:
            answer = await without_cookies.post(
                "/oidc/wicked/back", data=form, headers={"Origin": "https://apple.example"}
            )
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/oidc/wicked/back?")
        assert "user" not in answer.headers["location"]
        await browser.get(answer.headers["location"])
        assert scene.who(browser) == scene.anna


@pytest.mark.feature(110)
async def test_staff_come_by_their_groups_and_go_with_them(scene: Scene) -> None:
    scene.wicked.people["olga"] = {"name": "Olga", "email": "olga@shop.example", "email_verified": True,
                                   "groups": ["tills"]}  # fmt: skip
    async with scene.visitor() as browser:
        answer = await scene.through(browser, "olga", **{"for": "staff"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/counter")
        olga = scene.who(browser)
        assert olga
        assert olga.role == "cashier"
        scene.wicked.people["olga"]["groups"] = ["shop-owners"]
        async with scene.visitor() as another:
            await scene.through(another, "olga", **{"for": "staff"})
            assert scene.who(another) == Person(olga.id, "owner")
        assert scene.who(browser) is None
        scene.wicked.people["olga"]["groups"] = []
        assert (await scene.through(browser, "olga", **{"for": "staff"})).status_code == 303  # the only owner
        another_owner()
        gone = await scene.through(browser, "olga", **{"for": "staff"})
        assert (gone.status_code, scene.who(browser)) == (403, None)
    with database.reading(door.engine()) as session:
        assert session.exec(select(Staff.status).where(Staff.staff_id == olga.id)).one() == "gone"


def another_owner() -> None:
    with database.transaction(door.engine()) as session:
        session.add(Staff(staff_id="ada", name="Ada", email="ada@shop.example", role="owner",
                          created_at=datetime.now(UTC)))  # fmt: skip


@pytest.mark.feature(110)
async def test_a_passkey_is_no_way_past_the_group(scene: Scene) -> None:
    """Neither one made after a group brought them in, nor one that they have all the same."""
    scene.wicked.people["olga"] = {"email": "olga@shop.example", "email_verified": True, "groups": ["tills"]}
    key = Authenticator(SITE, "club.test")
    async with scene.visitor() as browser:
        await scene.through(browser, "olga", **{"for": "staff"})
        olga = scene.who(browser)
        assert olga
        with database.transaction(door.engine()) as session:
            session.exec(update(Staff).values(invited_by="owner:ada"))
        options = await browser.post("/passkey/new/options", content="{}", headers=JSON)
        made = await browser.post("/passkey/new", content=key.make(options.json()), headers=JSON)
        assert made.status_code == 200
        with database.transaction(door.engine()) as session:
            session.exec(update(Staff).values(invited_by="group:wicked"))
        refused = await browser.post("/passkey/new/options", content="{}", headers=JSON)
        assert (refused.status_code, "a passkey is not for you" in refused.text) == (409, True)
    async with scene.visitor() as browser:
        asked = await browser.post("/passkey/options", content="{}", headers=JSON)
        answer = await browser.post("/passkey/enter?for=staff", content=key.get(asked.json()), headers=JSON)
        assert (answer.status_code, scene.who(browser)) == (403, None)
        with database.transaction(door.engine()) as session:
            session.exec(update(Staff).values(invited_by="owner:ada"))
        asked = await browser.post("/passkey/options", content="{}", headers=JSON)
        answer = await browser.post("/passkey/enter?for=staff", content=key.get(asked.json()), headers=JSON)
        assert (answer.status_code, scene.who(browser)) == (200, olga)


@pytest.mark.feature(2)
async def test_without_codes_the_page_to_join_leads_to_the_providers(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_MODE", "production")
    settings.current.cache_clear()
    transport = httpx.ASGITransport(Starlette(routes=coming_in.routes()), client=("10.9.9.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as browser:
        page = (await browser.get("/ru/join")).text
        assert ('href="/ru/oidc/wicked"' in page, "/ru/oidc/other" in page, "<form" in page) == (
            True, True, False,
        )  # fmt: skip
        monkeypatch.setenv("REGULARS_OIDC_PROVIDERS", "")
        settings.current.cache_clear()
        page = (await browser.get("/join")).text
        assert "We cannot send codes just now" in page


async def test_who_is_no_staff_does_not_become_any(scene: Scene) -> None:
    async with scene.visitor() as browser:
        answer = await scene.through(browser, **{"for": "staff"})
        assert (answer.status_code, scene.who(browser)) == (403, None)
        assert (await browser.get("/oidc/other", params={"for": "staff"})).status_code == 404
