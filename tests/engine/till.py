"""A till that speaks to the shop's API at a moment of our choosing, and reads back what a person gets.

Facts go in by HTTP, standings come out by HTTP, entries by `regulars export`, and what a member reads by the views
that the pages show. The clock stands still at `now` until a test moves it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import time_machine
from anyio.from_thread import BlockingPortal, start_blocking_portal
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.applications import Starlette
from typer.testing import Result

from app import database
from app.api import routes
from app.api.lane import Lane
from app.jobs.due import advance_members
from facts.language import language
from members import keys, programme
from members.actions.staff import adjust
from members.cards import HistoryCard
from members.keys import Scope
from members.standing import member_of
from members.tables import FactRow
from members.views.history import history, order_lines
from rewards.tables import Lot
from tests.builders import loaded
from tests.engine.wording import line_of, local, whole
from tests.imports.shop import run

SOURCE = "shop.example/orders"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
BATCH = {"Content-Type": "application/cloudevents-batch+json"}


@dataclass(frozen=True)
class Line:
    """An HTTP client for code that is not asynchronous; several threads may use it at once."""

    portal: BlockingPortal
    client: httpx.AsyncClient

    def get(self, path: str, **more: Any) -> httpx.Response:
        """GET."""
        return self.portal.call(lambda: self.client.get(path, **more))

    def post(self, path: str, **more: Any) -> httpx.Response:
        """POST."""
        return self.portal.call(lambda: self.client.post(path, **more))


@dataclass
class Till:
    """One shop on one database, at `now`."""

    engine: Engine
    url: str
    client: Line
    now: datetime = NOW
    head: dict[str, str] = field(default_factory=dict[str, str])
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    # --- the programme and time ---------------------------------------------------------------------------

    def open(self, text: str) -> None:
        """Put a programme in force (the first one reaches back for ever)."""
        with self._clock(), database.transaction(self.engine) as session:
            made = loaded(text)
            latest = None if not self.head else programme.versions(session).latest.number
            programme.apply(session, made, base=latest, actor="staff:test", now=self.now)
            if not self.head:
                token = keys.create(session, "till", list(Scope), SOURCE, "staff:test", self.now)
                self.head = {"Authorization": f"Bearer {token}"}

    def at(self, moment: datetime | str, zone: str = "America/New_York") -> Till:
        """Move the clock; a text is local time."""
        self.now = local(moment, zone) if isinstance(moment, str) else moment
        return self

    def later(self, **time: float) -> Till:
        """Move the clock on."""
        return self.at(self.now + timedelta(**time))

    def night(self) -> None:
        """Run the nightly job up to now."""
        with self._clock():
            advance_members(self.engine, self.now)

    @contextmanager
    def _clock(self) -> Iterator[None]:
        with time_machine.travel(self.now, tick=False):
            yield

    def ask(self, path: str, body: Any, **head: str) -> Any:
        """POST to the API now; the answer of HTTP."""
        with self._clock():
            return self.client.post(f"/api/v1{path}", json=body, headers=self.head | head)

    def get(self, path: str) -> Any:
        """GET from the API now; the answer of HTTP."""
        with self._clock():
            return self.client.get(f"/api/v1{path}", headers=self.head)

    # --- facts in -----------------------------------------------------------------------------------------

    def event(self, kind: str, data: dict[str, Any], customer: str = "1", **more: Any) -> dict[str, Any]:
        """An event of now, with an id of its own."""
        at = more.pop("at", self.now)
        return {
            "specversion": "1.0",
            "id": f"e-{next(self.numbers)}",
            "source": SOURCE,
            "type": kind,
            "time": at.isoformat(),
            "subject": f"customer:{customer}",
            "data": data,
        } | more

    def order(
        self,
        order_id: str,
        *lines: str | dict[str, Any],
        kind: str = "order.paid",
        customer: str = "1",
        at: datetime | None = None,
        id: str = "",
        **data: Any,
    ) -> dict[str, Any]:
        """A paid order; a line may be given as its amount."""
        full = [line_of(given, i) for i, given in enumerate(lines, 1)]
        return self.event(
            kind,
            {"order_id": order_id, "currency": "USD", "lines": full} | data,
            customer,
            at=at or self.now,
            id=id or f"{kind}-{order_id}",
        )

    def refund(
        self,
        order_id: str,
        *back: tuple[str, str],
        customer: str = "1",
        at: datetime | None = None,
        id: str = "",
        **data: Any,
    ) -> dict[str, Any]:
        """A refund of (line id, amount) pairs, one piece each, and of what `data` says."""
        name = id or f"refund-{order_id}-{next(self.numbers)}"
        lines = [{"line_id": line, "quantity": "1", "amount": amount} for line, amount in back]
        return self.event(
            "order.refunded",
            {"order_id": order_id, "refund_id": name, "lines": lines} | data,
            customer,
            at=at or self.now,
            id=name,
        )

    def send(self, *events: dict[str, Any]) -> list[dict[str, Any]]:
        """Post events as one batch; their answers, in order."""
        answer = self.ask("/events", list(events), **BATCH)
        assert answer.status_code == 200, answer.text
        return whole(answer.text)["results"]

    def would(self, *events: dict[str, Any]) -> Any:
        """What events would do; the answer of HTTP."""
        return self.ask("/simulate", list(events), **BATCH)

    def post(self, *events: dict[str, Any]) -> None:
        """Post events one by one; each must be recorded."""
        for event in events:
            (answer,) = self.send(event)
            assert answer["status"] == "recorded", answer

    def redeem(self, reward: str, request: str = "", customer: str = "1") -> Any:
        """Redeem; the answer of HTTP."""
        body = {"subject": f"customer:{customer}", "reward": reward}
        return self.ask("/redemptions", body, **{"Idempotency-Key": request or f"tap-{next(self.numbers)}"})

    def call_off(self, redemption_id: str, customer: str = "1") -> Any:
        """Give a redemption back; the answer of HTTP."""
        return self.ask(f"/redemptions/{redemption_id}/cancel", {"subject": f"customer:{customer}"})

    def adjust(self, points: int, customer: str = "1", reason: str = "a test of the till") -> None:
        """What staff give or take by hand."""
        with self._clock(), database.transaction(self.engine) as session:
            adjust(session, self.member(session, customer), points, reason, "staff:test", self.now)

    # --- what a person gets -------------------------------------------------------------------------------

    def standing(self, customer: str = "1") -> dict[str, Any]:
        """How a member stands now, by HTTP."""
        answer = self.get(f"/members/customer:{customer}")
        assert answer.status_code == 200, answer.text
        return whole(answer.text)

    def balance(self, customer: str = "1") -> int:
        """Everything that stands in the member's name: available, pending, held, less what is owed."""
        found = self.standing(customer)
        return found["available"] + found["pending"] + found["held"] - found["debt"]

    def tier(self, customer: str = "1") -> str:
        """The tier now."""
        return self.standing(customer)["tier"]["slug"]

    def run(self, *words: str) -> Result:
        """`regulars …` now."""
        return run(self.url, self.now, *words)

    def entries(self, customer: str = "") -> list[dict[str, Any]]:
        """The ledger by `regulars export entries`; of one customer, when one is named."""
        done = self.run("export", "entries")
        assert done.exit_code == 0, done.output
        rows = [whole(line) for line in done.stdout.splitlines() if line.startswith("{")]
        if customer:
            who = self.standing(customer)["member"]
            rows = [row for row in rows if row["member_id"] == who]
        return rows

    def proven(self) -> str:
        """What `regulars prove` says when every law holds."""
        done = self.run("prove")
        assert done.exit_code == 0, done.output
        return done.output

    def member(self, session: Session, customer: str = "1") -> UUID:
        """The member behind a customer number."""
        found = member_of(session, SOURCE, f"customer:{customer}")
        assert found is not None
        return found

    def history(self, customer: str = "1", code: str = "en") -> HistoryCard:
        """The history page."""
        with self._clock(), database.reading(self.engine) as session:
            return history(session, self.member(session, customer), self.now, language(code))

    def points_of_lines(self, entry: dict[str, Any], customer: str = "1") -> list[str]:
        """What the history page says that each line of the order behind an entry brought."""
        with self._clock(), database.reading(self.engine) as session:
            seq = int(entry["entry_id"].rpartition("-")[2])
            cards = order_lines(session, self.member(session, customer), seq, language("en"))
        return [card.points for card in cards]

    def lots(self, customer: str = "1") -> dict[str, int]:
        """What is left of each lot, by a short name of its cause."""
        with database.reading(self.engine) as session:
            query = select(Lot).where(Lot.member_id == self.member(session, customer), Lot.remaining != 0)
            return {short(lot.cause): lot.remaining for lot in session.exec(query)}

    def facts(self) -> int:
        """How many facts are stored."""
        with database.reading(self.engine) as session:
            return len(session.exec(select(FactRow.fact_id)).all())


def short(cause: str) -> str:
    """A cause without the shop's name: `earn order.paid-A base`."""
    return re.sub(r"\|", " ", cause.replace(f"{SOURCE}|", ""))


def sums(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    """The amounts of entries, added up by kind."""
    found: dict[str, int] = {}
    for row in rows:
        found[row["kind"]] = found.get(row["kind"], 0) + row["amount"]
    return found


@contextmanager
def a_till(engine: Engine, url: str) -> Iterator[Till]:
    """A till over a database of its own, no programme yet."""
    app = Starlette(
        routes=routes(
            lambda: engine,
            lambda: None,
            lambda: b"a secret of this test only, 32 bytes",
            Lane(lambda: engine, lambda: None),
        )
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    with start_blocking_portal() as portal:
        client = httpx.AsyncClient(transport=transport, base_url="http://shop.test", timeout=60)
        yield Till(engine, url, Line(portal, client))
        portal.call(client.aclose)
