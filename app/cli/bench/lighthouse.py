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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
BLANK = "blank"
TRIES = 2
RUN_SECONDS_MAX = 180
LINES_TOLD = 4  # of what Lighthouse says about its failure

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


class Unmeasured(ValueError):
    """Lighthouse has no figures for a page."""


def measure(bench: Bench) -> dict[str, Measured]:
    """The worst page counts; all are in the detail.

    What is known is handed on after each round. A page that Lighthouse cannot measure is told of at the end, when the
    others are done.
    """
    program = install()
    runs = bench.pick(5, 1)
    busy: list[float] = []
    found: dict[str, list[Scores]] = {BLANK: [], **{path: [] for path in PAGES}}
    failed: dict[str, str] = {}
    with entered(bench.shop) as port:
        for number in range(runs):
            busy.append(others())
            for path, scores in found.items():
                address = f"{bench.blank.address}/" if path == BLANK else f"{bench.shop.address}{path}"
                try:
                    scores.append(run(program, port, address, bench.say))
                except Unmeasured as error:
                    failed[path] = str(error)
                    continue
                said = " · ".join(f"{name} {value:.4g}" for name, value in scores[-1].items())
                bench.say(f"  {number + 1}/{runs} {path}: {said}")
            bench.keep(figures(found, busy))
    first, seen = _balance(bench, runs)
    told = figures(found, busy)
    moments = {
        "balance ms": round(seen),
        "blank LCP ms, the same way": round(first),
        "÷ Lighthouse's": seen / median(one["lcp"] for one in found[BLANK]) if found[BLANK] else 0,
    }
    told["P12 balance"] = Measured(seen / first, median(busy), moments)
    if failed:
        bench.keep(told)
        raise Unmeasured("; ".join(f"{path}: {why}" for path, why in failed.items()))
    return told


def figures(found: Mapping[str, list[Scores]], busy: list[float]) -> dict[str, Measured]:
    """What the runs so far come to: of each page the medians, and of the pages the worst. None without a blank one."""
    known = {path: {name: median(one[name] for one in scores) for name in scores[0]}
             for path, scores in found.items() if scores}  # fmt: skip
    base = known.get(BLANK)
    pages = [page for path, page in known.items() if path != BLANK]
    if base is None or not pages:
        return {}
    noise = median(busy)
    blank = {"blank ms": base["lcp"], "blank, each run": [round(one["lcp"]) for one in found[BLANK]]}
    return {
        "P12 performance": Measured(min(page["performance"] for page in pages), noise, known),
        "P12 LCP": Measured(max(page["lcp"] for page in pages) / base["lcp"], noise, blank),
        "P12 CLS": Measured(max(page["cls"] for page in pages), noise),
        "P12 TBT": Measured(max(page["tbt"] for page in pages), noise, {"blank ms": base["tbt"]}),
    }


def install() -> Path:
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


@contextmanager
def entered(shop: Server) -> Iterator[int]:
    """A browser that has come into the demo, and the port on which others may steer it."""
    from playwright.sync_api import sync_playwright

    port = a_port()
    flags = [*FLAGS, f"--remote-debugging-port={port}"]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, sync_playwright() as playwright:
        launched = playwright.chromium.launch_persistent_context(
            folder, executable_path=chromium(), args=flags
        )
        with launched as context:
            enter(context.pages[0], shop)
            yield port


def run(
    program: Path,
    port: int,
    address: str,
    say: Callable[[str], object],
    also: Sequence[str] = (),
    skip: Sequence[str] = (),
) -> Scores:
    """One run; a second one when the first ends badly, and then Unmeasured with what Lighthouse said.

    `also` are categories beside performance, `skip` audits that are left out.
    """
    node, categories = Path(sys.executable).parent / "node", ",".join(("performance", *also))
    words = [str(node), str(program), address, f"--port={port}", f"--only-categories={categories}", "--output=json",
             "--quiet", "--max-wait-for-load=30000"]  # fmt: skip
    words += [f"--skip-audits={','.join(skip)}"] if skip else []
    why = ""
    for _ in range(TRIES):
        done: subprocess.CompletedProcess[str] | None = None
        try:
            done = subprocess.run(  # noqa: S603 - our own words
                words, env=_path(), check=False, capture_output=True, text=True, timeout=RUN_SECONDS_MAX
            )
            return scores_in(done.stdout, also)
        except subprocess.TimeoutExpired:
            why = f"no answer within {RUN_SECONDS_MAX} seconds"
        except Unmeasured as error:
            why = f"{error} {_last_words(done)}"
        say(f"  Lighthouse failed at {address}: {why}")
    raise Unmeasured(why)


def _last_words(done: subprocess.CompletedProcess[str] | None) -> str:
    if done is None:
        return ""
    last = [line for line in done.stderr.splitlines() if line.strip()][-LINES_TOLD:]
    return f"(exit {done.returncode}) {' | '.join(last)}"


def scores_in(answer: str, also: Sequence[str] = ()) -> Scores:
    """The scores in Lighthouse's own report. Raises Unmeasured, with its reason, for one that has none."""
    try:
        said: dict[str, Any] = json.loads(answer)
    except ValueError:
        raise Unmeasured("no report") from None
    if error := said.get("runtimeError"):
        raise Unmeasured(f"{error.get('code')}: {error.get('message')}")
    audits = said["audits"]
    values = {
        "performance": said["categories"]["performance"]["score"],
        "lcp": audits["largest-contentful-paint"].get("numericValue"),
        "cls": audits["cumulative-layout-shift"].get("numericValue"),
        "tbt": audits["total-blocking-time"].get("numericValue"),
    } | {name: said["categories"][name]["score"] for name in also}
    if missing := [name for name, value in values.items() if value is None]:
        raise Unmeasured(f"a report without {', '.join(missing)}")
    return values


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
