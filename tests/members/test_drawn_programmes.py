"""The engine's laws through `record`, for programmes drawn from all kinds and whatever may happen to a member.

Each seed is a programme (in every third one a second version comes into force on the way) and a history. `tests/kinds`
says how both are drawn, and tests that no kind is left out; there the same laws hold on paper, for many more of them.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, func, select

from badges.tables import Scarce
from facts.events import Fact
from members.actions import record
from members.programme import Programme, apply, dump, load
from members.prove import prove
from rewards.tables import Entry
from tests.builders import NOW, a_fact, a_line, a_refund, an_order
from tests.kinds.drawing import a_programme, some
from tests.kinds.happening import START, a_history, facts_of
from tests.members.test_law import in_batches, state

REFUSED = {("NegativeBalance", "policy"): some("refuse")}
LENT = {("NegativeBalance", "policy"): some("debt", "zero")}
SCARCE = {**LENT, ("Rule", "budget"): some(40, 90)}
MANY = 150
STRAIGHT, MIXED, WITHOUT = "one.example", "two.example", "three.example"
LATE = START + timedelta(minutes=1)
EXTRA = datetime(2026, 3, 7, 17, tzinfo=UTC)


def seeds(few: int) -> list[Any]:
    """Every day so many, and in full all of them."""
    return [*range(few), *(pytest.param(seed, marks=pytest.mark.full) for seed in range(few, MANY))]


def open_shop(session: Session, chance: random.Random, how: dict[Any, Any], second: bool) -> list[Programme]:
    """The programmes that are in force, one after the other."""
    made = [a_programme(chance, how)]
    apply(session, made[0], base=None, effective_from=NOW, actor="test", now=NOW)
    if second:
        since = datetime(2026, chance.randint(1, 9), chance.randint(1, 28), 5, tzinfo=UTC)
        made.append(a_programme(chance, how))
        apply(session, made[1], base=1, effective_from=since, actor="test", now=since)
    return made


@pytest.mark.parametrize("seed", seeds(4))
def test_any_order_of_arrival_and_any_return_end_in_the_same_state(session: Session, seed: int) -> None:
    """In their order, shuffled, and with a line that came back as if it had never been there; each why recomputes."""
    chance = random.Random(seed)
    open_shop(session, chance, LENT, second=seed % 3 == 0)
    history = a_history(chance)
    in_batches(session, sorted(facts_of(history, STRAIGHT), key=lambda fact: fact.key), random.Random(1))
    mixed = facts_of(history, MIXED)
    chance.shuffle(mixed)
    in_batches(session, mixed, chance)
    assert state(session, MIXED) == state(session, STRAIGHT)
    lines = [a_line("70.00", "1"), a_line("12.34", "2")]
    in_batches(session, facts_of(history, WITHOUT), chance)
    for source, kept in ((STRAIGHT, lines), (WITHOUT, lines[:1])):
        in_batches(session, [an_order("extra", *kept, at=EXTRA, source=source)], chance)
    back = a_refund("extra", ("2", "12.34"), at=EXTRA + timedelta(days=9), source=STRAIGHT)
    in_batches(session, [back], chance)
    assert state(session, STRAIGHT) == state(session, WITHOUT)
    assert prove(session).flaws == []


def by_turns(chance: random.Random, *several: list[Fact]) -> list[Fact]:
    """Everybody's facts, in any order."""
    mixed = [fact for facts in several for fact in facts]
    chance.shuffle(mixed)
    return mixed


def heard_of(session: Session, *sources: str, at: datetime = START) -> None:
    """Something comes that nothing is paid for. The second time it is late: the whole history is weighed again."""
    for source in sources:
        (done,) = record(session, [a_fact("member.signed_up", {}, at=at, source=source)], NOW)
        assert done.status == "recorded"


@pytest.mark.parametrize("seed", seeds(2))
def test_what_is_scarce_is_decided_once_and_is_never_more_than_there_is(session: Session, seed: int) -> None:
    """Two members want the same budgets. Whatever comes late or again, nobody gets more, and nobody loses anything."""
    chance = random.Random(seed)
    (programme,) = open_shop(session, chance, SCARCE, second=False)
    heard_of(session, STRAIGHT, MIXED)
    facts = by_turns(chance, facts_of(a_history(chance), STRAIGHT), facts_of(a_history(chance), MIXED))
    in_batches(session, facts, chance)
    before = [state(session, source) for source in (STRAIGHT, MIXED)]
    heard_of(session, STRAIGHT, MIXED, at=LATE)
    assert {one.status for one in record(session, facts, NOW)} == {"duplicate"}
    assert [state(session, source) for source in (STRAIGHT, MIXED)] == before
    budgets = {rule.slug: rule.budget for rule in programme.earning if rule.budget is not None}
    given = dict(session.exec(select(Entry.rule, func.sum(Entry.amount)).group_by(Entry.rule)).all())
    taken = {row.key: row.taken for row in session.exec(select(Scarce)).all()}
    for slug, budget in budgets.items():
        assert 0 <= given.get(slug, 0) <= taken.get(f"rule:{slug}", 0) <= budget
    assert prove(session).flaws == []


@pytest.mark.parametrize("seed", seeds(2))
def test_what_is_refused_leaves_nothing_behind(session: Session, seed: int) -> None:
    """A programme that lends nothing: what came through stands as if nothing else had been tried."""
    chance = random.Random(seed)
    open_shop(session, chance, REFUSED, second=False)
    heard_of(session, STRAIGHT, MIXED)
    mixed = a_history(chance)
    chance.shuffle(mixed)
    through = []
    for told in mixed:
        (done,) = record(session, [told.fact(STRAIGHT)], NOW)
        assert done.status == "recorded" or (done.refusal and done.refusal.code == "balance_short"), done
        through += [told] if done.status == "recorded" else []
    for told in through:
        (done,) = record(session, [told.fact(MIXED)], NOW)
        assert done.status == "recorded"
    heard_of(session, STRAIGHT, MIXED, at=LATE)
    assert state(session, STRAIGHT) == state(session, MIXED)
    assert prove(session).flaws == []


def test_what_is_drawn_can_be_published_and_is_read_back_as_it_was() -> None:
    for seed in range(10):
        programme = a_programme(random.Random(seed), often=0.4)
        assert load(dump(programme)) == programme
        assert type(programme).model_validate_json(programme.model_dump_json()) == programme
