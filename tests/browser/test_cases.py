"""A burst in a browser: it is held on the member's open page, staff decide, and the points are there."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SOURCE, Shop, at_rest, until

pytestmark = pytest.mark.slow


def reviews(shop: Shop, name: str, member: str) -> None:
    """One review too many of the same product."""
    for number in range(3):
        answer = shop.send({
            "specversion": "1.0", "id": f"{name}-{number}", "source": SOURCE, "type": "review.posted",
            "time": datetime.now(UTC).isoformat(), "subject": f"member:{member}",
            "data": {"review_id": f"{name}-{number}", "sku": name, "rating": 5},
        })  # fmt: skip
        assert "recorded" in str(answer)


def balance(page: Page) -> int:
    """What the page says that there is to spend."""
    return int(re.sub(r"\D", "", page.locator("[data-first=balance]").inner_text()))


@pytest.mark.feature(20)
@pytest.mark.feature(79)
def test_a_burst_is_held_staff_decide_and_the_points_are_there(shop: Shop, desk: Page, phone: Page) -> None:
    member = shop.members["middling"]
    phone.goto(f"{shop.url}/demo/enter/middling")
    phone.goto(f"{shop.url}/history")
    at_rest(phone)
    before = balance(phone)
    reviews(shop, "burst", member)
    held = phone.get_by_text(re.compile(r"^The shop looks at 3\sactions of yours"))
    expect(held).to_be_visible()
    assert balance(phone) == before, "nothing is paid for it before somebody has looked"
    phone.evaluate("window.stayed = true")

    desk.goto(f"{shop.url}/staff/cases")
    whose = desk.get_by_role("listitem").filter(has=desk.locator(f'a[href*="{member}"]'))
    case = whose.filter(has_text="The same product again and again")
    expect(case).to_contain_text("At most 2 about the same thing within 7 days are believed.")
    case.get_by_role("button", name="Look at the facts").click()
    expect(case.get_by_text("review_id burst-2", exact=False)).to_be_visible()
    case.get_by_role("button", name=re.compile("^Release")).click()
    asked = desk.get_by_role("dialog", name="Let it count?")
    reason = asked.get_by_label("Reason")
    reason.fill("No")
    asked.get_by_role("button", name="Release").click()
    expect(asked.get_by_role("alert")).to_contain_text("Say why")
    expect(reason).to_have_value("No")  # what was refused can be written on
    reason.fill("They are three visits, and three loaves")
    asked.get_by_role("button", name="Release").click()
    expect(desk.get_by_role("status").get_by_text("Released. It is paid.")).to_be_visible()
    expect(case.get_by_text("Released", exact=True)).to_be_visible()

    expect(held).to_have_count(0)
    assert until(phone, lambda: balance(phone), before + 120) == before + 120, "forty for each of them"
    assert phone.evaluate("window.stayed") is True
    row = phone.get_by_role("listitem").filter(has_text="A review").filter(has_text="+40")
    expect(row.first).to_contain_text(re.compile(r"Rule “A review”, version \d+\sof the programme"))
