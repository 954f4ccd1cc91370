"""How long points last, as a person gets it: by HTTP, by the nightly job, and on the pages."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlmodel import select

from app import database
from facts.language import language
from members.tables import Audit
from members.views.home import home
from tests.engine.till import SOURCE, Till
from tests.engine.wording import a_programme, local

IDLE = "  expiry: {kind: inactivity, months: 12, activities: [order.paid, visit]}"
TEA = "  - {slug: tea, kind: product, name: Tea, price: 50}"


def words(till: Till) -> str:
    """What the home page says of points that are lost."""
    with database.reading(till.engine) as session:
        return home(session, till.member(session), till.now, language("en")).expiring


@pytest.mark.feature(25)
def test_points_end_when_nothing_was_done_for_long_and_a_late_fact_makes_them_live_again(till: Till) -> None:
    """A leap day, clocks that change meanwhile, and the shop's own midnight."""
    till.open(a_programme(points=IDLE, rewards=TEA))
    till.at("2024-02-10 12:00").post(till.order("A", "60.00"))
    till.at("2024-02-29 23:30").post(till.order("B", "5.00"))
    ends = local("2025-03-01 00:00")
    assert (
        words(till) == "Your points expire on 28 Feb 2025 unless there is this before: a purchase or a visit"
    )
    told = till.standing()["expiring"]
    assert told == [{"at": ends.isoformat().replace("+00:00", "Z"), "points": 65}]
    till.at(ends - timedelta(seconds=1)).night()
    assert till.standing()["available"] == 65
    assert till.at(ends).standing()["available"] == 0, "before the nightly job looks"
    assert till.redeem("tea").status_code == 409
    till.night()
    assert (till.balance(), till.lots()) == (0, {})
    late = till.event("visit", {}, at=local("2024-11-05 10:00"))
    till.at(ends + timedelta(days=3)).post(late)
    assert till.standing()["available"] == 65
    assert till.standing()["expiring"][0]["at"] == local("2025-11-06 00:00").isoformat().replace(
        "+00:00", "Z"
    )
    till.at("2025-11-06 00:00").night()
    assert till.balance() == 0
    till.proven()


@pytest.mark.feature(25)
def test_points_end_on_days_of_the_calendar_and_at_the_end_of_a_quarter(till: Till) -> None:
    till.open(
        a_programme(points='  expiry: {kind: calendar, dates: ["12-31"], days_min: 60}', zone="Asia/Riyadh")
    )
    till.at("2026-11-01 12:00", "Asia/Riyadh").post(till.order("A", "60.00"))
    till.at("2026-12-30 12:00", "Asia/Riyadh").post(till.order("B", "7.00"))
    till.at("2027-01-01 00:00", "Asia/Riyadh").night()
    assert till.balance() == 7
    till.open(
        a_programme(points="  expiry: {kind: rolling, months: 1, round_to: quarter}", zone="Asia/Riyadh")
    )
    till.later(days=1).post(till.order("C", "9.00"))
    till.at("2027-04-01 00:00", "Asia/Riyadh").night()
    assert till.balance() == 7, "what was earned before keeps its terms"
    till.at("2028-01-01 00:00", "Asia/Riyadh").night()
    assert till.balance() == 0
    till.proven()


# policy, bought, the last day; a version each, in the order of their days
POLICIES = [
    ("{kind: never}", "2023-01-05", ""),
    ("{kind: rolling, months: 12, round_to: month}", "2023-02-10", "2024-02-29"),
    ('{kind: calendar, dates: ["02-29"]}', "2024-02-29", "2024-02-29"),
    ('{kind: calendar, dates: ["02-29"]}', "2024-03-01", "2025-02-28"),
    ("{kind: rolling, months: 12, round_to: quarter}", "2024-10-05", "2025-12-31"),
    ("{kind: rolling, months: 12, round_to: year}", "2024-12-31", "2025-12-31"),
    ("{kind: inactivity, months: 12}", "2027-02-28", "2028-02-28"),
    ("{kind: inactivity, months: 12}", "2028-02-29", "2029-02-28"),
    ('{kind: calendar, dates: ["12-31"], days_min: 60}', "2029-11-01", "2029-12-31"),
    ('{kind: calendar, dates: ["12-31"], days_min: 60}', "2029-11-02", "2030-12-31"),
    ("{kind: rolling, days: 90}", "2031-12-01", "2032-02-29"),
]


@pytest.mark.feature(25)
@pytest.mark.parametrize("zone", ["America/Santiago", "Pacific/Auckland", "Asia/Kathmandu"])
def test_points_last_to_the_end_of_their_day_by_every_policy(till: Till, zone: str) -> None:
    """A customer each, on one day; to the last second of the day, by the shop's own clock."""
    in_force = ""
    for policy, day, _ in POLICIES:
        till.at(f"{day} 00:30", zone)
        if policy != in_force:
            till.open(a_programme(points=f"  expiry: {policy}", zone=zone))
        in_force = policy
        till.at(f"{day} 12:00", zone).post(till.order(day, "10.00", customer=day))
    for policy, day, last in POLICIES:
        told = till.at(f"{day} 13:00", zone).standing(day)["expiring"]
        if not last:
            assert (told, till.at("2090-01-01 12:00", zone).standing(day)["available"]) == ([], 10)
            continue
        end = local(f"{date.fromisoformat(last) + timedelta(days=1)} 00:00", zone)
        assert told == [{"at": end.isoformat().replace("+00:00", "Z"), "points": 10}], (policy, day)
        left = [till.at(at).standing(day)["available"] for at in (end - timedelta(seconds=1), end)]
        assert left == [10, 0], (policy, day)
    till.at("2033-01-01 12:00", zone).night()
    assert [till.balance(day) for _, day, _ in POLICIES] == [10] + [0] * (len(POLICIES) - 1)
    till.proven()


@pytest.mark.feature(26)
def test_the_extension_of_one_lot_is_logged_and_holds_through_a_replay(till: Till) -> None:
    """By the command line; the entry, the audit, the member's own history and the proof all know of it."""
    till.open(a_programme(points="  expiry: {kind: rolling, months: 1}"))
    till.at("2026-03-02 12:00").post(till.order("A", "30.00"), till.order("B", "7.00"))
    lot = next(one["cause"] for one in till.entries("1") if "paid-A" in one["cause"])
    who, why = f"customer:{SOURCE}:1", "We were closed for repairs"
    till.later(hours=1)
    for until in ("2026-03-01", "2027-12-01", "2026-03-20"):
        assert till.run("members", "extend", who, until, "--reason", why, "--lot", lot).exit_code == 1
    done = till.run("members", "extend", who, "2026-04-20", "--reason", why, "--lot", lot)
    assert done.exit_code == 0, done.output
    newest = till.history().entries[0]
    assert (newest.title, newest.why) == (
        "More time for points", f"The shop lets 30 points last to 20 April 2026: {why}")  # fmt: skip
    with database.reading(till.engine) as session:
        (row,) = session.exec(select(Audit).where(Audit.action == "points.extended")).all()
        assert (row.object, json.loads(row.detail)["points"]) == (f"member:{till.member(session)}", 30)
        assert why not in row.detail
    till.at("2026-04-03 00:00").night()
    assert till.balance() == 30, "the other lot has ended"
    till.post(till.order("late", "5.00", at=local("2026-03-01 09:00")), till.refund("B", ("1", "7.00")))
    till.night()
    assert till.balance() == 30
    till.at("2026-04-21 00:00").night()
    assert till.balance() == 0
    till.proven()


GRACE = "  expiry: {kind: rolling, months: 1}\n  restored_grace_days: 14"
MUG = "  - {slug: mug, kind: product, name: Mug, price: 50, refundable_days: 90, valid_days: 200}"


@pytest.mark.feature(28)
def test_a_lot_that_ended_while_it_was_away_lasts_a_while_longer_and_one_that_did_not_keeps_its_day(
    till: Till,
) -> None:
    """Earned and spent, and all of it returned: in whatever order the shop tells of it."""
    till.open(a_programme(points=GRACE, rewards=MUG))
    till.at("2026-03-02 12:00").post(till.order("A", "60.00"), till.order("A2", "60.00", customer="2"))
    mug = till.later(days=5).redeem("mug").json()["redemption_id"]
    paid = till.order("B", "40.00", customer="2", points_paid="0.50")
    gone = till.event("order.refunded", {"order_id": "B", "refund_id": "b", "lines": [
        {"line_id": "1", "quantity": "1", "amount": "40.00"}]}, "2", at=local("2026-05-01 09:00"))  # fmt: skip
    till.at("2026-04-20 12:00").night()
    assert till.balance() == 0
    till.at("2026-05-01 10:00")
    assert till.call_off(mug).status_code == 200
    till.post(gone, paid)
    for customer in ("1", "2"):
        found = till.standing(customer)
        assert (found["available"], found["expiring"][0]["at"]) == (
            50, local("2026-05-16 00:00").isoformat().replace("+00:00", "Z"))  # fmt: skip
        assert till.history(customer).entries[0].title == "Points that came back"
    till.post(till.order("late", "5.00", at=local("2026-04-10 09:00")))
    assert till.balance() == 55
    till.at("2026-05-16 00:00").night()
    assert (till.balance(), till.balance("2")) == (0, 0)
    till.proven()


@pytest.mark.feature(27)
def test_promotional_points_that_burn_leave_the_base_balance_as_it_was(till: Till) -> None:
    """М.Видео's buyers lost their own points with short-lived ones: here these come and go by themselves."""
    earning = """  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}
  - {kind: extra_points, slug: gift, points: 40, promotional: true, expires_days: 7, where: {skus: [tea]}}"""
    till.open(a_programme(points="  expiry: {kind: rolling, months: 12}", earning=earning, rewards=MUG))
    till.at("2026-03-02 12:00").post(till.order("A", "60.00"))
    before = till.balance()
    till.later(days=1).post(till.order("B", {"amount": "0.10", "sku": "tea"}))
    assert till.balance() == before + 40
    till.later(days=9).night()
    assert till.balance() == before
    till.post(till.order("C", {"amount": "0.10", "sku": "tea"}))
    assert till.later(hours=1).redeem("mug").status_code == 200
    assert till.lots() == {"earn order.paid-A base": before - 10}, (
        "the short-lived went first, and all of them"
    )
    till.later(days=9).night()
    assert till.balance() == before - 10
    till.proven()
