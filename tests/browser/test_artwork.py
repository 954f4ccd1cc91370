"""Staff in the browser: a badge's artwork from its first layer to a member's shelf, and a badge for a whole list."""

from __future__ import annotations

import io
import re

import httpx
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Shop, anew, at_rest, write

pytestmark = pytest.mark.slow


def version(desk: Page, shop: Shop) -> int:
    """The number of the newest version."""
    desk.goto(f"{shop.url}/staff/badges")
    at_rest(desk)
    told = desk.get_by_text(re.compile(r"^Version \d+ of the programme$"))
    return int(re.sub(r"\D", "", told.inner_text()))


def is_now(number: int, desk: Page, shop: Shop) -> None:
    """That is the newest version now; the page may show the one it knew for a moment."""
    desk.goto(f"{shop.url}/staff/badges")
    expect(desk.get_by_text(f"Version {number} of the programme", exact=True)).to_be_visible()


def an_emblem() -> bytes:
    """A pale disc on a clear ground, with words in its metadata."""
    image, into = Image.new("RGBA", (400, 400), (0, 0, 0, 0)), io.BytesIO()
    ImageDraw.Draw(image).ellipse((60, 60, 340, 340), fill=(255, 240, 200, 255))
    exif = Image.Exif()
    exif[0x010E] = "PLANTED WORDS"
    image.save(into, "PNG", exif=exif)
    return into.getvalue()


def layer(desk: Page, name: str) -> Locator:
    """The button of a layer; once it is pressed, it is chosen, and kept."""
    found = desk.get_by_role("button", name=name, exact=True).first
    found.click()
    expect(found).to_have_attribute("aria-pressed", "true")
    return found


def upload(desk: Page, name: str, kind: str, content: bytes) -> None:
    desk.locator("input[type=file]").set_input_files([{"name": name, "mimeType": kind, "buffer": content}])


@pytest.mark.feature(67)
def test_an_artwork_is_composed_seen_published_and_versioned(shop: Shop, desk: Page, phone: Page) -> None:
    before = version(desk, shop)
    desk.goto(f"{shop.url}/staff/badges/edit?kind=badge")
    write(desk, "name.en", "Crust and crumb")
    write(desk, "slug", "crust-and-crumb")
    write(desk, "part.0.at_least", "1")
    compose(desk)
    layers_are_chosen_and_seen(shop, desk)
    what_is_hard_to_see_is_said(desk)
    kept = an_emblem_is_uploaded(shop, desk)
    the_share_picture_is_shown_to_staff(shop, desk)
    publish(desk)
    is_now(before + 1, desk, shop)
    phone.goto(f"{shop.url}/demo/enter/new")
    phone.goto(f"{shop.url}/badges")
    badge = phone.get_by_role("button", name=re.compile("Crust and crumb")).first
    expect(badge.locator("img")).to_have_attribute("src", re.compile(kept))

    again = anew(desk, f"{shop.url}/staff/badges/edit?kind=badge&slug=crust-and-crumb")
    compose(again)
    layer(again, "Shield")
    publish(again)
    is_now(before + 2, desk, shop)
    phone.reload()
    expect(badge.locator("img")).to_have_attribute("src", re.compile(r"/shield\."))


def compose(desk: Page) -> None:
    """From the badge to its artwork."""
    desk.get_by_role("button", name="Compose the artwork").click()
    expect(desk.get_by_role("heading", name="Crust and crumb")).to_be_visible()
    expect(desk.get_by_role("heading", name="Ribbon")).to_be_visible()


def publish(desk: Page) -> None:
    """From the artwork back to the badge, and out."""
    desk.get_by_role("link", name="Back to the badge").click()
    expect(desk.get_by_text(re.compile("^Published"))).to_have_count(0)
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_text(re.compile("^Published"))).to_be_visible()


def at_48(desk: Page) -> Locator:
    """The badge in its smallest size, on a light page."""
    return desk.locator("aside").get_by_label("On a light page").locator("img").nth(1)


def layers_are_chosen_and_seen(shop: Shop, desk: Page) -> None:
    for name in ("Hexagon", "Rays", "Ribbon tails"):
        layer(desk, name)
    desk.get_by_role("searchbox", name="Find an emblem").fill("crois")
    expect(desk.get_by_text("1 emblem", exact=True)).to_be_visible()
    layer(desk, "Croissant")
    aside = desk.locator("aside")
    small = at_48(desk)
    expect(small).to_have_attribute("src", re.compile(r"/hexagon\.plain\.rays\.croissant\.tails\."))
    address = str(small.get_attribute("src"))
    picture = httpx.get(shop.url + address)
    assert Image.open(io.BytesIO(picture.content)).size == (48, 48)
    assert "immutable" in picture.headers["cache-control"]
    grounds = {"light": "rgb(250, 247, 242)", "dark": "rgb(21, 18, 14)"}  # whatever the page is
    for name, colour in grounds.items():
        expect(aside.get_by_role("img", name=f"On a {name} page")).to_have_css("background-color", colour)


def what_is_hard_to_see_is_said(desk: Page) -> None:
    aside, enough = desk.locator("aside"), re.compile(r"^48 px · contrast [3-9]")
    expect(aside.get_by_text(enough)).to_be_visible()
    desk.locator("#paint-colour").evaluate(
        """(box) => { const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
                      set.call(box, '#fdf2c0'); box.dispatchEvent(new Event('input', {bubbles: true})); }"""
    )
    short = aside.get_by_text(re.compile("On a light page the badge is hard to see: 1"))
    expect(short).to_be_visible()
    expect(aside.get_by_text(re.compile(r"^48 px · contrast 1"))).to_be_visible()
    aside.get_by_role("button", name="Use this colour").click()
    expect(aside.get_by_text(enough)).to_be_visible()
    expect(short).to_have_count(0)


def an_emblem_is_uploaded(shop: Shop, desk: Page) -> str:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
    upload(desk, "mark.svg", "image/svg+xml", svg)
    expect(desk.get_by_text(re.compile("An SVG can carry programs"))).to_be_visible()
    upload(desk, "mark.png", "image/png", an_emblem())
    small = at_48(desk)
    expect(small).to_have_attribute("src", re.compile(r"/hexagon\.plain\.rays\.[0-9a-f]{32}\.tails\."))
    kept = re.findall(r"\.([0-9a-f]{32})\.", str(small.get_attribute("src")))[0]
    raw = httpx.get(f"{shop.url}/pictures/{kept}.webp")
    assert raw.headers["content-type"] == "image/webp"
    assert b"PLANTED" not in raw.content
    return kept


def the_share_picture_is_shown_to_staff(shop: Shop, desk: Page) -> None:
    shared = desk.get_by_role("img", name="The picture that messengers show beside a link")
    expect(shared).to_have_js_property("naturalWidth", 1200)
    address = shop.url + str(shared.get_attribute("src"))
    assert httpx.get(address, timeout=30).status_code == 404, "the words of a draft are for staff alone"


def a_customer(shop: Shop, number: str) -> str:
    """Somebody who bought once."""
    shop.sell(f"list-{number}", f"customer:{number}")
    return f"customer:{number}"


def reads(shop: Shop, phone: Page, why: str) -> Locator:
    """What the member reads of the badge that was given by a list."""
    tab = anew(phone, f"{shop.url}/badges")
    tab.get_by_role("button", name=re.compile("Good neighbour")).first.click()
    sheet = tab.get_by_role("dialog", name="Good neighbour")
    expect(sheet.get_by_text(re.compile(why)).first).to_be_visible()
    return sheet


@pytest.mark.feature(64)
def test_a_badge_for_a_list_is_given_revoked_and_undone_and_the_member_reads_why(
    shop: Shop, desk: Page, phone: Page
) -> None:
    people = [a_customer(shop, f"list{n}") for n in range(3)]
    member = shop.members["middling"]
    text = "\n".join(["member", *people, f"{member};the demo's own", people[0], "nobody@example.org"])
    desk.goto(f"{shop.url}/staff/badges")
    desk.get_by_role("link", name="One badge for many").click()
    desk.locator("#reason").fill("Was there when we opened")
    desk.locator("#badge").select_option(label="Good neighbour")
    upload(desk, "list.csv", "text/csv", text.encode())
    expect(desk.locator("#list")).to_have_value(text)
    desk.get_by_role("button", name="Look it over").click()
    expect(desk.get_by_text("4 members will get it.")).to_be_visible()
    wrong = desk.locator("ul li", has_text=re.compile(r"^Line \d"))
    expect(wrong.nth(0)).to_contain_text("Line 6")
    expect(wrong.nth(0)).to_contain_text("The same member as in line 2.")
    expect(wrong.nth(1)).to_contain_text("We know nobody by this.")
    desk.get_by_role("button", name="Give it to 4 members").click()
    expect(desk.get_by_text("Done. Each of them reads your reason.")).to_be_visible()
    expect(desk.get_by_text("Good neighbour: given to 4 members")).to_be_visible()

    phone.goto(f"{shop.url}/demo/enter/middling")
    reads(shop, phone, "Was there when we opened")

    desk.locator("#verb").select_option("revoke")
    expect(desk.get_by_label("Badge", exact=True)).to_be_visible()
    desk.locator("#badge").select_option(label="Good neighbour")
    desk.locator("#reason").fill("The list was of another shop")
    desk.locator("#list").fill(member)
    desk.get_by_role("button", name="Look it over").click()
    desk.get_by_role("button", name="Take it from 1 member").click()
    expect(desk.get_by_text("Good neighbour: taken from 1 member")).to_be_visible()
    sheet = reads(shop, phone, "The list was of another shop")
    expect(sheet.locator("img").first).to_have_class(re.compile("opacity"))  # what was lost is grey

    row = desk.locator("li", has_text="Good neighbour: taken from 1 member")
    row.get_by_role("button", name="Undo").click()
    desk.get_by_role("button", name="Undo all of it").click()
    expect(desk.get_by_text("Undone. It is as if it had never been.")).to_be_visible()
    reads(shop, phone, "Was there when we opened")

    row = desk.locator("li", has_text="Good neighbour: given to 4 members")
    row.get_by_role("button", name="Undo").click()
    desk.get_by_role("button", name="Undo all of it").click()
    expect(row.get_by_text("Undone", exact=True)).to_be_visible()
    reads(shop, phone, "it had been given by mistake")
