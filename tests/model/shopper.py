"""Members at a shop's checkout at random: ask what points can pay, set them aside, place the order, or give it up."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from facts.orders import order_of
from members.actions import paying
from rewards.payment_tables import Payment
from tests.builders import SHOP
from tests.model.checkout import fewest, payable, rate, refusal
from tests.model.guest import Guest
from tests.model.life import wire
from tests.model.teller import attempt
from tests.model.terms import Paying


class Shopper(Guest):
    """Random operations that set points aside for orders. A checkout is remembered as the fact that opened it."""

    def operations(self) -> dict[str, int]:
        return super().operations() | (
            {"check_out": 5, "place": 3, "paid_for": 4} if self.terms.paying else {}
        )

    def tellable(self) -> list[str]:
        return [*super().tellable(), *(["paid_for", "called_off"] if self.terms.paying else [])]

    def wallets(self) -> dict[str, tuple[Paying, int]]:
        """What can be paid with: its terms, and how many of it are one unit of money."""
        found = {"points": (self.terms.paying, self.terms.worth)} if self.terms.paying else {}
        return found | ({"cash": (self.terms.cash.paying, 100)} if self.terms.cash else {})

    def check_out(self, who: str) -> None:
        """What points can pay, and some of it, or too much, set aside for the next order."""
        me = self.member(who)
        if me is None:
            return
        wallet, (terms, worth) = self.chance.choice(list(self.wallets().items()))
        right, lines, name = self.expected(who), self.some_lines(), self.next_order(who)
        per = rate(terms, worth, right.ladder.held)
        most, money, shares = payable(terms, per, right.purses[wallet].available(self.now), lines)
        sent = order_of({"order_id": name, "currency": "USD", "lines": wire(lines)}).lines
        found = paying.quote(self.session, me, sent, self.now, wallet)
        told = (found.payable.points, found.payable.money, list(found.payable.lines), found.minimum)
        assert told == (most, money, shares, fewest(terms, per)), self.said((told, most, money, shares))
        points = most if self.chance.random() < 0.6 else self.chance.randint(1, most + 20)
        points -= points % terms.step if self.chance.random() < 0.8 else 0
        self.number += 1
        elsewhere = "order_of_another" if self.home(who, {"order": name}) != who else None
        wanted = refusal(terms, per, most, points) or elsewhere
        request = f"pay-{self.number}"

        def hold() -> Payment:
            with self.session.begin_nested():
                return paying.hold(self.session, me, SHOP, name, sent, points, request, self.now, wallet)

        made, refused = attempt(hold)
        assert refused == wanted, self.said((refused, wanted, points))
        if made is None:
            self.done[str(refused)] += 1
            return
        assert made.money == points * 100 // per, self.said((made.money, points))
        self.facts[who].append({
            "type": "set-aside", "payment": str(made.payment_id), "order": name, "points": points, "money": made.money,
            "wallet": wallet, "held": True, "lines": lines, "at": self.now, "source": SHOP,
            "id": f"payment.held:{made.payment_id}",
        })  # fmt: skip
        if self.chance.random() < 0.2:
            assert hold().payment_id == made.payment_id

    def checkouts(self, who: str) -> list[dict[str, Any]]:
        return [fact for fact in self.facts[who] if fact["type"] == "set-aside"]

    def place(self, who: str) -> None:
        """The order is placed, or not after all; twice is once, and what is over is over."""
        me, found = self.member(who), self.checkouts(who)
        if me is None or not found:
            return
        fact = self.chance.choice(found)
        made = self.session.exec(select(Payment).where(Payment.payment_id == UUID(fact["payment"]))).one()
        before, late, word = str(made.state), self.now >= made.until, self.chance.choice(["place", "give-up"])
        paid = any(one["type"] == "paid" and one["order"] == fact["order"] for one in self.facts[who])
        over, wrong = before in ("released", "lapsed"), None
        if word == "place" and before != "committed" and (over or late):
            wrong = "payment_over"
        if word == "give-up" and not over and (before == "committed" or paid):
            wrong = "payment_final"
        does = paying.commit if word == "place" else paying.release
        done, refused = attempt(lambda: does(self.session, me, SHOP, made.payment_id, self.now))
        assert refused == wrong, self.said((word, refused, wrong))
        if done and done.state != before:
            kind = "payment.committed" if word == "place" else "payment.released"
            self.tell_of(who, fact, word, kind, self.now)

    def tell_of(self, who: str, fact: dict[str, Any], word: str, kind: str, at: datetime) -> None:
        """What became of a checkout, as the engine has it by now."""
        about = {"order": fact["order"], "payment": fact["payment"], "source": SHOP}
        self.facts[who].append({"type": word, "at": at, "id": f"{kind}:{fact['payment']}", **about})
        self.done[word] += 1
        self.decide({who})

    def paid_for(self, who: str) -> None:
        """The order of a checkout comes: with what was meant, less, more, or without a word of it."""
        if found := self.checkouts(who):
            told = {one["order"] for one in self.facts[who] if one["type"] == "paid"}
            new = [fact for fact in found if fact["order"] not in told]
            fact = self.chance.choice(new if new and self.chance.random() < 0.8 else found)
            lines = fact["lines"] if self.chance.random() < 0.9 else self.some_lines()
            whole, meant = sum(line["amount"] for line in lines), fact["money"]
            paid = self.chance.choice([
                None, meant, meant + self.chance.randint(1, 40), *(self.chance.randint(0, meant) for _ in "abc"),
            ])  # fmt: skip
            paid = None if paid is None else min(paid, whole)
            self.pay(who, {"type": "paid", "order": fact["order"], "lines": lines, "paid": paid})

    def called_off(self, who: str) -> None:
        """The order of a checkout is cancelled, whether it came or not."""
        if found := self.checkouts(who):
            order = self.chance.choice(found)["order"]
            self.tell(who, {"type": "cancel", "order": order}, "order.cancelled", {"order_id": order})

    def lapse(self) -> None:
        """What was set aside for too long is the member's again, unless its order came."""
        super().lapse()
        query = select(Payment).where(Payment.state == "held", col(Payment.until) <= self.now)
        over = {str(made.payment_id): made.until for made in self.session.exec(query)}
        paying.lapse(self.session, paying.overdue(self.session, self.now), self.now)
        for who in self.facts:
            told = {one["order"] for one in self.facts[who] if one["type"] == "paid"}
            for fact in self.checkouts(who):
                if fact["payment"] in over and fact["order"] not in told:
                    self.tell_of(who, fact, "give-up", "payment.released", over[fact["payment"]])
