"""R6: whatever single field of the ledger is changed behind its back, or cut off, `prove` finds and names it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, text, update
from sqlmodel import Session, col, select

from app import database
from members.prove import Flaw, prove
from members.proving_lots import RANKS
from members.tables import Standing
from rewards.tables import Entry, Lot
from tests.builders import in_force
from tests.databases import Postgres, clone, template
from tests.model.customer import Customer
from tests.model.programmes import PROGRAMMES

TIMES = [100, pytest.param(1000, marks=pytest.mark.full)]
TEXTS = ("wallet", "kind", "cause", "rule", "trigger", "why")
NUMBERS = ("amount", "version", "seq")
MOMENTS = ("at", "recorded_at", "active_from", "expires_at")
OF_LOTS = (
    "cause",
    "wallet",
    "kind",
    "amount",
    "remaining",
    "at",
    "active_from",
    "expires_at",
    "closed_at",
    "rank",
    "draws",
)
GARBAGE = ("", "x", "2026-13-45 99:99", "12,5", "0x1F", b"\x00\xff", "9" * 40, 2**40, 0.5)


@pytest.fixture
def session(database_kind: str, empty_template: str, postgres: Postgres | None) -> Iterator[Session]:
    """A session on a database in which a lot has happened: returns, replays, debts, rewards, points that ran out."""
    for url in template(database_kind, "ledger", postgres):
        _live(url)
    with clone(database_kind, "ledger", postgres) as url:
        engine = database.engine(url)
        with Session(engine, expire_on_commit=False) as made:
            yield made
        engine.dispose()


def _live(url: str) -> None:
    database.migrate(url)
    engine = database.engine(url)
    with Session(engine, expire_on_commit=False) as session:
        in_force(session, PROGRAMMES["calendar"].text())
        life = Customer(session, PROGRAMMES["calendar"], seed=7)
        for _ in range(90):
            life.step()
        assert prove(session).flaws == []
        session.commit()
    engine.dispose()


@pytest.fixture
def ledger(session: Session) -> list[Entry]:
    """What is in the ledger."""
    found = list(session.exec(select(Entry).order_by(col(Entry.member_id), col(Entry.seq))).all())
    assert {entry.kind for entry in found} >= {"earned", "spent", "reversal", "expired", "adjusted"}
    session.expunge_all()
    return found


def other_text(value: str, chance: random.Random) -> str:
    """A text with one letter changed, left out or put in, or with its end gone."""
    at = chance.randrange(len(value) + 1)
    letter = chance.choice("0123456789|:{}\"',abcxyz -\u00a0ж")
    made = chance.choice(
        [value[:at] + letter + value[at:], value[:at] + letter + value[at + 1 :], value[:at], value + " "]
    )
    return made if made != value else value + letter


def other_number(value: int, chance: random.Random) -> int:
    """A number with a bit turned over, another sign, or off by one."""
    made = chance.choice([value ^ (1 << chance.randrange(16)), -value, value + 1, value - 1, 0])
    return made if made != value else value + 1


def other_moment(value: datetime | None, chance: random.Random) -> datetime | None:
    """A moment that is a microsecond, an hour or years off, or gone."""
    if value is None:
        return datetime.fromisoformat("2026-05-05T00:00:00+00:00")
    return value + chance.choice([1, -1]) * chance.choice(
        [timedelta(microseconds=1), timedelta(hours=1), timedelta(days=1), timedelta(days=3 * 365)]
    )


def other(entry: Entry, field: str, members: list[UUID], chance: random.Random) -> Any:
    """Another value for a field, of the same type."""
    value = getattr(entry, field)
    if field in TEXTS:
        return other_text(value, chance)
    if field in NUMBERS:
        return other_number(value, chance)
    if field in MOMENTS:
        gone = field in ("active_from", "expires_at") and value is not None and chance.random() < 0.3
        return None if gone else other_moment(value, chance)
    if field == "hash":
        at = chance.randrange(32)
        return value[:at] + bytes([value[at] ^ (1 << chance.randrange(8))]) + value[at + 1 :]
    return chance.choice([member for member in [*members, uuid4()] if member != value])


def found_after(session: Session, change: Callable[[], int]) -> list[Flaw] | None:
    """What `prove` finds after a change that is then undone; None when the database itself did not take it."""
    with session.begin_nested() as trial:
        try:
            with session.begin_nested():
                changed = change()
        except Exception as error:
            if "constraint" not in str(error).lower() and "unique" not in str(error).lower():
                raise
            trial.rollback()
            return None
        assert changed == 1
        flaws = prove(session).flaws
        trial.rollback()
    return flaws


@pytest.mark.feature(22)
@pytest.mark.parametrize("times", TIMES)
def test_every_corrupted_field_is_found_and_its_row_is_named(
    session: Session, ledger: list[Entry], times: int
) -> None:
    chance = random.Random(times)
    members = sorted({entry.member_id for entry in ledger})
    fields = (*TEXTS, *NUMBERS, *MOMENTS, "hash", "member_id")
    done = 0
    while done < times:
        entry, field = chance.choice(ledger), fields[done % len(fields)]
        value = other(entry, field, members, chance)
        row = (col(Entry.member_id) == entry.member_id) & (col(Entry.seq) == entry.seq)
        change = update(Entry).where(row).values({field: value})
        flaws = found_after(session, lambda change=change: session.execute(change).rowcount)  # pyright: ignore[reportAttributeAccessIssue]
        if flaws is None:
            continue
        done += 1
        what = f"{field} of entry {entry.seq}: {getattr(entry, field)!r} → {value!r}"
        assert flaws, what
        mine = [flaw for flaw in flaws if flaw.member_id == entry.member_id]
        rows = {f"entry {entry.seq}", f"entry {entry.seq + 1}"}
        if field in ("seq", "member_id"):
            rows |= {f"entry {entry.seq - 1}", f"entry {value}"}
        assert [flaw.row for flaw in mine if flaw.row in rows], (what, flaws)
        strangers = {flaw.member_id for flaw in flaws} - {entry.member_id}
        assert strangers <= ({value} if field == "member_id" else set()), what
    assert prove(session).flaws == [], "every change was undone"


@pytest.mark.feature(22)
@pytest.mark.parametrize("times", [30, pytest.param(300, marks=pytest.mark.full)])
def test_a_tail_that_was_cut_off_is_found(session: Session, ledger: list[Entry], times: int) -> None:
    chance = random.Random(times)
    lengths: dict[UUID, int] = {}
    for entry in ledger:
        lengths[entry.member_id] = max(lengths.get(entry.member_id, 0), entry.seq)
    for time in range(times):
        member, length = chance.choice(list(lengths.items()))
        first = chance.choice([length, chance.randint(1, length)]) if time else 1  # first, nothing is left
        last = length if not time or chance.random() < 0.7 else chance.randint(first, length)
        gone = (col(Entry.member_id) == member) & (col(Entry.seq) >= first) & (col(Entry.seq) <= last)

        def cut(gone: Any = gone) -> int:
            return min(1, session.execute(delete(Entry).where(gone)).rowcount)  # pyright: ignore[reportAttributeAccessIssue]

        flaws = found_after(session, cut)
        assert flaws
        assert [flaw.member_id for flaw in flaws] == [member]
        assert flaws[0].row == (f"entry {first - 1}" if last == length else f"entry {last + 1}")


def other_of_lot(lot: Lot, field: str, chance: random.Random) -> Any:
    """Another value for a field of a lot; None where this lot has nothing to change there."""
    value = getattr(lot, field)
    if field == "draws":
        draws = json.loads(value)
        if not draws:
            return None
        draw, part = chance.choice(draws), chance.randrange(3)
        if part == 1:
            draw[1] = (datetime.fromisoformat(draw[1]) + timedelta(hours=1)).isoformat()
        else:
            draw[part] = other_number(draw[2], chance) if part else other_text(draw[0], chance)
        return json.dumps(draws, separators=(",", ":"))
    if field == "rank" and lot.cause.partition("|")[0] not in {*RANKS, "debt"}:
        return None
    if field in ("amount", "remaining"):
        return other_number(value, chance)
    return (
        other_moment(value, chance) if field in MOMENTS or field == "closed_at" else other_text(value, chance)
    )


@pytest.mark.feature(22)
@pytest.mark.parametrize("times", TIMES)
def test_every_corrupted_field_of_a_lot_is_found_and_its_row_is_named(
    session: Session, ledger: list[Entry], times: int
) -> None:
    chance, done = random.Random(times), 0
    lots = list(session.exec(select(Lot).order_by(col(Lot.member_id), col(Lot.cause))).all())
    assert {lot.kind for lot in lots} == {"earned", "held", "debt"}
    session.expunge_all()
    while done < times:
        lot, field = chance.choice(lots), OF_LOTS[done % len(OF_LOTS)]
        value = other_of_lot(lot, field, chance)
        if value is None:
            continue
        row = (col(Lot.member_id) == lot.member_id) & (col(Lot.cause) == lot.cause)
        change = update(Lot).where(row).values({field: value})
        flaws = found_after(session, lambda change=change: session.execute(change).rowcount)  # pyright: ignore[reportAttributeAccessIssue]
        if flaws is None:
            continue
        done += 1
        what = f"{field} of {lot.kind} lot {lot.cause}: {getattr(lot, field)!r} → {value!r}"
        assert [flaw.member_id for flaw in flaws] == [lot.member_id], what
        assert flaws[0].row.startswith("lot ") or field in ("wallet", "draws"), (what, flaws)
        if field not in ("cause", "draws", "wallet"):
            assert flaws[0].row == f"lot {lot.cause}", (what, flaws)
    assert prove(session).flaws == [], "every change was undone"


@pytest.mark.feature(22)
def test_a_lot_that_is_gone_is_found(session: Session, ledger: list[Entry]) -> None:
    lots = list(session.exec(select(Lot)).all())
    session.expunge_all()
    for lot in lots[::7]:
        gone = delete(Lot).where(col(Lot.member_id) == lot.member_id, col(Lot.cause) == lot.cause)
        flaws = found_after(session, lambda gone=gone: session.execute(gone).rowcount)  # pyright: ignore[reportAttributeAccessIssue]
        assert [flaw.member_id for flaw in flaws or ()] == [lot.member_id], lot.cause


@pytest.mark.feature(22)
def test_a_standing_that_says_something_else_is_found(session: Session, ledger: list[Entry]) -> None:
    chance = random.Random(3)
    for member in sorted({entry.member_id for entry in ledger}):
        for field in ("balance", "debt", "seq"):
            row = session.exec(select(Standing).where(Standing.member_id == member)).one()
            value = other_number(getattr(row, field), chance)
            session.expunge(row)
            change = update(Standing).where(col(Standing.member_id) == member).values({field: value})
            flaws = found_after(session, lambda change=change: session.execute(change).rowcount)  # pyright: ignore[reportAttributeAccessIssue]
            assert flaws
            assert [flaw.member_id for flaw in flaws] == [member], (field, value)


@pytest.mark.feature(22)
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("field", ["active_from", "expires_at"])
def test_an_empty_text_is_not_the_same_as_no_moment(
    session: Session, ledger: list[Entry], field: str
) -> None:
    entry = next(entry for entry in ledger if getattr(entry, field) is None)
    change = text(f"UPDATE entry SET {field} = '' WHERE member_id = :member AND seq = :seq")
    key = {"member": entry.member_id.hex, "seq": entry.seq}
    flaws = found_after(session, lambda: session.execute(change, key).rowcount)  # pyright: ignore[reportAttributeAccessIssue]
    assert [(flaw.member_id, flaw.row) for flaw in flaws or ()] == [(entry.member_id, f"entry {entry.seq}")]


@pytest.mark.feature(22)
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("field", ["amount", "version", "at", "expires_at", "hash", "why", "cause", "kind"])
def test_what_is_no_value_at_all_is_named_and_stops_nothing(
    session: Session, ledger: list[Entry], field: str
) -> None:
    """SQLite takes anything in any column, as PostgreSQL does not: a broken file is a finding, and no crash."""
    entry = next(entry for entry in ledger if entry.seq == 3)
    key = {"member": entry.member_id.hex, "seq": entry.seq}
    for value in GARBAGE:
        change = text(f"UPDATE entry SET {field} = :value WHERE member_id = :member AND seq = :seq")
        flaws = found_after(
            session,
            lambda change=change, value=value: session.execute(change, key | {"value": value}).rowcount,  # pyright: ignore[reportAttributeAccessIssue]
        )
        assert flaws is not None
        assert [(flaw.member_id, flaw.row) for flaw in flaws] == [(entry.member_id, "entry 3")], repr(value)
