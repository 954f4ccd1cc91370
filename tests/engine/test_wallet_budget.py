"""A budget of cashback that is gone: whoever comes too late reads why, in money and not in points."""

from __future__ import annotations

import pytest

from tests.engine.till import Till
from tests.engine.wording import a_programme

EARNING = '  - {kind: cashback, slug: back, percent: "10", wallet: cash, budget: 1000}\n'
WALLETS = "\nwallets:\n  cash: {kind: cashback, name: Cashback}\n"
ONE_LEVEL = "  levels:\n    - {slug: member, name: Member, threshold: 0}\n"


@pytest.mark.feature(11)
@pytest.mark.feature(18)
def test_who_comes_too_late_reads_of_money_that_was_not_given(till: Till) -> None:
    till.open(a_programme(earning=EARNING, levels=ONE_LEVEL) + WALLETS)
    till.later(minutes=1).post(till.order("A", "90.00", customer="1"))
    till.later(minutes=1).post(till.order("B", "40.00", customer="2"))
    assert [row["amount"] for row in till.entries("1")] == [900]
    (late,) = till.history("2").entries
    assert late.why.endswith("All that this campaign had to give has been given. Not given: $4.00.")
    for code, gone in (
        ("ru", "Всё, что было у этой акции, уже роздано."),
        ("ar", "مُنح كل ما كان لدى هذه الحملة."),
    ):
        assert gone in till.history("2", code=code).entries[0].why
    till.proven()
