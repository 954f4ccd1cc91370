"""What events would bring, each amount with the unit of its wallet."""

from __future__ import annotations

import json
from pathlib import Path

from app import database, door
from tests.api.shop import an_order
from tests.builders import PROGRAMME, in_force
from tests.cli.conftest import Run

RULES = """earning:
  - {kind: cashback, slug: back, percent: "10", wallet: cash, tier_multiplier: false}
  - {kind: points_per_money, slug: step, points: 2, per: "1.00", wallet: xp}
"""
WALLETS = """
wallets:
  cash: {kind: cashback, name: Cashback}
  xp: {kind: experience, name: Experience}
"""


def test_each_amount_has_the_unit_of_its_wallet_and_no_two_wallets_are_summed(run: Run, house: Path) -> None:
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME.replace("earning:\n", RULES, 1) + WALLETS)
    file = house / "events.jsonl"
    file.write_text("".join(json.dumps(an_order(amount)) + "\n" for amount in ("25.50", "4.50")))
    said = run("simulate", str(file)).stderr
    assert "6 entries, +29 points, +3.00 USD of cash, +60 of xp in all. Nothing was written." in said.replace(
        "\n", " "
    )
    assert "+2.55 USD" in said
