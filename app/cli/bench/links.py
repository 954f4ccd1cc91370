"""P11 to P13 of the page behind a friend's link, and how long the server takes for it beside a static file.

The page is drawn by the server for whoever opens it, and asks not to be listed: of what Lighthouse says for search
engines, that is left out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from typing import Any

from sqlmodel import col, select

from app import database
from app.cli.bench import lighthouse
from app.cli.bench.browser import PHONE, a_browser
from app.cli.bench.figures import Measured
from app.cli.bench.first_load import CODE, load
from app.cli.bench.http import Line
from app.cli.bench.place import Bench
from app.cli.bench.rounds import at, others
from members.actions import referring
from members.tables import Member

STATIC = "/passkey.js"  # a file of half the page's size, answered by the same server
REQUESTS = 100  # of each in a round: together fewer than the rate lets through
CATEGORIES = ("accessibility", "best-practices", "seo")
NOT_LISTED = ("is-crawlable",)


def measure(bench: Bench) -> dict[str, Measured]:
    """The page of one link, in the source language."""
    path = f"/r/{_code(bench)}"
    told = {"P11 link p95": asyncio.run(_p95(bench, path))}
    bench.keep(told)
    with a_browser() as browser:
        blank, ours = (
            load(browser, server, where, signed_in=False)
            for server, where in ((bench.blank, "/"), (bench.shop, path))
        )
        found = _violations(browser, f"{bench.shop.address}{path}")
    sizes = {f"{kind} kB": round(ours[kind] / 1000, 1) for kind in (*CODE, "font", "image")}
    base = sum(blank[kind] for kind in CODE)
    told["P11 link"] = Measured(
        sum(ours[kind] for kind in CODE) / base, 0.0, {"blank kB": round(base / 1000, 1)} | sizes
    )
    told["P13 link axe"] = Measured(float(len(found)), 0.0, {"found": found})
    bench.keep(told)
    return told | _scores(bench, path)


def _code(bench: Bench) -> str:
    """Somebody's link, made when there is none."""
    engine = bench.engine(bench.shop.settings["REGULARS_DATABASE_URL"])
    with database.transaction(engine) as session:
        member_id = session.exec(select(Member.member_id).order_by(col(Member.member_id)).limit(1)).one()
        link = referring.open_link(session, member_id, datetime.now(UTC))
        if link is None:
            raise ValueError("The programme has no offer for friends.")
        return link.code


async def _p95(bench: Bench, path: str) -> Measured:
    """The slow end of the page's answers ÷ that of a file's, over one connection each, by turns."""
    line = Line(bench.shop.port, {"Accept-Encoding": "identity"})
    await line.open()
    rounds: list[tuple[float, float]] = []
    busy: list[float] = []
    for _ in range(bench.pick(5, 2)):
        busy.append(others())
        waited: dict[str, list[float]] = {path: [], STATIC: []}
        for _ in range(REQUESTS):
            for where, times in waited.items():
                begin = perf_counter()
                status, _ = await line.get(where)
                times.append((perf_counter() - begin) * 1000)
                if status != 200:
                    raise ValueError(f"{where} answered {status}.")
        rounds.append((at(95, waited[path]), at(95, waited[STATIC])))
    line.close()
    detail: dict[str, Any] = {
        "link p95 ms": [round(ours, 2) for ours, _ in rounds],
        "file p95 ms": [round(theirs, 2) for _, theirs in rounds],
    }
    return Measured(median(ours / theirs for ours, theirs in rounds), median(busy), detail)


def _violations(browser: Any, address: str) -> list[str]:
    """What axe finds on the page, on paper and at night."""
    from axe_playwright_python.sync_playwright import Axe

    found: list[str] = []
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport=PHONE, color_scheme=scheme)
        page.goto(address)
        found += [f"{scheme}: {one['id']}" for one in Axe().run(page).response["violations"]]
        page.close()
    return found


def _scores(bench: Bench, path: str) -> dict[str, Measured]:
    """What Lighthouse says, by turns with the blank page."""
    program, busy = lighthouse.install(), list[float]()
    pages: dict[str, list[Mapping[str, float]]] = {"link": [], "blank": []}
    where = {"link": f"{bench.shop.address}{path}", "blank": f"{bench.blank.address}/"}
    with lighthouse.entered(bench.shop) as port:
        for _ in range(bench.pick(5, 1)):
            busy.append(others())
            for name, scores in pages.items():
                scores.append(
                    lighthouse.run(program, port, where[name], bench.say, also=CATEGORIES, skip=NOT_LISTED)
                )
    link, blank = (
        {name: median(one[name] for one in scores) for name in scores[0]} for scores in pages.values()
    )
    noise = median(busy)
    return {
        "P12 link": Measured(link["performance"], noise, link),
        "P12 link LCP": Measured(link["lcp"] / blank["lcp"], noise, {"blank ms": blank["lcp"]}),
        "P13 link": Measured(
            min(link[name] for name in CATEGORIES), noise, {name: link[name] for name in CATEGORIES}
        ),
    }
