"""What all earning rules have in common, and how a rule says which lines it means."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from facts.criteria import Unit
from facts.criteria.filters import ORDER
from facts.guards import Within
from facts.language import N_
from facts.orders import Product
from facts.parts import Misfit, Part, Slug, Words
from facts.products import Facet, facets_wanted, fits
from facts.said import Said
from rewards.earning.case import Case, Grant
from rewards.earning.told import conditions
from rewards.earning.when import Asking, When
from rewards.lots import POINTS
from rewards.wording import Wording


def _path(value: Any) -> Any:
    return [part.strip() for part in value.split(">")] if isinstance(value, str) else value


CategoryPath = Annotated[list[str], BeforeValidator(_path), Field(min_length=1)]


class Where(Part):
    """Which lines: each field that is given must fit; none given means all lines.

    A category is a path from the top, `GROCERY > PASTRY`, and means everything below it.
    """

    skus: list[str] = []
    categories: list[CategoryPath] = []
    brands: list[str] = []
    tags: list[str] = []

    @cached_property
    def known(self) -> dict[Product, bool]:
        """What was found out about products, since shops sell the same things again."""
        return {}

    def matches(self, product: Product) -> bool:
        """Whether a line of this product is meant."""
        known = self.known.get(product)
        if known is None:
            if len(self.known) > 100_000:
                self.known.clear()
            known = self.known[product] = fits(self, product)
        return known

    def facets(self) -> list[Facet] | None:
        """What an order must have one of for any line to be meant; None when every line is."""
        return list(facets_wanted(self)) or None


Caps = tuple[tuple[Unit, int], ...]
"""Points that may be given within a day, a week and a month of the calendar."""
LIMITS = ("cap_per_week", "cap_per_month", "pause", "budget", "wallet")
CAPS = {
    "day": N_("At most {points} a day."),
    "week": N_("At most {points} a week."),
    "month": N_("At most {points} a month."),
}


def caps_of(day: int | None, week: int | None, month: int | None) -> Caps:
    """Those of the caps that there are."""
    units: tuple[tuple[Unit, int | None], ...] = (("day", day), ("week", week), ("month", month))
    return tuple((unit, cap) for unit, cap in units if cap is not None)


def _further(wallet: str | None) -> str | None:
    return None if wallet == POINTS else wallet


class Rule(Part):
    """An earning rule. `stage` places its kind; `priority` (lower first) and `slug` order rules within it.

    `tiers` limits it to members of these tiers, `when` to a season, to hours and to certain facts. Points of a
    `promotional` rule burn first and climb no tier. `expires_days`, `pending_days` override the programme's.
    `cap_per_day`, `cap_per_week` and `cap_per_month` are points per member; once it has paid, it does not pay again
    within `pause`. `budget` are the points that it gives to all members together, first come; then it stops. What it
    gives goes into `wallet`, in its smallest unit; none named means points.
    """

    stage: ClassVar[int]

    kind: str
    slug: Slug
    name: Words | None = None
    priority: Annotated[int, Field(ge=0, le=10_000)] = 100
    tiers: list[Slug] = []
    promotional: bool = False
    wallet: Annotated[Slug | None, AfterValidator(_further)] = None
    pending_days: Annotated[int, Field(ge=0, le=365)] | None = None
    expires_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    cap_per_day: Annotated[int, Field(ge=0)] | None = None
    cap_per_week: Annotated[int, Field(ge=0)] | None = None
    cap_per_month: Annotated[int, Field(ge=0)] | None = None
    pause: Within | None = None
    budget: Annotated[int, Field(ge=1, le=10**12)] | None = None
    when: When | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        self.asking  # noqa: B018 - refuses conditions that none of its facts can fulfil
        limited = [name for name in LIMITS if getattr(self, name) is not None]
        if limited and not self.grants:
            raise Misfit(Said("this kind gives no points itself: limit a rule that does, and leave {name} out",
                              name=limited[0]),
                         limited[0])  # fmt: skip
        return self

    @property
    def about(self) -> str:
        """The type of the facts that it looks at."""
        return ORDER

    @property
    def grants(self) -> bool:
        """Whether its kind gives points itself."""
        return type(self).recompute is not Rule.recompute

    @cached_property
    def caps(self) -> Caps:
        """The caps there are, by their length."""
        return caps_of(self.cap_per_day, self.cap_per_week, self.cap_per_month)

    @property
    def numbered(self) -> bool:
        """Whether it has to know the number of an order."""
        return self.when is not None and bool(self.when.purchases or self.when.purchase_every)

    @cached_property
    def asking(self) -> Asking | None:
        """The conditions of `when`, made ready; None without."""
        return self.when.asking(self.about) if self.when else None

    def wants(self, case: Case) -> bool:
        """Whether the rule looks at this fact at all."""
        return case.order is not None and self.holds(case)

    def holds(self, case: Case) -> bool:
        """Whether it is for this tier, and for what happened when it did."""
        fits = not self.tiers or case.tier in self.tiers
        return fits and (self.asking is None or self.asking.fits(case))

    def woken_by(self) -> list[Facet] | None:
        """What a fact must have one of for the rule to be asked: by its kind, or else by its conditions."""
        own = self.facets()
        return self.asking.where.facets() if own is None and self.asking else own

    def facets(self) -> list[Facet] | None:
        """What a fact must have one of, or else the rule does nothing; None when it asks every fact."""
        return None

    def apply(self, case: Case) -> Grant | None:
        """Mark the case, or grant points for it; pure."""
        raise NotImplementedError(f"the rule kind {self.kind} does not say what it does")

    @staticmethod
    def recompute(why: dict[str, Any]) -> int:
        """The points that follow from the figures of a `why`, caps apart."""
        raise NotImplementedError("this kind grants nothing")

    def sentence(self, say: Wording) -> str:
        """The rule in a sentence for members; a kind that has none of its own goes by its name."""
        return say.words(self.name) if self.name else self.slug

    @staticmethod
    def because(why: dict[str, Any], say: Wording) -> str:
        """The figures of a `why` in a sentence; a kind that has none of its own says nothing more."""
        return ""

    def beside(self, say: Wording) -> str:
        """What holds where another rule of its kind means the same; "" when nothing needs to be said."""
        return ""

    def limits(self, say: Wording) -> list[str]:
        """What holds for the rule whatever its kind: for whom, how much, when and how long."""
        said: list[str] = []
        if self.wallet and self.wallet in say.purses:
            said.append(say.text("It goes to “{wallet}”.", wallet=say.purses[self.wallet].name))
        if self.tiers:
            said.append(say.text("Only for {tiers}.", tiers=say.tier_names(self.tiers)))
        said += conditions(self.asking, say) if self.asking else []
        for unit, cap in (
            ("day", self.cap_per_day),
            ("week", self.cap_per_week),
            ("month", self.cap_per_month),
        ):
            if cap is not None:
                said.append(say.text(CAPS[unit], points=say.points(cap)))
        if self.pause:
            said.append(say.text("Once in {time}.", time=say.span(self.pause)))
        if self.budget is not None:
            said.append(
                say.text(
                    "It ends when all members together have got {points}.", points=say.points(self.budget)
                )
            )
        if self.pending_days is not None:
            said.append(
                say.text("They count after {days}.", days=say.days(self.pending_days))
                if self.pending_days
                else say.text("They count at once.")
            )
        if self.expires_days is not None:
            said.append(say.text("They last {days}.", days=say.days(self.expires_days)))
        if self.promotional:
            said.append(say.text("They are used first, and count towards no tier."))
        return said


def in_order(rules: list[Rule]) -> tuple[Rule, ...]:
    """The rules as they run: by stage, then priority, then slug."""
    return tuple(sorted(rules, key=lambda rule: (rule.stage, rule.priority, rule.slug)))
