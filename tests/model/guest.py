"""Members who are welcomed on a level with a reward for nothing. It goes with the level, unless it was used."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import select

from members.actions.redeem import code_of
from members.actions.vouchers import take, use_code
from members.prizes import gone_over, request_of
from rewards.tables import Redemption
from tests.model.customer import Customer
from tests.model.oracle import Stand
from tests.model.shelf import BACK, USED, WAITING
from tests.model.teller import SECRET
from tests.model.terms import LEVELS, WELCOMED

ASKED_BY = request_of(("tier", WELCOMED, 0, 0))


@dataclass
class Guest(Customer):
    """Random operations on what a level brings once; `used` says whose was used."""

    used: set[str] = field(default_factory=set[str])

    def operations(self) -> dict[str, int]:
        return super().operations() | ({"welcome": 4} if self.terms.perks else {})

    def welcome(self, who: str) -> None:
        """Somebody who has it takes its code, and uses it."""
        me = self.member(who)
        made = self.brought(me) if me else None
        if me is None or made is None or made.state != WAITING:
            return
        code = code_of(take(self.session, made.member_id, made.redemption_id, self.now, SECRET), SECRET)
        assert code
        self.number += 1
        use_code(self.session, code, f"sale-{self.number}", self.now, SECRET)
        self.used.add(who)
        self.done["welcome used"] += 1

    def brought(self, me: UUID) -> Redemption | None:
        """What the level brought, and wherever it is by now: once, but for what was called off."""
        here = (Redemption.member_id == me) & (Redemption.request_id == ASKED_BY)
        there = Redemption.request_id == gone_over(ASKED_BY, me)
        found = self.session.exec(select(Redemption).where(here | there)).all()
        left = [one for one in found if one.state != BACK]
        assert len(left) <= 1, self.said(left)
        return next(iter(left or found), None)

    def check_awards(self, who: str, me: UUID, right: Stand) -> None:
        """And what the level brings waits while the level stands as met, and once only."""
        super().check_awards(who, me, right)
        self.check_welcome(who, me, right)

    def check_welcome(self, who: str, me: UUID, right: Stand) -> None:
        if not self.terms.perks:
            return
        made = self.brought(me)
        wanted = BACK if made else None
        if WELCOMED in {LEVELS[level][0] for level in right.given}:
            wanted = WAITING
            self.done["welcomed"] += 1
        wanted = USED if who in self.used else wanted
        assert (made.state if made else None) == wanted, self.said((who, made, wanted))
