"""Badges over HTTP: drawn once, kept for ever, and nothing that we did not write is drawn."""

from __future__ import annotations

import asyncio
import io
import threading
from pathlib import Path
from typing import get_args

import httpx
import pytest
from PIL import Image, ImageChops, ImageStat

from app import database, settings
from app.pictures import badges, store
from app.pictures.decode import Decoder
from badges.art.address import badge_picture
from badges.art.render import render
from badges.art.version import SIZES
from badges.artwork import RARITIES, Artwork, Ground, Ring
from badges.emblems import NAMES
from tests.pictures.samples import a_mark

pytestmark = pytest.mark.anyio
BREAD = Artwork(shape="hexagon", field="rays", emblem="bread", colour="legendary", numbered=True)


def opened(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200
    image = Image.open(io.BytesIO(answer.content))
    image.load()
    return image


@pytest.mark.parametrize("size", SIZES)
async def test_a_badge_comes_in_every_size_and_may_be_kept_for_a_year(
    browser: httpx.AsyncClient, size: int
) -> None:
    for kind in ("webp", "png"):
        answer = await browser.get(badge_picture(BREAD, size, kind=kind))
        image = opened(answer)
        assert (image.format, image.size) == (kind.upper(), (size, size))
        assert answer.headers["content-type"] == f"image/{kind}"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert "sandbox" in answer.headers["content-security-policy"]


async def test_a_png_has_the_very_pixels(browser: httpx.AsyncClient) -> None:
    answer = await browser.get(badge_picture(BREAD, 192, edition=17, kind="png"))
    assert opened(answer).tobytes() == render(BREAD, 192, edition=17).tobytes()


async def test_a_page_of_badges_weighs_little(browser: httpx.AsyncClient) -> None:
    """Twenty-four badges in the size of the shelf, within the 60 kB of a page's pictures."""
    names, rings, fields = list(NAMES), get_args(Ring), get_args(Ground)
    artworks = [
        Artwork(emblem=names[n], colour=RARITIES[n % 5], ring=rings[n % 4], field=fields[n % 5])
        for n in range(24)
    ]
    answers = [await browser.get(badge_picture(one, 96)) for one in artworks]
    assert sum(len(answer.content) for answer in answers) < 55_000


async def test_a_shelf_on_a_phone_weighs_little(browser: httpx.AsyncClient) -> None:
    """Eighteen to come and four that are held, in twice the size that they have on the page."""
    names = list(NAMES)
    artworks = [Artwork(emblem=names[n], colour=RARITIES[n % 5]) for n in range(22)]
    to_come = [badge_picture(one, 192, state="locked") for one in artworks[:18]]
    answers = [
        await browser.get(one) for one in (*to_come, *(badge_picture(one, 192) for one in artworks[18:]))
    ]
    assert sum(len(answer.content) for answer in answers) < 40_000


async def test_few_colours_look_like_the_drawing(browser: httpx.AsyncClient) -> None:
    """On white and on black, no channel is off by more than the eye forgives; where nothing is drawn is nothing."""
    for artwork in (BREAD, Artwork(ring="notched", field="split", ribbon="tails")):
        shown = opened(await browser.get(badge_picture(artwork, 192)))
        drawn = render(artwork, 192)
        edge = ImageChops.difference(shown.getchannel("A"), drawn.getchannel("A")).histogram()
        assert not any(edge[255 // 14 + 2 :])
        for ground in ("white", "black"):
            flat = [Image.new("RGBA", drawn.size, ground) for _ in range(2)]
            for under, over in zip(flat, (shown, drawn), strict=True):
                under.alpha_composite(over)
            off = ImageChops.difference(*(one.convert("L") for one in flat))
            assert ImageStat.Stat(off).mean[0] < 1.5
            assert sum(off.histogram()[24:]) < 192 * 192 / 200  # single pixels of an edge


async def test_who_has_it_is_not_sent_it_again(browser: httpx.AsyncClient) -> None:
    address = badge_picture(BREAD, 96)
    tag = (await browser.get(address)).headers["etag"]
    again = await browser.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    head = await browser.head(address)
    assert (head.status_code, head.content) == (200, b"")


async def test_it_is_drawn_once(browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    threads: set[int] = set()

    def counted(artwork: Artwork, size: int, **more: object) -> Image.Image:
        drawn.append(artwork.emblem)
        threads.add(threading.get_ident())
        return render(artwork, size, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(badges, "render", counted)
    first = await browser.get(badge_picture(BREAD, 96))
    assert (await browser.get(badge_picture(BREAD, 96))).content == first.content
    assert drawn == ["bread"]
    assert threading.get_ident() not in threads


async def test_many_at_once_are_drawn_two_by_two(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, most, lock = [0], [0], threading.Lock()

    def slow(artwork: Artwork, size: int, **_: object) -> Image.Image:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        threading.Event().wait(0.02)
        with lock:
            now[0] -= 1
        return Image.new("RGBA", (size, size))

    monkeypatch.setattr(badges, "render", slow)
    answers = await asyncio.gather(*(browser.get(badge_picture(BREAD, 48, edition=n)) for n in range(1, 13)))
    assert {answer.status_code for answer in answers} == {200}
    assert most[0] == 2


async def test_an_address_of_an_earlier_drawing_leads_to_that_of_today(browser: httpx.AsyncClient) -> None:
    address = badge_picture(BREAD, 96)
    before = address.rpartition("-")[0] + "-" + "0" * 16 + ".webp"
    answer = await browser.get(before)
    assert (answer.status_code, answer.headers["location"]) == (302, address)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["badge/secret/96-0.webp", "badge/x/96-0000000000000000.webp", "badge/..%2f..%2fetc/96-0000000000000000.webp",
     "badge/secret/97-0000000000000000.webp", "badge/secret/96-0000000000000000.svg", "badge/secret/.webp", "x.webp"],
)  # fmt: skip
async def test_what_is_not_ours_is_not_there(browser: httpx.AsyncClient, path: str) -> None:
    assert (await browser.get(f"/pictures/{path}")).status_code == 404


async def test_a_secret_badge_gives_the_picture_of_every_other(browser: httpx.AsyncClient) -> None:
    answer = await browser.get(badge_picture(BREAD, 96, state="secret", kind="png"))
    assert opened(answer).tobytes() == render(Artwork(), 96, state="secret").tobytes()


async def test_an_uploaded_emblem_is_on_its_badge(house: Path, browser: httpx.AsyncClient) -> None:
    decoder = Decoder()
    try:
        made = decoder.decode(a_mark(), "emblem")
    finally:
        decoder.close()
    with database.transaction(database.shared(settings.current().database_url)) as session:
        digest = store.keep(session, made)
    artwork = Artwork(emblem=digest)
    image = opened(await browser.get(badge_picture(artwork, 192, kind="png"))).convert("RGB")
    red, green, blue = image.getpixel((96, 92))  # type: ignore[misc]
    assert abs(red - 200) + abs(green - 30) + abs(blue - 30) < 30
    locked = opened(await browser.get(badge_picture(artwork, 192, state="locked", kind="png"))).convert("RGB")
    assert locked.getpixel((96, 92)) == (133, 122, 107)


async def test_an_emblem_that_is_not_there_is_no_star_for_ever(
    house: Path, browser: httpx.AsyncClient
) -> None:
    answer = await browser.get(badge_picture(Artwork(emblem="0" * 32), 96))
    assert answer.status_code == 404
    assert "cache-control" not in answer.headers


def test_what_is_kept_has_its_limit() -> None:
    kept = badges.Kept(bytes_max=100)
    for number in range(5):
        kept.put(str(number), bytes(30))
        kept.get("0")
    assert [kept.get(str(number)) is not None for number in range(5)] == [True, False, False, True, True]
    kept.put("0", bytes(40))
    kept.put("large", bytes(101))
    assert [kept.get(name) for name in ("0", "3", "4", "large")] == [None] * 4
