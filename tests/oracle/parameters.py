"""Two programmes, each twice: as plain figures for the independent computation, and as the document of them."""

from __future__ import annotations

from fractions import Fraction

from tests.oracle.programme import Parameters

GROCER = Parameters(
    zone="America/New_York",
    points=10,
    per=100,
    rounding="down",
    pending_days=14,
    expiry_months=6,
    excluded=frozenset({"FUEL", "MISCELLANEOUS"}),
    excluded_skus=frozenset(),
    factors={"PRODUCE": Fraction(2), "PASTRY": Fraction(3, 2)},
    extra_department="FLORAL",
    extra_points=50,
    extra_cap_per_day=70,
    cap_per_day=2000,
    basis="points",
    window="rolling",
    window_months=3,
    levels=(("member", 0, Fraction(1)), ("silver", 2500, Fraction(5, 4)), ("gold", 6000, Fraction(3, 2))),
)

GROCER_DOCUMENT = """
regulars: 1
name: The grocer of the tests
currency: USD
timezone: America/New_York
points:
  value: {points: 200, money: "1.00"}
  pending_days: 14
  expiry: {kind: rolling, months: 6}
  cap_per_day: 2000
earning:
  - {kind: exclude, slug: nothing, where: {categories: [FUEL, MISCELLANEOUS]}}
  - {kind: multiply, slug: produce, where: {categories: [PRODUCE]}, factor: 2}
  - {kind: multiply, slug: pastry, where: {categories: [PASTRY]}, factor: "1.5"}
  - {kind: points_per_money, slug: base, points: 10, per: "1.00"}
  - {kind: extra_points, slug: extra, points: 50, each: order, cap_per_day: 70, where: {categories: [FLORAL]}}
tiers:
  basis: points_earned
  window: {kind: rolling, months: 3}
  levels:
    - {slug: member, name: Member, threshold: 0}
    - {slug: silver, name: Silver, threshold: 2500, multiplier: "1.25"}
    - {slug: gold, name: Gold, threshold: 6000, multiplier: "1.5"}
"""

NO_SHOPPING = ["POST", "DOT", "C2", "M", "m", "D", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK", "PADS"]

GIFTS = Parameters(
    zone="Europe/London",
    points=3,
    per=200,
    rounding="half_up",
    pending_days=30,
    expiry_months=9,
    excluded=frozenset(),
    excluded_skus=frozenset(NO_SHOPPING),
    factors={},
    extra_department="",
    extra_points=0,
    extra_cap_per_day=None,
    cap_per_day=None,
    basis="spend",
    window="calendar_year_this",
    window_months=0,
    levels=(
        ("member", 0, Fraction(1)),
        ("silver", 100_000, Fraction(6, 5)),
        ("gold", 500_000, Fraction(3, 2)),
    ),
)

GIFTS_DOCUMENT = f"""
regulars: 1
name: The gift shop of the tests
currency: GBP
timezone: Europe/London
points:
  value: {{points: 100, money: "1.00"}}
  pending_days: 30
  expiry: {{kind: rolling, months: 9}}
earning:
  - {{kind: exclude, slug: nothing, where: {{skus: [{", ".join(NO_SHOPPING)}]}}}}
  - {{kind: points_per_money, slug: base, points: 3, per: "2.00", rounding: half_up}}
tiers:
  basis: spend
  window: {{kind: calendar_year, keep: this_year}}
  levels:
    - {{slug: member, name: Member, threshold: 0}}
    - {{slug: silver, name: Silver, threshold: 1000, multiplier: "1.2"}}
    - {{slug: gold, name: Gold, threshold: 5000, multiplier: "1.5"}}
"""
