"""The composer by the handlers of its page: layers, contrast, uploads, kept in the draft at once; by who may edit."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from PIL import Image, ImageDraw
from sqlmodel import select
from starlette.applications import Starlette

from app import database, door
from app.frame import previews
from app.frame.routes import address
from app.pictures import routes as pictures
from badges.artwork import Artwork
from badges.emblems import NAMES
from members.actions.drafts import create_draft, read_draft
from members.tables import Audit
from pages.staff.artwork import ArtworkState
from rewards.tables import RewardPicture
from tests.pictures.samples import GIF, SVG, a_mark, a_picture
from tests.staff.conftest import call, visit
from tests.staff.shop import a_game, actions
from tests.staff.test_bulk_page import File

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]
NAMED = {"form": {"name.en": "Crust & crumb", "ladder": "one"}}


def a_draft(kind: str = "badge", slug: str = "", body: Any = None) -> str:
    with database.transaction(door.engine()) as session:
        made = create_draft(
            session, kind, slug, NAMED if body is None else body, "owner:kim", datetime.now(UTC)
        )
    return made.id


def kept(draft: str) -> Any:
    with database.reading(door.engine()) as session:
        return read_draft(session, draft).body.get("artwork")


async def the_page(draft: str, role: str = "marketer", code: str = "en") -> Any:
    page = visit(ArtworkState, role, address("/staff/badges/artwork", code) + f"?draft={draft}")
    await call(page, "load")
    return page


def a_red_disc() -> bytes:
    """On a clear ground."""
    image, into = Image.new("RGBA", (300, 300), (0, 0, 0, 0)), io.BytesIO()
    ImageDraw.Draw(image).ellipse((20, 20, 280, 280), fill=(140, 30, 30, 255))
    image.save(into, "PNG")
    return into.getvalue()


def on(cards: Any) -> list[str]:
    return [one.key for one in cards if one.on]


async def test_layers_are_chosen_seen_and_kept_at_once() -> None:
    a_game()
    draft = a_draft()
    page = await the_page(draft)
    card = page.card
    assert (page.status, card.title, on(card.shapes), on(card.colours)) == (
        "here",
        "Crust & crumb",
        ["circle"],
        ["common"],
    )
    counts = [
        len(x) for x in (card.shapes, card.rings, card.fields, card.ribbons, card.colours, card.emblems)
    ]
    assert counts == [8, 4, 5, 3, 5 + 3, len(NAMES)]
    assert [one.label for one in card.colours][-3:] == ["Member", "Silver", "Gold"]
    for layer, value in (("shape", "hexagon"), ("ring", "beaded"), ("field", "rays"), ("emblem", "croissant"),
                         ("ribbon", "tails"), ("colour", "legendary")):  # fmt: skip
        before = page.card.small
        await call(page, "choose", layer, value)
        assert kept(draft)[layer] == value
        assert page.card.small != before
    assert "/hexagon.beaded.rays.croissant.tails.legendary." in page.card.small
    assert "/48-" in page.card.small
    assert page.card.locked.endswith(".webp")
    assert on(page.card.emblems) == ["croissant"]
    assert page.card.well_seen
    assert page.card.seen.startswith("48 px · contrast ")
    await call(page, "tick", True)
    assert kept(draft)["numbered"]
    assert ".e17/" in page.card.small
    for _ in range(20):
        await call(page, "undo")
    assert Artwork.model_validate(kept(draft)) == Artwork()
    assert not page.card.may_undo
    assert ("marketer:kim", "badge.drafted") in actions()


async def test_what_is_hard_to_see_is_said_with_what_would_do() -> None:
    a_game()
    draft = a_draft()
    page = await the_page(draft)
    await call(page, "choose", "colour", "#FDF2C0")
    short = [one for one in page.card.contrast if not one.enough]
    assert [one.key for one in short] == ["light"]
    assert not page.card.well_seen
    assert "3 to 1 is needed. A darker colour such as #" in short[0].advice
    assert float(short[0].value.partition(" ")[0]) < 3
    await call(page, "choose", short[0].layer, short[0].better)
    assert page.card.well_seen
    await call(page, "choose", "emblem_colour", "#5c4a2a")
    await call(page, "choose", "field_colour", "#4a3a20")
    short = [one for one in page.card.contrast if not one.enough]
    assert [(one.key, one.layer) for one in short] == [("emblem", "emblem_colour")]
    await call(page, "choose", short[0].layer, short[0].better)
    assert page.card.well_seen
    assert [one.own for one in page.card.paints] == [True, True, True]
    await call(page, "choose", "field_colour", "")
    assert kept(draft)["field_colour"] is None


async def test_an_emblem_is_found_by_its_name_in_every_language() -> None:
    a_game()
    draft = a_draft()
    for code, text in (("en", "CROISS"), ("ru", "круасс"), ("ar", "كرواس")):
        page = await the_page(draft, code=code)
        await call(page, "search", text)
        assert [one.key for one in page.card.emblems] == ["croissant"]
        await call(page, "search", "xyzzy")
        assert not page.card.emblems
        assert "xyzzy" in page.card.emblem_words
        await call(page, "search", "")
        assert len(page.card.emblems) == len(NAMES)


async def test_an_uploaded_emblem_is_decoded_kept_and_measured() -> None:
    a_game()
    draft = a_draft()
    page = await the_page(draft)
    await call(page, "choose", "colour", "legendary")
    await call(page, "take_emblem", [File(a_red_disc())])
    name = kept(draft)["emblem"]
    assert len(name) == 32
    assert (page.problem, on(page.card.emblems)) == ("", [name])
    low = next(one for one in page.card.contrast if one.key == "emblem")
    assert (low.enough, low.layer) == (False, "field_colour"), "a red mark on a dark field"
    await call(page, "choose", "field_colour", low.better)
    assert page.card.well_seen
    with database.reading(door.engine()) as session:
        assert set(session.exec(select(RewardPicture.digest))) == {name, f"{name}-320"}
        made = session.exec(select(RewardPicture.content).where(RewardPicture.digest == name)).one()
        assert Image.open(io.BytesIO(made)).format == "WEBP"
        assert ("marketer:kim", "picture.uploaded") in session.exec(select(Audit.actor, Audit.action)).all()
    app = Starlette(routes=pictures.routes)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as client:
        answer = await client.get(page.card.small)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    assert "immutable" in answer.headers["cache-control"]
    await call(page, "choose", "emblem", "leaf")
    await call(page, "choose", "emblem", name)
    assert kept(draft)["emblem"] == "leaf", (
        "a name that nobody uploaded for this badge is not taken from the client"
    )
    await call(page, "undo")
    assert kept(draft)["emblem"] == name


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SVG, "An SVG can carry programs, so it is not taken."), (GIF, "Only PNG, JPEG and WebP pictures can be used."),
        (a_picture(size=(60, 60)), "too small to stay crisp"), (a_picture(size=(200, 200))[:500], "cannot be read"),
        (b"x" * (8 * 2**20 + 1), "8 MB at most"), (b"", "Only PNG"),
    ],
)  # fmt: skip
async def test_what_cannot_be_an_emblem_is_refused_with_its_reason(content: bytes, said: str) -> None:
    a_game()
    draft = a_draft()
    page = await the_page(draft)
    await call(page, "take_emblem", [File(content)])
    assert said in page.problem
    assert kept(draft) is None
    with database.reading(door.engine()) as session:
        assert session.exec(select(RewardPicture.digest)).all() == []
    await call(page, "take_emblem", [])
    await call(page, "not_taken")
    assert page.problem == "Choose one picture of 8 MB at most."


@pytest.mark.parametrize("role", ["", "member", "support", "analyst", "cashier"])
async def test_who_may_not_edit_sees_and_changes_nothing(role: str) -> None:
    a_game()
    draft = a_draft()
    before = actions()
    page = visit(ArtworkState, role, f"/staff/badges/artwork?draft={draft}")
    for come_in in (False, True):
        if come_in:
            await call(page, "load")
        page._draft, page._past = draft, [Artwork(emblem="leaf").model_dump_json()]
        file = File(a_mark())
        for handler, values in (("choose", ("emblem", "leaf")), ("tick", (True,)), ("search", ("a",)), ("undo", ()),
                                ("share_in", ("en",)), ("take_emblem", ([file],))):  # fmt: skip
            await call(page, handler, *values)
        assert file.asked == 0, "turned away before a byte is read"
    assert (page.status, page.card.draft) == ("stranger", "")
    assert kept(draft) is None
    assert actions() == before


async def test_only_a_badge_has_an_artwork_and_a_published_one_begins_with_its_own() -> None:
    a_game()
    page = await the_page(a_draft("challenge", body={}))
    assert (page.status, page.said) == ("failed", "Only a badge has an artwork.")
    page = await the_page("nothing")
    assert (page.status, page.said) == ("failed", "This draft is not there any more.")
    page = await the_page(a_draft(slug="founder", body={}))
    assert (page.card.title, on(page.card.emblems)) == ("Founder", ["star"])


HOSTILE: list[Any] = [
    "", "x" * 100_000, "\x00", "💥", 7, None, True, ["a"], {"a": [1]}, "__class__", "../../etc/passwd", "a" * 32,
    "#12345g", "url(javascript:alert(1))", "NaN",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_values_change_nothing(value: Any) -> None:
    a_game()
    draft = a_draft()
    page = await the_page(draft)
    await call(page, "choose", "emblem", "leaf")
    for layer in ("shape", "ring", "field", "emblem", "ribbon", "colour", "numbered", "model_config", value):
        await call(page, "choose", layer, value)
    for handler in ("search", "share_in"):
        await call(page, handler, value)
    assert page.status == "here"
    assert Artwork.model_validate(kept(draft)) == Artwork(emblem="leaf")


@pytest.mark.parametrize(
    ("code", "title"), [("en", "Crust & crumb"), ("ru", "Crust & crumb"), ("ar", "Crust & crumb")]
)
async def test_the_share_picture_of_a_draft_is_for_staff_alone(code: str, title: str) -> None:
    a_game()
    page = await the_page(a_draft(), code=code)
    assert page.card.share.startswith("/pictures/preview/circle.")
    app = Starlette(routes=previews.routes)
    cookie = str(page.router.headers.cookie)
    stranger = visit(ArtworkState, "support", "/staff/badges/artwork").router.headers.cookie
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as client:
        answer = await client.get(page.card.share, headers={"cookie": cookie})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert "private" in answer.headers["cache-control"]
        assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
        for told in ({}, {"cookie": str(stranger)}, {"cookie": f"{door.COOKIE}=made-up"}):
            assert (await client.get(page.card.share, headers=told)).status_code == 404
        for path in (
            "/pictures/preview/secret.png",
            "/pictures/preview/x.png",
            "/pictures/preview/circle.png?draft=no",
            page.card.share.replace("draft=", "draft=%00"),
        ):
            assert (await client.get(path, headers={"cookie": cookie})).status_code == 404
