"""The members of a shop, and what may happen to them at random."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from members.actions.record import advance, record
from tests.model.player import PUBLISHED_AFTER, Player
from tests.model.teller import CHECK_EVERY

MORE = 6  # times as often


class Life(Player):
    """Random operations on the members of one shop, of some kinds more often: those in its `focus`."""

    focus: Collection[str] = ()

    # --- operations ---------------------------------------------------------------------------------------

    def step(self) -> None:
        """One operation, and everything that must hold after it."""
        self.now += timedelta(minutes=self.chance.randint(1, 600))
        who = self.chance.choice(list(self.facts))
        kinds = self.operations()
        often = [many * (MORE if kind in self.focus else 1) for kind, many in kinds.items()]
        kind = self.chance.choices(list(kinds), often)[0]
        getattr(self, kind)(who)
        self.steps += 1
        self.done[kind] += 1
        self.check(who)
        if self.steps == PUBLISHED_AFTER and self.terms.played and not self.published:
            self.publish()
        if self.steps % CHECK_EVERY == 0:
            self.check_everything()

    def operations(self) -> dict[str, int]:
        """What may happen, and how often."""
        return {
            "order": 9, "review": 3, "visit": 3, "refund": 5, "by_amount": 2, "cancel": 2, "adjust": 2, "bring": 1,
            "again": 2, "twice": 1, "delivered": 3, "wait": 2, "early": 1, "several": 3,
            "join": 5, "leave": 2, "grant": 1, "revoke": 1, "pin": 1, "unpin": 1,
        }  # fmt: skip

    def order(self, who: str) -> None:
        lines = self.some_lines()
        most = min(sum(line["amount"] for line in lines), 120)
        paid = self.chance.randint(1, most) if self.chance.random() < 0.25 else 0
        came = {"channel": self.chance.choice(["app", "till"]), "partner": self.chance.choice(["", "bakery"])}
        self.pay(who, {"type": "paid", "order": self.next_order(who), "lines": lines, "paid": paid, **came})

    def next_order(self, who: str) -> str:
        self.ordered[who] += 1
        return f"{who}-{self.ordered[who]}"

    def some_lines(self) -> list[dict[str, Any]]:
        return [
            {
                "sku": self.chance.choice(["tea", "gift", "plain", "card"]),
                "amount": self.chance.randint(1, 12_000),
                "pieces": self.chance.randint(1, 2),
            }
            for _ in range(self.chance.randint(1, 3))
        ]

    def pay(self, who: str, fact: dict[str, Any]) -> None:
        """An order; one whose `paid` is None says nothing of points."""
        said = {name: fact[name] for name in ("channel", "partner") if fact.get(name)}
        said |= {} if fact["paid"] is None else {"points_paid": money(fact["paid"])}
        data = {"order_id": fact["order"], "currency": "USD", "lines": wire(fact["lines"])} | said
        self.tell(who, fact, "order.paid", data)

    def early(self, who: str) -> None:
        """A refund of an order that is not there yet, and may come later."""
        name = f"{who}-{self.ordered[who] + self.chance.randint(1, 2)}"
        self.give_back(who, name, [(0, 1, self.chance.randint(1, 3000))], 0)

    def orders(self, who: str) -> list[dict[str, Any]]:
        gathered = [full for one, full, _ in self.batch or () if one == who]
        return [fact for fact in (*self.facts[who], *gathered) if fact["type"] == "paid"]

    def refund(self, who: str) -> None:
        if found := self.orders(who):
            order = self.chance.choice(found)
            lines = []
            for i, line in enumerate(order["lines"]):
                if self.chance.random() < 0.5:
                    whole = self.chance.random() < 0.6
                    lines.append(
                        (
                            i,
                            line["pieces"] if whole else 1,
                            line["amount"] if whole else self.chance.randint(1, line["amount"]),
                        )
                    )
            self.give_back(who, order["order"], lines or [(0, 1, order["lines"][0]["amount"])], 0)

    def by_amount(self, who: str) -> None:
        if found := self.orders(who):
            self.give_back(who, self.chance.choice(found)["order"], [], self.chance.randint(1, 6000))

    def give_back(self, who: str, order: str, lines: list[tuple[int, int, int]], amount: int) -> None:
        fact = {"type": "refund", "order": order, "lines": lines, "amount": amount}
        back = [{"line_id": str(i), "quantity": str(n), "amount": money(m)} for i, n, m in lines]
        self.number += 1
        data = {"order_id": order, "refund_id": f"r{self.number}", "lines": back, "amount": money(amount)}
        self.tell(who, fact, "order.refunded", data)

    def cancel(self, who: str) -> None:
        if found := self.orders(who):
            order = self.chance.choice(found)["order"]
            self.tell(who, {"type": "cancel", "order": order}, "order.cancelled", {"order_id": order})

    def review(self, who: str) -> None:
        self.number += 1
        self.tell(who, {"type": "review"}, "review.posted", {"review_id": str(self.number)})

    def visit(self, who: str) -> None:
        """A fact of the shop's own."""
        desk = self.chance.randint(1, 4)
        self.tell(who, {"type": "visit", "desk": desk}, "x.visit", {"desk": desk})

    def adjust(self, who: str) -> None:
        points, wallet = self.chance.choice([-45, -12, 18, 60]), self.chance.choice(["points", "cash", "xp"])
        self.number += 1
        data: dict[str, Any] = {
            "adjustment_id": str(self.number),
            "points": points,
            "reason": "a random life",
            "actor": "test",
        }
        fact: dict[str, Any] = {"type": "adjust", "points": points}
        if wallet != "points" and self.terms.cash:
            data["wallet"] = fact["wallet"] = wallet
        self.tell(who, fact, "points.adjusted", data)

    def bring(self, who: str) -> None:
        """What a member had in another programme, for as long as points last here or for ever."""
        points, lasts = self.chance.randint(5, 60), self.chance.random() < 0.3
        self.number += 1
        data = {"item": f"i{self.number}", "lots": [{"points": points, "lasts": lasts}]}
        self.tell(who, {"type": "bring", "points": points, "lasts": lasts}, "import.balance", data)

    def again(self, who: str) -> None:
        """A retry of anything: nothing may change."""
        if self.sent:
            outcome = record(self.session, [self.chance.choice(self.sent)], self.now)[0]
            assert outcome.status == "duplicate", self.said(outcome)

    def twice(self, who: str) -> None:
        """The same order under another id, at another time."""
        if found := self.orders(who):
            self.pay(
                who, {k: v for k, v in self.chance.choice(found).items() if k not in ("at", "id", "source")}
            )

    def several(self, who: str) -> None:
        """News of several members in one batch, in any order."""
        self.batch = []
        for _ in range(self.chance.randint(2, 7)):
            kind = self.chance.choice(self.tellable())
            getattr(self, kind)(self.chance.choice([who, *self.facts]))
        told, self.batch = self.batch, None
        self.chance.shuffle(told)
        self.deliver(told)
        self.done["in batches"] += len(told)
        for member in self.facts:
            self.check(member)

    def tellable(self) -> list[str]:
        """What can be news in a batch."""
        return ["order", "order", "order", "refund", "by_amount", "cancel", "review", "visit", "adjust", "bring",
                "twice", "early", "delivered", "pin", "unpin", "join", "leave", "grant", "revoke"]  # fmt: skip

    def delivered(self, who: str) -> None:
        """An order was delivered, or some lines of it."""
        if found := self.orders(who):
            order = self.chance.choice(found)
            some = [i for i, _ in enumerate(order["lines"]) if self.chance.random() < 0.6]
            lines = some if self.chance.random() < 0.5 else []
            fact = {"type": "delivered", "order": order["order"], "lines": set(lines)}
            more = {"line_ids": [str(i) for i in lines]} if lines else {}
            self.tell(who, fact, "order.delivered", {"order_id": order["order"], **more})

    def wait(self, who: str) -> None:
        """Days pass; sometimes the nightly job runs."""
        self.now += timedelta(days=self.some_days())
        if self.chance.random() < 0.5:
            self.lapse()
            advance(self.session, self.members(), self.now)

    def some_days(self) -> int:
        return self.chance.randint(1, 40)

    def lapse(self) -> None:
        """What is over by date alone, each kind of which says for itself."""


def wire(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines as a till sends them."""
    return [
        {"line_id": str(i), "sku": one["sku"], "quantity": str(one["pieces"]), "amount": money(one["amount"])}
        for i, one in enumerate(lines)
    ]


def money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
