"""The picture beside a shared link: in three languages, shaped and ordered as their scripts ask."""

from __future__ import annotations

import asyncio
import io
import threading
from dataclasses import replace
from statistics import median
from time import process_time

import httpx
import pytest
from PIL import Image, ImageChops, ImageDraw, features
from starlette.applications import Starlette

from app.pictures import badges
from app.pictures.share import PANEL, ShareCard, routes, share_image
from app.pictures.writing import clean, direction_of, family_for, fit, width_of, write
from badges.art.fonts import FOLDER, font
from badges.artwork import Artwork
from tests.pictures.samples import a_mark

BADGE = Artwork(
    shape="hexagon", ring="beaded", field="rays", emblem="bread", colour="legendary", numbered=True
)
CARDS = {
    "en": ShareCard(BADGE, "Crust & crumb", "Marlow & Sons", "en", "Anna P.", "Earned on 14 March 2026", "1 in 90", 17),
    "ru": ShareCard(BADGE, "Полуночный покупатель", "Марлоу и сыновья", "ru", "Аня", "14 марта 2026 г.", "1 из 90", 17),
    "ar": ShareCard(BADGE, "الخضار أولًا", "مارلو وأبناؤه", "ar", "ليلى", "في ١٤ مارس ٢٠٢٦", "واحد من ٩٠", 17),
}  # fmt: skip


def seen(card: ShareCard) -> Image.Image:
    image = Image.open(io.BytesIO(share_image(card)), formats=("PNG",))
    image.load()
    assert (image.mode, image.size) == ("RGB", (1200, 630))
    return image


@pytest.mark.parametrize("language", CARDS)
def test_it_is_drawn_in_every_language_and_always_the_same(language: str) -> None:
    card = CARDS[language]
    assert share_image(card) == share_image(replace(card))
    assert len(share_image(card)) < 300_000  # more is not shown by every messenger


@pytest.mark.parametrize(("language", "corner"), [("en", 10), ("ru", 10), ("ar", 1190)])
def test_the_badge_stands_where_reading_begins(language: str, corner: int) -> None:
    image = seen(CARDS[language])
    assert sum(image.getpixel((corner, 600))) < 250  # type: ignore[arg-type]
    assert image.getpixel((1200 - corner, 600)) == (250, 247, 242)


@pytest.mark.parametrize("field", ["title", "shop", "holder", "line", "note", "edition"])
def test_everything_that_it_is_told_is_seen(field: str) -> None:
    """And what is left out, such as the alias, leaves nothing."""
    for language, card in CARDS.items():
        less = replace(card, **{field: None if field == "edition" else ""})
        assert ImageChops.difference(seen(card), seen(less)).getbbox(), language


@pytest.mark.parametrize("language", CARDS)
def test_long_words_stay_on_their_side(language: str) -> None:
    card = CARDS[language]
    long = {"en": "Extraordinarily ", "ru": "Превысокомногорассмотрительствующий ", "ar": "الاستثنائيون "}[
        language
    ]
    image = seen(replace(card, title=long * 9, shop=long * 4, holder=long * 5, line=long * 9, note=long * 9))
    plain = seen(replace(card, title="", shop="", holder="", line="", note=""))
    left, top, right, foot = ImageChops.difference(image, plain).getbbox() or (0, 0, 0, 0)
    inner = (0, 1200 - PANEL) if language == "ar" else (PANEL, 1200)
    assert inner[0] + 40 < left < right < inner[1] - 40
    assert 40 < top < foot < 600


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\t",
        "🙂🎉",
        "漢字",
        "a" * 5000,
        "\u202e" + "txt.exe",
        "\u0600",
        "Z" + "\u0301" * 500,
        "\0",
        "\ud800",
    ],
)
def test_any_words_can_be_drawn(text: str) -> None:
    for language in CARDS:
        seen(replace(CARDS[language], title=text, shop=text, holder=text, line=text, note=text))


def test_an_uploaded_emblem_is_on_it() -> None:
    with Image.open(io.BytesIO(a_mark((400, 400), (0, 0, 400, 400)))) as image:
        into = io.BytesIO()
        image.convert("RGB").save(into, "WEBP")
    card = replace(CARDS["en"], artwork=Artwork(emblem="0" * 32), emblem=into.getvalue())
    red, green, blue = seen(card).getpixel((PANEL // 2, 315))  # type: ignore[misc]
    assert red > 170
    assert green + blue < 120


# --- writing --------------------------------------------------------------------------------------------------


def test_letters_are_shaped_by_raqm() -> None:
    assert features.check("raqm")
    face = font("readex-pro", "bold", 100)
    joined = face.getlength("مارلو", direction="rtl")
    alone = sum(face.getlength(letter, direction="rtl") for letter in "مارلو")
    assert joined < 0.93 * alone  # letters that join are narrower than the same letters alone


@pytest.mark.parametrize("text", ["ا WWW", "ا \u2068WWW\u2069"])
def test_arabic_is_read_from_the_right(text: str) -> None:
    """The alef comes first, so it stands at the right end, and the Latin word to the left of it."""
    page = Image.new("RGB", (600, 140), "white")
    line = fit(text, "bold", (80,), 600, language="ar")
    write(ImageDraw.Draw(page), line, (560, 10), (0, 0, 0), language="ar", start="rtl")
    image = page.convert("L")
    inked = [min(image.crop((x, 0, x + 1, 140)).tobytes()) < 128 for x in range(600)]
    last = max(x for x in range(600) if inked[x])
    stem = next(n for n in range(1, 200) if not inked[last - n])
    gap = next(n for n in range(1, 200) if inked[last - stem - n])
    assert (stem < 25, gap > 12, 540 < last < 562) == (True, True, True)


def test_each_text_has_a_font_that_knows_its_letters() -> None:
    assert family_for("Crust & crumb", "en") == "onest"
    assert family_for("Полуночный", "ru") == "onest"
    assert family_for("الخضار أولًا", "en") == "readex-pro"
    assert family_for("Anna", "ar") == "readex-pro"
    assert family_for("Аня", "ar") == "onest"


def test_what_no_font_knows_is_left_out() -> None:
    assert fit("Anna 🙂 P. 漢", "bold", (30,), 900).lines == ("Anna P.",)


def test_direction_is_that_of_the_first_letter_outside_of_isolates() -> None:
    assert direction_of("12 سلة", "en") == "rtl"
    assert direction_of("\u2068Marlow\u2069 سلة", "en") == "rtl"
    assert direction_of("Anna ليلى", "ar") == "ltr"
    assert (direction_of("17", "ar"), direction_of("17", "en")) == ("rtl", "ltr")


def test_lines_are_whole_words_and_a_cut_is_shown() -> None:
    text = fit("one two three four five six", "bold", (60, 40), 220, lines_max=2)
    assert len(text.lines) == 2
    assert text.lines[-1].endswith("…")
    assert width_of(text) <= 220
    assert fit("one two", "bold", (60, 40), 900, lines_max=2).lines == ("one two",)
    assert fit("one two", "bold", (60, 40), 900).size == 60


def test_text_is_one_line_without_controls() -> None:
    assert clean(" a\r\nb\u2028c\0d ") == "a b c d"


def test_every_font_has_its_licence() -> None:
    for path in FOLDER.glob("*.ttf"):
        family = path.stem.rpartition("-")[0]
        text = (FOLDER.parent / "licences" / f"{family}-ttf.txt").read_text()
        assert "SIL Open Font License, Version 1.1" in text


# --- over HTTP ------------------------------------------------------------------------------------------------


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> httpx.AsyncClient:
    monkeypatch.setattr(badges, "kept", badges.Kept())
    found = {"good": CARDS["ar"]}
    app = Starlette(routes=routes(found.get))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test")


@pytest.mark.anyio
async def test_a_link_has_its_picture_and_another_has_none(client: httpx.AsyncClient) -> None:
    async with client:
        answer = await client.get("/b/good/card.png")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.headers["cache-control"] == "public, max-age=3600"
        assert answer.content == share_image(CARDS["ar"])
        again = await client.get("/b/good/card.png", headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304
        assert (await client.get("/b/other/card.png")).status_code == 404


@pytest.mark.anyio
async def test_it_is_found_and_drawn_off_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(badges, "kept", badges.Kept())
    threads: set[int] = set()

    def resolve(token: str) -> ShareCard:
        threads.add(threading.get_ident())
        return replace(CARDS["en"], holder=token)

    transport = httpx.ASGITransport(Starlette(routes=routes(resolve)))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        answers = await asyncio.gather(*(client.get(f"/b/{n}/card.png") for n in range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert threading.get_ident() not in threads


@pytest.mark.parametrize("language", CARDS)
def test_it_takes_less_than_three_tenths_of_a_second(language: str) -> None:
    """Of the processor's time, so that a busy machine does not count."""
    share_image(CARDS[language])
    times: list[float] = []
    for _ in range(3):
        start = process_time()
        share_image(CARDS[language])
        times.append(process_time() - start)
    assert median(times) < 0.3
