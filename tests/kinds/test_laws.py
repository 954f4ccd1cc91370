"""The engine's laws for programmes drawn from all kinds, with whatever may happen to a member: on paper, and quick.

The same through `record`, on both databases: `tests/members/test_drawn_programmes.py`. A fault shows its seed; run it
again with `-k` and the number in the name.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import get_args, get_type_hints

import pytest

from facts.history import events
from facts.refusals import Refusal
from rewards.earning.criterion_bonus import Measured
from rewards.terms import TermsLine
from tests.builders import a_refund
from tests.builders import an_order as an_order_of
from tests.kinds import folding
from tests.kinds.drawing import CRITERIA, a_programme
from tests.kinds.happening import END, START, TYPES, a_history, a_line, facts_of
from tests.kinds.shapes import choices, chosen, worth

LATER = END + timedelta(days=400)
FEW, MANY = 20, 200
SEEDS = [*range(FEW), *(pytest.param(seed, marks=pytest.mark.full) for seed in range(FEW, MANY))]
EACH = 10  # histories for each programme


def drawn(seed: int) -> tuple[Random, TermsLine]:
    """A programme by its number; in every third one, a second version comes into force within the history."""
    chance = Random(seed)
    made = [folding.terms(a_programme(chance))]
    if seed % 3 == 0:
        since = datetime(2026, chance.randint(1, 9), chance.randint(1, 28), 5, tzinfo=UTC)
        made.append(folding.terms(a_programme(chance), 2, since))
    return chance, TermsLine(made)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_why_recomputes_and_entries_are_lots(seed: int) -> None:
    """And a memory that is written down anywhere, or a replay from any month, comes to the same."""
    chance, line = drawn(seed)
    done = 0
    for _ in range(EACH):
        happened = events(facts_of(a_history(chance), "shop"))
        try:
            full = folding.folded(line, happened, LATER)
        except Refusal:
            continue  # a programme that lends nothing
        done += 1
        assert folding.broken(full) == []
        at = chance.randint(0, len(happened))
        first = folding.folded(line, happened[:at], happened[at - 1].at if at else START)
        again = folding.folded(line, happened[at:], LATER, folding.written_down(first, line))
        assert folding.stands(again) == folding.stands(full)
        assert [*first.postings, *again.postings] == full.postings
        since = datetime(2026, chance.randint(1, 10), 1, 5, tzinfo=UTC)
        replayed = folding.from_checkpoint(line, happened, LATER, since, full)
        assert folding.stands(replayed) == folding.stands(full)
        assert replayed.postings == [one for one in full.postings if one.at >= since]
    assert done


@pytest.mark.parametrize("seed", SEEDS)
def test_a_refund_is_the_history_without_the_line(seed: int) -> None:
    """record(orders) + refund(k) == record(orders without k), where k is of any product."""
    chance, line = drawn(seed)
    for number in range(EACH):
        told, at = facts_of(a_history(chance), "shop"), START + timedelta(hours=chance.randint(0, 8000))
        lines = [a_line(chance, place) for place in range(3)]
        k, channel, shipping = chance.randrange(3), chance.choice(["", "web"]), chance.choice(["0", "3.50"])
        back = [{name: lines[k][name] for name in ("line_id", "quantity", "amount")}]
        whole, part = (
            an_order_of("K", *kept, at=at, source="shop", channel=channel, shipping=shipping)
            for kept in (lines, [*lines[:k], *lines[k + 1 :]])
        )
        refund = a_refund("K", at=at + timedelta(days=number), source="shop", lines=back)
        full, without = [*told, whole, refund], [*told, part]
        chance.shuffle(full)
        try:
            left = folding.folded(line, events(full), LATER)
        except Refusal:
            continue
        right = folding.folded(line, events(without), LATER)
        assert folding.stands(left) == folding.stands(right)
        assert left.postings == right.postings


def test_every_kind_is_drawn_and_everything_happens() -> None:
    """Whatever a programme can say, a drawn one says now and then; whatever can happen, does. No kind is forgotten."""
    never, untold, number = set(choices()), set(TYPES), 0
    while (never or untold) and number < 600:
        chance, number = Random(number), number + 1
        programme = a_programme(chance, often=0.2 if number % 2 else 0.5)
        never -= {choice for part in worth(programme) for choice in chosen(part)}
        untold -= {one.kind for one in a_history(chance)}
    assert not never, f"never drawn (tests/kinds/drawing.py says how): {sorted(never)}"
    assert not untold, f"never told (tests/kinds/happening.py says how): {untold}"
    measured = {
        kind
        for criterion in get_args(get_args(Measured)[0])
        for kind in get_args(get_type_hints(criterion)["kind"])
    }
    assert {one["kind"] for one in CRITERIA} == measured, "never drawn (CRITERIA in tests/kinds/drawing.py)"
