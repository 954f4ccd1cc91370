"""A shop of its own, built and served by the command line, and Chromium to visit it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.cli.bench.browser import chromium

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
SOURCE = "shop.example/orders"
CERTIFIED_SECRET = "of no use elsewhere"
OPENING = 900  # seconds that filling the shop, and building its pages, may take
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
PATIENCE = 60_000  # milliseconds that a page may take: the machine may be slow, and busy with other tests
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Shop:
    """Where it is, a key of its API, and the demo members by entrance."""

    url: str
    key: str
    members: dict[str, str]
    provider: int = 0  # the port where an OpenID provider is expected; a test starts it
    environment: dict[str, str] = field(default_factory=dict)  # of the command line, for this shop

    def send(self, event: dict[str, object]) -> dict[str, object]:
        """Send one event as the shop's till would."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/cloudevents+json"}
        answer = httpx.post(f"{self.url}/api/v1/events", json=event, headers=headers, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def sell(self, order_id: str, subject: str, **line: object) -> None:
        """An order of one line, paid at the till just now."""
        bought = {"line_id": "1", "sku": "bun", "quantity": "1", "amount": "1.00"} | line
        answer = self.send({
            "specversion": "1.0", "id": order_id, "source": SOURCE, "type": "order.paid",
            "time": datetime.now(UTC).isoformat(), "subject": subject,
            "data": {"order_id": order_id, "currency": "USD", "lines": [bought]},
        })  # fmt: skip
        assert "recorded" in str(answer)


def regulars(environment: dict[str, str], *words: str) -> str:
    """What the command prints."""
    command = [str(Path(sys.executable).parent / "regulars"), *words]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=OPENING, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def write(page: Page, name: str, text: str) -> None:
    """Fill a box and leave it, which is when the page takes it."""
    box = page.locator(f'[id="{name}"]')
    expect(box).to_be_visible()
    box.fill(text)
    box.press("Tab")


def fits(page: Page, patience: int = 5_000) -> bool:
    """Whether nothing of a phone's page is wider than the phone, once it has come to rest."""
    return until(page, lambda: page.evaluate(FITS), True, patience)


def at_rest(page: Page) -> None:
    """The page has what it shows, and what was there ahead of it has been drawn anew."""
    expect(page.locator("main [aria-busy=true]")).to_have_count(0)


def anew(page: Page, address: str) -> Page:
    """An address in another tab of the same browser: what this tab knew of it before is not shown there first."""
    tab = page.context.new_page()
    tab.goto(address)
    at_rest(tab)
    return tab


def until(page: Page, ask: Callable[[], T], wanted: T, patience: int = PATIENCE) -> T:
    """What `ask` finds, asked again (for so many milliseconds) while it is not what is wanted."""
    end = time.monotonic() + patience / 1000
    while (found := ask()) != wanted and time.monotonic() < end:
        page.wait_for_timeout(200)
    return found


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Twelve households of real shopping, served on a port of its own."""
    with a_shop(tmp_path_factory.mktemp("shop")) as served:
        yield served


@contextmanager
def a_shop(folder: Path, **more: str) -> Iterator[Shop]:
    """The demo in a folder of its own, served; `more` are further settings."""
    port, provider = free_port(), free_port()
    url = f"http://localhost:{port}"
    environment = os.environ | {
        "REGULARS_DATA_DIR": str(folder),
        "REGULARS_PUBLIC_URL": url,
        "COLUMNS": "200",
        "CERTIFIED_SECRET": CERTIFIED_SECRET,
        "REGULARS_OIDC_PROVIDERS": json.dumps([{
            "name": "certified", "label": "Certified", "issuer": f"http://localhost:{provider}", "client_id": "club",
            "client_secret_env": "CERTIFIED_SECRET",
        }]),
    } | more  # fmt: skip
    said = regulars(environment, "demo", "--households", "12")
    members = dict(re.findall(r"^\s+(new|middling|top)\s.*\(([0-9a-f-]{36})\)", said, re.MULTILINE))
    key = regulars(environment, "keys", "create", "till", "--source", SOURCE)
    token = max(re.findall(r"\S+", key), key=len)
    log = (folder / "serve.log").open("w")
    command = [str(Path(sys.executable).parent / "regulars"), "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait(f"{url}/ping", server, folder / "serve.log")
        yield Shop(url, token, members, provider, environment)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
        log.close()


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + OPENING
    while time.monotonic() < until and server.poll() is None:
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.3)
    raise AssertionError(f"the shop did not open: {log.read_text()[-3000:]}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; playwright's own cannot be downloaded everywhere."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        yield made
        made.close()


@contextmanager
def a_screen(browser: Browser, width: int, height: int, **more: Any) -> Iterator[Page]:
    """A page in a browser that knows nobody yet; `more` is for `Browser.new_context`."""
    with browser.new_context(viewport={"width": width, "height": height}, **more) as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone, 360 points wide."""
    with a_screen(browser, 360, 640) as page:
        yield page


@pytest.fixture
def desk(browser: Browser, shop: Shop) -> Iterator[Page]:
    """The owner's screen, come in by the demo's entrance."""
    with a_screen(browser, 1280, 900) as page:
        page.goto(f"{shop.url}/demo/enter/staff")
        yield page
