"""Attacks on the journey: states, codes, cookies, addresses, and accounts of others."""

from __future__ import annotations

import httpx

from app import door
from members.roles import MEMBER, Person
from tests.attack.oidc_attacks import attack, close, one_journey, refusal_instead, without
from tests.attack.oidc_scene import Scene


@attack
async def no_state(scene: Scene) -> list[httpx.Response]:
    async with scene.visitor() as browser:
        asked = await scene.set_out(browser)
        return [await scene.come_back(browser, code=scene.wicked.allow(asked), iss=scene.wicked.issuer)]


@attack
async def a_made_up_state(scene: Scene) -> list[httpx.Response]:
    async with scene.visitor() as browser:
        code = scene.wicked.allow(await scene.set_out(browser))
        return [await scene.come_back(browser, code=code, state="é" * 43, iss=scene.wicked.issuer)]


@attack
async def an_attackers_code_in_the_victims_browser(scene: Scene) -> list[httpx.Response]:
    """Sign-in CSRF: the victim is to end up in the attacker's account."""
    async with scene.visitor() as attacker, scene.visitor() as victim, scene.visitor() as fresh:
        asked = await scene.set_out(attacker)
        await scene.set_out(victim)
        came = {"state": asked["state"], "iss": scene.wicked.issuer}
        return [await scene.come_back(victim, code=scene.wicked.allow(asked), **came),
                await scene.come_back(fresh, code=scene.wicked.allow(asked), **came)]  # fmt: skip


@attack
async def a_stolen_code_in_the_attackers_journey(scene: Scene) -> list[httpx.Response]:
    """The code is bound to the verifier of who asked for it (PKCE), and the token to their nonce."""
    async with scene.visitor() as victim, scene.visitor() as attacker:
        stolen = scene.wicked.allow(await scene.set_out(victim))
        asked = await scene.set_out(attacker)
        challenges = {one["code_challenge"] for one in (asked, *scene.wicked.codes.values())}
        assert len(challenges) == 2, "each journey has its own"
        first = await scene.come_back(attacker, code=stolen, state=asked["state"], iss=scene.wicked.issuer)
        scene.wicked.checks = False
        stolen = scene.wicked.allow(await scene.set_out(victim))
        asked = await scene.set_out(attacker)
        return [
            first,
            await scene.come_back(attacker, code=stolen, state=asked["state"], iss=scene.wicked.issuer),
        ]


@attack
async def a_provider_without_s256(scene: Scene) -> list[httpx.Response]:
    scene.wicked.metadata = lambda told: {**told, "code_challenge_methods_supported": ["plain"]}
    async with scene.visitor() as browser:
        return [await browser.get("/oidc/wicked")]


@attack
async def a_callback_of_another_provider(scene: Scene) -> list[httpx.Response]:
    """Mix-up: what was begun with one is answered at the address of the other."""
    async with scene.visitor() as browser:
        asked = await scene.set_out(browser)
        code = scene.wicked.allow(asked)
        return [
            await scene.come_back(browser, "other", code=code, state=asked["state"], iss=scene.wicked.issuer)
        ]


@attack
async def a_callback_of_another_provider_under_its_name(scene: Scene) -> list[httpx.Response]:
    """The same, and the other one plays along in all it says."""
    other = scene.wicked.issuer.replace("127.0.0.1", "localhost")
    async with scene.visitor() as browser:
        asked = await scene.set_out(browser)
        scene.wicked.metadata = lambda told: {**told, "issuer": other}
        scene.wicked.claims = lambda claims: {**claims, "iss": other}
        scene.wicked.checks = False
        code = scene.wicked.allow(asked, "a stranger")
        return [await scene.come_back(browser, "other", code=code, state=asked["state"], iss=other)]


@attack
async def an_answer_that_names_another_provider(scene: Scene) -> list[httpx.Response]:
    async with scene.visitor() as browser:
        asked = await scene.set_out(browser)
        code = scene.wicked.allow(asked)
        return [
            await scene.come_back(browser, code=code, state=asked["state"], iss="https://accounts.example")
        ]


@attack
async def an_answer_that_leaves_its_name_out(scene: Scene) -> list[httpx.Response]:
    async with scene.visitor() as browser:
        asked = await scene.set_out(browser)
        return [await scene.come_back(browser, code=scene.wicked.allow(asked), state=asked["state"])]


@attack
async def an_unverified_address_opens_nothing(scene: Scene) -> list[httpx.Response]:
    """Without the provider's word the address is left out: a stranger, who is asked whether they want to join."""
    scene.wicked.people["mallory"] = {"email": "anna@shop.example", "email_verified": False}
    async with scene.visitor() as browser:
        answer = await scene.through(browser, "mallory")
        page = await browser.get("/oidc/wicked/join")
        assert "anna@shop.example" not in page.text
        assert scene.who(browser) is None
        return [refusal_instead(answer)]


@attack
async def an_unverified_address_becomes_nobodys_own(scene: Scene) -> list[httpx.Response]:
    """Who joins by it would have the orders of guests that used the address."""
    scene.wicked.people["mallory"] = {"email": "guest@shop.example", "email_verified": False}
    async with scene.visitor() as browser:
        answer = await scene.through(browser, "mallory")
        assert "guest@shop.example" not in (await browser.get("/oidc/wicked/join")).text
        return [refusal_instead(answer)]


@attack
async def a_verified_address_of_the_victim(scene: Scene) -> list[httpx.Response]:
    scene.wicked.people["mallory"] = {"email": "Anna@SHOP.example", "email_verified": True}
    async with scene.visitor() as browser:
        return [
            await scene.through(browser, "mallory"),
            await browser.post("/oidc/wicked/join", data={"agreed": "1"}),
        ]


@attack
async def the_verified_word_of_another_address(scene: Scene) -> list[httpx.Response]:
    """The token has the victim's address without a word, and userinfo a verified one of the attacker's."""
    scene.wicked.people["mallory"] = {"email": "anna@shop.example"}
    scene.wicked.told = lambda claims: {**claims, "email": "mallory@shop.example", "email_verified": True}
    async with scene.visitor() as browser:
        answer = await scene.through(browser, "mallory")
        assert "anna@shop.example" not in (await browser.get("/oidc/wicked/join")).text
        return [refusal_instead(answer)]


@attack
async def userinfo_of_somebody_else(scene: Scene) -> list[httpx.Response]:
    scene.wicked.claims = lambda claims: without(without(claims, "email"), "email_verified")
    scene.wicked.told = lambda claims: {**claims, "sub": "ben"}
    return await one_journey(scene)


@attack
async def an_access_token_of_somebody_else(scene: Scene) -> list[httpx.Response]:
    scene.wicked.answer = lambda given: {**given, "access_token": "access-ben"}
    return await one_journey(scene)


@attack
async def the_same_answer_twice(scene: Scene) -> list[httpx.Response]:
    async with scene.visitor() as browser:
        asked = await scene.set_out(browser)
        kept = browser.cookies.get("regulars_oidc")
        came = {"code": scene.wicked.allow(asked), "state": asked["state"], "iss": scene.wicked.issuer}
        await scene.come_back(browser, **came)
        close(browser)
        browser.cookies.set("regulars_oidc", kept or "", domain="club.test", path="/oidc")
        scene.wicked.codes[came["code"]] = {**asked, "sub": "anna"}  # a provider that takes a code twice
        return [await scene.come_back(browser, **came)]


@attack
async def a_code_that_was_used(scene: Scene) -> list[httpx.Response]:
    async with scene.visitor() as browser:
        asked = await scene.set_out(browser)
        code = scene.wicked.allow(asked)
        scene.wicked.codes.pop(code)
        return [await scene.come_back(browser, code=code, state=asked["state"], iss=scene.wicked.issuer)]


@attack
async def an_error_with_a_script_in_it(scene: Scene) -> list[httpx.Response]:
    async with scene.visitor() as browser:
        asked = await scene.set_out(browser)
        came = {"error": "<script>alert(1)</script>", "error_description": "<img src=x>"}
        answer = await scene.come_back(browser, state=asked["state"], iss=scene.wicked.issuer, **came)
        assert "alert(1)" not in answer.text
        assert "<img" not in answer.text
        return [answer]


@attack
async def an_answer_without_a_code(scene: Scene) -> list[httpx.Response]:
    async with scene.visitor() as browser:
        asked = await scene.set_out(browser)
        return [await scene.come_back(browser, state=asked["state"], iss=scene.wicked.issuer)]


@attack
async def a_callback_that_nobody_asked_for(scene: Scene) -> list[httpx.Response]:
    async with scene.visitor() as browser:
        return [await scene.come_back(browser, code="x", state="y"), await browser.get("/oidc/nobody/back")]


@attack
async def an_address_to_be_sent_on_to(scene: Scene) -> list[httpx.Response]:
    """Open redirect: whatever is asked for, people land on our own pages."""
    there = "https://evil.example"
    async with scene.visitor() as browser:
        answer = await scene.through(browser, next=there, redirect_uri=there, to=there)
        assert answer.headers["location"] == "/"
        close(browser)
        posted = await browser.post(
            "/oidc/wicked/back", data={"code": there, "redirect_uri": there}, headers={"Host": "evil.example"}
        )
        assert posted.headers["location"].startswith("/oidc/wicked/back?")
        return [refusal_instead(posted)]


@attack
async def a_planted_session(scene: Scene) -> list[httpx.Response]:
    """Fixation: the cookie that was there before is worth nothing afterwards, to anybody."""
    async with scene.visitor(scene.anna) as browser:
        planted = browser.cookies.get(door.COOKIE)
        answer = await scene.through(browser)
        assert scene.who(browser) == scene.anna
        assert browser.cookies.get(door.COOKIE) != planted
        close(browser)
        browser.cookies.set(door.COOKIE, planted or "", domain="club.test", path="/")
        assert scene.who(browser) is None
        return [refusal_instead(answer)]


@attack
async def linking_from_another_site(scene: Scene) -> list[httpx.Response]:
    async with scene.visitor(scene.anna) as browser:
        evil = {"Origin": "https://evil.example"}
        return [await browser.post("/oidc/wicked/link", headers=evil),
                await browser.post("/oidc/wicked/unlink", headers=evil),
                await browser.post("/oidc/wicked/link", headers={"Sec-Fetch-Site": "cross-site"})]  # fmt: skip


@attack
async def linking_with_nobody_signed_in(scene: Scene) -> list[httpx.Response]:
    async with scene.visitor() as browser:
        return [await browser.post("/oidc/wicked/link"), await browser.post("/oidc/wicked/unlink")]


@attack
async def linking_in_another_session(scene: Scene) -> list[httpx.Response]:
    """What was begun in one session is not ended in another, be it the same person's."""
    async with scene.visitor(scene.anna) as browser, scene.visitor(scene.anna) as other:
        asked = await to_link(browser)
        kept = browser.cookies.get("regulars_oidc") or ""
        other.cookies.set("regulars_oidc", kept, domain="club.test", path="/oidc")
        code = scene.wicked.allow(asked, "mallory")
        return [await scene.come_back(other, code=code, state=asked["state"], iss=scene.wicked.issuer)]


@attack
async def linking_what_opens_another_account(scene: Scene) -> list[httpx.Response]:
    async with scene.visitor(Person(scene.other, MEMBER)) as browser:
        asked = await to_link(browser)
        code = scene.wicked.allow(asked, "anna")
        return [await scene.come_back(browser, code=code, state=asked["state"], iss=scene.wicked.issuer)]


async def to_link(browser: httpx.AsyncClient) -> dict[str, str]:
    """What the provider is asked by the page that leads on to it."""
    page = await browser.post("/oidc/wicked/link")
    return dict(httpx.URL(page.text.split('href="')[-1].split('"')[0].replace("&amp;", "&")).params)


@attack
async def setting_out_from_another_site(scene: Scene) -> list[httpx.Response]:
    async with scene.visitor() as browser:
        answer = await browser.get("/oidc/wicked", headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.headers["location"] == "/sign-in"
        assert "regulars_oidc" not in browser.cookies
        return [refusal_instead(answer)]
