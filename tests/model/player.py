"""What members and staff do in the game at random: take a challenge on and leave it, give a badge and take it away."""

from __future__ import annotations

from sqlmodel import col, select

from badges.tables import Award
from members.actions.backfill import after, backfill
from members.programme import apply, load
from tests.model.teller import Teller

PUBLISHED_AFTER = 60  # operations of the first life


class Player(Teller):
    """Random operations that move badges and challenges alone."""

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
