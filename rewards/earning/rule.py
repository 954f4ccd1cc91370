"""What all earning rules have in common, and how a rule says which lines it means."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from facts.orders import Product
from facts.parts import Part, Slug, Words
from facts.products import Facet, facets_wanted, fits
from rewards.earning.case import Case, Grant
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


class Rule(Part):
    """An earning rule. `stage` places its kind; `priority` (lower first) and `slug` order rules within it.

    `tiers` limits it to members of these tiers. Points of a `promotional` rule burn first and climb no
    tier. `expires_days`, `pending_days` override the programme's. `cap_per_day` is per member.
    """

    stage: ClassVar[int]

    kind: str
    slug: Slug
    name: Words | None = None
    priority: Annotated[int, Field(ge=0, le=10_000)] = 100
    tiers: list[Slug] = []
    promotional: bool = False
    pending_days: Annotated[int, Field(ge=0, le=365)] | None = None
    expires_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    cap_per_day: Annotated[int, Field(ge=0)] | None = None

    def wants(self, case: Case) -> bool:
        """Whether the rule looks at this fact at all."""
        return case.order is not None and (not self.tiers or case.tier in self.tiers)

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

    def limits(self, say: Wording) -> list[str]:
        """What holds for the rule whatever its kind: for whom, how much, when and how long."""
        said: list[str] = []
        if self.tiers:
            said.append(say.text("Only for {tiers}.", tiers=say.tier_names(self.tiers)))
        if self.cap_per_day is not None:
            said.append(say.text("At most {points} a day.", points=say.points(self.cap_per_day)))
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
