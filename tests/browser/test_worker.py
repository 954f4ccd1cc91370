"""The worker behind the pages leaves a page that it does not answer alone: it is asked for once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import ROOT, a_screen

WORKER = (ROOT / "assets" / "sw.js").read_bytes()
BEFORE = (
    b"self.addEventListener('activate', (event) => event.waitUntil(self.registration.navigationPreload.enable()));"
    b"self.addEventListener('install', () => self.skipWaiting()); self.addEventListener('fetch', () => {});"
)
READY = """async () => {
    const { active } = await navigator.serviceWorker.ready;
    return active.state === "activated";
}"""
STATE = "async () => (await (await navigator.serviceWorker.ready).navigationPreload.getState()).enabled"
ENTER = "async () => { await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }); }"


class Desk(BaseHTTPRequestHandler):
    """Any page, and the worker; how often each was asked for is counted."""

    def __init__(self, hits: Counter[str], worker: list[bytes], *words: object) -> None:
        self.hits, self.worker = hits, worker
        super().__init__(*words)  # pyright: ignore[reportArgumentType]

    def do_GET(self) -> None:
        """Answer."""
        self.hits[self.path] += 1
        script = self.path == "/sw.js"
        body = self.worker[-1] if script else b"<!doctype html><title>A page</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if script else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def desk_of() -> Iterator[tuple[str, Counter[str], list[bytes]]]:
    """Its address, what was asked of it, and the workers it has had."""
    hits, workers = Counter[str](), [WORKER]
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Desk, hits, workers)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}", hits, workers
        server.shutdown()


@pytest.mark.slow
@pytest.mark.parametrize("updated", [False, True], ids=["new", "updated"])
def test_a_page_that_the_worker_leaves_alone_is_asked_for_once(
    browser: Browser, desk_of: tuple[str, Counter[str], list[bytes]], updated: bool
) -> None:
    url, hits, workers = desk_of
    with a_screen(browser, 360, 640) as page:
        if updated:
            workers.append(BEFORE)
        page.goto(f"{url}/anything")
        page.evaluate(ENTER)
        page.wait_for_function(READY)
        if updated:
            assert page.evaluate(STATE) is True
            workers.append(WORKER)
            page.evaluate("async () => { await (await navigator.serviceWorker.ready).update(); }")
        page.wait_for_function(f"async () => !(await ({STATE})())")
        pages = ("/oidc/certified/back", "/staff/audit.csv", "/ru/rules", "/", "/card")
        for path in pages:
            page.goto(url + path)
        page.goto(f"{url}/end")
        assert page.evaluate("Boolean(navigator.serviceWorker.controller)")
        assert {path: hits[path] for path in pages} == dict.fromkeys(pages, 1)
