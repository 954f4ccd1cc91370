"""The lives of tests/model on paper: the pure engine against the plain oracle, thousands of operations in seconds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import pytest
from sqlmodel import Session

from facts.events import OWN_SOURCE, Fact
from facts.history import events_and_returns
from facts.refusals import Refusal
from rewards.fold import Fold
from rewards.lots import DEBT, EARNED, HELD
from rewards.terms import TermsLine
from rewards.why import amount_of
from tests.builders import a_fact
from tests.model.life import Life
from tests.model.programmes import PROGRAMMES
from tests.model.teller import START, Told
from tests.model.terms import LEVELS, Terms
from tests.rewards.paper import line_of


class PaperLife(Life):
    """The same operations; the facts are kept in a list, and folded anew at each look."""

    def __init__(self, terms: Terms, seed: int) -> None:
        super().__init__(cast("Session", None), terms, seed)
        self.line: TermsLine = line_of(terms.text())
        self.kept: dict[str, list[Fact]] = {who: [] for who in self.facts}

    def deliver(self, told: list[Told]) -> None:
        """One fact, or what a batch gathered; what would be short is refused by both."""
        for who, full, sent in told:
            refusal = self.refusal_of([*self.kept[who], sent])
            assert refusal in (None, "balance_short")
            assert (refusal is None) == self.fits(who, [full]), self.said(full)
            if refusal is None:
                self.facts[who].append(full)
                self.kept[who].append(sent)

    def operations(self) -> dict[str, int]:
        return super().operations() | {"redeem": 4, "settle": 3}

    def folded(self, facts: list[Fact]) -> Fold:
        """What the engine makes of a whole history, in which it looks for what came back."""
        fold = Fold(self.line)
        for event in events_and_returns(facts):
            fold.apply(event)
        fold.advance(self.now)
        return fold

    def refusal_of(self, facts: list[Fact]) -> str | None:
        """Why the engine would not have these facts, as a code."""
        try:
            self.folded(facts)
        except Refusal as refusal:
            return refusal.code
        return None

    def decide(self, ones: set[str]) -> None:
        """Nothing is scarce on paper."""

    def again(self, who: str) -> None:
        """Known facts never reach the engine."""

    def wait(self, who: str) -> None:
        self.now += timedelta(days=self.chance.randint(1, 40))

    def own(self, who: str, kind: str, name: str, data: dict[str, Any]) -> None:
        self.kept[who].append(
            a_fact(
                kind, data, at=self.now, id=name, source=OWN_SOURCE, subject=f"customer:{who}", internal=True
            )
        )

    def redeem(self, who: str) -> None:
        reward = self.chance.choice(["tea", "mug"])
        points, held = {"tea": (30, False), "mug": (50, True)}[reward]
        if self.expected(who).points.available(self.now) < points:
            return
        self.number += 1
        name = f"r{self.number:05}"
        data = {"redemption_id": name, "reward": reward, "points": points, "held": held}
        self.own(who, "redemption.made", f"made:{name}", data)
        fact = {"type": "redeem", "redemption": name, "points": points, "held": held, "at": self.now}
        self.facts[who].append(fact | {"source": OWN_SOURCE, "id": f"made:{name}"})

    def settle(self, who: str) -> None:
        done = {
            fact["redemption"]
            for fact in self.facts[who]
            if fact["type"] in ("hand-over", "cancel-redemption")
        }
        open_ones = [
            fact for fact in self.facts[who] if fact["type"] == "redeem" and fact["redemption"] not in done
        ]
        if not open_ones:
            return
        chosen = self.chance.choice(open_ones)
        over = chosen["held"] and self.chance.random() < 0.5
        kind, what, word = (
            ("redemption.captured", "hand-over", "captured")
            if over
            else ("redemption.cancelled", "cancel-redemption", "cancelled")
        )
        name = chosen["redemption"]
        self.own(who, kind, f"{word}:{name}", {"redemption_id": name})
        fact = {
            "type": what,
            "redemption": name,
            "at": self.now,
            "source": OWN_SOURCE,
            "id": f"{word}:{name}",
        }
        self.facts[who].append(fact)

    def check(self, who: str) -> None:
        """Everything the engine says of a member is what the oracle says."""
        fold, right = self.folded(self.kept[who]), self.expected(who)
        lots = fold.lots.values()
        there = {
            (lot.wallet, lot.cause): lot.remaining for lot in lots if lot.kind == EARNED and lot.remaining
        }
        assert there == right.lots(), self.said(who)
        for slug, purse in right.purses.items():
            mine = [lot for lot in lots if lot.wallet == slug]
            assert -sum(lot.remaining for lot in mine if lot.kind == DEBT) == purse.debt, self.said(who)
            assert sum(lot.remaining for lot in mine if lot.kind == HELD) == purse.held, self.said(who)
        tier, until = right.ladder.tier, fold.climb.until
        assert (fold.climb.tier or LEVELS[0][0]) == LEVELS[tier][0], self.said(who)
        assert (date.fromordinal(until) if until else None) == (right.ladder.until if tier else None)
        check_books(fold)

    def check_everything(self) -> None:
        for who in self.facts:
            self.check(who)


def check_books(fold: Fold) -> None:
    """The laws of the ledger that one member's books can break."""
    lots = fold.lots.values()
    assert sum(posting.amount for posting in fold.postings) == sum(lot.remaining for lot in lots)
    causes = [posting.cause for posting in fold.postings]
    assert len(set(causes)) == len(causes)
    for lot in lots:
        assert lot.remaining == lot.amount - sum(amount for _, _, amount in lot.draws)
        assert (lot.closed_at is None) == bool(lot.remaining)
    assert [posting.amount for posting in fold.postings] == [
        amount_of(json.loads(posting.why)) for posting in fold.postings
    ]


def live(name: str, seed: int, operations: int) -> None:
    life = PaperLife(replace(PROGRAMMES[name], played=False, budget=None), seed)
    for _ in range(operations):
        life.step()
    assert life.now > START


@pytest.mark.parametrize("name", PROGRAMMES)
def test_lives_on_paper_are_what_the_oracle_says(name: str) -> None:
    for seed in range(3):
        live(name, seed, 60)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(1000, 1100))
@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_hundred_thousand_operations_on_paper(name: str, seed: int) -> None:
    live(name, seed, 250)
