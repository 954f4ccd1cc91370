"""Points that are on their way, and points that end: by the programme's own midnight, wherever its clocks jump."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.engine.till import Till
from tests.engine.wording import a_programme, local

WAITING = "  pending_days: 14\n  expiry: {kind: rolling, months: 12}"


@pytest.mark.feature(23)
def test_points_are_pending_until_the_day_and_the_member_sees_which(till: Till) -> None:
    till.open(a_programme(points=WAITING, rewards="  - {slug: tea, kind: product, name: Tea, price: 50}"))
    till.at("2026-11-01 15:00").post(till.order("A", "100.00"))
    day_14 = local("2026-11-15 00:00")
    found = till.standing()
    assert (found["available"], found["pending"]) == (0, 100)
    assert found["activating"] == [{"at": day_14.isoformat().replace("+00:00", "Z"), "points": 100}]
    assert "15 Nov" in till.history().entries[0].status
    refused = till.at(day_14 - timedelta(seconds=1)).redeem("tea")
    assert (refused.status_code, refused.json()["code"]) == (409, "reward_points_short")
    found = till.at(day_14).standing()
    assert (found["available"], found["pending"], found["activating"]) == (100, 0, [])
    assert till.redeem("tea").status_code == 200
    assert len(till.entries()) == 2, "turning active posts nothing"


@pytest.mark.feature(23)
def test_what_comes_back_before_the_day_never_turns_active(till: Till) -> None:
    till.open(a_programme(points=WAITING))
    till.at("2026-11-01 15:00").post(till.order("A", "60.00", "40.00"))
    till.at("2026-11-13 09:00").post(till.refund("A", ("1", "60.00")))
    assert (till.standing()["available"], till.standing()["pending"]) == (0, 40)
    till.at("2026-11-14 23:59").post(till.refund("A", ("2", "40.00")))
    for day in ("2026-11-14 23:59", "2026-11-15 00:00", "2026-11-16 12:00"):
        found = till.at(day).standing()
        assert (found["available"], found["pending"], found["debt"]) == (0, 0, 0)
    till.night()
    till.proven()


@pytest.mark.feature(23)
def test_a_rule_may_wait_longer_or_not_at_all(till: Till) -> None:
    earning = """  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}
  - {kind: extra_points, slug: cup, points: 5, pending_days: 0, where: {skus: [cup]}}
  - {kind: extra_points, slug: wine, points: 9, pending_days: 30, where: {skus: [wine]}}"""
    till.open(a_programme(points=WAITING, earning=earning))
    till.at("2026-11-01 00:00").post(
        till.order("A", {"amount": "10.00", "sku": "cup"}, {"amount": "0.99", "sku": "wine"})
    )
    assert till.standing()["available"] == 5
    assert till.at("2026-11-15 00:00").standing()["available"] == 15
    assert till.at("2026-12-01 00:00").standing()["available"] == 24


UNTIL_IT_CAME = "  pending: {until: delivery, at_most_days: 14}\n  expiry: {kind: rolling, months: 12}"


@pytest.mark.feature(23)
def test_points_wait_for_the_delivery_and_the_member_sees_the_last_day(till: Till) -> None:
    """Order on day 0: yours on delivery, on day 14 at the latest, unless it goes back; in any order of arrival."""
    till.open(
        a_programme(points=UNTIL_IT_CAME, rewards="  - {slug: tea, kind: product, name: Tea, price: 50}")
    )
    till.at("2026-11-01 15:00").post(till.order("A", "100.00"), till.order("B", "60.00", customer="2"),
                                     till.order("C", "30.00", customer="3"))  # fmt: skip
    day_14 = local("2026-11-15 00:00")
    assert (till.standing()["available"], till.standing()["pending"]) == (0, 100)
    assert till.history().entries[0].status == "Yours on delivery, on 15 Nov at the latest"
    till.at("2026-11-05 10:00").post(till.event("order.delivered", {"order_id": "A"}, subject=""))
    assert (till.standing()["available"], till.standing()["pending"]) == (100, 0)
    assert till.history().entries[0].status.startswith("Good until")
    assert till.redeem("tea").status_code == 200
    till.post(till.refund("C", ("1", "30.00"), customer="3"))
    for moment, found in ((day_14 - timedelta(seconds=1), (0, 60)), (day_14, (60, 0))):
        there = till.at(moment).standing("2")
        assert (there["available"], there["pending"]) == found
    assert till.balance("3") == 0
    early = till.event("order.delivered", {"order_id": "D"}, "4", at=local("2026-11-06 09:00"))
    till.post(early, till.order("D", "70.00", customer="4", at=local("2026-11-10 09:00")))
    assert till.standing("4")["available"] == 70
    till.night()
    till.proven()


ACCEPTED = """facts:
  x.accepted: {name: accepting the goods, fields: {order_id: {type: text}}}
""" + a_programme(
    points="  pending: {until: x.accepted, at_most_days: 14}\n  expiry: {kind: rolling, months: 12}",
    earning="""  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}
  - {kind: fixed_points, slug: thanks, on: x.accepted, points: 5}""",
    rewards="  - {slug: tea, kind: product, name: Tea, price: 50}",
)


@pytest.mark.feature(23)
def test_points_wait_until_a_fact_of_the_shops_own_says_so(till: Till) -> None:
    """Order on day 0: yours when it was accepted, on day 14 at the latest, unless it goes back; which also counts by
    itself. Who sends it need not say whose the order is, and may send it before the order.
    """
    till.open(ACCEPTED)
    till.at("2026-11-01 15:00").post(*(till.order(name, "100.00", customer=name) for name in "ABCD"))
    day_14 = local("2026-11-15 00:00")
    assert (till.standing("A")["available"], till.standing("A")["pending"]) == (0, 100)
    waits = "Yours after this: accepting the goods; on 15 Nov at the latest"
    assert till.history("A").entries[0].status == waits
    till.at("2026-11-05 10:00").post(till.event("x.accepted", {"order_id": "A"}, subject=""),
                                     till.event("order.delivered", {"order_id": "B"}, subject=""),
                                     till.event("x.accepted", {"order_id": "C"}, "B"))  # fmt: skip
    assert (till.standing("A")["available"], till.standing("A")["pending"]) == (105, 0)
    assert any("What the points waited for has happened" in entry.why for entry in till.history("A").entries)
    assert till.redeem("tea", customer="A").status_code == 200
    assert till.standing("C")["available"] == 105, "it goes where its order went, whoever it names"
    till.post(
        till.refund("D", ("1", "100.00"), customer="D"), till.event("x.accepted", {"order_id": "D"}, "D")
    )
    assert (till.balance("D"), till.standing("D")["available"]) == (5, 5)
    for moment, found in ((day_14 - timedelta(seconds=1), (0, 100)), (day_14, (100, 0))):
        there = till.at(moment).standing("B")
        assert (there["available"], there["pending"]) == found
    till.at("2026-11-16 10:00").post(till.event("x.accepted", {"order_id": "B"}, "B"))
    assert till.standing("B")["available"] == 105
    till.night()
    till.proven()


@pytest.mark.feature(23)
def test_what_points_wait_for_may_come_before_the_order_late_or_twice(till: Till) -> None:
    till.open(ACCEPTED)
    early = local("2026-10-30 09:00")
    nameless = till.event("x.accepted", {"order_id": "A"}, subject="", at=early)
    (answer,) = till.at("2026-11-07 09:00").send(nameless)
    assert answer["status"] == "waiting"
    till.post(till.event("x.accepted", {"order_id": "B"}, "B", at=early))
    both = [till.order(name, "70.00", customer=name) for name in "AB"]
    till.at("2026-11-10 09:00").post(*both)
    assert [till.standing(name)["available"] for name in "AB"] == [75, 75]
    late = [till.event("visit", {}, name, at=local("2026-11-05 09:00")) for name in "AB"]
    till.post(*late)  # weighed anew from the month of the order, which is not that of what came before it
    assert [till.standing(name)["available"] for name in "AB"] == [75, 75]
    till.post(till.order("C", "70.00", customer="C", at=local("2026-11-08 09:00")))
    assert till.standing("C")["available"] == 0
    later, earlier = (till.event("x.accepted", {"order_id": "C"}, "C", at=at) for at in (till.now, early))
    till.post(later, earlier)
    assert (till.standing("C")["available"], till.lots("C")["earn order.paid-C base"]) == (80, 70)
    till.night()
    till.proven()


@pytest.mark.feature(23)
def test_what_somebody_else_is_said_to_have_accepted_is_not_taken_from_who_bought_it(till: Till) -> None:
    till.open(ACCEPTED)
    till.at("2026-11-01 15:00").post(till.event("x.accepted", {"order_id": "A"}, "2"))
    till.later(hours=1).post(till.order("A", "70.00"))
    assert (till.standing()["available"], till.standing()["pending"], till.balance("2")) == (0, 70, 5)
    till.later(hours=1).post(till.event("x.accepted", {"order_id": "A"}, "2"))
    assert (till.standing()["available"], till.balance("2")) == (75, 5)
    till.proven()


# zone, bought (local), pending days, months → active from, gone from (both in UTC, worked out by hand)
DATES = [
    ("America/New_York", "2026-02-22 23:59", 14, 12, "2026-03-08T05:00", "2027-02-23T05:00"),
    (
        "America/New_York",
        "2026-02-23 12:00",
        14,
        12,
        "2026-03-09T04:00",
        "2027-02-24T05:00",
    ),  # clocks went on
    ("America/New_York", "2026-10-18 00:00", 14, 1, "2026-11-01T04:00", "2026-11-19T05:00"),  # clocks go back
    ("Europe/Berlin", "2024-02-29 12:00", 1, 12, "2024-02-29T23:00", "2025-02-28T23:00"),  # leap day, clamped
    ("Europe/Berlin", "2024-01-31 12:00", 0, 1, "", "2024-02-29T23:00"),  # the month's last day
    ("Europe/Berlin", "2023-01-31 12:00", 0, 1, "", "2023-02-28T23:00"),
    (
        "Europe/Berlin",
        "2023-02-28 12:00",
        0,
        12,
        "",
        "2024-02-28T23:00",
    ),  # lasts to 28 February, not to the 29th
    (
        "America/Santiago",
        "2024-09-01 10:00",
        7,
        1,
        "2024-09-08T04:00",
        "2024-10-02T03:00",
    ),  # no midnight that day
    (
        "America/Havana",
        "2024-10-27 10:00",
        7,
        1,
        "2024-11-03T04:00",
        "2024-11-28T05:00",
    ),  # two midnights that day
    ("Asia/Tehran", "2022-03-15 10:00", 7, 1, "2022-03-21T20:30", "2022-04-15T19:30"),
    ("Australia/Lord_Howe", "2026-09-27 10:00", 7, 1, "2026-10-03T13:30", "2026-10-27T13:00"),  # half an hour
    (
        "Pacific/Apia",
        "2011-12-23 10:00",
        7,
        1,
        "2011-12-30T10:00",
        "2012-01-23T10:00",
    ),  # a day that never was
    ("Pacific/Kiritimati", "2026-06-10 00:30", 1, 1, "2026-06-10T10:00", "2026-07-10T10:00"),
    ("Asia/Kathmandu", "2026-12-31 23:59", 1, 12, "2026-12-31T18:15", "2027-12-31T18:15"),
]


@pytest.mark.feature(23)
@pytest.mark.feature(25)
@pytest.mark.parametrize(("zone", "bought", "pending", "months", "active", "gone"), DATES)
def test_dates_are_the_programmes_own_midnights(
    till: Till, zone: str, bought: str, pending: int, months: int, active: str, gone: str
) -> None:
    """A second before the moment it is not so, at the moment it is; whatever the clocks of the zone do."""
    points = f"  pending_days: {pending}\n  expiry: {{kind: rolling, months: {months}}}"
    till.at(bought, zone).open(a_programme(points=points, zone=zone))
    till.post(till.order("A", "10.00"))
    found, second = till.standing(), timedelta(seconds=1)
    end = local(gone, "UTC")
    assert found["activating"] == ([{"at": f"{active}:00Z", "points": 10}] if active else [])
    assert found["expiring"] == [{"at": f"{gone}:00Z", "points": 10}]
    if active:
        start = local(active, "UTC")
        assert [till.at(at).standing()["available"] for at in (start - second, start)] == [0, 10]
    assert [till.at(at).standing()["available"] for at in (end - second, end)] == [10, 0]
    till.night()
    till.night()
    assert till.lots() == {}
