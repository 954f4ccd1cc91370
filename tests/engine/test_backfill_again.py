"""Weighing again what stands, without giving to everybody what was never given."""

from __future__ import annotations

import pytest

from app import database
from members.tables import Standing
from tests.engine.test_backfill_words import LATE
from tests.engine.till import Till
from tests.engine.wording import a_programme

OFTEN = """
badges:
  - {slug: often, name: Often, criterion: {kind: count, at_least: 3}, prizes: [{points: 5}]}
"""


@pytest.mark.feature(63)
def test_what_was_never_given_is_not_given_when_histories_are_only_weighed_again(till: Till) -> None:
    till.at("2026-03-01 10:00").open(a_programme() + OFTEN)
    till.send(till.order("o1", "1.00"))
    with database.transaction(till.engine) as session:
        row = session.get(Standing, till.member(session))
        assert row
        row.game = ""  # an earlier release counted nothing here
    till.later(days=40).open(a_programme() + OFTEN + LATE.replace("badges:\n", "").lstrip("\n"))
    before = till.balance()
    for words in (["--only-given", "--preview"], ["--only-given"]):
        assert "0 members: 0 awards" in till.run("programme", "backfill", *words).stdout
        assert till.balance() == before
    assert "1 award would be given" in till.run("programme", "backfill", "--preview").stdout
    till.send(till.order("o2", "1.00"), till.order("o3", "1.00"))
    late, often = 1, 5
    assert till.balance() == before + 1 + 1 + late + often, "the first order was counted after all"
    till.proven()
