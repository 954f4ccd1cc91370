"""Every entry says why it has its amount, in three languages, and `prove` finds what was changed afterwards."""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from sqlalchemy import Engine, text

from app import database
from members.programme import load
from tests.engine.till import Till, a_till, sums
from tests.engine.wording import a_programme
from tests.imports.shop import let_time_pass

EVERYTHING = a_programme(
    points="  expiry: {kind: rolling, months: 2}\n  negative_balance: {policy: debt, limit: 10}",
    earning="""  - {kind: multiply, slug: double, factor: 2, where: {skus: [tea]}}
  - {kind: points_per_money, slug: base, points: 3, per: "2.00", rounding: half_even}
  - {kind: extra_points, slug: cup, points: 7, where: {skus: [cup]}}
  - {kind: fixed_points, slug: review, on: review.posted, points: 40, cap_per_day: 50}""",
    rewards="""  - {slug: coffee, kind: product, name: Coffee, price: 40}
  - {slug: mug, kind: product, name: Mug, price: 30, fulfilment: by_staff}""",
)
ARABIC = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


def everything(till: Till) -> None:
    """A history in which every kind of entry occurs."""
    till.open(EVERYTHING)
    till.at("2026-03-02 10:00").post(
        till.order(
            "A", {"amount": "20.49", "sku": "tea"}, {"amount": "31.00", "sku": "cup", "quantity": "2.5"}
        )
    )
    till.later(days=1).post(till.event("review.posted", {"review_id": "1"}))
    till.later(minutes=1).post(till.event("review.posted", {"review_id": "2"}))
    till.later(days=1).post(till.order("B", "50.00"))
    assert till.redeem("coffee").status_code == 200
    assert till.redeem("mug").status_code == 200
    till.later(days=1).adjust(25)
    till.later(minutes=1).adjust(-5)
    till.later(minutes=1).post(till.order("C", "10.00", points_paid="1.90"))
    till.later(days=1).post(till.refund("A", ("1", "20.49"), ("2", "31.00")))
    till.at("2026-05-20 10:00").night()


def reckon(why: dict[str, Any]) -> int:
    """The amount that follows from a why, by the words of docs/engine.md alone."""
    kind = why["k"]
    if kind == "reversal":
        return -reckon(why["of"])
    if kind == "held":
        return 0
    if kind in ("spent", "expired"):
        return -why["points"]
    if kind == "points_per_money":
        exact = sum(Fraction(amount * factor, 10**6) for amount, factor in why["groups"])
        exact = exact * why["points"] / why["per"]
        points = {
            "down": floor,
            "up": ceil,
            "half_even": round,
            "half_up": lambda x: floor(x + Fraction(1, 2)),
        }[why["round"]](exact)
    else:
        points = why["points"] * why.get("count", 1)
    return min([points, *(left for _, left in why.get("caps", []))])


@pytest.mark.feature(20)
def test_every_entry_recomputes_and_reads_as_a_sentence_in_three_languages(till: Till) -> None:
    everything(till)
    rows = till.entries("1")
    assert set(sums(rows)) == {"earned", "held", "spent", "adjusted", "forgiven", "reversal", "expired"}
    for row in rows:
        assert reckon(row["why"]) == row["amount"], row
        assert row["version"] == 1
    assert {row["rule"] for row in rows if row["kind"] == "earned"} == {"base", "cup", "review"}
    cards = {code: cards_of(till, code) for code in ("en", "ru", "ar")}
    for row in rows:
        key = row["entry_id"].rpartition("-")[2]
        said = {code: cards[code][key].why.translate(ARABIC) for code in cards}
        figures = {number for number in numbers_in(row["why"]) if number > 1}
        for code, sentence in said.items():
            assert sentence, (code, row)
            shown = {int(n) for n in re.findall(r"\d+", re.sub(r"(?<=\d)[,.٬٫\u00a0 ](?=\d)", "", sentence))}
            missing = {n for n in figures if not shown & {n, n // 100, n * 10, n // 10}}
            assert not missing, f"{code}: “{sentence}” does not tell {missing}"
        assert len(set(said.values())) == 3, f"the sentence is not translated: {said}"


def cards_of(till: Till, code: str) -> dict[str, Any]:
    return {card.key: card for card in till.history(code=code).entries}


def numbers_in(why: dict[str, Any]) -> set[int]:
    """The figures of a why that a sentence has to tell: amounts, points, how many, and what a cap left."""
    if why["k"] == "reversal":
        return numbers_in(why["of"])
    if why["k"] == "adjusted":
        return set()  # the reason is told; the amount stands beside it
    found = {why["points"], why.get("per", 0), why.get("count", 0)}
    found |= {amount for amount, _ in why.get("groups", [])}
    return found | ({min(left for _, left in why["caps"])} if why.get("caps") else set())


@pytest.mark.feature(20)
def test_an_entry_keeps_the_version_that_made_it(till: Till) -> None:
    """A new version changes nothing that was earned before, and a late order is weighed by the version of its day."""
    till.open(a_programme())
    till.at("2026-03-02 10:00").post(till.order("A", "10.00"))
    till.at("2026-03-10 10:00").open(
        a_programme(earning='  - {kind: points_per_money, slug: base, points: 5, per: "1.00"}')
    )
    till.at("2026-03-11 10:00").post(till.order("B", "10.00"))
    till.post(till.order("late", "1.00", at=till.now.replace(day=3)))
    assert [(row["version"], row["amount"]) for row in till.entries() if row["kind"] == "earned"] == [
        (1, 10),
        (2, 50),
        (1, 1),
    ]
    assert "version 1" in till.history().entries[0].rule


EDITS = {
    "amount": "amount + 1",
    "at": "'2026-03-02 11:00:00+00:00'",
    "cause": "cause || 'x'",
    "why": "replace(why, '4', '5')",
    "version": "2",
    "expires_at": "NULL",
    "trigger": "'time'",
}


@pytest.mark.feature(22)
@pytest.mark.parametrize("column", EDITS)
def test_prove_names_the_row_that_was_edited(till: Till, column: str) -> None:
    till.open(EVERYTHING)
    till.at("2026-03-02 10:00")
    for i in range(3):
        till.post(till.order(f"A{i}", "40.00"), till.order(f"B{i}", "40.00", customer="2"))
    told = till.proven()
    assert "2 members, 6 entries: issued 420 = outstanding 420 + spent 0 + expired 0" in told.replace(
        "\n", " "
    )
    who = till.standing("2")["member"]
    with database.transaction(till.engine) as session:
        edit = f"UPDATE entry SET {column} = {EDITS[column]} WHERE seq = 2 AND cause LIKE '%B1%'"
        assert session.connection().execute(text(edit)).rowcount == 1
    done = till.run("prove")
    assert done.exit_code == 1
    assert f"member {who}, entry 2:" in done.output.replace("\n", " ")
    assert done.output.count("member ") == 1, "nobody else is accused"


@pytest.mark.feature(22)
def test_prove_finds_a_cut_off_tail_and_a_standing_that_was_raised(till: Till) -> None:
    till.open(EVERYTHING)
    till.at("2026-03-02 10:00")
    till.post(*(till.order(f"A{i}", "40.00", customer=str(i)) for i in range(3)))
    till.post(till.order("more", "40.00", customer="1"))
    with database.transaction(till.engine) as session:
        session.connection().execute(text("DELETE FROM entry WHERE cause LIKE '%paid-more%'"))
        poor = str(till.member(session, "2"))
        session.connection().execute(
            text("UPDATE standing SET balance = 1000 WHERE member_id = :it"),
            {"it": poor if till.engine.dialect.name == "postgresql" else poor.replace("-", "")},
        )
    done = till.run("prove")
    assert done.exit_code == 1
    assert (
        f"member {till.standing('1')['member']}, entry 1: the ledger should end with entry 2" in done.output
    )
    assert f"member {poor}, standing: the balance says 1000, the entries add up to 60" in done.output
    assert "2 laws are broken" in done.output


@pytest.mark.feature(22)
def test_rebuilding_from_the_facts_alone_gives_the_same_books(till: Till, engine: Engine, database_url: str,
                                                             tmp_path: Any) -> None:  # fmt: skip
    """The facts in another order, in one batch, on an empty database: the same balances, lots and tiers."""
    till.open(EVERYTHING)
    sent = []
    for day in range(2, 28):
        till.at(f"2026-03-{day:02} 10:00")
        customer = str(day % 3)
        event = till.order(f"o{day}", f"{day}.49", {"amount": "7.00", "sku": "cup"}, customer=customer)
        if day % 5 == 0:
            event = till.refund(f"o{day - 3}", ("1", f"{day - 3}.49"), customer=customer)
        till.post(event)
        sent.append(event)
    till.at("2026-05-20 10:00").night()
    other = f"sqlite:///{tmp_path / 'rebuilt.sqlite'}"
    database.migrate(other)
    made = database.engine(other)
    with a_till(made, other) as again:
        again.at(till.now).open(EVERYTHING)
        assert {answer["status"] for answer in again.send(*reversed(sent))} == {"recorded"}
        let_time_pass(made, again.now)
        for customer in "012":
            assert till.lots(customer) == again.lots(customer)
            mine, theirs = till.standing(customer), again.standing(customer)
            assert {**mine, "member": ""} == {**theirs, "member": ""}
        again.proven()
    made.dispose()
    assert load(EVERYTHING).currency == "USD"
