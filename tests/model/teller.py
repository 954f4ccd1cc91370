"""Telling facts to the engine and to the oracle side by side, and comparing what both say."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session, select

from badges.tables import Award
from facts.events import Fact
from facts.refusals import Refusal
from members.actions.record import advance, record
from members.programme import versions
from members.prove import prove
from members.standing import MemberStanding, member_of, standing_of
from members.tables import Standing
from rewards.tables import Entry, Lot
from tests.builders import SHOP, a_fact
from tests.model.budget import Budget
from tests.model.games import Won
from tests.model.history import stand
from tests.model.oracle import Stand
from tests.model.purse import ShortError
from tests.model.shelf import Shelf
from tests.model.terms import LEVELS, Terms

SECRET = b"a secret of thirty-two characters"
START = datetime(2026, 1, 15, 12, tzinfo=UTC)
MEMBERS = 4
CHECK_EVERY = 12

Made = TypeVar("Made")
Told = tuple[str, dict[str, Any], Fact]  # of whom, as the oracle reads it, as the engine reads it


def attempt(does: Callable[[], Made]) -> tuple[Made | None, str | None]:
    """What was done, or the code of the refusal."""
    try:
        return does(), None
    except Refusal as refused:
        return None, refused.code


@dataclass
class Teller:
    """The members of one shop: what was told about each (`facts`, as the oracle reads them), and the clock."""

    session: Session
    terms: Terms
    seed: int
    now: datetime = START
    chance: random.Random = field(default_factory=random.Random)
    facts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    sent: list[Fact] = field(default_factory=list)
    batch: list[Told] | None = None
    done: Counter[str] = field(default_factory=Counter)
    won: Counter[str] = field(default_factory=Counter)
    ordered: Counter[str] = field(default_factory=Counter)
    number: int = 0
    steps: int = 0
    published: datetime | None = None
    keeps: dict[str, Won] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    shelf: Shelf = field(default_factory=Shelf)
    accounts: dict[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.facts = {f"m{self.seed}-{i}": [] for i in range(MEMBERS)}
        known = versions(self.session).whole if self.terms.played else []
        self.published = known[1].effective_from if len(known) > 1 else None

    def some_time(self) -> datetime:
        """Now, or up to forty days ago: late news."""
        late = self.chance.random() < 0.35
        return max(START, self.now - timedelta(minutes=self.chance.randint(1, 57_600))) if late else self.now

    def tell(self, who: str, fact: dict[str, Any], kind: str, data: dict[str, Any]) -> None:
        """Record it, or put it into the batch that is being gathered."""
        self.number += 1
        home = self.home(who, fact)
        at, name = self.some_time(), f"f{self.chance.randint(0, 999):03}-{self.seed}-{self.number}"
        full = fact | {"at": at, "source": SHOP, "id": name}
        internal = kind.startswith(("points.", "badge.", "challenge.", "import.", "tier."))
        sent = a_fact(kind, data, at=at, subject=f"customer:{who}", id=name, internal=internal)
        if self.batch is None:
            self.deliver([(home, full, sent)])
        else:
            self.batch.append((home, full, sent))

    def home(self, who: str, fact: dict[str, Any]) -> str:
        """The account that a fact about somebody is told to."""
        return who

    def person(self, who: str) -> list[str]:
        """All accounts that are one person's."""
        return [who]

    def theirs(self, who: str) -> list[dict[str, Any]]:
        """What was told about a person."""
        return [fact for one in self.person(who) for fact in self.facts[one]]

    def note(self, who: str, fact: dict[str, Any]) -> None:
        """Remember what the engine told itself."""
        self.facts[self.home(who, fact)].append(fact)

    def deliver(self, told: list[Told]) -> None:
        """Record facts at once; refused is what the balance does not allow by the oracle, no more and no less."""
        outcomes = record(self.session, [sent for _, _, sent in told], self.now)
        allowed = {
            who: self.allowed(who, [full for one, full, _ in told if one == who]) for who, _, _ in told
        }
        for (who, full, sent), outcome in zip(told, outcomes, strict=True):
            if full in allowed[who]:
                assert outcome.status == "recorded", self.said(outcome)
                self.facts[who].append(full)
                self.sent.append(sent)
            else:
                code = outcome.refusal and outcome.refusal.code
                assert (outcome.status, code) == ("refused", "balance_short"), self.said(outcome)
                self.done["refused"] += 1
        self.decide({who for who, _, _ in told})

    def allowed(self, who: str, fulls: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """All of them together, or else those that fit, tried in the order in which they happened."""
        if self.fits(who, fulls):
            return fulls
        kept: list[dict[str, Any]] = []
        for full in sorted(fulls, key=lambda fact: (fact["at"], fact["source"], fact["id"])):
            if self.fits(who, [*kept, full]):
                kept.append(full)
        return kept

    def fits(self, who: str, more: list[dict[str, Any]]) -> bool:
        """Whether the shop would refuse none of it for too few points."""
        try:
            self.expected(who, more)
        except ShortError:
            return False
        return True

    # --- what must hold -----------------------------------------------------------------------------------

    def expected(self, who: str, more: Sequence[dict[str, Any]] = (), *, decides: bool = False) -> Stand:
        facts, ask = [*self.facts[who], *more], self.budget.asker(self.terms.budget, decides=decides)
        return stand(self.terms, facts, self.now, self.published, self.keeps.get(who), ask)

    def decide(self, ones: set[str]) -> None:
        """What the budget gives is decided once, with the facts of a batch: one account after the other, by its id."""
        if self.terms.budget is not None:
            for who in sorted(ones, key=lambda one: self.member(one) or UUID(int=0)):
                self.expected(who, decides=True)

    def member(self, who: str) -> UUID | None:
        """The account of somebody; None before the first news of them."""
        found = self.accounts.get(who) or member_of(self.session, SHOP, f"customer:{who}")
        if found:
            self.accounts[who] = found
        return found

    def check(self, who: str) -> None:
        """What the member is told is what the oracle says."""
        me = self.member(who)
        if me is None:
            assert not self.facts[who]
            return
        self.session.expire_all()
        found, right = standing_of(self.session, me, self.now), self.expected(who)
        assert found
        self.check_tier(who, found, right)
        there = {"points": (found.available, found.pending, found.held, found.debt)}
        there |= {one.slug: (one.available, one.pending, one.held, one.debt) for one in found.purses}
        wanted = {
            slug: (purse.available(self.now), purse.pending(self.now), purse.held, purse.debt)
            for slug, purse in right.purses.items()
        }
        assert there == wanted, self.said((who, there, wanted))
        self.check_awards(who, me, right)

    def check_tier(self, who: str, found: MemberStanding, right: Stand) -> None:
        level, tier = found.level.slug, right.ladder.held
        told = (level, found.tier_until if level != LEVELS[0][0] else None)
        assert told == (LEVELS[tier][0], right.ladder.held_until if tier else None), self.said((who, told))

    def check_awards(self, who: str, me: UUID, right: Stand) -> None:
        """What stands on the shelf is what the oracle says, each with its round, level and fact."""
        rows = self.session.exec(select(Award).where(Award.member_id == me)).all()
        there = {
            Won(row.kind, row.slug, row.instance, row.level, (row.awarded_at, row.fact_source, row.fact_id))
            for row in rows
            if row.revoked_at is None and row.slug != "pioneer"
        }
        wanted = set(right.play.won) - right.play.gone
        assert there == wanted, self.said((who, there ^ wanted))
        for won in right.play.won:
            self.won[won.slug] += 1
            if won.slug == "keeper":
                self.keeps[who] = won

    def check_everything(self) -> None:
        """Let time pass for all, and compare lot by lot; then every law of the ledger."""
        advance(self.session, self.members(), self.now)
        self.session.expire_all()
        for who in self.facts:
            me = self.member(who)
            if me is None:
                continue
            lots = self.session.exec(select(Lot).where(Lot.member_id == me, Lot.remaining != 0)).all()
            right = self.expected(who)
            self.check_lots(who, [lot for lot in lots if lot.kind == "earned"], right)
            for slug, purse in right.purses.items():
                assert (
                    -sum(lot.remaining for lot in lots if (lot.kind, lot.wallet) == ("debt", slug))
                    == purse.debt
                )
                assert (
                    sum(lot.remaining for lot in lots if (lot.kind, lot.wallet) == ("held", slug))
                    == purse.held
                )
            causes = self.session.exec(select(Entry.cause).where(Entry.member_id == me)).all()
            assert len(set(causes)) == len(causes)
        proof = prove(self.session)
        assert proof.flaws == [], self.said(proof.flaws)
        for sums in (proof.points, *proof.wallets.values()):
            assert sums.issued == sums.outstanding + sums.spent + sums.expired

    def check_lots(self, who: str, lots: list[Lot], right: Stand) -> None:
        there = {(lot.wallet, lot.cause): lot.remaining for lot in lots}
        assert there == right.lots(), self.said((who, there, right.lots()))

    def members(self) -> list[Any]:
        return list(self.session.exec(select(Standing.member_id)).all())

    def said(self, what: object) -> str:
        """What is wrong, and what to run to see it again."""
        return f"seed {self.seed}, operation {self.steps}, {self.now.isoformat()}: {what}"
