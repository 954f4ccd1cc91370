"""Joining and signing in, over HTTP: three inputs, no word about who is known, and nothing that another site can do."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine
from sqlmodel import select

from app import database, door
from members import sessions
from members.actions import joining
from members.own_tables import Consent, Device
from members.roles import Person
from members.tables import Member, Standing
from tests.ways.conftest import Visit, newest_code, newest_link, posted

pytestmark = pytest.mark.anyio
ANNA = "Anna@Shop.Example"


def who(client: httpx.AsyncClient) -> Person | None:
    with database.reading(door.engine()) as session:
        return sessions.person_of(session, client.cookies.get(door.COOKIE) or "", datetime.now(UTC))


async def join(client: httpx.AsyncClient, address: str = ANNA, **more: str) -> httpx.Response:
    answer = await client.post("/join", data={"address": address, "agree": "yes"} | more)
    assert (answer.status_code, answer.headers["location"]) == (303, "/join/code"), answer.text
    return await client.post("/join/code", data={"code": newest_code()})


@pytest.mark.feature(1)
async def test_from_a_poster_to_a_member_with_the_welcome_in_three_inputs(visit: Visit) -> None:
    with database.transaction(door.engine()) as session:
        link = joining.make_link(session, "By the bread", "poster", "owner:1", datetime.now(UTC))
    async with visit() as browser:
        page = await browser.get(f"/j/{link.code}")
        assert page.status_code == 200
        boxes = re.findall(r"<input (?![^>]*type=\"hidden\")[^>]*>", page.text)
        assert len([box for box in boxes if "required" in box]) == 2
        assert f'name="link" value="{link.code}"' in page.text
        asked = await browser.post("/join", data={"address": ANNA, "agree": "yes", "link": link.code})
        assert asked.headers["location"] == "/join/code"
        second = await browser.get("/join/code")
        assert 'autocomplete="one-time-code"' in second.text
        assert "anna@shop.example" in second.text
        done = await browser.post("/join/code", data={"code": newest_code()})
        assert (done.status_code, done.headers["location"], done.headers["cache-control"]) == (
            303,
            "/",
            "no-store",
        )
        person = who(browser)
        assert person
        assert person.is_member
    with database.reading(door.engine()) as session:
        assert session.exec(select(Standing.balance)).one() == 200
        assert joining.links(session)[0].joined == 1


@pytest.mark.feature(98)
async def test_what_was_agreed_to_is_kept_with_its_text_and_time(visit: Visit) -> None:
    async with visit() as browser:
        shown = await browser.get("/ru/join")
        asked = await browser.post("/ru/join", data={"address": ANNA, "agree": "yes", "offers": "yes"})
        assert asked.headers["location"] == "/ru/join/code"
        assert "Ваш код" in posted()[0].text
        done = await browser.post("/ru/join/code", data={"code": newest_code()})
        assert done.headers["location"] == "/ru/"
    with database.reading(door.engine()) as session:
        kept = {one.purpose: one for one in session.exec(select(Consent))}
    assert set(kept) == {"membership", "offers"}
    assert kept["membership"].text in shown.text
    assert all(
        (one.language, one.version, one.way, one.given) == ("ru", "1", "join", True) for one in kept.values()
    )


@pytest.mark.feature(2)
async def test_who_has_an_account_is_signed_in_to_it_by_either_door(visit: Visit) -> None:
    people: list[Person | None] = []
    for door_name in ("join", "join", "sign-in"):
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=len(people)), tick=True):
            async with visit() as browser:
                if door_name == "join":
                    await join(browser, ANNA.upper() if people else ANNA)
                else:
                    await browser.post("/sign-in", data={"address": ANNA})
                    assert (
                        await browser.post("/sign-in/code", data={"code": newest_code()})
                    ).status_code == 303
                people.append(who(browser))
    assert people[0]
    assert people == [people[0]] * 3
    with database.reading(door.engine()) as session:
        assert len(session.exec(select(Member)).all()) == 1
        assert session.exec(select(Standing.balance)).one() == 200


async def test_nothing_says_whether_an_address_is_known(visit: Visit) -> None:
    async with visit() as browser:
        await join(browser)
    said = []
    for address in (ANNA, "nobody@shop.example"):
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True):
            async with visit() as browser:
                first = await browser.post("/sign-in", data={"address": address})
                second = await browser.get("/sign-in/code")
                wrong = await browser.post("/sign-in/code", data={"code": "none"})
                pages = [
                    re.sub(r"[a-z]+@shop\.example|data-wait=\"\d+\"", "", one.text) for one in (second, wrong)
                ]
                said.append(
                    (first.status_code, first.headers["location"], first.text, wrong.status_code, *pages)
                )
    assert said[0] == said[1]
    assert said[0][3] == 422


async def test_an_address_that_nobody_has_joined_with_joins_with_a_tick(visit: Visit) -> None:
    async with visit() as browser:
        await browser.post("/sign-in", data={"address": ANNA})
        proved = await browser.post("/sign-in/code", data={"code": newest_code()})
        assert (proved.headers["location"], who(browser)) == ("/join/agree", None)
        assert "agree" in (await browser.get("/join/agree")).text
        assert (await browser.post("/join/agree", data={})).status_code == 200
        assert who(browser) is None
        assert (await browser.post("/join/agree", data={"agree": "yes"})).headers["location"] == "/"
        assert who(browser)
        assert (await browser.post("/join/agree", data={"agree": "yes"})).headers["location"] == "/join"


@pytest.mark.feature(2)
async def test_a_link_works_in_another_browser_after_a_press_and_once(visit: Visit) -> None:
    async with visit() as asking, visit() as other, visit() as scanner:
        await asking.post("/join", data={"address": ANNA, "agree": "yes"})
        path = newest_link()
        for _ in range(3):
            assert (await scanner.get(path)).status_code == 200
        assert "another browser" in (await other.get(path)).text
        assert "another browser" not in (await asking.get(path)).text
        assert "anna@shop.example" not in (await other.get(path)).text
        assert (await other.post(path)).headers["location"] == "/join/agree"
        assert (await other.post("/join/agree", data={"agree": "yes"})).headers["location"] == "/"
        assert who(other)
        assert (await asking.post(path)).status_code == 410
        assert who(asking) is None
        assert (await asking.post("/join/code", data={"code": newest_code()})).status_code in {303, 422}
        assert who(asking) is None


async def test_coming_in_ends_the_session_before_and_remembers_the_device(visit: Visit) -> None:
    async with visit() as browser:
        browser.cookies.set(door.COOKIE, "planted-by-somebody", domain="shop.test")
        done = await join(browser)
        assert "planted" not in done.headers["set-cookie"]
        for name in ("regulars_session", "regulars_device"):
            mine = next(one for one in done.headers.get_list("set-cookie") if one.startswith(name))
            assert "httponly" in mine.lower()
            assert "samesite=lax" in mine.lower()
        first = browser.cookies.get(door.COOKIE)
        assert (await browser.get("/join")).headers["location"] == "/"
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True):
            await join(browser)
        with database.reading(door.engine()) as session:
            assert sessions.person_of(session, first or "", datetime.now(UTC)) is None
            assert len(session.exec(select(Device)).all()) == 1
        assert who(browser)


@pytest.mark.feature(136)
async def test_a_member_is_told_of_a_new_device(visit: Visit) -> None:
    for n, letters in enumerate((1, 3)):  # the first device is no news; with the second code a notice comes
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2 * n), tick=True):
            async with visit() as browser:
                await join(browser)
                assert len(posted()) == letters
    assert "not there before" in posted()[0].text


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        ({"address": "", "agree": "yes"}, 422, "Type your e-mail"),
        ({"address": "anna@", "agree": "yes"}, 422, "no e-mail address"),
        ({"address": "0151", "agree": "yes"}, 422, "no phone number"),
        ({"address": ANNA}, 422, "tick the box"),
        ({}, 422, "tick the box"),
    ],
)
async def test_a_wrong_step_is_said_beside_its_box_and_keeps_what_was_typed(
    visit: Visit, data: dict[str, str], status: int, said: str
) -> None:
    async with visit() as browser:
        answer = await browser.post("/join", data=data)
        assert answer.status_code == status
        assert re.search(rf'role="alert">[^<]*{said}', answer.text)
        assert 'aria-invalid="true"' in answer.text
        assert f'value="{data.get("address", "")}"' in answer.text
    assert posted() == []


async def test_a_phone_number_gets_a_text_message_and_needs_no_country(visit: Visit) -> None:
    async with visit() as browser:
        await browser.post("/join", data={"address": "(212) 555-0123", "agree": "yes"})
        letter = posted()[0]
        assert (letter.channel, letter.address) == ("phone", "+12125550123")
        assert (await browser.post("/join/code", data={"code": newest_code()})).status_code == 303
        assert who(browser)


async def test_a_new_code_comes_after_half_a_minute_and_ends_the_one_before(visit: Visit) -> None:
    async with visit() as browser:
        await browser.post("/join", data={"address": ANNA, "agree": "yes"})
        old = newest_code()
        hasty = await browser.post("/join/again")
        assert hasty.status_code == 429
        assert 'role="alert"' in hasty.text
        with time_machine.travel(datetime.now(UTC) + timedelta(seconds=40), tick=True):
            assert (await browser.post("/join/again")).headers["location"] == "/join/code"
            assert len(posted()) == 2
            if old != newest_code():
                assert (await browser.post("/join/code", data={"code": old})).status_code == 422
            assert (await browser.post("/join/code", data={"code": newest_code()})).status_code == 303


async def test_without_the_browser_that_asked_a_code_is_worth_nothing(visit: Visit) -> None:
    async with visit() as browser, visit() as thief:
        await browser.post("/join", data={"address": ANNA, "agree": "yes"})
        assert (await thief.post("/join/code", data={"code": newest_code()})).headers["location"] == "/join"
        assert who(thief) is None
        assert (await browser.get("/sign-in/code")).headers["location"] == "/sign-in"
        assert (await browser.post("/sign-in/code", data={"code": newest_code()})).status_code == 303
        assert who(browser) is None  # begun at the other door: it is not an answer here


async def test_six_tries_are_one_too_many(visit: Visit) -> None:
    async with visit() as browser:
        await browser.post("/join", data={"address": ANNA, "agree": "yes"})
        right = newest_code()
        wrong = f"{(int(right) + 1) % 10**6:06}"
        for _ in range(5):
            assert (await browser.post("/join/code", data={"code": wrong})).status_code == 422
        assert (await browser.post("/join/code", data={"code": right})).status_code == 422
        assert who(browser) is None


PATHS = (
    "/join",
    "/join/code",
    "/join/again",
    "/join/agree",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/link/x",
    "/ar/join",
)


async def test_another_sites_form_is_turned_away(visit: Visit) -> None:
    async with visit() as browser:
        for path in PATHS:
            for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
                answer = await browser.post(path, data={"address": ANNA, "agree": "yes"}, headers=headers)
                assert answer.status_code == 403, path
    assert posted() == []


@pytest.mark.parametrize(("path", "dir"), [("/join", "ltr"), ("/ru/sign-in", "ltr"), ("/ar/j/x", "rtl")])
async def test_the_pages_speak_three_languages_and_hold_no_script_inside(
    visit: Visit, path: str, dir: str
) -> None:
    async with visit() as browser:
        page = (await browser.get(path)).text
    assert f'dir="{dir}"' in page
    assert re.findall(r"<script(?![^>]*src=)", page) == []
    assert re.findall(r"\son\w+=", page) == []


async def test_the_demo_shows_its_letters(visit: Visit) -> None:
    async with visit() as browser:
        await browser.post("/join", data={"address": ANNA, "agree": "yes"})
        assert newest_code() in (await browser.get("/demo/letters")).text
