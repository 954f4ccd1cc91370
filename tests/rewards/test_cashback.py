"""Cashback on paper: a percentage of the money to the last minor unit, and what it shares with points."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facts.events import OWN_SOURCE, Fact
from facts.money import minor
from facts.orders import order_of
from facts.refusals import Refusal
from members.programme import load
from members.programme.problems import ProgrammeInvalid
from rewards.earning.case import Case
from rewards.earning.cashback import Cashback
from rewards.why import amount_of
from tests.builders import a_fact, a_line, a_refund, an_order
from tests.engine.wording import a_programme
from tests.rewards.paper import ONE_LEVEL, folded, line_of

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
WALLETS = "\nwallets:\n  cash: {kind: cashback, name: Cashback%s}\n"


def programme(rules: str, levels: str = ONE_LEVEL, wallet: str = "") -> str:
    return a_programme(earning=rules, levels=levels) + WALLETS % wallet


def rule(percent: str = "5", more: str = "", slug: str = "back") -> str:
    return f'  - {{kind: cashback, slug: {slug}, percent: "{percent}", wallet: cash{more}}}\n'


def cash(text: str, *facts: Fact) -> int:
    fold = folded(line_of(text), facts)
    assert all(amount_of(json.loads(one.why)) == one.amount for one in fold.postings)
    assert fold.wallets.get("cash", [0])[0] == sum(
        one.amount for one in fold.postings if one.wallet == "cash"
    )
    return fold.wallets.get("cash", [0])[0]


@pytest.mark.parametrize(
    ("amount", "percent", "rounding", "gets"),
    [
        ("33.33", "2.5", "down", 83),  # 0.83325
        ("33.33", "2.5", "up", 84),
        ("0.10", "5", "half_up", 1),  # half a cent
        ("0.10", "5", "half_even", 0),
        ("0.30", "5", "half_even", 2),  # a cent and a half
        ("100.00", "0.125", "half_up", 13),
        ("99.99", "100", "down", 9999),
        ("0.19", "5", "down", 0),
    ],
)
def test_rounded_once_to_the_last_minor_unit(amount: str, percent: str, rounding: str, gets: int) -> None:
    assert cash(programme(rule(percent, f", rounding: {rounding}")), an_order("A", amount, at=NOON)) == gets


def test_lines_that_are_left_out_multiplied_and_paid_otherwise() -> None:
    rules = rule("10") + "  - {kind: exclude, slug: none, where: {skus: [gift-card]}}\n"
    rules += "  - {kind: multiply, slug: double, factor: 2, where: {skus: [tea]}}\n"
    lines = [a_line("10.00", "a") | {"sku": "tea"}, a_line("20.00", "b") | {"sku": "gift-card"},
             a_line("5.05", "c") | {"sku": "mug", "points_paid": "0.05"}]  # fmt: skip
    levels = "  levels:\n    - {slug: all, name: All, threshold: 0, multiplier: 1.5}\n"
    assert cash(programme(rules, levels), an_order("A", *lines, at=NOON)) == 300 + 75
    flat = rules.replace("wallet: cash", "wallet: cash, tier_multiplier: false")
    assert cash(programme(flat, levels), an_order("A", *lines, at=NOON)) == 200 + 50


def test_caps_count_in_the_wallet() -> None:
    capped = programme(rule("10", ", cap_per_day: 150"), wallet=", cap_per_month: 250")
    orders = [an_order(f"o{i}", "10.00", at=NOON + timedelta(hours=6 * i)) for i in range(5)]
    assert [cash(capped, *orders[: n + 1]) for n in range(5)] == [100, 150, 250, 250, 250]


def test_its_last_day_and_its_debt_are_the_wallets_own() -> None:
    text = programme(rule("10"), wallet=", expiry: {kind: rolling, months: 1}, pending_days: 2")
    (lot,) = folded(line_of(text), [an_order("A", "10.00", at=NOON)]).lots.values()
    assert (lot.active_from.isoformat(), lot.expires_at) == (
        "2026-03-04T05:00:00+00:00",
        datetime(2026, 4, 3, 4, tzinfo=UTC),
    )


AMOUNTS = st.lists(st.integers(1, 99_999), min_size=1, max_size=5)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    AMOUNTS,
    st.integers(1, 100_000),
    st.sampled_from(["down", "up", "half_up", "half_even"]),
    st.integers(0, 4),
)
def test_lines_together_are_the_order_and_what_comes_back_was_never_there(
    amounts: list[int], thousandths: int, rounding: str, which: int
) -> None:
    said = {"slug": "back", "wallet": "cash", "percent": f"{thousandths / 1000:.3f}", "rounding": rounding}
    made = Cashback.model_validate(said)
    lines = [a_line(f"{n // 100}.{n % 100:02}", f"l{i}") for i, n in enumerate(amounts)]
    case = Case.of(
        "order.paid", {}, order_of({"order_id": "A", "currency": "USD", "lines": lines}), "member", 1000
    )
    grant = made.apply(case)
    total = grant.points if grant else 0
    assert sum(made.shares(case, total)) == total
    exact = sum(amounts) * thousandths
    assert abs(total * 100_000 - exact) < 100_000
    gone = which % len(lines)
    text = programme(rule(f"{thousandths / 1000:.3f}", f", rounding: {rounding}"))
    whole = an_order("A", *lines, at=NOON)
    amount = lines[gone]["amount"]
    back = a_refund("A", (f"l{gone}", amount), at=NOON + timedelta(days=1))
    assert minor(amount, 2) == amounts[gone]
    kept = [one for i, one in enumerate(lines) if i != gone]
    rest = [an_order("A", *kept, at=NOON)] if kept else []
    assert cash(text, whole, back) == cash(text, *rest)


@pytest.mark.parametrize(
    ("rules", "wallets", "path", "says"),
    [
        (rule(), "", "earning[0].wallet", "there is no wallet “cash”; add it to wallets"),
        (rule().replace("cash}", "cahs}"), WALLETS % "", "earning[0].wallet", "did you mean “cash”"),
        (rule().replace(", wallet: cash", ""), WALLETS % "", "earning[0].wallet", "name a wallet of the kind cashback"),
        (rule("0"), WALLETS % "", "earning[0].percent", "above 0 and at most 100"),
        (rule("0.0001"), WALLETS % "", "earning[0].percent", "three decimals"),
        ('  - {kind: points_per_money, slug: p, points: 1, per: "1.00", wallet: cash}\n', WALLETS % "",
         "earning[0].kind", 'percent: "5"'),
        (rule(), WALLETS.replace("cashback", "experience", 1) % "", "earning[0].wallet", "experience is not"),
        (rule(), WALLETS % ", unit: XP", "wallets.cash.unit", "leave the unit out"),
        (rule(), WALLETS % ', value: {money: "0.001"}', "wallets.cash.value.money", "2 decimals"),
        (rule(), WALLETS % ", expiry: {kind: inactivity}", "wallets.cash.expiry.kind", "rolling, calendar or never"),
        (rule(), WALLETS % ", paying: {rates: {gold: {points: 1, money: '1'}}}", "wallets.cash.paying.rates.gold",
         "there is no tier"),
        ("  - {kind: exclude, slug: none, where: {}, wallet: cash}\n", WALLETS % "", "earning[0].wallet",
         "gives no points itself"),
        (rule(), WALLETS % "" + "  xp: {kind: experience, name: XP, paying: {share: 10}}\n", "wallets.xp.paying",
         "never spent and never ends"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_where_it_stands(rules: str, wallets: str, path: str, says: str) -> None:
    with pytest.raises(ProgrammeInvalid) as refused:
        load(a_programme(earning=rules, levels=ONE_LEVEL) + wallets)
    assert any(path in str(one) and says in str(one) for one in refused.value.problems), str(refused.value)


def test_what_is_too_little_is_said_in_money() -> None:
    line = line_of(programme(rule("10"), wallet=", negative_balance: {policy: refuse}"))
    spent = {"adjustment_id": "a", "points": -150, "reason": "a mistake", "actor": "ann", "wallet": "cash"}
    taken = a_fact("points.adjusted", spent, at=NOON, id="a", source=OWN_SOURCE, internal=True)
    with pytest.raises(Refusal, match=r"^There is 0\.50 USD too little for this\.$") as refused:
        folded(line, [an_order("A", "10.00", at=NOON - timedelta(days=1)), taken])
    assert refused.value.code == "balance_short"


def test_a_price_in_experience_is_refused() -> None:
    reward = "  - {slug: mug, kind: product, name: Mug, price: 10, wallet: xp}"
    with pytest.raises(ProgrammeInvalid) as refused:
        load(a_programme(rewards=reward) + "\nwallets:\n  xp: {kind: experience, name: XP}\n")
    assert "rewards[0].wallet" in str(refused.value)
    assert "experience is never spent" in str(refused.value)
