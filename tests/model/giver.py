"""Members who give points to each other at random: set aside, taken, called back, or not taken in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from facts.events import OWN_SOURCE
from members import gifts
from members.actions import giving
from tests.model.arithmetic import local_day
from tests.model.shopper import Shopper
from tests.model.teller import SECRET, attempt
from tests.model.terms import GIFT_DAYS, GIFT_LEAST

KNOWN = b"no session"


class Giver(Shopper):
    """Random operations on gifts. One is remembered as the fact that made it: `state`, `until`, `parts` and `code`."""

    def operations(self) -> dict[str, int]:
        more = {"give": 4, "take": 5, "call_back": 1} if self.terms.gifts_per_day else {}
        return super().operations() | more

    def given(self) -> list[tuple[str, dict[str, Any]]]:
        """All gifts, and whose they were."""
        return [(who, fact) for who, facts in self.facts.items() for fact in facts if fact.get("gift")]

    def give(self, who: str) -> None:
        """Some points, or more than there are, or than the day has room for."""
        me, per_day = self.member(who), self.terms.gifts_per_day
        if me is None or per_day is None:
            return
        purse, points = self.expected(who).points, self.chance.randint(GIFT_LEAST - 1, per_day + 1)
        points = points // 3 if self.chance.random() < 0.85 else points
        lots = [pile for pile in purse.live(self.now) if pile.gift]
        mine = self.person(who)
        today = [one for whose, one in self.given() if whose in mine and self.is_today(one["at"])]
        room = per_day - sum(one["points"] for one in today if one["state"] in ("waiting", "taken"))
        wrong = None
        if points > sum(pile.left for pile in lots) - purse.debt:
            wrong = "gift_short"
        if points > room:
            wrong = "gift_day"
        if not GIFT_LEAST <= points <= per_day:
            wrong = "gift_amount"
        self.number += 1
        request = f"gift-{self.number}"
        made, refused = attempt(
            lambda: giving.give(self.session, me, points, request, KNOWN, SECRET, self.now)
        )
        assert refused == wrong, self.said((points, refused, wrong))
        if made is None:
            self.done[str(refused)] += 1
            return
        parts: list[tuple[int, bool, datetime | None]] = []
        left = points
        for pile in lots:
            part = min(pile.left, left)
            parts += [(part, pile.promotional, purse.end(pile))] if part else []
            left -= part
        until = min(self.now + timedelta(days=GIFT_DAYS), *(end for _, _, end in parts if end))
        assert made.until == until, self.said((made.until, until))
        name = str(made.gift_id)
        about = {
            "redemption": f"gift:{name}",
            "at": self.now,
            "source": OWN_SOURCE,
            "id": f"gift:{name}:given",
        }
        seen = {
            "state": "waiting",
            "until": until,
            "parts": parts,
            "code": gifts.code_of(made, SECRET),
            "made": made,
        }
        self.facts[who].append(
            {"type": "redeem", "gift": True, "held": True, "points": points, **about, **seen}
        )

    def is_today(self, at: datetime) -> bool:
        return local_day(at) == local_day(self.now)

    def take(self, who: str) -> None:
        """One of the gifts there are, whoever gave it and whatever became of it."""
        me, found = self.member(who), self.given()
        if me is None or not found:
            return
        waiting = [
            (whose, fact)
            for whose, fact in found
            if fact["state"] == "waiting" and whose not in self.person(who)
        ]
        whose, fact = self.chance.choice(waiting if waiting and self.chance.random() < 0.8 else found)
        had = [one for one in self.theirs(who) if one["type"] == "received"]
        mine = any(one["gift id"] == fact["redemption"] for one in had)
        today = sum(one["points"] for one in had if self.is_today(one["at"]))
        wrong = None
        if today + fact["points"] > (self.terms.gifts_per_day or 0):
            wrong = "gift_day"
        if fact["state"] != "waiting" or self.now >= fact["until"]:
            wrong = None if mine else "gift_unknown"
        if whose in self.person(who):
            wrong = "gift_own"
        made, refused = attempt(lambda: giving.take(self.session, me, fact["code"], SECRET, self.now))
        assert refused == wrong, self.said((refused, wrong))
        if made is None:
            self.done[str(refused)] += 1
            return
        assert made.state == "taken", self.said(made.state)
        if not mine:
            self.settle_gift(whose, fact, "taken", "hand-over", "taken", self.now)
            name = fact["redemption"]
            got = {"type": "received", "gift id": name, "points": fact["points"], "parts": fact["parts"]}
            self.facts[who].append(got | {"at": self.now, "source": OWN_SOURCE, "id": f"{name}:received"})
            self.check(whose)

    def settle_gift(
        self, who: str, fact: dict[str, Any], state: str, kind: str, word: str, at: datetime
    ) -> None:
        """What became of a gift, for who gave it."""
        name = fact["redemption"]
        fact["state"] = state
        told = {"type": kind, "redemption": name, "at": at, "source": OWN_SOURCE, "id": f"{name}:{word}"}
        self.facts[who].append(told)
        self.done[f"gift {state}"] += 1

    def call_back(self, who: str) -> None:
        """A gift that nobody has taken."""
        me, found = self.member(who), [fact for whose, fact in self.given() if whose == who]
        if me is None or not found:
            return
        fact = self.chance.choice(found)
        actor = f"member:{me}"
        _, refused = attempt(
            lambda: giving.call_back(self.session, me, fact["made"].gift_id, actor, self.now)
        )
        assert refused == ("gift_taken" if fact["state"] == "taken" else None), self.said(refused)
        if fact["state"] == "waiting":
            self.settle_gift(who, fact, "back", "cancel-redemption", "cancelled", self.now)

    def lapse(self) -> None:
        """What nobody took in time is the giver's again."""
        super().lapse()
        over = [
            (who, fact)
            for who, fact in self.given()
            if fact["state"] == "waiting" and fact["until"] <= self.now
        ]
        giving.lapse(self.session, giving.overdue(self.session, self.now), self.now)
        for who, fact in over:
            self.settle_gift(who, fact, "over", "cancel-redemption", "cancelled", fact["until"])
