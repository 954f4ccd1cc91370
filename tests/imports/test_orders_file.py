"""What a file of orders becomes, on small files that a person can read."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet
import pytest

from app.cli.imports.mapping import Map, read_map
from app.cli.imports.orders import Checked, OrderFile
from facts.events import Fact, parse, to_envelope
from facts.refusals import Refusal

MAP = """
source = "corner.example/orders"
currency = "GBP"
zone = "Europe/London"
[order]
id = "Order"
time = "When"
customer = "Customer"
channel = { value = "web" }
shipping = "Shipping"
[line]
sku = "SKU"
name = "Article"
category = ["Department", "Shelf"]
quantity = "Qty"
amount = "[Unit price] * Qty - Discount"
discount = "Discount"
[cancellation]
where = { column = "Qty", below = 0 }
"""
HEADER = "Order,When,Customer,SKU,Article,Department,Shelf,Qty,Unit price,Discount,Shipping\n"
TEA = "1,2024-07-01 10:00,ann,007,Tea,Drinks,Hot,2,1.255,,3.90\n"
CUP = '1,2024-07-01 10:00,ann,cup,"Cup, ""blue""",Home,,1,4.00,0.50,\n'


def a_map(tmp_path: Path, text: str = MAP) -> Map:
    path = tmp_path / "map.toml"
    path.write_text(text)
    return read_map(path)


def an_order_file(tmp_path: Path, text: str, map_text: str = MAP, name: str = "orders.csv") -> OrderFile:
    path = tmp_path / name
    content = text.encode()
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return OrderFile(path, a_map(tmp_path, map_text), ZoneInfo("UTC"))


def read(file: OrderFile) -> tuple[Checked, list[Fact]]:
    checked = file.check()
    found = list(file.facts(checked))
    for fact in found:
        assert parse(to_envelope(fact)) == fact, "the wire form is canonical"
    return checked, found


def said(file: OrderFile) -> list[str]:
    problems = file.check().problems
    return [
        f"{place}: {problem.text}"
        for place, problem in zip(file.rows.places(problems), problems, strict=True)
    ]


@pytest.mark.parametrize("name", ["orders.csv", "orders.csv.gz"])
def test_rows_of_one_order_become_one_fact(tmp_path: Path, name: str) -> None:
    _, (fact,) = read(an_order_file(tmp_path, HEADER + TEA + CUP, name=name))
    assert fact == Fact(
        "corner.example/orders", "1", "order.paid", datetime(2024, 7, 1, 9, 0, tzinfo=UTC), "customer:ann",
        {
            "order_id": "1", "currency": "GBP", "channel": "web", "shipping": "3.90",
            "lines": [
                {"line_id": "1", "sku": "007", "name": "Tea", "category": ["Drinks", "Hot"], "quantity": "2",
                 "amount": "2.51"},
                {"line_id": "2", "sku": "cup", "name": 'Cup, "blue"', "category": ["Home"], "quantity": "1",
                 "amount": "3.50", "discount": "0.50"},
            ],
        },
    )  # fmt: skip


def test_rows_that_are_scattered_and_backwards_come_out_as_history(tmp_path: Path) -> None:
    later = "2,2024-07-03 10:00,ann,007,Tea,Drinks,Hot,1,1,,\n"
    _, facts = read(an_order_file(tmp_path, HEADER + later + TEA + later.replace("007", "008") + CUP))
    assert [fact.id for fact in facts] == ["1", "2"]
    assert [[line["sku"] for line in fact.data["lines"]] for fact in facts] == [
        ["007", "cup"],
        ["007", "008"],
    ]


def test_an_order_may_be_longer_than_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.imports.reading.BATCH_ROWS", 3)
    rows = [
        f"{order},2024-07-01 10:0{order},ann,{line},,,,1,1.00,,\n" for order in (1, 2, 3) for line in range(7)
    ]
    plain = HEADER + "".join(rows)
    table = pa.csv.read_csv(
        pa.py_buffer(plain.encode()),
        convert_options=pa.csv.ConvertOptions(column_types={"When": pa.string()}),
    )
    pa.parquet.write_table(table, tmp_path / "orders.parquet")
    file = OrderFile(tmp_path / "orders.parquet", a_map(tmp_path), ZoneInfo("UTC"))
    assert sum(1 for _ in file.rows.batches()) == 7
    _, facts = read(file)
    assert [[line["sku"] for line in fact.data["lines"]] for fact in facts] == [
        [str(n) for n in range(7)]
    ] * 3
    assert read(an_order_file(tmp_path, plain))[1] == facts


def test_a_guest_has_no_name(tmp_path: Path) -> None:
    _, (fact,) = read(an_order_file(tmp_path, HEADER + TEA.replace("ann", "")))
    assert fact.subject == ""


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (TEA.replace(",2,", ",two,"), "line 4, column Qty: “two” is not a number of at most 12 digits and 6 decimals"),
        (TEA.replace(",2,", ",,"), "line 4, column Qty: the cell is empty"),
        (TEA.replace("2024-07-01 10:00", "1 July"), "line 4, column When: “1 July” is not a time like "
                                                    "2026-01-31T18:05:00; give its format in the map"),
        (TEA.replace("007", ""), "line 4, column SKU: the cell is empty"),
        (TEA.replace("1.255", "-1.255"), "line 4, column Discount: is below zero: rows that take goods back need a "
                                         "[cancellation] in the map, and others a [[skip]]"),
        (TEA.replace(",Tea", ""), "line 4: 10 cells where the header has 11"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_by_line_and_column(tmp_path: Path, row: str, problem: str) -> None:
    two_lines_high = TEA.replace("1,", "0,", 1).replace("Tea", '"Tea\nand more"')
    good = TEA.replace("1,", "9,", 1)
    file = an_order_file(tmp_path, HEADER + two_lines_high + row + good)
    assert said(file) == [problem]
    kept = [fact.id for fact in file.facts(file.check())]
    assert kept == ["0", "9"]


def test_a_bad_line_spoils_its_whole_order_and_no_other(tmp_path: Path) -> None:
    file = an_order_file(tmp_path, HEADER + TEA + CUP.replace("4.00", "x") + TEA.replace("1,", "2,", 1))
    assert [fact.id for fact in file.facts(file.check())] == ["2"]


def test_the_file_must_have_the_columns(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"line 1: there is no column “Qty”\. Its columns are: Order, When"):
        an_order_file(tmp_path, HEADER.replace("Qty", "Quantity") + TEA)


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    file = an_order_file(tmp_path, HEADER + TEA)
    file.rows.path.write_bytes((HEADER + TEA).encode() + CUP.encode().replace(b"blue", b"bl\xfce"))
    with pytest.raises(Refusal, match="line 3, byte 38: this is not utf-8 text"):
        file.check()


def test_a_line_number_given_twice_is_refused(tmp_path: Path) -> None:
    by_article = MAP.replace("[line]", '[line]\nid = "SKU"')
    assert said(an_order_file(tmp_path, HEADER + TEA + TEA, by_article)) == [
        "line 3, column SKU: “007” is there twice in one order"
    ]


def test_the_other_decimal_sign_and_dates(tmp_path: Path) -> None:
    text = MAP.replace(
        "[order]",
        '[csv]\ndelimiter = ";"\ndecimal = ","\nencoding = "latin-1"\n[order]\nformat = "%d.%m.%Y %H:%M"',
    )
    rows = HEADER.replace(",", ";") + "1;31.12.2024 23:30;zoë;a;Käse;;;1,5;2,50;0,10;\n"
    (tmp_path / "orders.csv").write_bytes(rows.encode("latin-1"))
    _, (fact,) = read(OrderFile(tmp_path / "orders.csv", a_map(tmp_path, text), ZoneInfo("UTC")))
    assert (fact.subject, fact.occurred_at) == ("customer:zoë", datetime(2024, 12, 31, 23, 30, tzinfo=UTC))
    assert fact.data["lines"] == [
        {"line_id": "1", "sku": "a", "name": "Käse", "quantity": "1.5", "amount": "3.65", "discount": "0.10"}
    ]


def test_dates_move_by_whole_days_on_the_shop_s_calendar(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(HEADER + TEA)
    file = OrderFile(tmp_path / "orders.csv", a_map(tmp_path), ZoneInfo("UTC"), days=180)
    (fact,) = file.facts(file.check())
    assert fact.occurred_at == datetime(2024, 12, 28, 10, 0, tzinfo=UTC), (
        "ten o'clock stays ten o'clock in winter"
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (('currency = "GBP"', ""), "give either currency, such as USD, or currency_column"),
        (('"Europe/London"', '"London"'), "zone: “London” is no time zone"),
        (('sku = "SKU"', 'sku = "SKU"\ncolour = "x"'), "line.colour: Extra inputs are not permitted"),
        (
            ("[Unit price] * Qty - Discount", "Qty * * Discount"),
            "is no calculation: it stops making sense at “\\* Discount”",
        ),
        (("[Unit price] * Qty - Discount", "Qty *"), "is no calculation: something is missing at its end"),
        (("[order]", "[order"), "is not TOML"),
    ],
)
def test_a_wrong_map_says_where_and_what(tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    with pytest.raises(Refusal, match=problem.replace("[", r"\[")):
        a_map(tmp_path, MAP.replace(*change))


def test_the_ready_maps_are_found_by_name() -> None:
    assert read_map(Path("complete_journey")).currency == "USD"
    with pytest.raises(Refusal, match="Ready ones are: complete_journey, online_retail"):
        read_map(Path("another"))
