"""Plays a story day by day as it would have come in through the doors, and counts what it brings.

The doors hash what they see of a browser, an address and a means of payment; here the same is done in their place, so
that months pass in seconds. `test_by_http.py` goes through the doors themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from facts.events import Fact
from members.actions import joining, referring
from members.actions.joining import Wish
from members.actions.record import record
from members.referral_codes import mine
from members.suspicion_signs import Signs, digest, hidden
from members.suspicion_tables import OPEN, REFUSED, Suspicion
from members.tables import Member
from rewards.tables import Lot
from tests.builders import a_refund, an_order, in_force
from tests.fraud.deeds import Buys, Deed, Joins, Person, Story
from tests.members.test_referring import FRIENDS

SECRET = b"a secret of these tests, 32 bytes"
BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
HOLD = timedelta(days=14)


@dataclass(slots=True)
class Outcome:
    """What a story brought: `spendable` are the points of both sides that could be used at any time, by lot."""

    brought: int = 0
    flagged: set[UUID] = field(default_factory=set[UUID])
    spendable: dict[tuple[UUID, str], int] = field(default_factory=dict[tuple[UUID, str], int])

    @property
    def points(self) -> int:
        """The value that was extracted."""
        return sum(self.spendable.values())


@dataclass(slots=True)
class Stage:
    """A shop in which a story happens; `members` are its people by their mailboxes."""

    session: Session
    members: dict[str, UUID] = field(default_factory=dict[str, UUID])
    outcome: Outcome = field(default_factory=Outcome)

    def play(self, story: Story, *, after: timedelta = timedelta(days=30)) -> Outcome:
        """Everything that happens, and what becomes of it until all of it is over."""
        paid = FRIENDS.replace("hold_days: 14", f"hold_days: 14\n      paid: {story.paid}")
        in_force(self.session, paid)
        deeds = story.in_time()
        today = BEGAN
        for deed in deeds:
            while BEGAN + deed.at >= today + DAY:
                today += DAY
                self._evening(today)
            self._do(deed, BEGAN + deed.at)
        for _ in range(after // DAY):
            today += DAY
            self._evening(today)
        self.outcome.brought = len(story.brought())
        query = select(Suspicion.referral_id).where(col(Suspicion.status).in_((OPEN, REFUSED)))
        self.outcome.flagged |= set(self.session.exec(query))
        return self.outcome

    def _evening(self, now: datetime) -> None:
        """What the jobs do, and a look at what could be spent by now."""
        referring.follow_late(self.session, now)
        lots = select(Lot.member_id, Lot.cause, Lot.remaining).where(
            col(Lot.cause).like("referral|%"), Lot.remaining > 0, Lot.active_from <= now
        )
        self.outcome.spendable |= {(who, cause): left for who, cause, left in self.session.exec(lots)}
        waits = select(Suspicion.referral_id).where(Suspicion.status == OPEN)
        self.outcome.flagged |= set(self.session.exec(waits))

    def _do(self, deed: Deed, now: datetime) -> None:
        if isinstance(deed, Joins):
            self._join(deed, now)
            return
        subject = f"email:{deed.who.email}"
        if isinstance(deed, Buys):
            fact = an_order(deed.order, deed.amount, at=now, subject=subject, address=deed.who.address,
                            payment=deed.who.payment)  # fmt: skip
            self._record([hidden(fact, lambda: SECRET)], deed.who, now)
        else:
            self._record([a_refund(deed.order, ("1", deed.amount), at=now, subject=subject)], deed.who, now)

    def _record(self, facts: Iterable[Fact], who: Person, now: datetime) -> None:
        [outcome] = record(self.session, list(facts), now)
        assert outcome.status == "recorded", outcome
        referring.follow(self.session, [self.members[who.email]], now)

    def _join(self, deed: Joins, now: datetime) -> None:
        invited = ""
        if deed.by:
            link = mine(self.session, self.members[deed.by.email], now)
            invited = link.code if link else ""
        wish = Wish(invited=invited, signs=signs_of(deed.who))
        member_id = joining.join(self.session, f"email:{deed.who.email}", wish, now)
        self.session.get_one(Member, member_id).name = deed.who.name
        self.members[deed.who.email] = member_id


def signs_of(who: Person) -> Signs:
    """What the doors see of somebody who comes in."""
    seen = (("device", who.device), ("network", who.network), ("email", who.email))
    return tuple((kind, digest(kind, value, SECRET)) for kind, value in seen)
