"""The engine: a member's history folded into entries, lots and a tier. Pure, and the same for any arrival.

`Fold` walks forward through time. Between two events it does what falls due by date alone (expiry, the end
of a tier, a redemption that was handed over); at an event it spends, earns and climbs, in this order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from facts.dates import day_of
from facts.history import Event, Key
from facts.money import Rounding, decimal_text, minor, ratio
from facts.refusals import Refusal
from rewards import aside, climbing, coming_over, paying, perks, pins, restoring, tiers
from rewards.adjusting import adjust
from rewards.bonus import boosted
from rewards.brought import KINDS as BROUGHT
from rewards.caps import capped, forget
from rewards.earning.case import Case, Grant
from rewards.effects import Posting, TierMove
from rewards.extending import KINDS as LONGER
from rewards.gifts import KINDS as GIFTS
from rewards.idle import end_of, expiry_named, keep_alive
from rewards.lots import DEBT, EARNED, POINTS, LotState, burn, rank_of, repay
from rewards.referrals import bring
from rewards.terms import Terms, TermsLine, expiry_of
from rewards.tiers import Climb
from rewards.transfers import transfer
from rewards.waiting import active_from
from rewards.why import told

OTHERS = BROUGHT | GIFTS | LONGER | restoring.KINDS | pins.KINDS | coming_over.KINDS


def _always(slug: str, budget: int, cause: str, points: int) -> int:
    return points


@dataclass(slots=True)
class Fold:
    """What the engine knows of one member while it walks through the history.

    `lots` may be left out (only new ones are kept) as long as nothing has to be taken from older ones: see `needs_lots`
    and `falls_due`. `caps` counts points by rule within the day `caps_day`; `boosts` are multipliers of all earning, in
    thousandths, with the first day without them. `older_due` is when a lot expires that was left out. `last` is the
    last place in history that was weighed; something done by date alone leaves its moment there, and no names.
    `counts` is what rules remember of the member, by their slugs. `spans` are points by cap within a week or a month
    (its number, and the points), and when a rule with a pause paid last. `purchases` is how many orders there were,
    None where nobody counted. `ask` says how many of so many points a rule's budget has for a cause. `wallets` are
    what wallets beside points hold, owe and have set aside, by slug. `active` is the last day of what keeps points
    alive, by type; `away` are points that were away from their lots for a while. `climbs` are the tiers that
    events led to, one after the other, also where staff gave a higher one.
    """

    line: TermsLine
    climb: Climb = field(default_factory=Climb)
    lots: dict[str, LotState] = field(default_factory=dict[str, LotState])
    caps: dict[str, int] = field(default_factory=dict[str, int])
    caps_day: int = 0
    boosts: list[list[int]] = field(default_factory=list[list[int]])
    expiry_due: datetime | None = None
    older_due: datetime | None = None
    postings: list[Posting] = field(default_factory=list[Posting])
    moves: list[TierMove] = field(default_factory=list[TierMove])
    climbs: list[str] = field(default_factory=list[str])
    settlements: list[tuple[datetime, Event]] = field(default_factory=list[tuple[datetime, Event]])
    last: Key | None = None
    counts: dict[str, Any] = field(default_factory=dict[str, Any])
    spans: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    purchases: int | None = 0
    ask: Callable[[str, int, str, int], int] = _always
    wallets: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    active: dict[str, int] = field(default_factory=dict[str, int])
    away: list[restoring.Away] = field(default_factory=list[restoring.Away])

    # --- time ---------------------------------------------------------------------------------------------

    def due_at(self) -> datetime | None:
        """The next moment when something happens by date alone."""
        return min((moment for moment in (self.expiry_due, climbing.ends_at(self)) if moment), default=None)

    def advance(self, to: datetime) -> None:
        """Let time pass up to and including `to`."""
        while True:
            expiry, drop = self.expiry_due, climbing.ends_at(self)
            settle = self.settlements[0][0] if self.settlements else None
            back = restoring.due(self) if self.away else None
            first = min((moment for moment in (settle, expiry, drop, back) if moment), default=None)
            if first is None or first > to:
                return
            if self.last is None or self.last[0] < first:
                self.last = (first, "", "")
            if first == settle:
                aside.settle(self, *self.settlements.pop(0))
            elif first == expiry:
                self._expire(first)
            elif first == back:
                restoring.come_back(self, first)
            else:
                climbing.end(self, first)

    def _expire(self, at: datetime) -> None:
        for lot in sorted(self.lots.values(), key=lambda lot: lot.order):
            end = end_of(self, lot)
            if end and end <= at:
                points, cause, over = lot.remaining, expiry_named(lot, end), max(end, lot.at)
                lot.draw(cause, over, points)
                if self.away:
                    restoring.spare(self, lot, points, over)
                why = {"k": "expired", "points": points}
                self.post(cause, "expired", -points, over, why, wallet=lot.wallet)
        self.expiry_due = min((at for at in (self.next_expiry(), self.older_due) if at), default=None)

    def next_expiry(self) -> datetime | None:
        """When the next lot expires, from the lots at hand."""
        return min((end for lot in self.lots.values() if (end := end_of(self, lot))), default=None)

    # --- events -------------------------------------------------------------------------------------------

    def apply(self, event: Event) -> None:
        """Weigh one event. Events come in order; time advances to each first."""
        self.advance(event.at)
        self.last = event.key
        terms = self.line.at(event.at)
        if event.type in self.line.keeping:
            keep_alive(self, event)
        if not self.climb.tier and event.type != restoring.RETURNED:
            climbing.begin(self, event.at, terms)
        if event.type == "redemption.made":
            aside.redeem(self, event, terms)
        elif event.type == "points.adjusted":
            adjust(self, event, terms)
        elif event.type == "points.transferred":
            transfer(self, event, terms, self.shortfall)
        elif event.type == "payment.held":
            aside.hold(self, event, terms)
        elif event.type in ("referral.rewarded", "referral.milestone"):
            bring(self, event, terms)
        elif event.type in OTHERS:
            OTHERS[event.type](self, event, terms)
        else:
            self.pay(event)
            self._earn(event, terms)

    def _earn(self, event: Event, terms: Terms) -> None:
        level = terms.tiers.levels[tiers.held(self.climb, terms)]
        factor = level.multiplier
        if self.boosts:
            factor = boosted(factor, self.boosts, day_of(event.at, terms.zone))
        case = Case.of(event.type, event.data, event.order, level.slug, factor)
        case.event, case.zone, case.digits, case.counts = event, terms.zone, terms.digits, self.counts
        if self.counts or self.spans:
            forget(self, terms)
        if event.order:
            self.purchases = None if self.purchases is None else self.purchases + 1
            case.purchase = self.purchases or 0
        climbed = 0
        for rule in terms.woken(event):
            if rule.wants(case):
                grant = rule.apply(case)
                if grant:
                    points = self._grant(event, grant, terms)
                    climbed += 0 if rule.promotional or rule.wallet else points
        if level.per_order:
            perks.per_order(self, event, level, terms)
        climbing.climb(self, event, terms, climbed)

    def _grant(self, event: Event, grant: Grant, terms: Terms) -> int:
        rule, why, wallet = grant.rule, {"k": grant.rule.kind, **grant.why}, grant.rule.wallet or POINTS
        terms = terms.of(wallet) if rule.wallet else terms
        _, source, fact_id = event.key
        cause = f"earn|{source}|{fact_id}|{rule.slug}"
        points = capped(self, grant, event, terms, why, cause)
        if not points:
            self.post(cause, "earned", 0, event.at, why, rule.slug, terms.number, wallet=wallet)
            return 0
        day = day_of(event.at, terms.zone)
        active = active_from(event, rule.pending_days, terms, why)
        expires = expiry_of(day, rule.expires_days, terms)
        lot = LotState(cause, EARNED, points, points, rule.promotional, event.at, active, expires,
                       rank_of(event.at, source, fact_id, rule.slug), wallet=wallet)  # fmt: skip
        self.open(lot, event.at)
        self.post(cause, "earned", points, event.at, why, rule.slug, terms.number, active, expires, wallet)
        return points

    def open(self, lot: LotState, at: datetime) -> None:
        """Open a lot: it repays a debt first."""
        repay(self.lots.values(), lot, at)
        self.lots[lot.cause] = lot
        end = end_of(self, lot)
        if end and (self.expiry_due is None or end < self.expiry_due):
            self.expiry_due = end

    def pay(self, event: Event) -> None:
        """Take the points that an order was paid with, whether it earns anything or not."""
        order, terms = event.order, self.line.at(event.at)
        if order is None:
            return
        value = terms.points.value
        unit = minor(value.money, terms.digits)  # 0 for points that pay for nothing
        if event.payment:
            paying.spend(self, event, terms)
        elif order.points_paid and unit:
            points = ratio(order.points_paid * value.points, unit, Rounding.HALF_UP)
            _, source, _ = event.key
            self.spend(
                f"spend|{source}|order:{order.order_id}", points, event.at, terms, {"order": order.order_id}
            )

    def spend(self, cause: str, points: int, at: datetime, terms: Terms, note: dict[str, Any]) -> None:
        """Spend points."""
        short = burn(self.lots.values(), points, cause, at)
        self.post(cause, "spent", -points, at, {"k": "spent", "points": points, **note}, "", terms.number)
        self.shortfall(short, cause, at, terms)

    def shortfall(self, short: int, cause: str, at: datetime, terms: Terms, wallet: str = POINTS) -> None:
        """What was spent and is not there (any more), by the programme's negative-balance policy."""
        if not short:
            return
        policy = terms.of(wallet).points.negative_balance
        if policy.policy == "refuse":
            if wallet == POINTS:
                raise Refusal("balance_short", "There are {short} points too few for this.", short=short)
            money = f"{decimal_text(short, terms.digits)} {terms.currency}"  # only cashback can refuse
            raise Refusal("balance_short", "There is {short} too little for this.", short=money)
        owed = -sum(lot.remaining for lot in self.lots.values() if lot.kind == DEBT and lot.wallet == wallet)
        debt = min(short, max(0, policy.limit - owed)) if policy.policy == "debt" else 0
        self.owe(debt, cause, at, wallet)
        if short > debt:
            why = {"k": "forgiven", "points": short - debt}
            self.post(f"forgive|{cause}", "forgiven", short - debt, at, why, "", terms.number, wallet=wallet)

    def owe(self, points: int, cause: str, at: datetime, wallet: str = POINTS) -> None:
        """Open a debt."""
        if points:
            name, rank = f"debt|{cause}", rank_of(at, "", cause, "")
            self.lots[name] = LotState(name, DEBT, -points, -points, False, at, at, None, rank, wallet=wallet)

    def post(self, cause: str, kind: str, amount: int, at: datetime, why: dict[str, Any], rule: str = "",
              version: int | None = None, active: datetime | None = None,
              expires: datetime | None = None, wallet: str = POINTS) -> None:  # fmt: skip
        """Say that an entry should stand."""
        if wallet != POINTS:
            self.wallets.setdefault(wallet, [0, 0, 0])[0] += amount
            why = {**why, "wallet": wallet}
        number = self.line.at(at).number if version is None else version
        self.postings.append(
            Posting(cause, kind, amount, at, active, expires, rule, number, told(why), wallet)
        )


TAKING = frozenset({
    "redemption.made", "points.adjusted", "points.transferred", "payment.held", "gift.given", "points.extended",
    restoring.RETURNED,
})  # fmt: skip


def needs_lots(fold: Fold, debt: int, batch: list[Event]) -> bool:
    """Whether all older lots must be at hand to weigh `batch`: to spend, to repay, and where lots end together."""
    if debt or (fold.wallets and any(kept[1] for kept in fold.wallets.values())):
        return True
    if falls_due(fold, batch) and (fold.line.keeping or fold.away):
        return True
    return any(
        event.type in TAKING or (event.order is not None and event.order.points_paid > 0) for event in batch
    )


def falls_due(fold: Fold, batch: list[Event]) -> datetime | None:
    """The moment up to which older lots that end must be at hand to weigh `batch`; None when none of them does."""
    last = max((event.at for event in batch), default=None)
    return last if last and fold.expiry_due and fold.expiry_due <= last else None
