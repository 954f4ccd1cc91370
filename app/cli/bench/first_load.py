"""P11: what a browser fetches to open each member page for the first time, beside the blank page."""

from __future__ import annotations

import gzip
from collections import Counter
from typing import Any

from app.cli.bench.browser import PAGES, PHONE, a_browser, enter
from app.cli.bench.figures import Measured
from app.cli.bench.place import Bench
from app.cli.bench.servers import Server

CODE = ("document", "script", "stylesheet")
QUIET_MS = 1500


def measure(bench: Bench) -> dict[str, Measured]:
    """The worst page counts; all are in the detail."""
    with a_browser() as browser:
        blank = load(browser, bench.blank, "/", signed_in=False)
        loads = {path: load(browser, bench.shop, path, signed_in=True) for path in PAGES}
    code = {path: sum(sizes[kind] for kind in CODE) for path, sizes in loads.items()}
    base = sum(blank[kind] for kind in CODE)
    told: dict[str, Any] = {f"{path} kB": round(size / 1000, 1) for path, size in code.items()}
    told |= {f"{path} {kind} kB": round(loads[path][kind] / 1000, 1) for path in PAGES for kind in CODE}
    fonts = {path: sizes["font"] / 1000 for path, sizes in loads.items()}
    pictures = {path: sizes["image"] / 1000 for path, sizes in loads.items()}
    return {
        "P11": Measured(max(code.values()) / base, 0.0, {"blank kB": round(base / 1000, 1)} | told),
        "P11 fonts": Measured(max(fonts.values()), 0.0, fonts),
        "P11 pictures": Measured(max(pictures.values()), 0.0, pictures),
    }


def load(browser: Any, server: Server, path: str, *, signed_in: bool) -> Counter[str]:
    """Bytes by kind: code as gzip makes it, fonts and pictures as they are."""
    context = browser.new_context(viewport=PHONE, service_workers="block")
    page = context.new_page()
    if signed_in:
        enter(page, server)
        cookies = context.cookies()
        context.close()
        context = browser.new_context(viewport=PHONE, service_workers="block")
        context.add_cookies(cookies)
        page = context.new_page()
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - it wants a function of ours
    page.goto(f"{server.address}{path}", wait_until="networkidle")
    page.wait_for_timeout(QUIET_MS)
    sizes: Counter[str] = Counter()
    for answer in answers:
        kind = answer.request.resource_type
        if answer.status == 200:
            body = answer.body()
            sizes[kind] += len(gzip.compress(body, 6)) if kind in CODE else len(body)
    context.close()
    return sizes
