"""The ways in, in a real browser: a certified OpenID provider, and passkeys of members and of staff."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CERTIFIED_SECRET, Shop, regulars
from tests.npm_packages import NODE, environment, installed

CERTIFIED = Path(__file__).parents[1] / "ways" / "certified"


@contextmanager
def certified(shop: Shop) -> Iterator[None]:
    """`oidc-provider` on Node, certified by the OpenID Foundation, where the shop expects it."""
    words = [NODE, "provider.mjs", str(shop.provider), f"{shop.url}/oidc/certified/back"]
    about = {**environment(), "CERTIFIED_SECRET": CERTIFIED_SECRET}
    with subprocess.Popen(
        words,
        cwd=installed(CERTIFIED),
        env=about,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as program:
        assert program.stdin
        assert program.stdout
        assert "ready" in next(program.stdout)
        try:
            yield
        finally:
            program.stdin.close()
            program.wait(60)


@contextmanager
def a_lock(page: Page) -> Iterator[None]:
    """Chromium's virtual authenticator: a device whose lock opens by itself (CDP, WebAuthn domain)."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield
    cdp.detach()


def signed_out(page: Page) -> None:
    """Forget the session, as another browser would know nothing of it; the device keeps its passkeys."""
    page.context.clear_cookies()


@pytest.mark.feature(2)
def test_a_certified_provider_leads_to_the_dashboard(shop: Shop, phone: Page) -> None:
    with certified(shop):
        phone.goto(f"{shop.url}/sign-in")
        phone.get_by_role("link", name="Continue with Certified").click()
        phone.locator('input[name="login"]').fill("rosa")
        phone.locator('input[name="password"]').fill("anything")
        phone.locator('button[type="submit"]').click()
        phone.get_by_role("button", name="Continue").click()
        expect(phone.get_by_text("rosa@shop.example")).to_be_visible()
        phone.locator('input[name="agreed"]').check()
        phone.get_by_role("button", name="Join").click()
        phone.wait_for_url(f"{shop.url}/")
        expect(phone.locator("[data-first=balance]")).to_have_text(re.compile(r"\d"))
        phone.goto(f"{shop.url}/ways")
        expect(phone.get_by_text("by Certified")).to_be_visible()
        expect(phone.get_by_text("Linked accounts")).to_be_visible()


@pytest.mark.feature(2)
def test_a_member_comes_in_with_a_passkey(shop: Shop, phone: Page) -> None:
    with a_lock(phone):
        phone.goto(f"{shop.url}/demo/enter/middling")
        phone.goto(f"{shop.url}/ways")
        phone.get_by_role("button", name="Make a passkey").click()
        expect(phone.locator('form[action="/passkey/remove"]')).to_have_count(1)
        signed_out(phone)
        phone.goto(f"{shop.url}/sign-in")
        phone.get_by_role("button", name="Continue with a passkey").click()
        phone.wait_for_url(f"{shop.url}/")
        phone.goto(f"{shop.url}/ways")
        expect(phone.get_by_text("with a passkey").first).to_be_visible()
        phone.goto(f"{shop.url}/ru/ways")
        expect(phone.locator('form[action="/ru/passkey/remove"]')).to_have_count(1)


@pytest.mark.feature(110)
def test_one_of_the_staff_makes_a_passkey_and_comes_in_with_it(shop: Shop, phone: Page) -> None:
    said = regulars(shop.environment, "staff", "invite", "mira@shop.example", "--role", "marketer")
    link = re.search(r"http\S+/staff/start/\S+", said)
    assert link, said
    with a_lock(phone):
        phone.goto(link.group())
        phone.get_by_label("Your name").fill("Mira")
        phone.get_by_role("button", name="Come in").click()
        phone.get_by_role("button", name="Make a passkey").click()
        expect(phone.locator('form[action="/passkey/remove"]')).to_have_count(1)
        signed_out(phone)
        phone.goto(f"{shop.url}/staff/sign-in")
        phone.get_by_role("button", name="Continue with a passkey").click()
        phone.wait_for_url(f"{shop.url}/staff/")
