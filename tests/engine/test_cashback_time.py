"""Cashback and time, as a member has it: it waits for a delivery, is told of before it ends, and lasts longer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlmodel import col, select

from app import database
from app.jobs import reminders
from members import consents
from members.actions.identify import identify
from members.actions.reminding import Sender
from members.tables import Audit, Member
from members.way_tables import Letter
from tests.engine.till import SOURCE, Till
from tests.engine.wording import a_programme, local

EARNING = """  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}
  - {kind: cashback, slug: back, percent: "10", wallet: cash}"""
BY = Sender("http://shop.test", b"a secret of this test only, 32 bytes")
WHY = "We were closed for repairs"


def a_shop(cash: str, points: str = "  expiry: {kind: never}") -> str:
    """A shop whose orders bring a point for a dollar, and a tenth back."""
    wallet = f"\nwallets:\n  cash: {{kind: cashback, name: {{en: Cash, ru: Кэш, ar: نقد}}, {cash}}}\n"
    text = a_programme(points=points, earning=EARNING) + wallet
    return text.replace("languages: [en]", "languages: [en, ru, ar]")


def cash(till: Till) -> tuple[int, int]:
    """What can be spent of cashback, and what is on its way, by HTTP."""
    (found,) = till.standing()["wallets"]
    return found["available"], found["pending"]


def willing(till: Till, code: str = "") -> None:
    """The member has an address and wants news of their points."""
    with database.transaction(till.engine) as session:
        member = session.get_one(Member, till.member(session))
        member.language = code
        session.add(member)
        identify(session, member.member_id, "email:mira@shop.example", till.now)
        consents.decide(session, member.member_id, "programme", "email", True, till.now, way="me")


def days_of_letters(till: Till, first: str, last: str) -> list[str]:
    """On which days a letter went, when the job runs every noon."""
    found: list[str] = []
    while till.now < local(f"{last} 13:00"):
        if till.now >= local(f"{first} 00:00") and reminders.remind(till.engine, BY, till.now):
            found.append(f"{till.now:%m-%d}")
        till.later(days=1)
    return found


def letters(till: Till) -> list[Letter]:
    with database.reading(till.engine) as session:
        return list(session.exec(select(Letter).order_by(col(Letter.created_at))))


@pytest.mark.feature(26)
def test_letters_tell_of_cashback_in_money_by_its_own_days_and_of_points_beside_it(till: Till) -> None:
    """Bought on 2 March: the cashback is there to 11 April, the points to 12 April."""
    wallet = "expiry: {kind: rolling, days: 40, warn_days: [14, 2]}"
    till.open(a_shop(wallet, "  expiry: {kind: rolling, days: 41, warn_days: [25]}"))
    till.at("2026-03-02 12:00").post(till.order("A", "50.00"))
    willing(till)
    assert days_of_letters(till, "2026-03-03", "2026-04-20") == ["03-18", "03-28", "04-09"]
    both, first, last = letters(till)
    assert both.subject == "Corner Shop: $5.00 of “Cash” expires on 11 April"
    assert both.text.split("\n\n")[:2] == [
        "$5.00 of “Cash” expires on 11 April.",
        "50 points expire on 12 April.",
    ]
    assert (first.subject, last.subject) == (both.subject, both.subject)
    till.at("2026-04-12 00:00").night()
    assert (cash(till), till.balance()) == ((0, 0), 50)
    till.proven()


@pytest.mark.feature(26)
@pytest.mark.parametrize(("code", "said"), [("en", "Last chance: $3.00 of “Cash” expires on 11 April"),
                                            ("ru", "сгорает 3,00 $ — «Кэш»"), ("ar", "من «نقد»")])  # fmt: skip
def test_the_last_chance_and_the_sum_of_a_month_are_told_in_the_readers_language(
    till: Till, code: str, said: str
) -> None:
    till.open(a_shop("expiry: {kind: rolling, days: 40, warn_days: [1]}"))
    till.at("2026-03-02 12:00").post(till.order("A", "30.00"))
    till.later(days=3).post(till.order("B", "20.00"))
    willing(till, code)
    assert days_of_letters(till, "2026-03-06", "2026-04-11") == ["04-10"]
    (letter,) = letters(till)
    assert said in letter.subject.replace("\u00a0", " ")
    if code == "en":
        assert letter.text.split("\n\n")[1:3] == [
            "In the month to come it is $5.00 in all.",
            "How you pay with it: http://shop.test/rules",
        ]


@pytest.mark.feature(26)
def test_the_extension_of_cashback_is_logged_in_money_and_leaves_points_alone(till: Till) -> None:
    till.open(a_shop("expiry: {kind: rolling, months: 1}", "  expiry: {kind: rolling, months: 1}"))
    till.at("2026-03-02 12:00").post(till.order("A", "30.00"), till.order("B", "7.00"))
    lot = next(
        one["cause"] for one in till.entries("1") if "paid-A" in one["cause"] and one["wallet"] == "cash"
    )
    who = f"customer:{SOURCE}:1"
    till.later(hours=1)
    for wrong in (["--wallet", "coins"], ["--wallet", "cash", "--lot", lot]):
        assert till.run("members", "extend", who, "2026-04-20", "--reason", WHY, *wrong).exit_code == 1
    done = till.run("members", "extend", who, "2026-04-20", "--reason", WHY, "--lot", lot)
    assert done.exit_code == 0, done.output
    newest = till.history().entries[0]
    assert (newest.title, newest.why) == (
        "More time for “Cash”",
        f"The shop lets $3.00 last to 20 April 2026: {WHY}",
    )
    with database.reading(till.engine) as session:
        (row,) = session.exec(select(Audit).where(Audit.action == "points.extended")).all()
        detail = json.loads(row.detail)
        assert (detail["in_points"], detail["wallet"], detail["amount"]) == (300, "cash", "3.00 USD")
        assert "points" not in detail
    till.at("2026-04-03 00:00").night()
    assert (cash(till), till.balance()) == ((300, 0), 0), "points and the other lot have ended"
    till.post(till.order("late", "5.00", at=local("2026-03-01 09:00")))
    till.night()
    assert cash(till) == (300, 0), "a replay knows of it"
    till.post(till.order("C", "10.00"))
    till.later(hours=1)
    assert (
        till.run("members", "extend", who, "2026-05-10", "--reason", WHY, "--wallet", "cash").exit_code == 0
    )
    till.at("2026-05-04 00:00").night()
    assert (cash(till), till.balance()) == ((400, 0), 0)
    till.at("2026-05-11 00:00").night()
    assert cash(till) == (0, 0)
    till.proven()


@pytest.mark.feature(23)
def test_cashback_waits_for_the_delivery_while_points_do_not(till: Till) -> None:
    till.open(a_shop("pending: {until: delivery, at_most_days: 14}"))
    till.at("2026-03-02 12:00").post(till.order("A", "50.00"), till.order("B", "10.00"))
    assert (cash(till), till.standing()["available"]) == ((0, 600), 60)
    waiting = next(one for one in till.history().entries if one.amount == "+$5.00")
    assert waiting.status == "Yours on delivery, on 16 Mar at the latest"
    till.later(days=2).post(till.event("order.delivered", {"order_id": "A"}))
    assert cash(till) == (500, 100)
    till.post(till.refund("A", ("1", "50.00")))
    assert cash(till) == (0, 100)
    till.at("2026-03-16 00:00")
    assert cash(till) == (100, 0), "never delivered: fourteen days"
    till.night()
    till.proven()


@pytest.mark.feature(23)
def test_what_cashback_cannot_wait_for_is_refused_with_a_sentence(till: Till, tmp_path: Path) -> None:
    for pending, said in (
        ("pending: {until: x.accepted}", "wallets.cash.pending.until"),
        ("pending_days: 30, pending: {until: delivery, at_most_days: 14}", "wait 30 days at least"),
    ):
        file = tmp_path / "draft.yaml"
        file.write_text(a_shop(pending), encoding="utf-8")
        done = till.run("programme", "validate", str(file))
        assert done.exit_code == 1
        assert said in done.output
