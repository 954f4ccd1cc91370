"""A programme of all kinds, drawn at random, and what may happen to a member of it."""

from __future__ import annotations

from random import Random
from typing import Any

from facts.events import OCCASIONS
from members.programme import Programme
from members.programme.document import cross_check
from members.programme.limits import OF_WHAT_IS_GIVEN
from members.programme.problems import Loc
from rewards.earning import BY_KIND
from rewards.kinds import BY_NAME
from rewards.tier_document import Level
from rewards.wallets import Wallet
from tests.kinds.shapes import WORTH, Drawer, drawn, drawn_field, models

SKUS = ("tea", "mug", "card")
DEPARTMENT = {"tea": ["FOOD", "DRINKS"], "mug": ["HOME"], "card": ["CARDS"]}
BRAND = {"tea": "Leaf", "mug": "Clay", "card": ""}
TAGS = {"tea": ["green"], "mug": ["green", "sale"], "card": []}
OWN, ACCEPTED = "x.ride", "x.accepted"
DEEDS = ("review.posted", "visit", "survey.answered", "social.shared", "profile.completed", OWN, ACCEPTED,
         *OCCASIONS)  # fmt: skip
TIERS = ("member", "silver", "gold")

CRITERIA: tuple[dict[str, Any], ...] = (
    {"kind": "count", "at_least": 2},
    {"kind": "count", "at_least": 2, "where": {"type": OWN, "fields": [{"name": "km", "at_least": 5}]}},
    {"kind": "sum", "at_least": "80", "window": {"kind": "calendar", "unit": "month"}},
    {"kind": "sum", "at_least": "90", "where": {"skus": ["tea"]}, "window": {"kind": "rolling", "days": 90}},
    {"kind": "distinct", "of": "sku", "at_least": 2, "window": {"kind": "rolling", "days": 60}},
    {"kind": "largest", "at_least": "60"},
    {"kind": "event", "where": {"type": "review.posted"}},
    {"kind": "date", "dates": ["12-25", "2026-03-08"]},
)


def some(*ones: Any) -> Drawer:
    """One of these."""
    return lambda chance: chance.choice(ones)


def few(*ones: Any) -> Drawer:
    """One or two of these."""
    return lambda chance: sorted(chance.sample(ones, chance.randint(1, min(2, len(ones)))))


MEASURES = ("spend", "points_earned", "orders", "referrals", "facts", "visit")


def levels(chance: Random) -> list[dict[str, Any]]:
    """A ladder of three: by thresholds, by what several measures come to, or with a last level by invitation."""
    asked = chance.choice([
        ({"threshold": 20}, {"threshold": 90}), ({"threshold": 100}, {"threshold": 300}),
        ({"needs": {"all": {"orders": 2}}}, {"needs": {"all": {"orders": 2, "spend": 100}}}),
        ({"needs": {"any": dict.fromkeys(chance.sample(MEASURES, 2), 1)}}, {"invite_only": True}),
    ])  # fmt: skip
    return [drawn(Level, chance, LEVEL, 0.3) | {"slug": slug, "name": slug.title()} | ways
            for slug, ways in zip(TIERS, ({}, *asked), strict=True)]  # fmt: skip


LEVEL: dict[tuple[str, str], Drawer] = {
    ("Level", "slug"): some("drawn"), ("Level", "threshold"): some(0), ("Level", "needs"): some(None),
    ("Level", "invite_only"): some(False), ("Level", "benefits"): some(["A chair by the window"]),
    ("", "multiplier"): some("1", "1.5", "2"), ("Entry", "reward"): some(None), ("Entry", "points"): some(25),
    ("", "points"): some(3), ("", "expires_days"): some(20), ("PerOrder", "order_min"): some("0", "10.00"),
}  # fmt: skip
DRAWN: dict[tuple[str, str], Drawer] = {
    ("", "slug"): some("drawn"),
    ("", "tiers"): few(*TIERS),
    ("", "skus"): few(*SKUS),
    ("", "categories"): few(["FOOD"], ["FOOD", "DRINKS"], ["HOME"]),
    ("", "brands"): few("Leaf", "Clay"),
    ("", "tags"): few("green", "sale"),
    ("", "channels"): few("web", "store:1"),
    ("", "partners"): few("bakery", "cinema"),
    ("", "factor"): some("0.5", "1.5", "2"),
    ("", "multiplier"): some("1", "1.25", "2"),
    ("", "priority"): some(1, 100, 200),
    ("", "hours"): some([0, 12], [6, 22], [20, 24]),
    ("Reward", "until"): some("2027-12-01T00:00:00Z"),
    ("Reward", "access_until"): some("2027-12-24T00:00:00Z"),
    ("Rule", "budget"): some(10**12),
    ("Within", "hours"): some(1, 30),
    ("Within", "days"): some(1, 20),
    ("Within", "minutes"): some(1, 90),
    ("", "points"): some(1, 7, 30),
    ("FixedPoints", "on"): some(*DEEDS),
    ("CriterionBonus", "criterion"): some(*CRITERIA),
    ("When", "since"): some("2025-12-01", "2026-03-01"),
    ("When", "until"): some("2026-04-30", "2027-03-01"),
    ("When", "dates"): some(["12-25", "01-01", "2026-03-08"]),
    ("When", "fields"): some([{"name": "km", "at_least": 5}], [{"name": "night", "equals": True}]),
    ("When", "amount_min"): some("5", "60.50"),
    ("When", "purchases"): some([1], [2, 4]),
    ("When", "purchase_every"): some(2, 3),
    ("When", "points_paid"): some([0, 0], [0, 50], [1, 100]),
    ("Value", "points"): some(100),
    ("Value", "money"): some("1.00"),
    ("Pending", "until"): some("delivery", ACCEPTED),
    ("Expiry", "months"): some(1, 2, 12),
    ("Expiry", "days"): some(20, 90),
    ("Expiry", "activities"): few("order.paid", "review.posted", "visit", "redemption.made"),
    ("Expiry", "dates"): some(["12-31"], ["02-29", "07-01"]),
    ("Expiry", "days_min"): some(0, 30),
    ("NegativeBalance", "limit"): some(0, 40, 10**6),
    ("Tiers", "levels"): levels,
    ("Tiers", "facts"): few("review.posted", "survey.answered", OWN),
    ("Tiers", "order_min"): some("0", "20.00"),
    ("Rule", "wallet"): some("cash", "xp"),
    ("Worth", "money"): some("1.00", "0.50"),
    ("Worth", "pays"): some("1.00"),
    ("Window", "months"): some(1, 2, 12),
    ("Downgrade", "grace_days"): some(0, 5),
    ("Reward", "prices"): some({"gold": 20}),
    ("Reward", "price"): some(15, 40),
    ("Reward", "value"): some("10", "5"),
    ("Reward", "sku"): some("tea"),
    ("Occasion", "choice"): some("treat"),
    ("PerPeriod", "tiers"): some({"gold": 3}),
    ("Reward", "link"): some("https://partner.example/welcome"),
    ("Needs", "all"): some({"orders": 2}),
    ("Needs", "any"): some({"orders": 2, "visit": 3}),
    ("Reward", "picture"): some(""),
    ("Reward", "icon"): some("gift", "coffee"),
    ("Paying", "share"): some(50, 100),
    ("Paying", "step"): some(1, 10),
    ("Paying", "minimum"): some(1, 20),
    ("Paying", "most"): some(500),
    ("Paying", "rates"): some({"gold": {"points": 80, "money": "1.00"}}),
}
DRAWN |= {name: how for name, how in LEVEL.items() if name[0] and name not in DRAWN}
for _unit, _most in (("day", 40), ("week", 60), ("month", 75)):
    DRAWN["Rule", f"cap_per_{_unit}"] = some(0, _most)
    DRAWN["PointsPolicy", f"cap_per_{_unit}"] = some(2 * _most)
BASE: dict[str, Any] = {"kind": "points_per_money", "slug": "base", "points": 1, "per": "1.00"}


def some_wallets(chance: Random) -> dict[str, Any]:
    """One wallet of each kind."""
    kinds = {"cash": "cashback", "xp": "experience"}
    how = {slug: {**DRAWN, ("Wallet", "kind"): some(kind)} for slug, kind in kinds.items()}
    return {slug: drawn(Wallet, chance, how[slug]) for slug in kinds}


DRAWN["Programme", "wallets"] = some_wallets
DRAWN["Programme", "earning"] = lambda chance: chance.choices(sorted(BY_KIND), k=chance.randint(1, 6))


def a_document(
    chance: Random, how: dict[tuple[str, str], Drawer] | None = None, often: float = 0.2
) -> dict[str, Any]:
    """A programme with whatever there is in it. Its budgets are large, so that in a law nobody comes too late."""
    told = {**DRAWN, **(how or {})}
    document: dict[str, Any] = {
        "regulars": 1, "name": "Corner Shop", "currency": "USD", "timezone": "America/New_York",
        "languages": ["en", "ru", "ar"],
        "facts": {OWN: {"name": "A ride", "fields": {"km": {"type": "integer"}, "night": {"type": "boolean"}}},
                  ACCEPTED: {"name": "A signature", "fields": {"order_id": {"type": "text"}}}},
    }  # fmt: skip
    for name in WORTH:
        field = Programme.model_fields[name]
        if name == "earning":
            kinds: list[str] = told["Programme", name](chance)
            rules = [BY_KIND[kind] for kind in kinds]
            document[name] = [BASE, *numbered("rule", [drawn(rule, chance, told, often) for rule in rules])]
        elif name == "rewards":
            (reward,) = models(field.annotation)
            ones = [a_reward(reward, chance, told) for _ in range(chance.randint(0, 2))]
            document[name] = numbered("reward", ones)
        elif field.is_required() or chance.random() < 0.7:
            document[name] = drawn_field(Programme, name, field, chance, told, often)
    return document


def a_reward(model: Any, chance: Random, how: dict[tuple[str, str], Drawer]) -> dict[str, Any]:
    """A reward; points are given for nothing, and only on an occasion."""
    kind = how.get(("Reward", "kind"), some(*BY_NAME))(chance)
    fixed = {("Reward", "kind"): some(kind)} | ({("Reward", "price"): some(0)} if kind == "points" else {})
    return drawn(model, chance, {**how, **fixed})


def numbered(what: str, ones: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each with a slug of its own."""
    return [{**one, "slug": f"{what}-{number}"} for number, one in enumerate(ones)]


def a_programme(
    chance: Random, how: dict[tuple[str, str], Drawer] | None = None, often: float = 0.2
) -> Programme:
    """The same, read."""
    return Programme.model_validate(fitted(a_document(chance, how, often)))


def fitted(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what does not fit the rest of it."""
    while problems := list(cross_check(Programme.model_validate(document))):
        drop(document, problems[0].loc)
    return document


def drop(document: dict[str, Any], at: Loc) -> None:
    """Leave out what does not fit the rest of the programme: the rule or the reward, or else the whole part."""
    part, one, field = str(at[0]), at[1] if len(at) > 1 else None, ".".join(map(str, at[2:]))
    if part == "earning" and isinstance(one, int) and field in OF_WHAT_IS_GIVEN:
        del document[part][one][field]
    elif isinstance(one, int) and document[part][one].get("slug") != BASE["slug"]:
        del document[part][one]
    else:
        assert part not in ("points", "tiers", "earning"), (at, document)
        del document[part]
