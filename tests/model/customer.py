"""Members who have rewards at random, use them and give them back, and staff who hand them over and count the shelf."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from facts.events import OWN_SOURCE
from members.actions.redeem import cancel, code_of, redeem
from members.actions.staff import set_stock
from members.actions.vouchers import expire_unused, hand_over, issue, lapse, unfetched, use_code
from rewards.redemption import PRIZE
from rewards.stock import left_of
from rewards.tables import Redemption
from tests.model.celebrant import Celebrant
from tests.model.shelf import BACK, GOOD, USED, WAITING, Had
from tests.model.teller import SECRET, attempt

BY = "staff:test"
ALL_WORDS = ("back", "hand over", "issue", "use")
WORDS = {WAITING: ("back", "hand over", "issue"), GOOD: ("back", "use")}


class Customer(Celebrant):
    """Random operations on rewards. What somebody has is remembered on the shelf, by its id."""

    def operations(self) -> dict[str, int]:
        return super().operations() | {"redeem": 7, "settle": 7, "count": 1}

    def redeem(self, who: str) -> None:
        """Any reward, or more often one for which there are points."""
        me = self.member(who)
        if me is None:
            return
        right, offers = self.expected(who), self.terms.offers
        level, available = right.ladder.held, right.points.available(self.now)
        near = [one for one in offers if one.costs(level) <= available]
        offer = self.chance.choice(near if near and self.chance.random() < 0.7 else offers)
        wrong = self.shelf.refusal(self.person(who), offer, level, available, self.now)
        self.number += 1
        made, refused = attempt(
            lambda: redeem(self.session, me, offer.slug, self.now, f"tap-{self.number}", SECRET)
        )
        assert refused == wrong, self.said((offer.slug, refused, wrong))
        if made is None:
            self.done[str(refused)] += 1
            return
        name, price = str(made.redemption_id), offer.costs(level)
        self.shelf.take(name, Had(who, offer, self.now))
        fact = {"type": "redeem", "points": price, "held": bool(offer.held), "reward": offer.slug}
        self.note(who, fact | self.about("made", name))

    def about(self, word: str, name: str) -> dict[str, Any]:
        return {"redemption": name, "at": self.now, "source": OWN_SOURCE, "id": f"{word}:{name}"}

    def settle(self, who: str) -> None:
        """Give a reward back, hand it over, make a code of it, or use that, as far as this can be done."""
        mine = self.person(who)
        found = [name for name, one in self.shelf.had.items() if one.who in mine]
        if not found:
            return
        open_ones = [name for name in found if self.shelf.had[name].state in WORDS]
        name = self.chance.choice(open_ones if open_ones and self.chance.random() < 0.8 else found)
        one = self.shelf.had[name]
        made = self.session.exec(select(Redemption).where(Redemption.redemption_id == UUID(name))).one()
        me = made.member_id
        fitting = WORDS[one.state] if one.state in WORDS and self.chance.random() < 0.7 else ALL_WORDS
        word = self.chance.choice(fitting)
        code = code_of(made, SECRET) or "AAAA-AAAA"
        self.number += 1
        does, right, wrong = {
            "back": (lambda: cancel(self.session, me, made.redemption_id, self.now, BY),
                     one.returned(self.now) or one.state == BACK, "redemption_final"),
            "hand over": (lambda: hand_over(self.session, me, made.redemption_id, BY, self.now),
                          one.fetched(self.now), "redemption_not_reserved"),
            "issue": (lambda: issue(self.session, me, made.redemption_id, BY, self.now, SECRET),
                      one.fetched(self.now), "redemption_not_reserved"),
            "use": (lambda: use_code(self.session, code, f"sale-{self.number}", self.now, SECRET),
                    one.usable(self.now), "code_refused"),
        }[word]  # fmt: skip
        _, refused = attempt(does)
        assert refused == (None if right else wrong), self.said((word, one, refused))
        self.done[str(refused or word)] += 1
        if refused is None and (word, one.state) != ("back", BACK):
            self.settled(who, name, one, word)

    def settled(self, who: str, name: str, one: Had, word: str) -> None:
        """What became of a reward, for its member and on the shelf."""
        if word == "back":
            self.note(who, {"type": "cancel-redemption"} | self.about("cancelled", name))
            self.shelf.close(one, BACK)
        elif word == "issue":
            one.issue(self.now)
        else:
            one.state = USED
        if word in ("hand over", "issue"):
            self.note(who, {"type": "hand-over"} | self.about("captured", name))

    def count(self, who: str) -> None:
        """Staff count what stands on the shelf."""
        slug, left = self.chance.choice(sorted(self.shelf.left)), self.chance.randint(0, 3)
        set_stock(self.session, slug, left, BY, self.now)
        self.shelf.left[slug] = left

    def lapse(self) -> None:
        """What nobody fetched in time goes back to the shelf, and its points to their lots; so do unused vouchers."""
        super().lapse()
        lapse(self.session, unfetched(self.session, self.now), self.now)
        expire_unused(self.session, self.now)
        for name, one in self.shelf.pass_until(self.now).items():
            if one.who in self.facts:
                fact = {"type": "cancel-redemption"} | self.about("cancelled", name)
                self.note(one.who, fact | {"at": one.until})

    def check_everything(self) -> None:
        """And each reward is what became of it, and the shelf holds what is left."""
        super().check_everything()
        bought = ~col(Redemption.request_id).startswith(PRIZE, autoescape=True)
        rows = self.session.exec(select(Redemption.redemption_id, Redemption.state).where(bought)).all()
        there, wanted = ({str(name): str(state) for name, state in rows},
                         {name: one.state for name, one in self.shelf.had.items()})  # fmt: skip
        assert there == wanted, self.said(dict(there.items() ^ wanted.items()))
        left = {slug: left_of(self.session, slug) for slug in self.shelf.left}
        assert left == self.shelf.left, self.said((left, self.shelf.left))
