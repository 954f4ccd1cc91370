"""The engine: a member's history folded into entries, lots and a tier. Pure, and the same for any arrival.

`Fold` walks forward through time. Between two events it does what falls due by date alone (expiry, the end
of a tier, a redemption that was handed over); at an event it spends, earns and climbs, in this order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from facts.dates import day_of, midnight
from facts.history import Event, Key
from facts.money import Rounding, minor, ratio
from facts.refusals import Refusal
from rewards import aside, paying, tiers
from rewards.bonus import boosted
from rewards.brought import KINDS as BROUGHT
from rewards.caps import capped, forget
from rewards.earning.case import Case, Grant
from rewards.effects import Posting, TierMove
from rewards.lots import DEBT, EARNED, LotState, burn, rank_of, repay
from rewards.referrals import bring
from rewards.terms import Terms, TermsLine, expiry_of
from rewards.tiers import Climb
from rewards.transfers import transfer
from rewards.why import told


def _always(slug: str, budget: int, cause: str, points: int) -> int:
    return points


@dataclass(slots=True)
class Fold:
    """What the engine knows of one member while it walks through the history.

    `lots` may be left out (only new ones are kept) as long as nothing has to be taken from older ones:
    see `needs_lots`. `caps` counts points by rule within the day `caps_day`; `boosts` are multipliers of all earning,
    in thousandths, with the first day without them. `older_due` is when a lot expires that was left out. `last` is
    the last place in history that was weighed; something done by date alone leaves its moment there, and no names.
    `counts` is what rules remember of the member, by their slugs. `spans` are points by cap within a week or a month
    (its number, and the points), and when a rule with a pause paid last. `purchases` is how many orders there were,
    None where nobody counted. `ask` says how many of so many points a rule's budget has for a cause.
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
    settlements: list[tuple[datetime, Event]] = field(default_factory=list[tuple[datetime, Event]])
    last: Key | None = None
    counts: dict[str, Any] = field(default_factory=dict[str, Any])
    spans: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    purchases: int | None = 0
    ask: Callable[[str, int, str, int], int] = _always

    # --- time ---------------------------------------------------------------------------------------------

    def due_at(self) -> datetime | None:
        """The next moment when something happens by date alone."""
        return min((moment for moment in (self.expiry_due, self._drop_at()) if moment), default=None)

    def _drop_at(self) -> datetime | None:
        if self.climb.until is None or self.climb.since is None:
            return None
        terms = self.line.at(midnight(self.climb.until + 1, self.line.at(self.climb.since).zone))
        day = tiers.drop_day(self.climb, terms)
        return midnight(day, terms.zone) if day is not None else None

    def advance(self, to: datetime) -> None:
        """Let time pass up to and including `to`."""
        while True:
            expiry, drop = self.expiry_due, self._drop_at()
            settle = self.settlements[0][0] if self.settlements else None
            first = min((moment for moment in (settle, expiry, drop) if moment), default=None)
            if first is None or first > to:
                return
            if self.last is None or self.last[0] < first:
                self.last = (first, "", "")
            if first == settle:
                aside.settle(self, *self.settlements.pop(0))
            elif first == expiry:
                self._expire(first)
            else:
                self._drop(first)

    def _expire(self, at: datetime) -> None:
        for lot in sorted(self.lots.values(), key=lambda lot: lot.order):
            if lot.kind == EARNED and lot.remaining > 0 and lot.expires_at and lot.expires_at <= at:
                points = lot.remaining
                cause = f"expire|{lot.cause}"
                lot.draw(cause, lot.expires_at, points)
                self.post(cause, "expired", -points, lot.expires_at, {"k": "expired", "points": points})
        self.expiry_due = min((at for at in (self.next_expiry(), self.older_due) if at), default=None)

    def next_expiry(self) -> datetime | None:
        """When the next lot expires, from the lots at hand."""
        return min(
            (
                lot.expires_at
                for lot in self.lots.values()
                if lot.kind == EARNED and lot.remaining > 0 and lot.expires_at
            ),
            default=None,
        )

    def _drop(self, at: datetime) -> None:
        terms = self.line.at(at)
        if before := tiers.drop(self.climb, day_of(at, terms.zone), at, terms):
            self.moves.append(TierMove(at, self.climb.tier, before, "ended"))

    # --- events -------------------------------------------------------------------------------------------

    def apply(self, event: Event) -> None:
        """Weigh one event. Events come in order; time advances to each first."""
        self.advance(event.at)
        self.last = event.key
        terms = self.line.at(event.at)
        if not self.climb.tier:
            tiers.rise(self.climb, event.at, terms)
        if event.type == "redemption.made":
            aside.redeem(self, event, terms)
        elif event.type == "points.adjusted":
            self._adjust(event, terms)
        elif event.type == "points.transferred":
            transfer(self, event, terms, self.shortfall)
        elif event.type == "payment.held":
            aside.hold(self, event, terms)
        elif event.type in ("referral.rewarded", "referral.milestone"):
            bring(self, event, terms)
        elif event.type in BROUGHT:
            BROUGHT[event.type](self, event, terms)
        else:
            self.pay(event)
            self._earn(event, terms)

    def _earn(self, event: Event, terms: Terms) -> None:
        level = terms.tiers.levels[terms.tiers.index(self.climb.tier)]
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
                    climbed += 0 if rule.promotional else points
        spend = event.order.amount - event.order.points_paid if event.order else 0
        if spend or climbed:
            day = day_of(event.at, terms.zone)
            self.climb.add(day, spend, climbed)
            self.climb.forget(day, terms)
            before = tiers.rise(self.climb, event.at, terms)
            if before:
                self.moves.append(TierMove(event.at, self.climb.tier, before, "reached"))

    def _grant(self, event: Event, grant: Grant, terms: Terms) -> int:
        rule, why = grant.rule, {"k": grant.rule.kind, **grant.why}
        _, source, fact_id = event.key
        cause = f"earn|{source}|{fact_id}|{rule.slug}"
        points = capped(self, grant, event, terms, why, cause)
        if not points:
            self.post(cause, "earned", 0, event.at, why, rule.slug, terms.number)
            return 0
        day = day_of(event.at, terms.zone)
        pending = terms.points.pending_days if rule.pending_days is None else rule.pending_days
        active = midnight(day + pending, terms.zone) if pending else event.at
        expires = expiry_of(day, rule.expires_days, terms)
        lot = LotState(cause, EARNED, points, points, rule.promotional, event.at, active, expires,
                       rank_of(event.at, source, fact_id, rule.slug))  # fmt: skip
        self.open(lot, event.at)
        self.post(cause, "earned", points, event.at, why, rule.slug, terms.number, active, expires)
        return points

    def open(self, lot: LotState, at: datetime) -> None:
        """Open a lot: it repays a debt first."""
        repay(self.lots.values(), lot, at)
        self.lots[lot.cause] = lot
        if lot.expires_at and lot.remaining and (self.expiry_due is None or lot.expires_at < self.expiry_due):
            self.expiry_due = lot.expires_at

    def pay(self, event: Event) -> None:
        """Take the points that an order was paid with, whether it earns anything or not."""
        order, terms = event.order, self.line.at(event.at)
        if order is None:
            return
        if event.payment:
            paying.spend(self, event, terms)
        elif order.points_paid:
            value = terms.points.value
            points = ratio(
                order.points_paid * value.points, minor(value.money, terms.digits), Rounding.HALF_UP
            )
            _, source, _ = event.key
            self.spend(
                f"spend|{source}|order:{order.order_id}", points, event.at, terms, {"order": order.order_id}
            )

    def _adjust(self, event: Event, terms: Terms) -> None:
        _, source, fact_id = event.key
        points, cause = event.data["points"], f"adjust|{source}|{fact_id}"
        why = {"k": "adjusted", "points": points, "reason": event.data["reason"]}
        if event.data.get("salt"):
            why["salt"] = event.data["salt"]
        expires = None
        if points > 0:
            expires = expiry_of(day_of(event.at, terms.zone), None, terms)
            promotional = bool(event.data.get("promotional"))
            lot = LotState(cause, EARNED, points, points, promotional, event.at, event.at, expires,
                           rank_of(event.at, source, fact_id, ""))  # fmt: skip
            self.open(lot, event.at)
        self.post(cause, "adjusted", points, event.at, why, "", terms.number,
                   event.at if points > 0 else None, expires)  # fmt: skip
        if points < 0:
            self.shortfall(burn(self.lots.values(), -points, cause, event.at), cause, event.at, terms)

    def spend(self, cause: str, points: int, at: datetime, terms: Terms, note: dict[str, Any]) -> None:
        """Spend points."""
        short = burn(self.lots.values(), points, cause, at)
        self.post(cause, "spent", -points, at, {"k": "spent", "points": points, **note}, "", terms.number)
        self.shortfall(short, cause, at, terms)

    def shortfall(self, short: int, cause: str, at: datetime, terms: Terms) -> None:
        """What was spent and is not there (any more), by the programme's negative-balance policy."""
        if not short:
            return
        policy = terms.points.negative_balance
        if policy.policy == "refuse":
            raise Refusal("balance_short", "There are {short} points too few for this.", short=short)
        owed = -sum(lot.remaining for lot in self.lots.values() if lot.kind == DEBT)
        debt = min(short, max(0, policy.limit - owed)) if policy.policy == "debt" else 0
        self.owe(debt, cause, at)
        if short > debt:
            why = {"k": "forgiven", "points": short - debt}
            self.post(f"forgive|{cause}", "forgiven", short - debt, at, why, "", terms.number)

    def owe(self, points: int, cause: str, at: datetime) -> None:
        """Open a debt."""
        if points:
            name, rank = f"debt|{cause}", rank_of(at, "", cause, "")
            self.lots[name] = LotState(name, DEBT, -points, -points, False, at, at, None, rank)

    def post(self, cause: str, kind: str, amount: int, at: datetime, why: dict[str, Any], rule: str = "",
              version: int | None = None, active: datetime | None = None,
              expires: datetime | None = None) -> None:  # fmt: skip
        """Say that an entry should stand."""
        number = self.line.at(at).number if version is None else version
        self.postings.append(Posting(cause, kind, amount, at, active, expires, rule, number, told(why)))


TAKING = frozenset({"redemption.made", "points.adjusted", "points.transferred", "payment.held"})


def needs_lots(fold: Fold, debt: int, batch: list[Event]) -> bool:
    """Whether the older lots must be at hand to weigh `batch`: to spend, to expire, to repay."""
    due = fold.expiry_due
    return bool(debt) or any(
        (due and event.at >= due) or event.type in TAKING
        or (event.order is not None and event.order.points_paid > 0)
        for event in batch
    )  # fmt: skip
