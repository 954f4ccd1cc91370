"""What friends bring, plainly: the words of docs/referrals.md. Nobody looks like anybody else here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tests.model.arithmetic import local_day, midnight
from tests.model.oracle import Stand
from tests.model.purse import Pile

Fact = dict[str, Any]
Bought = tuple[datetime, str, int]  # when, which order, and what it was worth, in minor units


@dataclass(frozen=True)
class Offer:
    """What both get, and when. `most` friends are paid for, of those who came in one month where it is `monthly`."""

    sharer: int = 50
    friend: int = 30
    friend_days: int | None = None  # so long the friend's last, and burn first
    hold_days: int = 0
    order_min: int = 0
    late_days: int = 14
    most: int | None = None
    monthly: bool = False
    joining: bool = False
    milestones: tuple[tuple[int, int], ...] = ()

    def text(self) -> str:
        """The same as YAML."""
        few = f"{{friends: {self.most}, per: month}}" if self.monthly else str(self.most)
        days = f", promotional: true, expires_days: {self.friend_days}" if self.friend_days else ""
        lines = [
            "referrals:",
            f"  late_days: {self.late_days}",
            "  offers:",
            "    - slug: both",
            "      name: Both",
            f"      sharer: {{points: {self.sharer}}}",
            f"      friend: {{points: {self.friend}{days}}}",
            f"      paid: {'joining' if self.joining else 'first_order'}",
            f"      hold_days: {self.hold_days}",
            *([f'      order_min: "{self.order_min // 100}.00"'] if self.order_min else []),
            *([f"      per_member: {few}"] if self.most else []),
            *(["  milestones:"] if self.milestones else []),
            *(f"    - {{friends: {friends}, points: {points}}}" for friends, points in self.milestones),
        ]
        return "\n".join(lines) + "\n"

    def good(self, at: datetime) -> datetime:
        """From when on what is paid at a moment can be used."""
        return midnight(local_day(at) + timedelta(days=self.hold_days)) if self.hold_days else at

    def paid_at(self, came: datetime, bought: list[Bought]) -> datetime | None:
        """When both are paid for a friend; None when they are not."""
        if any(at < came - timedelta(days=self.late_days) for at, _, _ in bought):
            return None
        if self.joining:
            return came
        counts = [at for at, _, worth in sorted(bought) if worth > 0 and worth >= self.order_min]
        return max(counts[0], came) if counts else None


@dataclass
class Referral:
    """`friend` was brought by `sharer`. `told` is when both were paid, as it stands; `full`: the sharer was not."""

    friend: str
    sharer: str
    came: datetime
    told: datetime | None = None
    paid: bool = False
    full: bool = False


def month_of(at: datetime) -> date:
    return local_day(at).replace(day=1)


def bought(counted: list[Fact]) -> list[Bought]:
    """The purchases among what counts of a friend, without what was paid with points."""
    orders = [fact for fact in counted if fact["type"] == "paid"]
    return [
        (fact["at"], fact["order"], sum(line["amount"] - line["paid"] for line in fact["left"]))
        for fact in orders
    ]


def reward(found: Stand, fact: Fact) -> None:
    """Points that wait until the time for returns is over. They last from then on, and are never given."""
    good, at = fact["good"], fact["at"]
    day, name = local_day(good), f"referral|{fact['source']}|{fact['id']}"
    days = fact["days"]
    end = midnight(day + timedelta(days=days + 1)) if days else found.points.lasting.end_of(day)
    place = (at, fact["source"], fact["id"], "referral")
    found.points.put(Pile(name, fact["points"], bool(days), good, local_day(at), end, place))


def nothing(found: Stand, fact: Fact) -> None:
    """It happened, and moves nothing."""


WORTH = {"friend": reward, "friend joined": nothing, "signed": nothing}
