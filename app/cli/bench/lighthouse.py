"""P12: Lighthouse on each member page as a member sees it on a phone, beside the blank page; and the balance.

The blank page has two LCPs, some 0.8 s and 1.8 s: Lighthouse computes a slow line from a fast run, and counts the
scripts in when they have run before the first paint there. Which of them it is depends on the run, so all are in the
detail. Our pages ask for their scripts after the paint and have one.

Lighthouse comes from npm into a cache folder outside of the project. It opens its pages in a browser that has come
into the demo before; it clears the caches and keeps the cookies.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from app.cli.bench.browser import FILLED, FLAGS, PAGES, PHONE, a_browser, chromium, enter
from app.cli.bench.figures import Measured
from app.cli.bench.place import Bench
from app.cli.bench.rounds import others
from app.cli.bench.servers import Server, a_port

LIGHTHOUSE = "lighthouse@13.5.0"
SLOW = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_638_400 / 8,
    "uploadThroughput": 675_000 / 8,
}
SLOWER_CPU = 4
BALANCES = "() => [window.balanceSaid, document.querySelector('[data-first=balance]').innerText]"
Scores = dict[str, float]

LCP = """() => new Promise(done => new PerformanceObserver(list => {
  const all = list.getEntries(); done(all[all.length - 1].startTime);
}).observe({type: 'largest-contentful-paint', buffered: true}))"""
SEE_BALANCE = """() => {
  const look = () => {
    const place = document.querySelector('[data-first=balance]');
    if (!place || !/\\p{Nd}/u.test(place.innerText)) return requestAnimationFrame(look);
    requestAnimationFrame(() => { window.balance = performance.now(); window.balanceSaid = place.innerText; });
  };
  look();
}"""


def measure(bench: Bench) -> dict[str, Measured]:
    """The worst page counts; all are in the detail."""
    program = _install()
    runs = bench.pick(5, 1)
    busy: list[float] = []
    blank: list[Scores] = []
    pages: dict[str, list[Scores]] = {path: [] for path in PAGES}
    with _entered(bench.shop) as port:
        for _ in range(runs):
            busy.append(others())
            blank.append(_run(program, port, f"{bench.blank.address}/"))
            for path, found in pages.items():
                found.append(_run(program, port, f"{bench.shop.address}{path}"))
    base = {name: median(one[name] for one in blank) for name in blank[0]}
    worst = {
        path: {name: median(one[name] for one in found) for name in base} for path, found in pages.items()
    }
    noise = median(busy)
    first, seen = _balance(bench, runs)
    told = {"blank": base, **worst}
    moments = {
        "balance ms": round(seen),
        "blank LCP ms, the same way": round(first),
        "÷ Lighthouse's": seen / base["lcp"],
    }
    return {
        "P12 performance": Measured(min(page["performance"] for page in worst.values()), noise, told),
        "P12 LCP": Measured(
            max(page["lcp"] for page in worst.values()) / base["lcp"],
            noise,
            {"blank ms": base["lcp"], "blank, each run": [round(one["lcp"]) for one in blank]},
        ),
        "P12 CLS": Measured(max(page["cls"] for page in worst.values()), noise),
        "P12 TBT": Measured(max(page["tbt"] for page in worst.values()), noise, {"blank ms": base["tbt"]}),
        "P12 balance": Measured(seen / first, noise, moments),
    }


def _install() -> Path:
    """Lighthouse in the user's cache folder; fetched when it is not there yet."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "regulars-bench" / LIGHTHOUSE
    program = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        npm = Path(sys.executable).parent / "npm"
        words = [
            str(npm),
            "install",
            "--no-fund",
            "--no-audit",
            "--silent",
            "--prefix",
            str(folder),
            LIGHTHOUSE,
        ]
        subprocess.run(words, check=True, env=_path(), stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
    return program


def _path() -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}


class _entered:  # noqa: N801 - used as a block
    """A browser that has come into the demo, and the port on which others may steer it."""

    def __init__(self, shop: Server) -> None:
        self.shop = shop

    def __enter__(self) -> int:
        from playwright.sync_api import sync_playwright

        port = a_port()
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.playwright = sync_playwright().start()
        flags = [*FLAGS, f"--remote-debugging-port={port}"]
        self.context = self.playwright.chromium.launch_persistent_context(
            self.folder.name, executable_path=chromium(), args=flags
        )
        enter(self.context.pages[0], self.shop)
        return port

    def __exit__(self, *_: object) -> None:
        self.context.close()
        self.playwright.stop()
        self.folder.cleanup()


def _run(program: Path, port: int, address: str) -> Scores:
    node = Path(sys.executable).parent / "node"
    words = [str(node), str(program), address, f"--port={port}", "--only-categories=performance", "--output=json",
             "--quiet", "--max-wait-for-load=30000"]  # fmt: skip
    done = subprocess.run(words, env=_path(), check=True, capture_output=True, text=True, timeout=180)  # noqa: S603
    said: dict[str, Any] = json.loads(done.stdout)
    audits = said["audits"]
    return {
        "performance": said["categories"]["performance"]["score"],
        "lcp": audits["largest-contentful-paint"]["numericValue"],
        "cls": audits["cumulative-layout-shift"]["numericValue"],
        "tbt": audits["total-blocking-time"]["numericValue"],
    }


def _balance(bench: Bench, runs: int) -> tuple[float, float]:
    """On a slow phone and a slow line: LCP of the blank page, and the moment when home shows the real balance."""
    first: list[float] = []
    seen: list[float] = []
    with a_browser() as browser:
        inside = browser.new_context(viewport=PHONE)
        enter(inside.new_page(), bench.shop)
        cookies = inside.cookies()
        for _ in range(max(3, runs)):
            page = _slow_page(browser, [])
            page.goto(bench.blank.address, wait_until="networkidle")
            first.append(page.evaluate(LCP))
            page.context.close()
            page = _slow_page(browser, cookies)
            page.add_init_script(f"({SEE_BALANCE})()")
            page.goto(bench.shop.address)
            page.wait_for_function("() => window.balance > 0", timeout=60_000)
            page.wait_for_selector(FILLED, timeout=60_000)
            said, real = page.evaluate(BALANCES)
            if said != real:  # what was seen first must be the real one
                raise ValueError(f"The balance said {said!r} first, and {real!r} in the end.")
            seen.append(page.evaluate("() => window.balance"))
            page.context.close()
    return median(first), median(seen)


def _slow_page(browser: Any, cookies: list[Any]) -> Any:
    context = browser.new_context(viewport=PHONE, service_workers="block")
    context.add_cookies(cookies)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
    return page
