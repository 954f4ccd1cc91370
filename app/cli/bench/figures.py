"""The figures there are: what each one says, its floor, its goal, and where it is measured.

A figure is measured by a module of this package, which has `measure(bench) -> dict[str, Measured]`. The modules
are imported when they are asked for, since most runs want one or two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure has to reach. `low` means that less is better."""

    text: str
    floor: float
    goal: float
    unit: str
    low: bool = False

    def reaches(self, value: float, limit: float) -> bool:
        """Whether `value` is at least as good as `limit`."""
        return value <= limit if self.low else value >= limit


@dataclass(slots=True)
class Measured:
    """A value, how busy other programs kept the machine meanwhile, and the numbers that it was made of."""

    value: float
    others: float = 0.0
    detail: dict[str, Any] = field(default_factory=dict[str, Any])


FIGURES: dict[str, Figure] = {
    "P1": Figure("one fact through the engine ÷ TPC-B, one client", 0.25, 0.6, "x"),
    "P2": Figure("import of real orders ÷ bare script, PostgreSQL", 0.12, 0.35, "x"),
    "P2b": Figure("import of real orders ÷ bare script, SQLite", 0.04, 0.12, "x"),
    "P2c": Figure("import of real orders, 200 active criteria ÷ bare script", 0.12, 0.35, "x"),
    "P3": Figure("POST /events, 64 clients ÷ TPC-B, 8 clients", 0.10, 0.25, "x"),
    "P1r": Figure("one fact, 60 earning rules of all kinds ÷ TPC-B, one client", 0.25, 0.6, "x"),
    "P2r": Figure("import of real orders, 60 earning rules of all kinds ÷ bare script", 0.12, 0.35, "x"),
    "P3r": Figure(
        "POST /events, 64 clients, 60 earning rules of all kinds ÷ TPC-B, 8 clients", 0.10, 0.25, "x"
    ),
    "P4r": Figure("statements of 500 facts ÷ of 10, 60 earning rules of all kinds", 1, 1, "x", low=True),
    "P16r": Figure("prove ÷ a plain cursor, 60 earning rules of all kinds", 0.08, 0.25, "x"),
    "P3 p95": Figure("the same at half load, p95", 50, 20, "ms", low=True),
    "P3c": Figure("POST /events, 64 clients, 200 active criteria ÷ TPC-B, 8 clients", 0.10, 0.25, "x"),
    "P4": Figure("statements of 500 facts ÷ of 10", 1, 1, "x", low=True),
    "P5 queries": Figure("home page load: queries", 4, 2, "queries", low=True),
    "P5 members": Figure("home page load: blocks, 10⁶ members ÷ 10³", 1.5, 1.35, "x", low=True),
    "P5 entries": Figure("home page load: blocks, 10⁴ entries ÷ 10", 1.5, 1.35, "x", low=True),
    "P6": Figure("rules and badges per fact: 1,000 active ÷ 10", 3, 1.5, "x", low=True),
    "P7": Figure("a night of jobs and boards per member: 10⁶ members ÷ 10⁴", 1.3, 1.1, "x", low=True),
    "P8": Figure("event → delta of home, p95 ÷ blank counter, 500 sockets", 3, 2, "x", low=True),
    "P9": Figure("memory per connected member ÷ blank client", 1.5, 1.2, "x", low=True),
    "P10": Figure("order acknowledged → text on another screen, p95", 500, 100, "ms", low=True),
    "P11": Figure("first load, gzip ÷ blank page (the worst page)", 1.4, 1.2, "x", low=True),
    "P11 fonts": Figure("fonts on first load (the worst page)", 60, 60, "kB", low=True),
    "P11 pictures": Figure("pictures on first load (the worst page)", 60, 60, "kB", low=True),
    "P11 link": Figure("a friend's link, first load, gzip ÷ blank page", 1.4, 1.2, "x", low=True),
    "P11 link p95": Figure("a friend's link, p95 of the answer ÷ a static file's", 3, 3, "x", low=True),
    "P12 performance": Figure("Lighthouse mobile, performance (the worst page)", 0.90, 0.97, "score"),
    "P12 LCP": Figure("LCP ÷ LCP of the blank page", 1.4, 1.15, "x", low=True),
    "P12 CLS": Figure("layout shift", 0.02, 0, "score", low=True),
    "P12 TBT": Figure("blocking time", 100, 30, "ms", low=True),
    "P12 balance": Figure("real balance visible ÷ LCP of the blank page", 1.8, 1.4, "x", low=True),
    "P12 link": Figure("a friend's link, Lighthouse mobile, performance", 0.90, 0.97, "score"),
    "P12 link LCP": Figure("a friend's link, LCP ÷ LCP of the blank page", 1.4, 1.15, "x", low=True),
    "P13 link": Figure("a friend's link: accessibility, best practices, SEO (the lowest)", 1, 1, "score"),
    "P13 link axe": Figure("a friend's link, what axe finds", 0, 0, "count", low=True),
    "P14": Figure("cold start until /ping ÷ blank Reflex", 4, 2, "x", low=True),
    "P15": Figure("photographs, badges, share card ÷ bare Pillow", 1.25, 1.1, "x", low=True),
    "P15 stall": Figure("longest stall of the event loop meanwhile", 50, 10, "ms", low=True),
    "P16": Figure("prove ÷ reading the rows with a plain cursor", 0.08, 0.25, "x"),
}

# Which module measures which figures, in the order in which they are measured.
MODULES: dict[str, tuple[str, ...]] = {
    "one_fact": ("P1",),
    "importing": ("P2",),
    "importing_sqlite": ("P2b",),
    "importing_criteria": ("P2c",),
    "many_rules": ("P1r", "P2r", "P4r", "P16r"),
    "statements": ("P4",),
    "achievements": ("P6",),
    "boards": ("P7",),
    "proving": ("P16",),
    "images": ("P15",),
    "home_blocks": ("P5",),
    "events_api": ("P3",),
    "events_criteria": ("P3c",),
    "events_rules": ("P3r",),
    "first_load": ("P11",),
    "starting": ("P14",),
    "lighthouse": ("P12",),
    "links": ("P11", "P12", "P13"),
    "screens": ("P10",),
    "sockets": ("P8", "P9"),
}


def wanted(names: Iterable[str]) -> list[str]:
    """The modules that measure what is named; all of them when nothing is. Raises ValueError for a stranger."""
    asked = [name.upper() for name in names]
    if strangers := [name for name in asked if name not in {one.upper() for one in MODULES_NAMES}]:
        raise ValueError(f"There is no figure {strangers[0]}. There are: {', '.join(MODULES_NAMES)}.")
    return [
        module for module, held in MODULES.items() if not asked or {name.upper() for name in held} & {*asked}
    ]


MODULES_NAMES = list(dict.fromkeys(name for held in MODULES.values() for name in held))


def measure(module: str, bench: Any) -> dict[str, Measured]:
    """Run one module."""
    return import_module(f"{__package__}.{module}").measure(bench)
