"""`prove --rebuild` weighs every history again: it finds what adds up, and is not what the facts come to."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from app import database
from members.tables import Standing
from rewards.tables import Lot
from tests.engine.test_why import EVERYTHING, everything
from tests.engine.till import Till


def _spent(till: Till) -> None:
    till.open(EVERYTHING)
    till.at("2026-03-02 10:00").post(till.order("A", "40.00"), till.order("B", "40.00", customer="2"))
    till.later(days=1).post(till.order("C", "40.00"), till.order("D", "40.00", customer="2"))
    till.later(days=1)
    assert till.redeem("coffee").status_code == 200


@pytest.mark.feature(22)
def test_a_history_in_which_everything_occurs_is_weighed_to_the_same(till: Till) -> None:
    everything(till)
    done = till.run("prove", "--rebuild")
    assert done.exit_code == 0, done.output


@pytest.mark.feature(22)
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tier": "gold"}, "standing: tier says gold"),
        ({"tier_progress": 7}, "standing: tier_progress says 7"),
        ({"state": "{"}, "standing: what the engine remembers cannot be read"),
        ({"state": "days"}, "standing: what the engine remembers of days is not"),
        ({"state": "boosts"}, "standing: the engine remembers boosts, and the facts do not"),
    ],
)
def test_a_standing_that_the_facts_do_not_come_to_is_found(
    till: Till, change: dict[str, object], said: str
) -> None:
    _spent(till)
    with database.transaction(till.engine) as session:
        who = till.member(session, "2")
        state = json.loads(session.exec(select(Standing.state).where(Standing.member_id == who)).one())
        if change.get("state") in ("days", "boosts"):
            change = {"state": json.dumps(state | {change["state"]: [[739000, 5000]]}, separators=(",", ":"))}
        session.execute(update(Standing).where(col(Standing.member_id) == who).values(**change))
    till.proven()
    done = till.run("prove", "--rebuild")
    assert done.exit_code == 1
    assert f"member {who}, {said}" in done.output.replace("\n", " ")
    assert done.output.count("member ") == 1, "nobody else is accused"


@pytest.mark.feature(22)
def test_what_an_earlier_release_did_not_remember_is_no_flaw(till: Till) -> None:
    """Orders are counted since a release of long ago, and only where a rule asks for their number."""
    _spent(till)
    with database.transaction(till.engine) as session:
        row = session.get_one(Standing, till.member(session))
        state = json.loads(row.state)
        assert state.pop("purchases") == 2
        row.state = json.dumps(state, separators=(",", ":"))
    done = till.run("prove", "--rebuild")
    assert done.exit_code == 0, done.output
    till.send(till.order("E", "40.00"))
    assert till.run("prove", "--rebuild").exit_code == 0


@pytest.mark.feature(24)
@pytest.mark.parametrize("what", ["order", "promotional"])
def test_lots_that_add_up_and_went_in_another_order_are_found(till: Till, what: str) -> None:
    _spent(till)
    with database.transaction(till.engine) as session:
        who = till.member(session)
        first, second = session.exec(select(Lot).where(Lot.member_id == who).order_by(col(Lot.at))).all()
        assert (first.draws != "[]", second.draws) == (True, "[]")
        if what == "promotional":
            second.promotional = True
        else:
            for mine, other in (("draws", "draws"), ("remaining", "remaining"), ("closed_at", "closed_at")):
                one, two = getattr(first, mine), getattr(second, other)
                setattr(first, mine, two)
                setattr(second, other, one)
        named = second.cause if what == "promotional" else first.cause
        session.add_all([first, second])
    till.proven()
    done = till.run("prove", "--rebuild")
    assert done.exit_code == 1
    assert f"member {who}, lot {named}: by the facts it is another one" in done.output.replace("\n", " ")
    assert done.output.count("member ") == 1, "nobody else is accused"
    assert "`regulars programme backfill --only-given` weighs every history again" in done.output.replace(
        "\n", " "
    )
    assert till.run("programme", "backfill").exit_code == 0
    done = till.run("prove", "--rebuild")
    assert done.exit_code == 0, done.output
    till.proven()


@pytest.mark.feature(22)
def test_what_was_not_given_to_everybody_is_named_first(till: Till) -> None:
    till.open(EVERYTHING)
    till.at("2026-03-02 10:00").post(till.order("A", "40.00"))
    till.later(days=1).open(
        f"{EVERYTHING}\nbadges:\n"
        "  - {slug: first, name: First, counts: from_beginning, criterion: {kind: count, at_least: 1}}\n"
    )
    done = till.run("prove", "--rebuild")
    assert done.exit_code == 1
    assert "badge:first: it counts from the beginning" in done.output.replace("\n", " ")
    till.proven()
