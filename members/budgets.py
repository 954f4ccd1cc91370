"""Budgets: what rules have given of theirs, and the word to staff before a rule or a challenge stops by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from badges.goal_tables import BudgetAlert
from badges.tables import ScarceGrant
from facts.money import decimal_text
from members import sets
from members.audit import audit
from members.programme.versions import Timeline
from rewards.effects import Posting

ALERT_PERCENT = 80
RULE = "rule:"
FOR_RULES = col(ScarceGrant.key).startswith(RULE)

Name = tuple[UUID, str, int, int]
"""Whose, for what, and which instance and level of it."""

log = logging.getLogger(__name__)


def alert(
    session: Session, near: Mapping[str, int], taken: Mapping[str, int], line: Timeline, now: datetime
) -> None:
    """Record, audit and log that budgets are nearly gone; nothing for one of which that was said before.

    `near` are the budgets by `challenge:<slug>` and `rule:<slug>`, `taken` what was given of each, in points or in the
    smallest unit of the rule's wallet. The counters are locked by now.
    """
    rows = [(key, budget, taken.get(key, 0), now) for key, budget in sorted(near.items())]
    columns, tail = ("key", "budget", "taken", "at"), "ON CONFLICT (key, budget) DO NOTHING"
    for key, budget in sets.insert(session, BudgetAlert, columns, rows, tail, ("key", "budget")):
        given = taken.get(key, 0)
        wallet = _wallet(key, budget, line)
        told: dict[str, object] = {"budget": budget, "taken": given}
        audit(
            session, "engine:budgets", "budget.alert", key, told | ({"wallet": wallet} if wallet else {}), now
        )
        log.warning("%s has given %s of its budget of %s", key, *_amounts(given, budget, wallet, line))


def _wallet(key: str, budget: int, line: Timeline) -> str:
    """The wallet beside points that a budget is counted in, by the newest rule with it; "" for points."""
    found = (
        rule.wallet
        for version in reversed(line.whole)
        for rule in version.rules
        if key == f"{RULE}{rule.slug}" and rule.budget == budget
    )
    return next(found, None) or ""


def _amounts(given: int, budget: int, wallet: str, line: Timeline) -> tuple[str, str]:
    """Both amounts in words for the log."""
    if not wallet:
        return str(given), f"{budget} points"
    version = next(one for one in reversed(line.whole) if wallet in one.programme.wallets)
    if not version.programme.wallets[wallet].spendable:
        return str(given), f"{budget} of the wallet {wallet}"
    sums = [decimal_text(amount, version.digits) for amount in (given, budget)]
    return sums[0], f"{sums[1]} {version.currency} of the wallet {wallet}"


class Budgets:
    """What rules ask of their budgets in one batch, for these members. Decided once, with the fact, and kept for good.

    A grant is given whole or not at all. What was decided for a fact stays taken, though the order comes back: a replay
    that would bring more gets the more only when there is still so much left, and keeps what was decided when not.
    """

    def __init__(self, session: Session, member_ids: Sequence[UUID]) -> None:
        self.session, self.member_ids = session, member_ids
        self.decided: dict[Name, int] | None = None
        self.asked: dict[Name, tuple[str, int, int]] = {}
        self.stood: set[Name] = set()

    def asker(
        self,
        member_id: UUID,
        counters: Callable[[], dict[str, int]],
        watch: Callable[[str, int, int, int], None],
        *,
        decided: bool,
    ) -> Callable[[str, int, str, int], int]:
        """What a member's fold asks; the answer is how many of the points it gets.

        `counters` locks and reads what was taken so far; `watch` is told of each request. `decided` when something may
        have been decided for its facts before.
        """

        def ask(slug: str, budget: int, cause: str, points: int) -> int:
            key, name, taken = f"{RULE}{slug}", name_of(member_id, cause), counters()
            there = self._decided().get(name, 0) if decided else 0
            there = max(there, self.asked[name][2] if name in self.asked else 0)
            if points <= there:
                return points
            before, more = taken.get(key, 0), points - there
            left = before + more <= budget
            watch(key, budget, before, before + more if left else budget)
            if left:
                taken[key] = before + more
                since = self.asked[name][1] if name in self.asked else there
                self.asked[name] = (key, since, points)
            return points if left else there

        return ask

    def _decided(self) -> dict[Name, int]:
        if self.decided is None:
            mine = select(ScarceGrant).where(col(ScarceGrant.member_id).in_(self.member_ids), FOR_RULES)
            rows = self.session.exec(mine).all()
            self.decided = {(row.member_id, row.key, row.instance, row.level): row.number for row in rows}
        return self.decided

    def stand(self, member_id: UUID, postings: Iterable[Posting]) -> None:
        """What was asked for, and is posted."""
        if self.asked:
            names = {name_of(member_id, posting.cause) for posting in postings if posting.amount}
            self.stood |= names & self.asked.keys()

    def settled(self, taken: dict[str, int]) -> list[tuple[str, Name, int]]:
        """The counters, names and points to keep; what was asked for in vain is not `taken`."""
        for name in self.asked.keys() - self.stood:
            key, before, points = self.asked.pop(name)
            taken[key] -= points - before
        return [(key, name, points) for name, (key, _, points) in sorted(self.asked.items())]


def name_of(member_id: UUID, cause: str) -> Name:
    """The name under which the decision about an entry is kept, by its cause (`earn|source|fact|rule`)."""
    return member_id, f"{RULE}{cause.partition('|')[2]}", 0, 0
