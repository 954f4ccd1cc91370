"""The demo: real shopping whose last order is today, loaded as often as one likes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app import database
from app.cli.imports.demo import load_demo, reset
from members.demo import NAMES
from members.tables import FactRow, Member, Standing
from tests.databases import Postgres, clone, template
from tests.imports.shop import everything

NOON = datetime(2026, 3, 10, 16, tzinfo=UTC)


def last_order(engine: Engine) -> datetime:
    with database.reading(engine) as session:
        return max(session.exec(select(FactRow.occurred_at)))


@pytest.fixture
def demo(database_kind: str, empty_template: str, postgres: Postgres | None) -> Iterator[Engine]:
    """A database with the demo, which was loaded once."""
    for url in template(database_kind, "demo", postgres):
        database.migrate(url)
        filling = database.engine(url)
        load_demo(filling, households=25, now=NOON)
        filling.dispose()
    with clone(database_kind, "demo", postgres) as url:
        engine = database.engine(url)
        yield engine
        engine.dispose()


def test_the_last_order_is_today(demo: Engine) -> None:
    assert last_order(demo) == datetime(2026, 3, 10, 8, 1, 20, tzinfo=UTC), (
        "one minute past four by the shop's clock"
    )


def test_an_hour_that_has_not_come_is_not_shopped_in(engine: Engine) -> None:
    early = datetime(2026, 3, 10, 7, tzinfo=UTC)
    report = load_demo(engine, households=3, now=early)
    assert report.last_order == date(2026, 3, 9)
    assert last_order(engine) < early
    assert report.posted.counts["refused"] == 0


def test_loading_again_changes_nothing_even_days_later(demo: Engine) -> None:
    with database.transaction(demo) as session:
        member = session.exec(select(Member).where(Member.name != "")).first()
        assert member is not None
        member.name = "Ann Marlow"
    before = everything(demo)
    report = load_demo(demo, households=25, now=NOON)
    assert report.posted.counts == {"duplicate": report.orders}
    assert everything(demo) == before
    later = load_demo(demo, households=30, now=NOON + timedelta(days=5))
    assert later.last_order == date(2026, 3, 10)
    assert later.posted.counts["recorded"] == later.orders - report.orders


def test_three_people_to_enter_as(demo: Engine) -> None:
    report = load_demo(demo, households=25, now=NOON)
    assert set(report.people) == set(NAMES)
    assert len({member_id for member_id, _ in report.people.values()}) == 3
    with database.reading(demo) as session:
        standing = {
            kind: session.get_one(Standing, member_id) for kind, (member_id, _) in report.people.items()
        }
        names = list(session.exec(select(Member.name)))
        first = {
            who: min(session.exec(select(FactRow.occurred_at).where(FactRow.member_id == member_id)))
            for who, (member_id, _) in report.people.items()
        }
    assert standing["top"].tier == "gold"
    assert standing["new"].tier == "member"
    assert (
        standing["new"].tier_progress <= standing["middling"].tier_progress <= standing["top"].tier_progress
    )
    assert first["new"] > max(first["middling"], first["top"])
    assert all(names)
    assert all(name for _, name in report.people.values())


def test_a_reset_begins_anew(demo: Engine) -> None:
    reset(demo, demo.url.render_as_string(hide_password=False))
    assert not any(everything(demo).values())
    assert load_demo(demo, households=3, now=NOON).posted.counts["recorded"] > 0
