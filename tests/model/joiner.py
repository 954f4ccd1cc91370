"""Members who turn out to be one person at random: two accounts become one, and two again.

What is told of a closed account's orders stays there; everything else is told to the account that stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import select

from badges.tables import Award
from facts.events import OWN_SOURCE
from members.actions import merging
from members.standing import MemberStanding
from rewards.tables import Lot
from tests.model import moves
from tests.model.alike import unlike
from tests.model.arithmetic import local_day
from tests.model.giver import Giver
from tests.model.oracle import Stand
from tests.model.purse import Pile
from tests.model.teller import attempt
from tests.model.terms import LEVELS

UNDO_DAYS = 30


@dataclass
class Join:
    """`one` was closed and became part of `other`. `went` is what moved since, and when: wallet, points (below zero: a
    debt), piles.
    """

    name: str
    one: str
    other: str
    at: datetime
    came: dict[str, Any]
    went: list[tuple[str, int, list[Pile], datetime]] = field(default_factory=list)


@dataclass
class Joiner(Giver):
    """Random merges. `joins` are those that stand, in their order."""

    joins: list[Join] = field(default_factory=list)

    def operations(self) -> dict[str, int]:
        more = {"join_accounts": 7, "part": 8, "bring_tier": 3}
        quiet = {} if self.terms.played else dict.fromkeys(("join", "leave", "grant", "revoke"), 0)
        return super().operations() | more | quiet

    def tellable(self) -> list[str]:
        game = () if self.terms.played else ("join", "leave", "grant", "revoke")
        return [*(kind for kind in super().tellable() if kind not in game), "bring_tier"]

    def some_days(self) -> int:
        """Mostly few, since one can become two again for thirty days only."""
        return super().some_days() if self.chance.random() < 0.3 else self.chance.randint(1, 6)

    # --- who is whom --------------------------------------------------------------------------------------

    def latest(self, who: str) -> str:
        """The account that stays."""
        into = {join.one: join.other for join in self.joins}
        while who in into:
            who = into[who]
        return who

    def person(self, who: str) -> list[str]:
        return [one for one in self.facts if self.latest(one) == self.latest(who)]

    def home(self, who: str, fact: dict[str, Any]) -> str:
        """News of an order or a reward go where it was first heard of."""
        order, reward = fact.get("order"), fact.get("redemption")
        for name, facts in self.facts.items():
            if reward and any(one.get("redemption") == reward for one in facts):
                return name
            if order and any(one.get("order") == order for one in facts):
                return name
        return self.latest(who)

    # --- what is done by the account that stays -----------------------------------------------------------

    def redeem(self, who: str) -> None:
        super().redeem(self.latest(who))

    def settle(self, who: str) -> None:
        super().settle(self.latest(who))

    def check_out(self, who: str) -> None:
        super().check_out(self.latest(who))

    def give(self, who: str) -> None:
        super().give(self.latest(who))

    def take(self, who: str) -> None:
        super().take(self.latest(who))

    # --- what moves on ------------------------------------------------------------------------------------

    def note(self, who: str, fact: dict[str, Any]) -> None:
        super().note(who, fact)
        self.pass_on()

    def deliver(self, told: list[Any]) -> None:
        super().deliver(told)
        self.pass_on()

    def tell_of(self, who: str, fact: dict[str, Any], word: str, kind: str, at: datetime) -> None:
        super().tell_of(who, fact, word, kind, at)
        self.pass_on()

    def settle_gift(
        self, who: str, fact: dict[str, Any], state: str, kind: str, word: str, at: datetime
    ) -> None:
        super().settle_gift(who, fact, state, kind, word, at)
        self.pass_on()

    def pass_on(self) -> None:
        """What is on a closed account goes on, and what is owed there too, until nothing is left on any."""
        while any(self.passed_on(join) for join in self.joins):
            pass

    def passed_on(self, join: Join) -> bool:
        """Whether something moved: of each wallet what is there, and then what is owed."""
        right = self.expected(join.one)
        join.came["entered"] = set(right.entered)
        for wallet, purse in right.purses.items():
            if piles := [replace(pile) for pile in moves.contents(purse)]:
                self.move(join, wallet, sum(pile.left for pile in piles), piles)
                return True
            if purse.debt:
                self.move(join, wallet, -purse.debt, [])
                return True
        return False

    def move(self, join: Join, wallet: str, points: int, piles: list[Pile]) -> None:
        name = f"{join.name}:{len(join.went)}"
        join.went.append((wallet, points, piles, self.now))
        ways = (join.one, join.other) if points > 0 else (join.other, join.one)
        self.carry(name, *ways, wallet, abs(points), piles, owes=points > 0)
        self.done["moved on"] += 1

    def carry(
        self, name: str, one: str, other: str, wallet: str, points: int, piles: list[Pile], *, owes: bool
    ) -> None:
        """Points leave one account and come to another."""
        about = {"wallet": wallet, "points": points, "at": self.now, "source": OWN_SOURCE}
        out, into = f"transfer:{name}:out", f"transfer:{name}:in"
        self.facts[one].append({"type": "moved out", "id": out, "owes": owes} | about)
        self.facts[other].append({"type": "moved in", "id": into, "piles": piles} | about)

    # --- one, and two again -------------------------------------------------------------------------------

    def join_accounts(self, who: str) -> None:
        """Two accounts become one, if both are open."""
        other = self.chance.choice(list(self.facts))
        ids = self.member(who), self.member(other)
        if ids[0] is None or ids[1] is None:
            return
        closed = {join.one for join in self.joins}
        wrong = "account_closed" if closed & {who, other} else None
        wrong = "merge_same" if who == other else wrong
        right, one, into = self.expected(who), ids[0], ids[1]
        made, refused = attempt(
            lambda: merging.merge(self.session, one, into, "One person", "support:kim", self.now)
        )
        assert refused == wrong, self.said((refused, wrong))
        if made is None:
            self.done[str(refused)] += 1
            return
        levels = {"pins": list(right.ladder.pins), "lent": right.ladder.brought(local_day(self.now))}
        came = {"type": "came over", "entered": set(right.entered), **levels}
        came |= {"at": self.now, "source": OWN_SOURCE, "id": f"game:{made}:0"}
        self.joins.append(Join(str(made), who, other, self.now, came))
        self.facts[other].append(came)
        self.pass_on()
        self.check(other)

    def part(self, who: str) -> None:
        """One becomes two again, within thirty days."""
        if not self.joins:
            return
        young = [join for join in self.joins if self.now < join.at + timedelta(days=UNDO_DAYS)]
        join = self.chance.choice(young if young and self.chance.random() < 0.8 else self.joins)
        wrong = "account_closed" if self.latest(join.other) != join.other else None
        if self.now >= join.at + timedelta(days=UNDO_DAYS):
            wrong = "merge_final"
        one = self.accounts[join.one]
        _, refused = attempt(lambda: merging.undo(self.session, one, "support:kim", self.now))
        assert refused == wrong, self.said((refused, wrong))
        self.done[refused or "two again"] += 1
        if refused:
            return
        self.joins.remove(join)
        self.facts[join.other].remove(join.came)
        for number, (wallet, points, piles, at) in enumerate(join.went):
            name = f"{join.name}:back:{number}"
            if points < 0:
                self.carry(name, join.one, join.other, wallet, -points, [], owes=False)
                continue
            purse = self.expected(join.other).purses[wallet]
            idle = purse.lasting.idle(local_day(at), purse.active)
            left = [pile for pile in piles if (pile.end or idle) > self.now]
            if left:
                whole = sum(pile.left for pile in left)
                self.carry(name, join.other, join.one, wallet, whole, left, owes=False)
        self.pass_on()
        self.check(join.other)
        self.check(join.one)

    def bring_tier(self, who: str) -> None:
        """A level that a member had in another programme, until a day or for one period."""
        days, tier = self.chance.choice([None, 0, 10, 40, 90]), self.chance.choice([1, 2])
        until = None if days is None else local_day(self.now) + timedelta(days=days)
        self.number += 1
        data = {"item": f"t{self.number}", "tier": LEVELS[tier][0]} | ({"until": str(until)} if until else {})
        self.tell(who, {"type": "lend", "tier": tier, "until": until}, "import.tier", data)

    # --- what must hold -----------------------------------------------------------------------------------

    def check(self, who: str) -> None:
        super().check(who)
        if self.latest(who) != who:
            super().check(self.latest(who))

    def check_tier(self, who: str, found: MemberStanding, right: Stand) -> None:
        """Nobody looks at the level of an account that is closed, and nothing is left there."""
        if self.latest(who) == who:
            super().check_tier(who, found, right)
            return
        for purse in right.purses.values():
            assert not moves.contents(purse)
            assert not purse.debt

    def check_lots(self, who: str, lots: list[Lot], right: Stand) -> None:
        """By their dates: of a lot that went over in parts and came back, all parts are alike."""
        wrong = unlike(lots, right)
        assert not wrong, self.said((who, wrong))

    def check_awards(self, who: str, me: UUID, right: Stand) -> None:
        if self.terms.played:
            super().check_awards(who, me, right)
        else:
            assert not self.session.exec(select(Award).where(Award.member_id == me)).all()
            self.check_welcome(who, me, right)
