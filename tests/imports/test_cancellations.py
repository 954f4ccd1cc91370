"""Cancelled lines that name no order: which sales they take back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.imports.test_orders_file import MAP, an_order_file, read

HEADER = "Order,When,Customer,SKU,Article,Department,Shelf,Qty,Unit price,Discount,Shipping\n"


def row(order: str, day: int, quantity: int, price: str, sku: str = "tea", customer: str = "ann") -> str:
    return f"{order},2024-07-{day:02} 10:00,{customer},{sku},,,,{quantity},{price},,\n"


def refunds(tmp_path: Path, *rows: str) -> list[tuple[str, str, str, list[tuple[str, str, str]]]]:
    """(id, subject, order, lines) of every refund."""
    _, facts = read(an_order_file(tmp_path, HEADER + "".join(rows), MAP))
    found: list[Any] = []
    for fact in facts:
        if fact.type == "order.refunded":
            lines = [(line["line_id"], line["quantity"], line["amount"]) for line in fact.data["lines"]]
            found.append((fact.id, fact.subject, fact.data["order_id"], lines))
    return found


def test_the_same_quantity_and_price_come_before_a_nearer_sale(tmp_path: Path) -> None:
    found = refunds(tmp_path, row("1", 1, 3, "2.00"), row("2", 2, 5, "2.00"), row("C3", 3, -3, "2.00"))
    assert found == [("C3:1", "customer:ann", "1", [("1", "3", "6.00")])]


def test_else_the_latest_earlier_sales_and_several_where_needed(tmp_path: Path) -> None:
    found = refunds(
        tmp_path,
        row("1", 1, 3, "2.00"),
        row("2", 2, 5, "2.00"),
        row("C3", 3, -6, "2.00"),
        row("C4", 4, -2, "2.00"),
    )
    assert found == [
        ("C3:2", "customer:ann", "2", [("1", "5", "10.00")]),
        ("C3:1", "customer:ann", "1", [("1", "1", "2.00")]),
        ("C4:1", "customer:ann", "1", [("1", "2", "4.00")]),
    ]


def test_what_comes_before_its_purchase_belongs_to_the_later_one(tmp_path: Path) -> None:
    found = refunds(tmp_path, row("C1", 1, -2, "2.00"), row("2", 2, 5, "2.00"))
    assert found == [("C1:2", "customer:ann", "2", [("1", "2", "4.00")])]


@pytest.mark.parametrize(
    "purchase",
    [
        row("2", 2, 5, "2.00", sku="cup"),
        row("2", 2, 5, "2.00", customer="bob"),
        row("2", 2, 5, "2.00", customer=""),
    ],
)
def test_what_was_never_bought_stays_with_its_own_number(tmp_path: Path, purchase: str) -> None:
    found = refunds(tmp_path, row("C1", 3, -2, "2.00"), purchase)
    assert found == [("C1:C1", "customer:ann", "C1", [("1", "2", "4.00")])]


def test_a_guest_s_cancellation_waits_even_beside_a_guest_s_purchase(tmp_path: Path) -> None:
    found = refunds(tmp_path, row("1", 1, 2, "2.00", customer=""), row("C2", 2, -2, "2.00", customer=""))
    assert found == [("C2:C2", "", "C2", [("1", "2", "4.00")])]


def test_two_lines_for_one_order_are_one_refund_and_equal_lines_add_up(tmp_path: Path) -> None:
    found = refunds(
        tmp_path,
        row("1", 1, 5, "2.00"), row("1", 1, 2, "9.99", sku="cup"),
        row("C2", 2, -1, "2.00"), row("C2", 2, -1, "9.99", sku="cup"), row("C2", 2, -2, "1.50"),
    )  # fmt: skip
    assert found == [("C2:1", "customer:ann", "1", [("1", "3", "5.00"), ("2", "1", "9.99")])]


def test_parts_add_up_to_what_was_given_back(tmp_path: Path) -> None:
    found = refunds(
        tmp_path,
        row("1", 1, 1, "0.005"),
        row("2", 2, 1, "0.005"),
        row("3", 3, 1, "0.005"),
        row("C4", 4, -3, "0.005"),
    )
    assert [amount for *_, ((_, _, amount),) in found] == ["0.01", "0.01", "0.00"]


def test_an_order_may_hold_what_came_back_with_it(tmp_path: Path) -> None:
    _, facts = read(
        an_order_file(
            tmp_path,
            HEADER + row("1", 1, 2, "2.00") + row("2", 2, -1, "2.00") + row("2", 2, 1, "3.00", "cup"),
        )
    )
    assert [(fact.type, fact.id) for fact in facts] == [
        ("order.paid", "1"),
        ("order.paid", "2"),
        ("order.refunded", "2:1"),
    ]
    assert facts[1].data["lines"] == [{"line_id": "2", "sku": "cup", "quantity": "1", "amount": "3.00"}]
