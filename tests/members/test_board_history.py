"""A score from history is the score of having been there, whatever the order of arrival."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from badges.board_tables import BoardCount, BoardSeason
from facts.events import Fact
from members.actions import record
from members.actions.board_lists import refresh
from members.actions.boards import enter
from tests.budget import CALM, examples
from tests.builders import NOW, PROGRAMME, a_fact, a_refund, days, in_force, standing_of
from tests.members.boards import BOARDS, scores, shopping


@settings(max_examples=examples(6, full=12), deadline=None, suppress_health_check=CALM)
@given(st.integers(0, 10**6))
def test_a_score_from_history_is_the_score_of_having_been_there(session: Session, seed: int) -> None:
    """Any order of arrival, one by one or at once, refunds among them: the same scores and the same list."""
    chance = random.Random(seed)
    facts: list[Fact] = []
    for customer in (1, 2):
        for i in range(chance.randint(1, 6)):
            at = NOW - timedelta(hours=chance.randint(0, 24 * 40))
            facts.append(shopping(customer, i, f"{chance.randint(1, 90)}.00", at))
            if chance.random() < 0.4:
                back = facts[-1].data["lines"][0]["amount"]
                facts.append(a_refund(f"{customer}-{i}", ("1", back), at=at + timedelta(hours=1),
                                      subject=f"customer:{customer}"))  # fmt: skip
    live, at_once = list(facts), sorted(facts, key=lambda fact: fact.key)
    chance.shuffle(live)
    found = [
        _ended(session, [[fact] for fact in live]),
        _ended(session, [at_once]),
        _ended(session, [live], late=True),
    ]
    assert found[0] == found[1] == found[2]


def _ended(session: Session, batches: list[list[Fact]], *, late: bool = False) -> Any:
    """Scores and lists after these batches; the members opt in before them, or `late`, after."""
    with session.begin_nested() as nested:
        in_force(session, PROGRAMME + BOARDS)
        hello = [
            a_fact("visit", {}, at=NOW - days(60), id=f"v{one}", subject=f"customer:{one}") for one in (1, 2)
        ]
        record(session, hello, NOW)
        members = [standing_of(session, one).member_id for one in ("1", "2")]
        numbers = {member_id: number for number, member_id in enumerate(members)}

        def opt_in() -> None:
            for number, member_id in enumerate(members):
                enter(session, member_id, f"Player {number}", NOW)

        if not late:
            opt_in()
        for batch in batches:
            record(session, batch, NOW)
            refresh(session, NOW)
        if late:
            opt_in()
        refresh(session, NOW)
        counts = select(BoardCount).execution_options(populate_existing=True)
        made = (
            {(numbers[who], *rest): score for (who, *rest), score in scores(session).items() if rest[0] != "spent"},
            {(one.board, one.period): [leader[1:] for leader in json.loads(one.leaders)]
             for one in session.exec(select(BoardSeason).execution_options(populate_existing=True))
             if json.loads(one.leaders) and one.board != "spent"},
            {(one.board, one.period, one.level, one.bucket): one.members for one in session.exec(counts)
             if one.members and one.board != "spent"},
        )  # fmt: skip
        nested.rollback()
    session.expire_all()
    return made
