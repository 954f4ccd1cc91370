"""Members who bring each other at random: by a code that is named, with joining, or with an order at the till."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from facts.events import OWN_SOURCE
from members.actions import referring
from members.referral_codes import mine
from rewards.tables import Lot
from tests.model.alike import unlike
from tests.model.giver import Giver
from tests.model.history import effective
from tests.model.life import wire
from tests.model.oracle import Stand
from tests.model.referred import Offer, Referral, bought, month_of
from tests.model.teller import attempt
from tests.model.terms import Terms


@dataclass(frozen=True)
class Inviting(Terms):
    """Terms under which friends are brought."""

    offer: Offer = field(default_factory=Offer)

    def more_parts(self) -> str:
        return super().more_parts() + self.offer.text()


@dataclass
class Friends(Giver):
    """Random invitations. `referrals` are by friend, `links` the codes that members share."""

    referrals: dict[str, Referral] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    told: int = 0

    @property
    def offer(self) -> Offer:
        assert isinstance(self.terms, Inviting)
        return self.terms.offer

    def operations(self) -> dict[str, int]:
        return super().operations() | {"name_code": 4, "sign_up": 3, "till": 8}

    def tellable(self) -> list[str]:
        return [*super().tellable(), "sign_up", "till"]

    # --- who brings whom ----------------------------------------------------------------------------------

    def code_of_somebody(self) -> str | None:
        """The code of anybody who is here, the same one each time; most often of the one who brings many."""
        many, *others = self.facts
        who = many if self.chance.random() < 0.7 else self.chance.choice(others)
        me = self.member(who)
        if me and who not in self.links:
            link = mine(self.session, me, self.now)
            assert link
            self.links[who] = link.code
        return self.links.get(who)

    def name_code(self, who: str) -> None:
        me, code = self.member(who), self.code_of_somebody()
        if me is None or code is None:
            return
        wanted = self.put_down(who, code, self.now)
        _, refused = attempt(lambda: referring.bring(self.session, me, code, "code", self.now))
        assert refused == wanted, self.said((refused, wanted))
        self.done[refused or "brought by code"] += 1

    def sign_up(self, who: str) -> None:
        code = self.code_of_somebody() if self.chance.random() < 0.4 else None
        named = {"referral_code": code} if code else {}
        self.tell(who, {"type": "signed"}, "member.signed_up", {"channel": "web"} | named)

    def till(self, who: str) -> None:
        """An order that names a code."""
        lines, name, code = self.some_lines(), self.next_order(who), self.code_of_somebody()
        data = {"order_id": name, "currency": "USD", "lines": wire(lines), "codes": [code] if code else []}
        self.tell(who, {"type": "paid", "order": name, "lines": lines, "paid": 0}, "order.paid", data)

    def put_down(self, who: str, code: str, at: datetime) -> str | None:
        """Put somebody down to whoever shared a code; why not, if not."""
        sharer = next(one for one, link in self.links.items() if link == code)
        if sharer == who:
            return "code_own"
        if who in self.referrals:
            return "brought_already"
        above = sharer
        while above in self.referrals:
            above = self.referrals[above].sharer
        if above == who:
            return "code_circle"
        joined = min(self.signed(who), default=None)
        if joined and at > joined + timedelta(days=self.offer.late_days):
            return "code_late"
        self.referrals[who] = Referral(who, sharer, min(at, joined or at))
        self.settle_friend(self.referrals[who])
        return None

    def signed(self, who: str) -> Iterator[datetime]:
        return (fact["at"] for fact in self.facts[who] if fact["type"] == "signed")

    def deliver(self, told: list[Any]) -> None:
        super().deliver(told)
        for who, full, sent in told:
            for code in (sent.data.get("referral_code"), *sent.data.get("codes", ())):
                if code and full in self.facts[who]:
                    self.done[self.put_down(who, code, sent.occurred_at) or "brought by a fact"] += 1

    # --- what it brings -----------------------------------------------------------------------------------

    def follow(self) -> None:
        """What should stand of every friend, and of all whom a member has brought."""
        ids = {who: me for who in self.facts if (me := self.member(who))}
        referring.follow(self.session, list(ids.values()), self.now)
        for friend in sorted(self.referrals, key=lambda one: ids.get(one, UUID(int=0))):
            self.settle_friend(self.referrals[friend])
        for sharer in self.facts:
            self.milestones(sharer)

    def settle_friend(self, one: Referral) -> None:
        one.came = min(one.came, *self.signed(one.friend), one.came)
        at = self.offer.paid_at(one.came, bought(list(effective(self.facts[one.friend]))))
        if at and not one.paid:
            one.full = one.full or self.is_full(one)
            one.paid = not one.full
            self.done["full" if one.full else "paid first"] += 1
        self.replace(one.sharer, f"{one.friend} joined", [{"type": "friend joined", "at": one.came}])
        paid = self.points(at, self.offer.good(at), self.offer.friend, self.offer.friend_days) if at else []
        self.replace(one.friend, f"{one.friend} friend", paid)
        paid = self.points(at, self.offer.good(at), self.offer.sharer) if at and not one.full else []
        self.replace(one.sharer, f"{one.friend} sharer", paid)
        if one.told != at:
            self.done["paid" if at else "paid back"] += 1
        one.told = at

    def points(
        self, at: datetime, good: datetime, points: int, days: int | None = None
    ) -> list[dict[str, Any]]:
        return [{"type": "friend", "at": at, "good": good, "points": points, "days": days}]

    def replace(self, who: str, about: str, facts: list[dict[str, Any]]) -> None:
        """Let these stand, and nothing else of what they are about."""
        self.facts[who] = [fact for fact in self.facts[who] if fact.get("about") != about]
        for number, fact in enumerate(facts):
            name = {"about": about, "source": OWN_SOURCE, "id": f"referral:{about}:{number}"}
            self.facts[who].append(fact | name)

    def is_full(self, one: Referral) -> bool:
        """Whether the sharer was paid for as many as the offer pays for."""
        same = [other for other in self.referrals.values() if other.sharer == one.sharer and other.paid]
        if self.offer.monthly:
            same = [other for other in same if month_of(other.came) == month_of(one.came)]
        return self.offer.most is not None and len(same) >= self.offer.most

    def milestones(self, sharer: str) -> None:
        """So many friends together: at the last of them, and good when all of them are."""
        times = sorted(one.told for one in self.referrals.values() if one.sharer == sharer and one.told)
        for friends, points in self.offer.milestones:
            reached = times[:friends] if len(times) >= friends else []
            good = max((self.offer.good(at) for at in reached), default=self.now)
            paid = self.points(reached[-1], good, points) if reached else []
            if reached:
                self.done["milestone"] += 1
            self.replace(sharer, f"{sharer} milestone {friends}", paid)

    # --- what must hold -----------------------------------------------------------------------------------

    def check(self, who: str) -> None:
        self.follow()
        super().check(who)

    def check_lots(self, who: str, lots: list[Lot], right: Stand) -> None:
        """By their dates: what friends brought has a number that means nothing."""
        wrong = unlike(lots, right)
        assert not wrong, self.said((who, wrong))
