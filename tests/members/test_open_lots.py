"""Lots that a batch reads: those that end, where nothing is taken from the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select

from members import open_lots
from members.actions import record
from members.prove import prove
from rewards.lots import DEBT, EARNED, LotState
from rewards.tables import Lot
from tests.builders import NOW, PROGRAMME, an_order, days, in_force, standing_of
from tests.builders import open_lots as left

ONE, OTHER, NOBODY = (UUID(int=n) for n in (1, 2, 3))
SHORT = PROGRAMME.replace("expiry: {kind: rolling, months: 12}", "expiry: {kind: rolling, days: 7}")


def a_lot(member_id: UUID, cause: str, ends: datetime | None, **more: Any) -> Lot:
    told: dict[str, Any] = {
        "kind": EARNED,
        "amount": 5,
        "remaining": 5,
        "at": NOW,
        "active_from": NOW,
        "rank": cause,
    } | more
    return Lot(member_id=member_id, cause=cause, expires_at=ends, **told)


def names(found: Sequence[tuple[UUID, LotState]]) -> list[tuple[UUID, str]]:
    return sorted((member_id, lot.cause) for member_id, lot in found)


def test_those_that_end_by_a_moment_and_when_the_next_one_does(session: Session) -> None:
    """A lot that is used up does not end, and one of another member is not the next one."""
    drawn = f'[["spend", "{NOW.isoformat()}", 2]]'
    session.add_all([
        a_lot(ONE, "over", NOW - days(1)),
        a_lot(ONE, "now", NOW, draws=drawn, remaining=3, wallet="cash", promotional=True),
        a_lot(ONE, "used up", NOW - days(2), remaining=0, closed_at=NOW - days(3)),
        a_lot(ONE, "used up soon", NOW + days(1), remaining=0, closed_at=NOW - days(3)),
        a_lot(ONE, "later", NOW + days(9)),
        a_lot(ONE, "next", NOW + days(4)),
        a_lot(ONE, "for ever", None),
        a_lot(ONE, "debt", None, kind=DEBT, amount=-5, remaining=-5),
        a_lot(OTHER, "soon", NOW + days(2)),
        a_lot(NOBODY, "over", NOW - days(1)),
    ])  # fmt: skip
    session.flush()
    found, after = open_lots.ending(session, [ONE, OTHER], NOW)
    assert names(found) == [(ONE, "now"), (ONE, "over")]
    assert after == {ONE: NOW + days(4), OTHER: NOW + days(2)}
    now = next(lot for _, lot in found if lot.cause == "now")
    assert (now.remaining, now.wallet, now.promotional, now.expires_at) == (3, "cash", True, NOW)
    assert now.draws == [("spend", NOW, 2)]
    assert open_lots.ending(session, [ONE], NOW + days(9))[1] == {}
    every = ["debt", "for ever", "later", "next", "now", "over"]
    assert names(list(open_lots.open_lots(session, [ONE]))) == [(ONE, cause) for cause in every]
    since = list(open_lots.open_lots(session, [ONE], NOW - days(3)))
    assert names(since) == [(ONE, cause) for cause in [*every, "used up", "used up soon"]]
    whole = {lot.cause: lot for lot in session.exec(select(Lot).where(Lot.member_id == ONE))}
    for _, lot in since:
        row = whole[lot.cause]
        assert all(
            getattr(lot, name) == getattr(row, name) for name in open_lots.COLUMNS[1:] if name != "draws"
        )


@pytest.mark.parametrize("seed", range(3))
def test_an_order_after_which_old_points_end_reads_no_others(
    session: Session, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """One by one as they happen leaves the same lots as all at once, and the same comes next."""
    in_force(session, SHORT)
    dice = Random(seed)
    places = sorted(dice.sample(range(60 * 24), 25))
    history = [
        (f"o{i}", f"{dice.randint(1, 9)}.00", NOW - days(70 - hour / 24)) for i, hour in enumerate(places)
    ]
    read, ending = list[str](), open_lots.ending

    def watched(there: Session, members: Sequence[UUID], until: datetime) -> object:
        found, after = ending(there, members, until)
        read.extend(lot.cause for _, lot in found)
        return found, after

    def never(*_: object) -> object:
        raise AssertionError("all open lots were read")

    with monkeypatch.context() as spied:
        spied.setattr(open_lots, "ending", watched)
        spied.setattr(open_lots, "open_lots", never)
        for name, amount, at in history:
            record(session, [an_order(name, amount, at=at, subject="customer:one")], NOW)
    record(session, [an_order(f"{name}-all", amount, at=at, subject="customer:all") for name, amount, at in history],
           NOW)  # fmt: skip
    one, other = standing_of(session, "one"), standing_of(session, "all")
    assert {cause.replace("-all", ""): points for cause, points in left(session, other).items()} == left(
        session, one
    )
    assert (one.balance, one.due_at, one.as_of) == (other.balance, other.due_at, other.as_of)
    assert sorted(read) == sorted({*read}), "each lot that ended was read once"
    assert len(read) > 10
    assert prove(session).flaws == []
