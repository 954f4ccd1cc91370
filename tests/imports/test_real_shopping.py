"""Real shopping through `regulars import orders`, compared member by member and lot by lot with pandas."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app import database
from members.tables import FactRow
from tests.imports.conftest import JOURNEY, JOURNEY_NOW, RETAIL_NOW
from tests.imports.shop import everything, let_time_pass, members, open_lots, run, standings, sums
from tests.oracle.parameters import GIFTS, GROCER
from tests.oracle.programme import Parameters, compute
from tests.oracle.shopping import brought_back, complete_journey, less, online_retail

JOURNEY_SOURCE, RETAIL_SOURCE = "shop.example/orders", "gifts.example/orders"


def assert_as_computed(
    engine: Engine, source: str, lines: pd.DataFrame, programme: Parameters, now: datetime
) -> None:
    """Balances, tiers and open lots in the database are those that the lines give."""
    let_time_pass(engine, now)
    expected = compute(lines, programme, now)
    with database.reading(engine) as session:
        known, lots, held, totals = (
            members(session, source),
            open_lots(session),
            standings(session),
            sums(session),
        )
    nobody = {name for name in known if name not in expected}
    assert set(expected) <= set(known)
    for name, result in expected.items():
        member_id = known[name]
        wanted = {
            (
                f"earn|{source}|{lot.order_id}|{lot.rule}",
                lot.points,
                lot.points,
                lot.at,
                lot.active_from,
                lot.expires_at,
            )
            for lot in result.open(now)
        }
        assert lots.get(member_id, set()) == wanted, name
        assert held[member_id] == (result.balance(now), result.tier), name
        assert totals.get(member_id.hex, 0) == result.balance(now), name
    for name in nobody:  # people of whom nothing but returns is known
        assert held.get(known[name], (0, ""))[0] == 0, name
        assert known[name] not in lots, name
    assert len(expected) > 200
    assert sum(len(found) for found in lots.values()) > 1000
    assert {result.tier for result in expected.values()} == {level[0] for level in programme.levels}
    assert any(lot.expires_at <= now for result in expected.values() for lot in result.lots), (
        "something expired"
    )


def retail_lines(path: Path) -> pd.DataFrame:
    sales, cancelled = online_retail(path)
    return less(sales, brought_back(sales, cancelled))


@pytest.mark.feature(10)
@pytest.mark.feature(36)
def test_complete_journey_as_computed_independently(journey_shop: Engine, journey_tenth: Path) -> None:
    assert_as_computed(
        journey_shop, JOURNEY_SOURCE, complete_journey(journey_tenth.parent, GROCER.zone), GROCER, JOURNEY_NOW
    )


@pytest.mark.feature(29)
def test_online_retail_as_if_what_came_back_was_never_bought(retail_shop: Engine, retail_tenth: Path) -> None:
    assert_as_computed(retail_shop, RETAIL_SOURCE, retail_lines(retail_tenth), GIFTS, RETAIL_NOW)


@pytest.mark.feature(22)
def test_the_ledgers_are_proved(journey_shop: Engine, retail_shop: Engine) -> None:
    for engine, now in ((journey_shop, JOURNEY_NOW), (retail_shop, RETAIL_NOW)):
        let_time_pass(engine, now)
        result = run(engine.url.render_as_string(hide_password=False), now, "prove")
        assert result.exit_code == 0, result.output


@pytest.mark.feature(21)
def test_importing_again_changes_nothing(journey_shop: Engine, journey_tenth: Path) -> None:
    before = everything(journey_shop)
    url = journey_shop.url.render_as_string(hide_password=False)
    result = run(url, JOURNEY_NOW, "import", "orders", str(journey_tenth), "--map", "complete_journey")
    assert result.exit_code == 0, result.output
    assert everything(journey_shop) == before


@pytest.mark.feature(21)
def test_importing_refunds_again_changes_nothing(retail_shop: Engine, retail_tenth: Path) -> None:
    before = everything(retail_shop)
    url = retail_shop.url.render_as_string(hide_password=False)
    result = run(url, RETAIL_NOW, "import", "orders", str(retail_tenth), "--map", "online_retail")
    assert result.exit_code == 0, result.output
    assert everything(retail_shop) == before


def test_what_came_back_before_or_without_a_purchase_is_kept(retail_shop: Engine, retail_tenth: Path) -> None:
    assert came_back(retail_shop, retail_tenth) > 10


def came_back(engine: Engine, path: Path) -> int:
    """Each cancellation's pieces and money are in the facts to the last cent, whatever had been bought by then.

    Returns how many lines came back before any purchase of the same customer, or without one.
    """
    sales, cancelled = online_retail(path)
    with database.reading(engine) as session:
        rows = session.exec(select(FactRow.fact_id, FactRow.data).where(FactRow.type == "order.refunded"))
        lines = [(name.partition(":")[0], line) for name, data in rows for line in json.loads(data)["lines"]]
    kept = pd.DataFrame(
        [(name, int(line["quantity"]), round(100 * float(line["amount"]))) for name, line in lines],
        columns=["order_id", "quantity", "amount"],
    )
    wanted = cancelled.groupby("order_id")[["quantity", "amount"]].sum()
    found = kept.groupby("order_id")[["quantity", "amount"]].sum().reindex(wanted.index, fill_value=0)
    pd.testing.assert_frame_equal(found, wanted)
    first = cancelled.member.map(sales.groupby("member")["at"].min())
    return int((first.isna() | (first > cancelled["at"])).sum())


def test_guests_wait(retail_shop: Engine, retail_tenth: Path) -> None:
    rows = pd.read_parquet(retail_tenth)
    sold = rows[rows.CustomerID.isna() & ~rows.InvoiceNo.str.startswith(("C", "A")) & (rows.Quantity >= 0)]
    waiting = {
        row[1]
        for row in everything(retail_shop)["claim"]
        if row[3] == "" and row[1].startswith("fact:") and row[4] != "None"
    }
    assert {f"fact:{invoice}" for invoice in sold.InvoiceNo} <= waiting


@pytest.mark.full
def test_the_whole_complete_journey(journey_shop_full: Engine) -> None:
    assert_as_computed(
        journey_shop_full, JOURNEY_SOURCE, complete_journey(JOURNEY, GROCER.zone), GROCER, JOURNEY_NOW
    )
    before = everything(journey_shop_full)
    url = journey_shop_full.url.render_as_string(hide_password=False)
    assert (
        run(
            url,
            JOURNEY_NOW,
            "import",
            "orders",
            str(JOURNEY / "transactions.parquet"),
            "--map",
            "complete_journey",
        ).exit_code
        == 0
    )
    assert everything(journey_shop_full) == before
    assert run(url, JOURNEY_NOW, "prove").exit_code == 0


@pytest.mark.full
def test_the_whole_of_online_retail(retail_shop_full: Engine, retail: Path) -> None:
    assert_as_computed(retail_shop_full, RETAIL_SOURCE, retail_lines(retail), GIFTS, RETAIL_NOW)
    assert came_back(retail_shop_full, retail) == 407
    before = everything(retail_shop_full)
    url = retail_shop_full.url.render_as_string(hide_password=False)
    assert run(url, RETAIL_NOW, "import", "orders", str(retail), "--map", "online_retail").exit_code == 0
    assert everything(retail_shop_full) == before
    assert run(url, RETAIL_NOW, "prove").exit_code == 0
