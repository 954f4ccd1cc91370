"""What the raw files say, read with pandas alone: the lines that people bought, less what they brought back.

Nothing of the project is imported here. Money is integer minor units, quantities are whole pieces.
A table of lines has: member, order_id, position, at (UTC), sku, department, brand, quantity, amount.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


def complete_journey(folder: Path, zone: str, households: frozenset[int] | None = None) -> pd.DataFrame:
    """The lines of the Complete Journey; its clock is the shop's, without a zone."""
    bought = pd.read_parquet(folder / "transactions.parquet")
    if households is not None:
        bought = bought[bought.household_id.isin(households)]
    products = pd.read_parquet(
        folder / "products.parquet", columns=["product_id", "department", "brand", "product_category"]
    )
    lines = bought.merge(products, on="product_id", how="left", sort=False)
    local = lines.transaction_timestamp.dt.tz_localize(
        zone, ambiguous=np.ones(len(lines), bool), nonexistent=pd.Timedelta("1h")
    )
    return pd.DataFrame(
        {
            "member": lines.household_id.astype(str),
            "order_id": lines.basket_id.astype(str),
            "position": lines.groupby("basket_id").cumcount() + 1,
            "at": local.dt.tz_convert("UTC"),
            "sku": lines.product_id.astype(str),
            "department": lines.department,
            "category": lines.product_category,
            "brand": lines.brand,
            "quantity": lines.quantity,
            "amount": (lines.sales_value * 100).round().astype("int64"),
        }
    )


def online_retail(path: Path, zone: str = "Europe/London") -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lines of Online Retail's customers without guests, and what each cancellation takes from which line."""
    rows = pd.read_parquet(path)
    cancels = rows.InvoiceNo.str.startswith("C")
    rows = rows[~rows.InvoiceNo.str.startswith("A") & ((rows.Quantity >= 0) | cancels)].reset_index(drop=True)
    cents = [
        int((Decimal(str(price)) * Decimal(int(abs(quantity))) * 100).quantize(Decimal(1), ROUND_HALF_UP))
        for price, quantity in zip(rows.UnitPrice, rows.Quantity, strict=True)
    ]
    local = rows.groupby("InvoiceNo").InvoiceDate.transform("first")
    lines = pd.DataFrame(
        {
            "member": rows.CustomerID,
            "order_id": rows.InvoiceNo,
            "position": rows.groupby("InvoiceNo").cumcount() + 1,
            "at": local.dt.tz_localize(
                zone, ambiguous=np.ones(len(rows), bool), nonexistent=pd.Timedelta("1h")
            ).dt.tz_convert("UTC"),
            "sku": rows.StockCode,
            "department": None,
            "brand": None,
            "quantity": rows.Quantity.abs().astype("int64"),
            "amount": cents,
        }
    )
    known = lines.member.notna()
    lines["member"] = lines.member.fillna(0).astype("int64").astype(str)
    back = lines.order_id.str.startswith("C")
    return lines[known & ~back].reset_index(drop=True), lines[known & back].reset_index(drop=True)


@dataclass
class Sold:
    """A line that was sold, and how many of its pieces nobody has brought back yet."""

    row: int
    at: pd.Timestamp
    quantity: int
    amount: int
    left: int


def brought_back(sales: pd.DataFrame, cancelled: pd.DataFrame) -> pd.DataFrame:
    """Which line each cancelled piece comes from: cancellation, order_id, position, quantity, amount.

    As docs/import.md says: the latest earlier sale that is whole and has the same quantity and price; else the
    latest earlier sales with something left; else the next later ones; else nothing (order_id is empty).
    """
    shelves: dict[tuple[str, str], list[Sold]] = defaultdict(list)
    wanted = set(zip(cancelled.member, cancelled.sku, strict=True))
    by_time = sales.sort_values(["at"], kind="stable")
    for row in by_time[[key in wanted for key in zip(by_time.member, by_time.sku, strict=True)]].itertuples():
        shelves[row.member, row.sku].append(Sold(row.Index, row.at, row.quantity, row.amount, row.quantity))
    found: list[tuple[str, str, int, int, int]] = []
    for line in cancelled.sort_values(["at"], kind="stable").itertuples():
        for sold, quantity, amount in _pieces(line, shelves[line.member, line.sku]):
            order = "" if sold is None else str(sales.order_id[sold.row])
            place = 0 if sold is None else int(sales.position[sold.row])
            found.append((line.order_id, order, place, quantity, amount))
    return pd.DataFrame(found, columns=["cancellation", "order_id", "position", "quantity", "amount"])


def _pieces(line: Any, shelf: list[Sold]) -> list[tuple[Sold | None, int, int]]:
    before = [sold for sold in shelf if sold.at <= line.at]
    for sold in reversed(before):
        untouched = sold.left == sold.quantity == line.quantity
        if untouched and sold.amount * line.quantity == line.amount * sold.quantity:
            sold.left = 0
            return [(sold, line.quantity, line.amount)]
    missing, takes = line.quantity, []
    for sold in [*reversed(before), *(sold for sold in shelf if sold.at > line.at)]:
        part = min(missing, sold.left)
        if part:
            takes.append((sold, part))
            sold.left -= part
            missing -= part
    if missing or not takes:
        takes.append((None, missing))
    shares = _shares(line.amount, [quantity for _, quantity in takes])
    return [(sold, quantity, share) for (sold, quantity), share in zip(takes, shares, strict=True)]


def _shares(total: int, parts: list[int]) -> list[int]:
    """`total` by largest remainders."""
    exact = [Decimal(total) * part / sum(parts) for part in parts]
    shares = [int(share) for share in exact]
    order = sorted(range(len(parts)), key=lambda i: (shares[i] - exact[i], i))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return shares


def less(sales: pd.DataFrame, back: pd.DataFrame) -> pd.DataFrame:
    """The lines as if what came back had never been bought; a line with nothing left is gone."""
    sums = back[back.order_id != ""].groupby(["order_id", "position"])[["quantity", "amount"]].sum()
    sums.columns = ["quantity_back", "amount_back"]
    lines = sales.merge(sums, left_on=["order_id", "position"], right_index=True, how="left")
    touched = lines.quantity_back.notna()
    lines["quantity"] = (lines.quantity - lines.quantity_back.fillna(0)).clip(lower=0).astype("int64")
    lines["amount"] = (lines.amount - lines.amount_back.fillna(0)).clip(lower=0).astype("int64")
    gone = touched & (lines.amount == 0) & ((lines.quantity == 0) | (lines.amount_back > 0))
    return lines[~gone].drop(columns=["quantity_back", "amount_back"]).reset_index(drop=True)
