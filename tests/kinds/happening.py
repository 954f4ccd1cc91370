"""What may happen to a member, drawn at random: every type of fact that moves what somebody has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from facts.events import DATA, INTERNAL, Fact
from tests.builders import a_fact
from tests.kinds.drawing import ACCEPTED, BRAND, DEPARTMENT, OWN, SKUS, TAGS

START = datetime(2025, 10, 20, 5, tzinfo=UTC)
END = START + timedelta(hours=9000)
ELSEWHERE = (
    "badge.", "challenge.", "streak.", "board.", "goal.", "game.", "guard.", "member.moved", "referral.joined",
)  # fmt: skip
"""What of the facts moves the game alone; `tests/members/test_law.py` lets it happen."""
TYPES = frozenset(name for name in DATA if not name.startswith(ELSEWHERE)) | {OWN, ACCEPTED}


@dataclass(frozen=True, slots=True)
class Told:
    """Something that happened, for whichever source tells it."""

    kind: str
    id: str
    at: datetime
    data: dict[str, Any]

    def fact(self, source: str) -> Fact:
        """The fact, as a source tells it."""
        return a_fact(
            self.kind, self.data, at=self.at, id=self.id, source=source, internal=self.kind in INTERNAL
        )


def facts_of(history: list[Told], source: str) -> list[Fact]:
    """All of them."""
    return [told.fact(source) for told in history]


def a_moment(chance: Random) -> datetime:
    """Some time within a year."""
    return START + timedelta(hours=chance.randint(0, 9000))


def after(at: datetime, chance: Random) -> datetime:
    """Some days later, most of the time; or before it, as a clock that is wrong says."""
    return min(END, max(START, at + timedelta(days=chance.randint(-5, 40))))


def cents(amount: int) -> str:
    """An amount of money as facts have it."""
    return f"{amount // 100}.{amount % 100:02}"


def a_line(chance: Random, number: int, sku: str = "") -> dict[str, Any]:
    """A line of an order."""
    sku, amount = sku or chance.choice(SKUS), chance.randint(1, 15000)
    line: dict[str, Any] = {"line_id": str(number), "sku": sku, "quantity": str(chance.randint(1, 3)),
                            "amount": cents(amount), "category": DEPARTMENT[sku], "tags": TAGS[sku]}  # fmt: skip
    if BRAND[sku]:
        line["brand"] = BRAND[sku]
    if chance.random() < 0.2:
        line |= {"tax": cents(amount // 5), "discount": cents(amount // 3)}
    return line


def an_order(chance: Random, name: str, at: datetime) -> Told:
    """An order that was paid."""
    data: dict[str, Any] = {"order_id": name, "currency": "USD",
                            "lines": [a_line(chance, number) for number in range(chance.randint(1, 3))]}  # fmt: skip
    told = (("channel", "web"), ("partner", "bakery"), ("shipping", "4.90"), ("points_paid", "0.50"),
            ("points_paid", "1.20"))  # fmt: skip
    data |= {field: value for field, value in told if chance.random() < 0.2}
    return Told("order.paid", f"paid-{name}", at, data)


def of_order(chance: Random, order: Told) -> list[Told]:
    """What becomes of an order, and what was set aside for it before."""
    name, at, found = order.data["order_id"], order.at, list[Told]()
    if chance.random() < 0.3:
        back = [{"line_id": line["line_id"], "quantity": "1", "amount": line["amount"]}
                for line in order.data["lines"] if chance.random() < 0.6]  # fmt: skip
        if back:
            found.append(Told("order.refunded", f"back-{name}", after(at, chance),
                              {"order_id": name, "refund_id": f"b-{name}", "lines": back}))  # fmt: skip
    if chance.random() < 0.2:
        found.append(Told("order.refunded", f"part-{name}", after(at, chance),
                          {"order_id": name, "refund_id": f"p-{name}", "amount": "0.40"}))  # fmt: skip
    news = (("order.placed", 0.1), ("order.delivered", 0.2), (ACCEPTED, 0.3), ("order.cancelled", 0.1))
    for kind, often in news:
        if chance.random() < often:
            data = order.data if kind == "order.placed" else {"order_id": name}
            if kind == "order.delivered" and chance.random() < 0.5:
                data["line_ids"] = [line["line_id"] for line in order.data["lines"] if chance.random() < 0.7]
            found.append(Told(kind, f"{kind}-{name}", after(at, chance), data))
    if chance.random() < 0.3:
        found += a_payment(chance, name, at)
    return found


def a_payment(chance: Random, order: str, at: datetime) -> list[Told]:
    """Points that were set aside for an order, before it came most of the time."""
    before = max(START, at - timedelta(minutes=chance.randint(-90, 90)))
    data = {
        "payment_id": f"y-{order}",
        "order_id": order,
        "points": chance.choice([30, 120]),
        "money": "0.80",
    }
    done = {"payment_id": f"y-{order}", "order_id": order}
    end = chance.choice(["", "payment.committed", "payment.released"])
    found = [Told("payment.held", f"y-{order}", before, data)]
    return [*found, Told(end, f"z-{order}", max(before, at), done)] if end else found


def an_adjustment(chance: Random, name: str) -> dict[str, Any]:
    return {"adjustment_id": name, "points": chance.choice([-60, 45]), "reason": "a test", "actor": "test",
            "promotional": chance.random() < 0.3, "wallet": chance.choice(["", "", "cash"])}  # fmt: skip


def a_transfer(chance: Random, name: str) -> dict[str, Any]:
    if chance.random() < 0.5:
        return {"merge": name, "points": -chance.randint(1, 50), "owes": chance.random() < 0.5}
    lots = [{"points": 25}, {"points": 15, "promotional": True, "expires_at": "2026-09-01T04:00:00+00:00"}]
    return {"merge": name, "points": 40, "lots": lots}


def a_balance(chance: Random, name: str) -> dict[str, Any]:
    lots: list[dict[str, Any]] = [
        {"points": 40, "lasts": chance.random() < 0.5, "since": "2024-02-01T00:00:00+00:00"}
    ]
    if chance.random() < 0.5:
        lots.append({"points": 30, "promotional": True, "expires_at": "2026-07-01T04:00:00+00:00"})
    return {"item": name, "lots": lots}


def a_referral(chance: Random, name: str) -> dict[str, Any]:
    return {"referral": name, "step": "s", "side": chance.choice(["sharer", "friend"]), "offer": "o", "points": 35,
            "active_from": chance.choice(["", "2026-06-01T04:00:00+00:00"])}  # fmt: skip


def a_gift(chance: Random, name: str) -> dict[str, Any]:
    """Points that were given to a friend."""
    return {"gift_id": name, "points": chance.choice([10, 60]), "promotional": chance.random() < 0.3}


def a_redemption(chance: Random, name: str) -> dict[str, Any]:
    """Points for a reward, or one of a choice: a thing for nothing, or points."""
    said: dict[str, Any] = {"redemption_id": name, "reward": "reward-0"}
    if chance.random() < 0.2:
        said["points"] = 0
        return said | ({"brings": 25, "lasts_days": chance.choice([5, 60])} if chance.random() < 0.6 else {})
    return said | {"points": chance.randint(1, 200), "held": chance.random() < 0.5}


ALONE: dict[str, Callable[[Random, str], dict[str, Any]]] = {
    "member.signed_up": lambda chance, name: {"channel": chance.choice(["web", "store:1"])},
    "profile.completed": lambda chance, name: {"fields": ["name"]},
    "review.posted": lambda chance, name: {"review_id": name, "rating": chance.randint(1, 5)},
    "survey.answered": lambda chance, name: {"survey_id": name},
    "social.shared": lambda chance, name: {"network": "web"},
    "visit": lambda chance, name: {"page": "/"},
    OWN: lambda chance, name: {"km": chance.randint(0, 9), "night": chance.random() < 0.5},
    "member.birthday": lambda chance, name: {"year": 2026},
    "member.anniversary": lambda chance, name: {"years": chance.randint(1, 3)},
    "points.adjusted": an_adjustment,
    "points.transferred": a_transfer,
    "redemption.made": a_redemption,
    "referral.rewarded": a_referral,
    "referral.milestone": lambda chance, name: {"referral": name, "step": "m", "friends": 3, "points": 50},
    "import.balance": a_balance,
    "import.tier": lambda chance, name: {"item": name, "tier": chance.choice(["silver", "gold"]),
                                         "until": chance.choice(["", "2026-05-31"])},
    "gift.given": a_gift,
    "gift.received": lambda chance, name: {"gift_id": name, "points": 20, "lots": [{"points": 15}, {
        "points": 5, "promotional": True, "expires_at": "2026-08-01T04:00:00+00:00"}]},
    "referral.bought": lambda chance, name: {"referral": name, "step": "b", "order": chance.choice([1, 1, 2])},
    "tier.pinned": lambda chance, name: {"pin_id": name, "tier": chance.choice(["silver", "gold"]),
                                         "until": chance.choice(["", "2026-08-31"]),
                                         "reason": "a test", "actor": "test"},
    "tier.unpinned": lambda chance, name: {"pin_id": name, "reason": "a test", "actor": "test"},
    "points.extended": lambda chance, name: {"extension_id": name, "until": chance.choice(["2026-08-31", "2026-12-31"]),
                                             "reason": "a test", "actor": "test"},
    "import.entry": lambda chance, name: {"item": name, "points": chance.choice([-5, 12]), "reason": "a test"},
}  # fmt: skip
"""What happens by itself."""
ENDS = {"redemption.made": (("redemption.captured", "redemption_id"), ("redemption.cancelled", "redemption_id")),
        "gift.given": (("gift.taken", "gift_id"), ("gift.cancelled", "gift_id")),
        "import.balance": (("import.cancelled", "item"),), "import.tier": (("import.cancelled", "item"),),
        "referral.rewarded": (("referral.cancelled", "referral", "step"),),
        "referral.bought": (("referral.cancelled", "referral", "step"),),
        "referral.milestone": (("referral.cancelled", "referral", "step"),)}  # fmt: skip
"""What may become of it, and what of its data that names."""


def a_history(chance: Random) -> list[Told]:
    """Some orders, whatever becomes of them, and whatever else happens."""
    found: list[Told] = []
    for number in range(chance.randint(1, 6)):
        order = an_order(chance, f"o{number}", a_moment(chance))
        missing = chance.random() < 0.1  # a refund may come of an order that never does
        found += [*([] if missing else [order]), *of_order(chance, order)]
    for number in range(chance.randint(0, 7)):
        kind, at = chance.choice(sorted(ALONE)), a_moment(chance)
        name = f"{kind.rpartition('.')[2]}-{number}"
        data = ALONE[kind](chance, name)
        found.append(Told(kind, name, at, data))
        if kind in ENDS and chance.random() < 0.4:
            end, *names = chance.choice(ENDS[kind])
            later = at + timedelta(days=chance.randint(0, 40))
            found.append(Told(end, f"end-{name}", min(END, later), {field: data[field] for field in names}))
    return found
