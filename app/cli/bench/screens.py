"""P10: from the answer to a posted order until the open home page on another screen says something else."""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, datetime
from time import time
from typing import Any

from app import database
from app.cli.bench.browser import PHONE, a_browser, enter
from app.cli.bench.events_api import PATH, SOURCE, a_key
from app.cli.bench.figures import Measured
from app.cli.bench.place import Bench
from app.cli.bench.rounds import at, others
from members.demo import chosen

WATCH = """() => {
  window.changed = [];
  const see = () => window.changed.push(performance.timeOrigin + performance.now());
  const all = {subtree: true, childList: true, characterData: true};
  new MutationObserver(see).observe(document.querySelector('main'), all);
}"""
WAIT_MS_MAX = 10_000


def measure(bench: Bench) -> dict[str, Measured]:
    """Milliseconds; a change that comes before the answer counts as 0."""
    token = a_key(bench)
    with database.reading(bench.engine(bench.shop.settings["REGULARS_DATABASE_URL"])) as session:
        member = str(chosen(session)["top"])
    waited: list[float] = []
    with a_browser() as browser:
        page = browser.new_context(viewport=PHONE).new_page()
        enter(page, bench.shop)
        page.wait_for_timeout(1500)
        busy = others()
        waited += [_one(bench, page, token, member, number) for number in range(bench.pick(60, 15))]
    return {
        "P10": Measured(at(95, waited), busy, {"p50 ms": round(at(50, waited), 1), "orders": len(waited)})
    }


def _one(bench: Bench, page: Any, token: str, member: str, number: int) -> float:
    page.evaluate(WATCH)
    lines = [{"line_id": "1", "sku": "tea", "quantity": "1", "amount": str(10 + number)}]
    now = datetime.now(UTC)
    event = {"specversion": "1.0", "id": f"screen-{now.timestamp()}", "source": SOURCE, "type": "order.paid",
             "time": now.isoformat(), "subject": f"member:{member}",
             "data": {"order_id": f"screen-{now.timestamp()}", "currency": "USD", "lines": lines}}  # fmt: skip
    head = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}
    address = f"http://127.0.0.1:{bench.shop.port}{PATH}"
    request = urllib.request.Request(address, json.dumps(event).encode(), head)
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        answer.read()
    answered = time() * 1000
    page.wait_for_function("() => window.changed.length > 0", timeout=WAIT_MS_MAX)
    shown = page.evaluate("() => window.changed[0]")
    return max(0.0, float(shown) - answered)
