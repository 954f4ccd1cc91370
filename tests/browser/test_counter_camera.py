"""The camera at the counter is pointed at a card: Chromium plays a film of it, and the page reads the live picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import segno
from playwright.sync_api import Page, expect, sync_playwright

from app.cli.bench.browser import chromium
from tests.browser.conftest import PATIENCE, QUIET, Shop, a_screen
from tests.browser.test_counter import shown

WIDE, HIGH, DOT, FRAMES = 640, 480, 9, 5
GREY, INK = 200, 16  # luma, as a camera sees paper and print


def film(file: Path, payload: str) -> None:
    """A card held still before the camera: an uncompressed film (YUV4MPEG2), which Chromium plays round and round.

    Moved into its place whole, so that a camera which is opened meanwhile sees one film or the other.
    """
    rows = [list(row) for row in segno.make(payload, error="m").matrix_iter(scale=DOT, border=4)]
    top, start = (HIGH - len(rows)) // 2, (WIDE - len(rows[0])) // 2
    assert top >= 0
    picture = bytearray([GREY]) * (WIDE * HIGH)
    for y, row in enumerate(rows):
        at = (top + y) * WIDE + start
        picture[at : at + len(row)] = bytes(INK if dark else GREY for dark in row)
    frame = b"FRAME\n" + bytes(picture) + bytes([128]) * (WIDE * HIGH // 2)
    draft = file.with_suffix(".part")
    draft.write_bytes(b"YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n" % (WIDE, HIGH) + frame * FRAMES)
    draft.replace(file)


@contextmanager
def counter_with_camera(shop: Shop, file: Path) -> Iterator[Page]:
    """The counter in a Chromium whose camera plays `file`."""
    camera = (
        "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={file}",
    )  # fmt: skip
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*QUIET, *camera])
        with a_screen(browser, 360, 780) as page:
            page.goto(f"{shop.url}/demo/enter/cashier")
            page.goto(f"{shop.url}/staff/counter")
            expect(page.locator("html[data-kept]")).to_have_count(1)
            yield page
        browser.close()


@pytest.mark.slow
@pytest.mark.feature(3)
def test_the_camera_reads_a_card_and_a_film_of_it_opens_nothing_twice(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "card.y4m"
    _, payload = shown(shop, shop.members["middling"])
    film(file, payload)
    with counter_with_camera(shop, file) as page:
        found, told = page.locator("#card strong"), page.locator("#said")
        for _ in range(
            5
        ):  # each code of a card is good once, for half a minute, and this machine may be slow
            film(file, payload)
            page.get_by_role("button", name="Scan a card").click()
            expect(found.or_(told).filter(has_text=re.compile(r"\S")).first).to_be_visible()
            if found.is_visible():
                break
            before = payload
            while payload == before:
                page.wait_for_timeout(1000)
                _, payload = shown(shop, shop.members["middling"])
        expect(found).to_have_text(re.compile(r"\d"))
        page.reload()
        expect(page.locator("html[data-kept]")).to_have_count(1)
        page.get_by_role("button", name="Scan a card").click()
        expect(told).to_contain_text(re.compile("shown already|too old|not good", re.IGNORECASE))
