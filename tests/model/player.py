"""What members and staff do at random beside orders: take a challenge on and leave it, give a badge, give a level."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from badges.tables import Award
from members.actions.backfill import after, backfill
from members.programme import apply, load
from tests.model.arithmetic import local_day
from tests.model.teller import Teller
from tests.model.terms import LEVELS

PUBLISHED_AFTER = 60  # operations of the first life


class Player(Teller):
    """Random operations that move badges, challenges and levels alone."""

    def join(self, who: str) -> None:
        self.tell(who, {"type": "join"}, "challenge.joined", {"challenge": "thirty"})

    def leave(self, who: str) -> None:
        self.tell(who, {"type": "leave"}, "challenge.left", {"challenge": "thirty"})

    def grant(self, who: str) -> None:
        badge, level = self.chance.choice([("helper", 1), ("regular", 1), ("regular", 2)])
        self.number += 1
        data = {
            "grant_id": str(self.number),
            "badge": badge,
            "level": level,
            "reason": "a life",
            "actor": "test",
        }
        self.tell(who, {"type": "grant", "badge": badge, "level": level}, "badge.granted", data)

    def revoke(self, who: str) -> None:
        badge = self.chance.choice(["helper", "regular", "keeper"])
        data = {"badge": badge, "reason": "a random life", "actor": "test"}
        self.tell(who, {"type": "revoke", "badge": badge}, "badge.revoked", data)

    def pin(self, who: str) -> None:
        """Staff give a level until some day, or without an end."""
        days, tier = self.chance.choice([None, 0, 5, 30, 60]), self.chance.choice([1, 2])
        until = None if days is None else local_day(self.now) + timedelta(days=days)
        self.by_staff(who, "tier.pinned", {"tier": tier, "until": until})

    def unpin(self, who: str) -> None:
        """What staff gave is taken off, or there was nothing to take off."""
        self.by_staff(who, "tier.unpinned", {"tier": 0, "until": None})

    def by_staff(self, who: str, kind: str, pinned: dict[str, Any]) -> None:
        self.number += 1
        data = {"pin_id": str(self.number), "reason": "a random life", "actor": "test"}
        if kind == "tier.pinned":
            data |= {"tier": LEVELS[pinned["tier"]][0], "until": str(pinned["until"] or "")}
        self.tell(who, {"type": "pin", **pinned}, kind, data)

    def publish(self) -> None:
        """A second version has more to play for; what counts from the beginning is given to everybody."""
        apply(self.session, load(self.terms.text(second=True)), base=1, actor="test", now=self.now)
        self.published = self.now
        last = None
        while step := after(self.session, last, limit=3):
            backfill(self.session, step, self.now)
            last = step[-1]
        for who in self.facts:
            self.check(who)

    def check_everything(self) -> None:
        """And of what is scarce there is never more than there should be, and each has a number of its own."""
        super().check_everything()
        rows = self.session.exec(
            select(Award.edition).where(Award.slug == "pioneer", col(Award.revoked_at).is_(None))
        )
        assert sorted(rows.all()) in ([], [1], [1, 2])
