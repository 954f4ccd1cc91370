"""What is due by the clock: right however late, the same when it runs twice, and one bad account harms no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from app import database
from app.jobs import due
from facts.events import parse
from members import approving
from members.actions.record import record
from members.actions.redeem import redeem
from members.programme import presets
from members.prove import prove
from members.standing import member_of, standing_of
from members.tables import BrowserSession, FactRow, Outbox, Standing
from members.way_tables import Approval
from rewards.document import Reward
from rewards.tables import Entry, Redemption
from tests.api.shop import SOURCE, a_programme, an_order, without_waiting

SECRET = b"a secret of this test only, 32 bytes"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def an_order_at(at: datetime, amount: str, customer: str) -> Any:
    return parse(an_order(amount, customer=customer) | {"time": at.isoformat()})


def fill(engine: Engine, members: int = 3) -> None:
    """A few members who shopped for two years."""
    with database.transaction(engine) as session:
        for month in range(24):
            at = START - timedelta(days=30 * month)
            record(session, [an_order_at(at, f"{90 + n}.00", f"m{n}") for n in range(members)], at)


def ledger(engine: Engine) -> list[tuple[Any, ...]]:
    """Every entry without the moment it was posted and its place in the chain."""
    with database.reading(engine) as session:
        entries = session.exec(select(Entry).order_by(col(Entry.cause)))
        return [(one.cause, one.kind, one.amount, one.at, one.expires_at) for one in entries]


def without_ids(rows: list[tuple[Any, ...]]) -> list[str]:
    return sorted(str(row[1:]) for row in rows)


def test_requests_that_nobody_agreed_to_are_closed_once(engine: Engine) -> None:
    with database.transaction(engine) as session:
        approving.ask(session, "points.adjusted", "member:x", {}, "Sorry", "owner:kim", START, request_id="r")
    assert due.close_requests(engine, START) == 0
    late = START + approving.LASTS
    assert [due.close_requests(engine, late) for _ in range(2)] == [1, 0]
    with database.reading(engine) as session:
        assert session.exec(select(Approval.status)).all() == [approving.EXPIRED]


def test_after_a_long_absence_the_entries_are_those_of_every_hour(
    engine: Engine, request: pytest.FixtureRequest
) -> None:
    """Expiry and the ends of tiers fall on their own dates, whenever the job gets to them."""
    with a_programme(engine):
        fill(engine)
    for day in range(0, 400, 5):
        due.advance_members(engine, START + timedelta(days=day))
    often = ledger(engine)
    again = database.engine(request.getfixturevalue("second_url"))
    with a_programme(again):
        fill(again)
    due.advance_members(again, START + timedelta(days=395))
    assert sum(kind == "expired" for _, kind, *_ in often) > 10
    assert without_ids(ledger(again)) == without_ids(often)
    again.dispose()


@pytest.fixture
def second_url(database_kind: str, empty_template: str, postgres: Any) -> Any:
    from tests.databases import clone

    with clone(database_kind, empty_template, postgres) as url:
        yield url


def test_running_twice_changes_nothing(engine: Engine) -> None:
    with a_programme(engine):
        fill(engine)
    later = START + timedelta(days=90)
    assert due.advance_members(engine, later) == 3
    once = ledger(engine)
    assert due.advance_members(engine, later) == 0
    assert ledger(engine) == once
    with database.reading(engine) as session:
        assert prove(session).flaws == []
        assert not session.exec(select(Standing).where(col(Standing.due_at) <= later)).all()


def test_before_and_after_the_job_a_member_reads_the_same(engine: Engine) -> None:
    """The standing that is shown runs ahead of the job, so a late job shows nobody points they have not."""
    with a_programme(engine):
        fill(engine, 1)
    later = START + timedelta(days=200)

    def shown() -> tuple[Any, ...]:
        with database.reading(engine) as session:
            member_id = member_of(session, SOURCE, "customer:m0")
            found = standing_of(session, member_id, later) if member_id else None
            assert found
            return (
                found.available,
                found.pending,
                found.level.slug,
                found.tier_until,
                found.to_next,
                found.expiring,
            )

    before = shown()
    assert due.advance_members(engine, later) == 1
    assert shown() == before


def test_one_account_that_cannot_be_moved_on_harms_no_other(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with a_programme(engine):
        fill(engine, 5)
    with database.reading(engine) as session:
        bad = sorted(session.exec(select(Standing.member_id)).all())[2]
    whole = due.advance

    def broken(session: Any, members: list[UUID], now: datetime) -> None:
        if bad in members:
            raise ZeroDivisionError
        whole(session, members, now)

    monkeypatch.setattr(due, "advance", broken)
    assert due.advance_members(engine, START + timedelta(days=90)) == 4
    assert str(bad) in caplog.text


@pytest.mark.feature(54)
def test_an_issued_reward_that_nobody_used_expires_on_its_day(engine: Engine) -> None:
    now = datetime.now(UTC)
    with a_programme(engine), database.transaction(engine) as session:
        record(session, [an_order_at(now, "100.00", "m")], now)
        member_id = member_of(session, SOURCE, "customer:m")
        assert member_id
        made = redeem(session, member_id, "coffee", now, "r", SECRET)
        assert made.expires_at
        ends = made.expires_at
    assert due.expire_redemptions(engine, ends - timedelta(seconds=1)) == 0
    assert due.expire_redemptions(engine, ends + timedelta(days=7)) == 1
    assert due.expire_redemptions(engine, ends + timedelta(days=7)) == 0
    with database.reading(engine) as session:
        assert session.exec(select(Redemption.state)).one() == "expired"


def test_rewards_that_nobody_fetched_give_their_points_back(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    document = without_waiting(presets.preset("grocery", START))
    mug = Reward.model_validate(
        {
            "slug": "mug",
            "kind": "product",
            "name": "Mug",
            "price": 30,
            "fulfilment": "by_staff",
            "held_days": 5,
        }
    )
    with a_programme(engine, document.model_copy(update={"rewards": [mug]})):
        fill(engine)
    now = START + timedelta(hours=1)
    with database.transaction(engine) as session:
        people = [member_of(session, SOURCE, f"customer:m{n}") for n in range(3)]
        for who in people:
            assert who
            redeem(session, who, "mug", now, f"r-{who}", SECRET)
    assert due.lapse_redemptions(engine, now + timedelta(days=4)) == 0
    late, bad, whole = now + timedelta(days=12), people[1], due.lapse

    def broken(session: Any, members: list[UUID], now: datetime) -> int:
        if bad in members:
            raise ZeroDivisionError
        return whole(session, members, now)

    with monkeypatch.context() as patch:  # one that cannot be moved on harms no other
        patch.setattr(due, "lapse", broken)
        assert due.lapse_redemptions(engine, late) == 2
    assert str(bad) in caplog.text
    assert due.lapse_redemptions(engine, late) == 1
    assert due.lapse_redemptions(engine, late) == 0
    with database.reading(engine) as session:
        assert set(session.exec(select(Redemption.state))) == {"cancelled"}
        assert {one.held for one in session.exec(select(Standing))} == {0}
        assert prove(session).flaws == []
        over = session.exec(select(FactRow.occurred_at).where(FactRow.type == "redemption.cancelled")).all()
        assert set(over) == {now + timedelta(days=5)}  # when its time was over, not when somebody looked


def test_old_news_and_sessions_are_forgotten(engine: Engine) -> None:
    now = datetime.now(UTC)
    with database.transaction(engine) as session:
        for hours in (0, 2):
            session.add(Outbox(members="", at=now - timedelta(hours=hours)))
        for days in (1, 40):
            over = now - timedelta(days=days)
            session.add(
                BrowserSession(
                    digest=bytes([days]) * 32, person="p", role="member", created_at=over, expires_at=over
                )
            )
    due.sweep(engine, now)
    with database.reading(engine) as session:
        assert len(session.exec(select(Outbox)).all()) == 1
        assert len(session.exec(select(BrowserSession)).all()) == 1
