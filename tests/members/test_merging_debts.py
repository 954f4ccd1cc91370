"""What is owed on an account that is closed goes over beside what waits there: nothing is made of it, nothing lost."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import Session, select

from facts.orders import order_of
from facts.refusals import Refusal
from members.actions import merging, paying, record
from members.actions.record import advance_due
from members.prove import prove
from rewards.tables import Entry, Lot
from tests.builders import NOW, PROGRAMME, SHOP, a_fact, a_refund, an_order, days, in_force

TEXT = (
    PROGRAMME.replace("points:\n", "points:\n  pending_days: 3\n").replace(
        "tiers:\n", '  - {kind: cashback, slug: back, percent: "100", wallet: cash}\ntiers:\n', 1
    )
    + "wallets:\n  cash: {kind: cashback, name: Cashback, pending_days: 3}\n"
)
UNIT = {"points": 1, "cash": 100}


def owed(session: Session, wallet: str, number: int, amount: int) -> None:
    data = {
        "adjustment_id": f"a{number}",
        "points": -amount * UNIT[wallet],
        "reason": "a test",
        "actor": "ada",
    }
    data |= {} if wallet == "points" else {"wallet": wallet}
    fact = a_fact(
        "points.adjusted", data, at=NOW, id=f"a{number}", subject=f"customer:{number}", internal=True
    )
    assert [one.status for one in record(session, [fact], NOW)] == ["recorded"]


def two(session: Session, wallet: str, waits: str, debt: int) -> tuple[UUID, UUID]:
    """Two accounts with as much that waits, and what the first one owes."""
    in_force(session, TEXT)
    orders = [an_order(f"{n}", waits, at=NOW - days(1), subject=f"customer:{n}") for n in (1, 2)]
    old, new = (one.member_id for one in record(session, orders, NOW - days(1)))
    assert old
    assert new
    owed(session, wallet, 1, debt)
    return old, new


def lots(session: Session, member_id: UUID, wallet: str) -> list[tuple[str, int]]:
    """What is left of what is there, of what is owed, and of what is set aside."""
    query = select(Lot.kind, Lot.remaining).where(Lot.member_id == member_id, Lot.wallet == wallet)
    found = session.exec(query.where(Lot.remaining != 0)).all()
    return sorted((kind, left // UNIT[wallet]) for kind, left in found)


def entries(session: Session, member_id: UUID, wallet: str) -> int:
    query = select(Entry.amount).where(Entry.member_id == member_id, Entry.wallet == wallet)
    return sum(session.exec(query).all()) // UNIT[wallet]


@pytest.mark.parametrize("wallet", ["points", "cash"])
@pytest.mark.parametrize(("debt", "left"), [
    (5, [("earned", 15), ("earned", 20)]), (50, [("debt", -10)]),
], ids=["less", "more"])  # fmt: skip
def test_what_is_owed_is_paid_out_of_what_both_have(
    session: Session, wallet: str, debt: int, left: list[tuple[str, int]]
) -> None:
    old, new = two(session, wallet, "20.00", debt)
    assert lots(session, old, wallet) == [("debt", -debt), ("earned", 20)]
    merging.merge(session, old, new, "One person", "ada", NOW)
    assert lots(session, old, wallet) == []
    assert lots(session, new, wallet) == left
    assert (entries(session, old, wallet), entries(session, new, wallet)) == (0, 40 - debt)
    assert prove(session).flaws == []
    merging.undo(session, old, "ada", NOW + days(1))
    advance_due(session, NOW + days(5))
    assert (entries(session, old, wallet), entries(session, new, wallet)) == (20 - debt, 20)
    assert prove(session).flaws == []


def test_nothing_stays_of_what_comes_at_the_moment_at_which_it_moves(session: Session) -> None:
    """What moves comes before an order of the same moment, so that less of what it was paid with is a debt."""
    limited = "points:\n  negative_balance: {policy: debt, limit: 40}\n"
    in_force(session, PROGRAMME.replace("points:\n", limited))
    told = [an_order(f"{n}", "1.00", at=NOW - days(1), subject=f"customer:{n}") for n in (1, 2)]
    told.append(a_refund("late", ("1", "1.00"), at=NOW, subject="customer:1"))
    old, new, _ = (one.member_id for one in record(session, told, NOW))
    assert old
    assert new
    merging.merge(session, old, new, "One person", "ada", NOW)
    late = an_order("late", "90.00", at=NOW + days(1), subject="customer:1", points_paid="0.80")
    record(session, [late], NOW + days(1))
    assert lots(session, old, "points") == []
    assert entries(session, old, "points") == 0
    assert prove(session).flaws == []


@pytest.mark.parametrize("together", [True, False], ids=["one person", "two again"])
def test_nobody_pays_for_an_order_that_is_another_accounts(session: Session, together: bool) -> None:
    """Points would be set aside there, where they are not, or are somebody else's."""
    in_force(session, PROGRAMME + "paying: {share: 100}\n")
    orders = [an_order(f"{n}", "50.00", at=NOW - days(1), subject=f"customer:{n}") for n in (1, 2)]
    old, new = (one.member_id for one in record(session, orders, NOW))
    assert old
    assert new
    early = a_refund("late", ("1", "1.00"), at=NOW, subject="customer:1")
    if together:
        record(session, [early], NOW)
    merging.merge(session, old, new, "One person", "ada", NOW)
    if not together:
        record(session, [early], NOW)
        merging.undo(session, old, "ada", NOW)
    lines = order_of(an_order("late", "40.00").data).lines
    payer = new if together else old
    with pytest.raises(Refusal) as refused, session.begin_nested():
        paying.hold(session, payer, SHOP, "late", lines, 20, "once", NOW)
    assert refused.value.code == "order_of_another"
    assert prove(session).flaws == []
