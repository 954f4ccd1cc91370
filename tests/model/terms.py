"""One programme, as far as the model varies it, and the same as YAML."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from tests.model.games import FIRST, SECOND
from tests.model.habits import RULES
from tests.model.lasting import Lasting
from tests.model.rungs import EVERYBODY, FACTS, THRESHOLDS, Needs, plain
from tests.model.shelf import CATALOGUE, Offer

LEVELS = [("member", Fraction(1)), ("silver", Fraction(3, 2)), ("gold", Fraction(2))]
CASHBACK_PERCENT, XP_PER_DAY = 10, 12
GIFT_LEAST, GIFT_DAYS = 5, 7
ENTRY = {"silver": 15, "gold": 40}
WELCOMED, WELCOME = "silver", "  - {slug: welcome, kind: gift, name: Welcome, price: 900, valid_days: 3000}"
PER_ORDER, PER_ORDER_FROM = 4, 2000


@dataclass(frozen=True)
class Paying:
    """The terms of a checkout; `gold` are the points that one unit of money costs there with the highest level."""

    share: int = 100
    step: int = 1
    minimum: int = 1
    most: int | None = None
    ceiling: int = 100  # percent of what is paid for gifts
    gold: int | None = None

    def text(self) -> str:
        most = f", most: {self.most}" if self.most else ""
        rates = f', rates: {{gold: {{points: {self.gold}, money: "1.00"}}}}' if self.gold else ""
        few = (
            f", ceilings: [{{where: {{skus: [gift]}}, share: {self.ceiling}}}]" if self.ceiling < 100 else ""
        )
        return f"{{share: {self.share}, step: {self.step}, minimum: {self.minimum}{most}{few}{rates}}}"


@dataclass(frozen=True)
class Cash:
    """A wallet of cashback."""

    lasting: Lasting = field(default_factory=Lasting)
    pending_days: int = 0
    policy: str = "debt"
    limit: int = 10**9
    cap_per_week: int | None = None
    paying: Paying = field(default_factory=Paying)

    def text(self) -> str:
        cap = f"\n    cap_per_week: {self.cap_per_week}" if self.cap_per_week else ""
        return f"""wallets:
  cash:
    kind: cashback
    name: Cashback
    pending_days: {self.pending_days}
    expiry: {self.lasting.text()}
    negative_balance: {{policy: {self.policy}, limit: {self.limit}}}
    paying: {self.paying.text()}{cap}
  xp: {{kind: experience, name: Experience, cap_per_day: {XP_PER_DAY}}}
"""


@dataclass(frozen=True)
class Terms:
    """What one programme says; nothing where the default of a field is nothing."""

    pending_days: int = 0
    delivered_days: int = 0  # points of an order wait for its delivery, so many days at most
    lasting: Lasting = field(default_factory=Lasting)
    restored: int = 0  # so many days for points that come back when their time is over
    policy: str = "debt"
    limit: int = 10**9
    worth: int = 100  # so many points are one unit of money
    cap_per_day: int | None = None
    cap_per_week: int | None = None
    cap_per_month: int | None = None
    habits: bool = False  # whether it brings something how, when and how often somebody comes
    gift_days: tuple[str, ...] = ()  # the days on which gifts bring points on top; none named: every day
    review_cap: int = 40
    budget: int | None = None
    basis: str = "points_earned"
    needs: tuple[Needs, ...] = ()  # what the levels ask for, where it is more than a sum of the basis
    order_min: int = 0  # smaller orders, in minor units, are none for the ladder
    window: str = "calendar_year"
    keep: str = "this_year"
    window_months: int = 2
    downgrade: str = "to_earned"
    grace: int = 0
    perks: bool = False
    played: bool = True  # whether there are badges and challenges
    cash: Cash | None = None
    paying: Paying | None = None
    per_week: int | None = None  # teas for a member, one more with the highest level
    gifts_per_day: int | None = None

    def text(self, *, second: bool = False) -> str:
        """The programme as YAML; its second version has more to play for."""
        caps = [(unit, getattr(self, f"cap_per_{unit}")) for unit in ("day", "week", "month")]
        cap = "".join(f"  cap_per_{unit}: {points}\n" for unit, points in caps if points)
        when = f", when: {{weekdays: [{', '.join(self.gift_days)}]}}" if self.gift_days else ""
        latest = self.delivered_days
        waits = f"  pending: {{until: delivery, at_most_days: {latest}}}\n" if latest else ""
        return f"""
regulars: 1
name: Corner Shop
currency: USD
timezone: America/New_York
languages: [en]
points:
  value: {{points: {self.worth}, money: "1.00"}}
  pending_days: {self.pending_days}
  expiry: {self.lasting.text()}
  restored_grace_days: {self.restored}
  negative_balance: {{policy: {self.policy}, limit: {self.limit}}}
{waits}{cap}earning:
  - {{kind: exclude, slug: no-card, where: {{skus: [card]}}}}
  - {{kind: multiply, slug: double, factor: 2, where: {{skus: [tea]}}}}
  - {{kind: points_per_money, slug: base, points: 1, per: "1.00"}}
  - {{kind: extra_points, slug: gift, points: 7, promotional: true, expires_days: 20, where: {{skus: [gift]}}{when}}}
  - {{kind: fixed_points, slug: review, on: review.posted, points: 25, cap_per_day: {self.review_cap}}}
{self.more_rules()}tiers:
  basis: {self.basis}
{self.measured()}  window: {{kind: {self.window}{self.window_text()}}}
  downgrade: {{policy: {self.downgrade}, grace_days: {self.grace}}}
  levels:
{self.levels()}
rewards:
{self.catalogue()}
{self.more_parts()}{(SECOND if second else FIRST).lstrip() if self.played else ""}"""

    @cached_property
    def rungs(self) -> list[Needs]:
        """What each level asks for."""
        return [EVERYBODY, *(self.needs or plain(self.basis))]

    @cached_property
    def offers(self) -> list[Offer]:
        """The catalogue."""
        tea, *others = CATALOGUE
        limited = replace(tea, per="week", most=self.per_week, more=1) if self.per_week else tea
        return [limited, *others]

    def catalogue(self) -> str:
        return "\n".join([*(offer.text() for offer in self.offers), *([WELCOME] if self.perks else [])])

    def measured(self) -> str:
        """Which facts and orders the ladder counts."""
        told = f"  facts: [{', '.join(FACTS)}]\n" if any("facts" in rung.least for rung in self.rungs) else ""
        return told + (f'  order_min: "{self.order_min // 100}.00"\n' if self.order_min else "")

    def window_text(self) -> str:
        """What belongs to the window alone."""
        if self.window in ("calendar_year", "anniversary"):
            return f", keep: {self.keep}"
        return f", months: {self.window_months}" if self.window == "rolling" else ""

    def levels(self) -> str:
        """The ladder."""
        told = []
        asked = ["threshold: 0", *(needs.text() for needs in self.needs)]
        asked = asked if self.needs else [f"threshold: {at}" for at in (0, *THRESHOLDS[self.basis])]
        for (slug, factor), asks in zip(LEVELS, asked, strict=True):
            reward = ", reward: welcome" if slug == WELCOMED else ""
            entry = f", entry: {{points: {ENTRY[slug]}{reward}}}" if self.perks and slug in ENTRY else ""
            order = f'{{points: {PER_ORDER}, order_min: "{PER_ORDER_FROM // 100}.00"}}'
            entry += f", per_order: {order}" if self.perks and slug != "member" else ""
            told.append(
                f"    - {{slug: {slug}, name: {slug.title()}, {asks}, multiplier: {float(factor)}{entry}}}"
            )
        return "\n".join(told)

    def more_rules(self) -> str:
        """Rules of a budget, of habits, and for wallets beside points."""
        told = RULES if self.habits else ""
        if self.budget is not None:
            told += "  - {kind: extra_points, slug: plain, points: 6, where: {skus: [plain]}, "
            told += f"budget: {self.budget}}}\n"
        if self.cash:
            told += f"""  - {{kind: cashback, slug: back, percent: "{CASHBACK_PERCENT}", wallet: cash}}
  - {{kind: points_per_money, slug: step, points: 1, per: "10.00", wallet: xp, tier_multiplier: false}}
  - {{kind: fixed_points, slug: told, on: review.posted, points: 5, wallet: xp}}
"""
        return told

    def more_parts(self) -> str:
        """What stands beside rules, tiers and rewards."""
        told = self.cash.text() if self.cash else ""
        told += f"paying: {self.paying.text()}\n" if self.paying else ""
        if self.gifts_per_day:
            limits = f"per_day: {self.gifts_per_day}, least: {GIFT_LEAST}, days_to_take: {GIFT_DAYS}"
            told += f"gifts: {{{limits}, min_age_days: 0, promotional: true}}\n"
        return told
