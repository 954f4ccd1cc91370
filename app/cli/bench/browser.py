"""A Chromium for measuring, without anything that talks to the world outside."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.cli.bench.servers import Server

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run", "--disable-extensions")  # fmt: skip
PHONE = {"width": 360, "height": 640}
PAGES = ("/", "/rewards", "/history", "/rules", "/badges", "/challenges", "/boards", "/streaks")


def chromium() -> str:
    """Where Chromium is."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise ValueError("Chromium is not installed: `apt install chromium`.")
    return found


@contextmanager
def a_browser(*more: str) -> Iterator[Any]:
    """A browser, closed with the block."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *more])
        try:
            yield browser
        finally:
            browser.close()


def enter(page: Any, server: Server, name: str = "top") -> None:
    """Come into the demo as one of its people, and wait for the home page to be filled."""
    page.goto(f"{server.address}/demo/enter/{name}")
    page.wait_for_selector(FILLED)


FILLED = "main:has(h1):not(:has([aria-busy=true]))"
