"""Points that were spent and are taken back: refuse, let go, or owe (FEATURES 31)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.test_lots import ONE_LEVEL
from tests.engine.till import Till, sums
from tests.engine.wording import a_programme, local


def spent_and_returned(till: Till, policy: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """100 earned, 80 of them spent, and the order that brought them comes back."""
    till.at("2026-02-01 10:00").open(
        a_programme(
            points=f"  expiry: {{kind: never}}\n  negative_balance: {policy}",
            levels=ONE_LEVEL,
            rewards="  - {slug: tea, kind: product, name: Tea, price: 80, refundable_days: 0}",
        )
    )
    till.post(till.order("A", "100.00"))
    assert till.later(days=1).redeem("tea").status_code == 200
    back = till.later(days=1).refund("A", ("1", "100.00"), id="back")
    (answer,) = till.send(back)
    return answer, back


@pytest.mark.feature(31)
def test_refuse_refuses_the_return_until_there_are_points_for_it(till: Till) -> None:
    answer, back = spent_and_returned(till, "{policy: refuse}")
    assert (answer["status"], answer["problem"]["code"]) == ("refused", "balance_short")
    assert till.standing()["available"] == 20
    assert len(till.entries()) == 2
    till.later(days=1).post(till.order("B", "200.00"))
    (again,) = till.send(back)
    assert again["status"] == "refused", (
        "on the day of the reward there were still only the points of the return"
    )
    till.proven()


@pytest.mark.feature(31)
def test_zero_lets_the_shortfall_go_and_says_so(till: Till) -> None:
    answer, _ = spent_and_returned(till, "{policy: zero}")
    assert (answer["status"], answer["points"]) == ("recorded", -20)
    found = till.standing()
    assert (found["available"], found["debt"]) == (0, 0)
    assert sums(till.entries())["forgiven"] == 80
    assert "we let 80 points go" in " ".join(card.why for card in till.history().entries)
    till.later(days=1).post(till.order("B", "30.00"))
    assert till.standing()["available"] == 30
    till.proven()


@pytest.mark.feature(31)
def test_debt_goes_down_to_the_limit_and_the_next_earnings_repay_it_first(till: Till) -> None:
    spent_and_returned(till, "{policy: debt, limit: 50}")
    found = till.standing()
    assert (found["available"], found["debt"]) == (0, 50)
    assert sums(till.entries())["forgiven"] == 30
    till.later(days=1).post(till.order("B", "30.00"))
    assert (till.standing()["available"], till.standing()["debt"]) == (0, 20)
    till.later(days=1).post(till.order("C", "30.00"))
    assert (till.standing()["available"], till.standing()["debt"]) == (10, 0)
    assert till.lots() == {"earn order.paid-C base": 10}
    till.proven()


@pytest.mark.feature(31)
def test_a_deduction_by_staff_follows_the_policy(till: Till) -> None:
    till.open(
        a_programme(
            points="  pending_days: 14\n  expiry: {kind: never}\n  negative_balance: {policy: debt, limit: 50}",
            levels=ONE_LEVEL,
        )
    )
    till.post(till.order("A", "10.00"))
    till.later(hours=1).adjust(-40)
    found = till.standing()
    assert (found["available"], found["pending"], found["debt"]) == (0, 10, 40)
    till.later(days=1).post(till.order("B", "25.00"))
    found = till.standing()
    assert (found["pending"], found["debt"]) == (10, 15), "points on their way repay at once"
    till.proven()


@pytest.mark.feature(31)
def test_a_refused_return_of_another_month_leaves_nothing_behind(till: Till) -> None:
    """The replay that was refused had come by the beginning of a month; what it remembered there is forgotten."""
    points = "  expiry: {kind: never}\n  negative_balance: {policy: refuse}"
    till.at("2026-01-10 10:00").open(a_programme(points=points, levels=ONE_LEVEL))
    till.post(till.order("A", "1.00"))
    till.at("2026-02-10 10:00").post(till.order("B", "1.00"))
    till.at("2026-03-10 10:00").post(till.order("C", "0.02", points_paid="0.02"))
    (answer,) = till.send(till.refund("A", ("1", "1.00")))
    assert (answer["status"], answer["problem"]["code"]) == ("refused", "balance_short")
    assert (till.standing()["available"], till.lots()) == (0, {})
    late = till.order("late", "5.00", at=local("2026-02-20 10:00"))
    till.post(late)
    assert till.balance() == 5
    till.proven()
