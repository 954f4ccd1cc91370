"""The first owner's link, a colleague who is invited, and a second person: each sees their own pages, and no others."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop, a_screen, anew, regulars, until

pytestmark = pytest.mark.slow


def navigation(page: Page) -> list[str]:
    """The links at the side: none, until it is known whose they are."""
    return [one.split("\n")[0] for one in page.locator("header nav a:visible").all_inner_texts()]


@pytest.mark.feature(110)
@pytest.mark.feature(111)
def test_from_the_first_owners_link_to_a_cashier_who_sees_only_their_pages(
    shop: Shop, browser: Browser, desk: Page
) -> None:
    said = regulars(shop.environment, "staff", "owner")
    link = re.search(r"http\S+/staff/start/\S+", said)
    assert link
    assert httpx.get(link.group()).status_code == 200  # a messenger's preview uses nothing up
    with a_screen(browser, 1280, 900) as owner, a_screen(browser, 1280, 900) as cashier:
        owner.goto(link.group())
        owner.get_by_label("Your name").fill("Ada")
        owner.get_by_label("Your e-mail address").fill("ada@shop.example")
        owner.get_by_role("button", name="Come in").click()
        expect(owner.get_by_role("heading", name="You are in")).to_be_visible()
        owner.get_by_role("link", name="To the staff pages").click()
        owner.get_by_role("link", name="Team").first.click()
        expect(owner.get_by_text("ada@shop.example")).to_be_visible()
        assert until(owner, lambda: navigation(owner)[-2:], ["Keys", "Audit"]) == ["Keys", "Audit"]
        owner.locator("#email").fill("bo@shop")
        owner.locator("#as").select_option("support")
        owner.get_by_role("button", name="Invite", exact=True).click()
        expect(owner.get_by_text("This is no e-mail address: look at it once more.")).to_be_visible()
        expect(owner.locator("#email")).to_have_value("bo@shop")  # what was refused can be corrected
        expect(owner.locator("#as")).to_have_value("support")
        owner.locator("#email").fill("bo@shop.example")
        owner.locator("#as").select_option("cashier")
        owner.get_by_role("button", name="Invite", exact=True).click()
        invitation = owner.locator("#invitation")
        expect(invitation).to_contain_text("/staff/start/")
        expect(owner.locator("#email")).to_have_value("")

        cashier.goto(invitation.inner_text())
        cashier.get_by_label("Your name").fill("Bo")
        cashier.get_by_role("button", name="Come in").click()
        cashier.get_by_role("link", name="To the staff pages").click()
        cashier.wait_for_url("**/staff/members")  # led to the first page of theirs
        expect(cashier.get_by_text("The newest members")).to_be_visible()
        theirs = ["Members", "Counter"]
        assert until(cashier, lambda: navigation(cashier), theirs) == theirs
        cashier.goto(f"{shop.url}/staff/audit")
        expect(cashier.get_by_text("This page is a colleague's")).to_be_visible()

        owner.goto(f"{shop.url}/staff/audit")
        expect(owner.get_by_text("Colleague came").last).to_be_visible()
        expect(owner.get_by_text("role: – → cashier").first).to_be_visible()
        team = anew(owner, f"{shop.url}/staff/team")
        team.get_by_role("button", name="Let them go: Bo", exact=True).click()
        team.get_by_role("button", name="Let them go", exact=True).click()
        gone = team.get_by_role("status").get_by_text("Gone. All their sessions have ended.")
        expect(gone).to_be_visible()
        cashier.goto(f"{shop.url}/staff/members")
        expect(cashier.get_by_text("This page is for the shop's staff.")).to_be_visible()


@pytest.mark.feature(35)
@pytest.mark.feature(110)
def test_many_points_are_given_by_two(shop: Shop, browser: Browser, desk: Page) -> None:
    with a_screen(browser, 360, 780) as support:
        support.goto(f"{shop.url}/demo/enter/support")
        support.goto(f"{shop.url}/staff/member?id={shop.members['top']}")
        support.locator("#how_many").fill("54321")
        support.locator("#reason").fill("The fridge broke")
        support.get_by_role("button", name="Adjust").click()
        expect(support.get_by_text("Asked. It is done as soon as a second person agrees.")).to_be_visible()
        desk.goto(f"{shop.url}/staff/approvals")
        row = desk.locator("main li").filter(has_text="54,321")
        row.get_by_role("button", name=re.compile("^Agree")).click()
        expect(desk.get_by_text("Agreed, and done.")).to_be_visible()
        support.reload()
        expect(support.get_by_text("54,321").first).to_be_visible()
        audit = anew(desk, f"{shop.url}/staff/audit")
        for said in ("Second person asked", "Second person agreed", "Points given or taken"):
            expect(audit.get_by_text(said).last).to_be_visible()
