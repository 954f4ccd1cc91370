"""Orders as the engine weighs them: figures shared out over lines, and what is left after refunds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.orders import Order, OrderLine, Refund, effective, order_of, refund_of


def a_line(line_id: str = "1", amount: str = "10.00", quantity: str = "1", **more: Any) -> dict[str, Any]:
    return {"line_id": line_id, "sku": f"sku-{line_id}", "quantity": quantity, "amount": amount} | more


def data(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"order_id": "A", "currency": "USD", "lines": list(lines)} | more


def back(*lines: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    """A refund of (line id, quantity, amount)."""
    found = [{"line_id": name, "quantity": count, "amount": amount} for name, count, amount in lines]
    return {"order_id": "A", "refund_id": "r"} | ({"lines": found} if found else {}) | more


def figures(order: Order | None) -> list[tuple[str, int, int, int, int, int]]:
    """(line id, quantity in millionths, amount, tax, discount, points paid) of each line."""
    assert order is not None
    return [(line.line_id, line.quantity, line.amount, line.tax, line.discount, line.points_paid)
            for line in order.lines]  # fmt: skip


ONE = 10**6
EVERYTHING = a_line("7", "12.34", "2.5", name="Tea", category=["FOOD", "TEA"], brand="Leaf", tags=["new", "green"],
                    tax="1.10", discount="0.66", points_paid="0.05")  # fmt: skip


def test_everything_on_the_wire_is_there() -> None:
    order = order_of(data(EVERYTHING, shipping="4.90", channel="store:3", codes=["TEN", "TEA"]))
    line = OrderLine("7", ("sku-7", ("FOOD", "TEA"), "Leaf", ("new", "green")), 2_500_000, 1234, 110, 66, 5)
    assert order == Order("A", "USD", [line], 490, "store:3", ("TEN", "TEA"))
    assert (order.amount, order.points_paid) == (1234, 5)


def test_what_is_left_out_is_nothing() -> None:
    order = order_of(data(a_line()))
    assert order == Order("A", "USD", [OrderLine("1", ("sku-1", (), "", ()), ONE, 1000, 0, 0, 0)], 0, "", ())
    assert order_of(data()) == Order("A", "USD", [], 0, "", ())


def test_the_currency_says_how_many_decimals_there_are() -> None:
    order = order_of(data(a_line(amount="500", quantity="1"), shipping="30") | {"currency": "JPY"})
    assert (order.amount, order.shipping) == (500, 30)
    assert refund_of(back(("1", "1", "1.234"), amount="0.001", shipping="2"), "KWD") == Refund(
        {"1": (ONE, 1234)}, 1, 2000
    )


@pytest.mark.parametrize(("name", "column"), [("tax", 3), ("discount", 4), ("points_paid", 5)])
def test_figures_of_the_order_go_over_the_lines_by_their_amounts(name: str, column: int) -> None:
    lines = (a_line("1", "10.00"), a_line("2", "20.00"), a_line("3", "0.01"))
    shared = figures(order_of(data(*lines, **{name: "1.00"})))
    assert [line[column] for line in shared] == [33, 67, 0]
    others = [i for i in (3, 4, 5) if i != column]
    assert all(line[i] == 0 for line in shared for i in others)


def test_what_lines_carry_themselves_is_not_shared_out_again() -> None:
    lines = (a_line("1", "10.00", tax="0.70"), a_line("2", "30.00"))
    assert [line[3] for line in figures(order_of(data(*lines, tax="0.70")))] == [70, 0]
    assert [line[3] for line in figures(order_of(data(*lines, tax="1.50")))] == [90, 60]
    assert [line[3] for line in figures(order_of(data(*lines, tax="0.71")))] == [70, 1]
    assert [line[3] for line in figures(order_of(data(*lines, tax="0.10")))] == [70, 0]


ORDER = data(a_line("1", "10.00", "2", tax="1.00", discount="3.33", points_paid="0.30"), a_line("2", "5.00", "1"),
             shipping="4.00")  # fmt: skip


def test_an_order_of_which_nothing_came_back_is_as_it_was() -> None:
    assert effective(ORDER, []) == order_of(ORDER)
    assert effective(ORDER, [back()]) == order_of(ORDER)
    assert effective(data(), []) is None
    assert effective(data(), [back(shipping="1.00")]) is None
    assert effective(data(shipping="1.00"), []) == Order("A", "USD", [], 100)


@pytest.mark.parametrize(
    ("refunds", "lines", "shipping"),
    [
        ([back(("1", "1", "5.00"))], [("1", ONE, 500, 50, 166, 15), ("2", ONE, 500, 0, 0, 0)], 400),
        ([back(("1", "2", "10.00"))], [("2", ONE, 500, 0, 0, 0)], 400),
        ([back(("1", "2", "99.00"))], [("2", ONE, 500, 0, 0, 0)], 400),
        ([back(("1", "0", "10.00"))], [("2", ONE, 500, 0, 0, 0)], 400),
        ([back(("1", "2", "9.99"))], [("1", 0, 1, 0, 0, 0), ("2", ONE, 500, 0, 0, 0)], 400),
        ([back(("1", "3", "1.00"))], [("1", 0, 900, 90, 299, 27), ("2", ONE, 500, 0, 0, 0)], 400),
        ([back(("1", "1", "0"))], [("1", ONE, 1000, 100, 333, 30), ("2", ONE, 500, 0, 0, 0)], 400),
        ([back(("1", "1", "2.00")), back(("1", "0.5", "3.00"))],
         [("1", ONE // 2, 500, 50, 166, 15), ("2", ONE, 500, 0, 0, 0)], 400),
        ([back(("1", "0.5", "1.00"), ("1", "0.5", "4.00"))],
         [("1", ONE, 500, 50, 166, 15), ("2", ONE, 500, 0, 0, 0)], 400),
        ([back(("9", "1", "5.00"))], [("1", 2 * ONE, 1000, 100, 333, 30), ("2", ONE, 500, 0, 0, 0)], 400),
        ([back(amount="3.00")], [("1", 2 * ONE, 800, 80, 266, 24), ("2", ONE, 400, 0, 0, 0)], 400),
        ([back(amount="1.00"), back(amount="2.00")],
         [("1", 2 * ONE, 800, 80, 266, 24), ("2", ONE, 400, 0, 0, 0)], 400),
        ([back(("1", "1", "5.00"), amount="5.00")], [("1", ONE, 250, 25, 83, 7), ("2", ONE, 250, 0, 0, 0)], 400),
        ([back(amount="15.00")], [], 400),
        ([back(amount="99.00", shipping="1.50")], [], 250),
        ([back(shipping="1.00"), back(shipping="1.00")],
         [("1", 2 * ONE, 1000, 100, 333, 30), ("2", ONE, 500, 0, 0, 0)], 200),
        ([back(shipping="9.00")], [("1", 2 * ONE, 1000, 100, 333, 30), ("2", ONE, 500, 0, 0, 0)], 0),
    ],
)  # fmt: skip
def test_what_came_back_is_gone(refunds: list[Any], lines: list[Any], shipping: int) -> None:
    order = effective(ORDER, refunds)
    assert figures(order) == lines
    assert order is not None
    assert (order.shipping, order.order_id, order.currency) == (shipping, "A", "USD")


def test_an_order_that_came_back_whole_did_not_happen() -> None:
    assert effective(ORDER, [back(amount="15.00", shipping="4.00")]) is None
    assert effective(ORDER, [back(("1", "2", "10.00"), ("2", "1", "5.00"), shipping="4.00")]) is None


def test_a_free_line_stays_until_its_pieces_are_back() -> None:
    gift = data(a_line("1", "0", "2", discount="1.00"), a_line("2", "5.00"))
    assert figures(effective(gift, [back(("1", "1", "0"))]))[0] == ("1", ONE, 0, 0, 100, 0)
    assert [line[0] for line in figures(effective(gift, [back(("1", "2", "0"))]))] == ["2"]


def test_what_is_left_keeps_what_it_is() -> None:
    order = effective(data(EVERYTHING, channel="web", codes=["TEN"]), [back(("7", "1", "2.34"))])
    assert order is not None
    assert order.lines[0].product == ("sku-7", ("FOOD", "TEA"), "Leaf", ("new", "green"))
    assert (order.channel, order.codes) == ("web", ("TEN",))


amounts = st.integers(0, 5000)


@given(
    prices=st.lists(amounts, min_size=1, max_size=4),
    backs=st.lists(st.tuples(st.integers(0, 3), amounts), max_size=5),
)
def test_nothing_goes_below_zero_and_nothing_is_lost(prices: list[int], backs: list[tuple[int, int]]) -> None:
    def text(cents: int) -> str:
        return f"{cents // 100}.{cents % 100:02}"

    lines = [a_line(str(i), text(price), "9", discount=text(price)) for i, price in enumerate(prices)]
    refunds = [back((str(i), "1", text(cents))) for i, cents in backs]
    order = effective(data(*lines, shipping="0.01"), refunds)
    assert order is not None
    wanted = [max(0, price - sum(cents for j, cents in backs if j == i)) for i, price in enumerate(prices)]
    assert order.amount == sum(wanted)
    for line in order.lines:
        assert 0 <= line.amount <= prices[int(line.line_id)]
        assert line.discount == (line.amount if prices[int(line.line_id)] else line.discount)
