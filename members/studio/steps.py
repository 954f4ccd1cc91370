"""The steps of a badge or challenge as boxes: what each asks, and what it gives. Pure.

A badge climbs in one level, by a `list` of thresholds, or by a `formula`; a challenge always has a list. What a prize
says beyond the boxes there are is kept, under `rest`.
"""

from __future__ import annotations

import json
from typing import Any

from badges.document import Badge, Challenge, Formula, Prize
from facts.language import N_
from members.studio.asked import Form, rows_of
from members.studio.criterion import CHOOSE, NEEDED, Problems, Raw, value_of
from members.studio.shape import Box, Shape

STEPS_MAX = 50
LADDERS = ("one", "list", "formula")
PRIZE = (
    Shape("points", Box.NUMBER, least=0, most=10**7),
    Shape("lasting", Box.CHOICE, ("promotional", "base"), "promotional"),
    Shape("expires_days", Box.NUMBER, least=1, most=3650),
    Shape("badge", Box.TEXT),
    Shape("reward", Box.TEXT),
    Shape("factor", Box.MONEY),
    Shape("boost_days", Box.NUMBER, least=1, most=366),
)
AT = Shape("at", Box.MONEY, needed=True)
LEVELS = Shape("levels", Box.NUMBER, needed=True, least=1, most=50)
FACTOR = N_("Write a factor such as 1.5, and for how many days.")
OWN = {"points", "promotional", "expires_days", "badge", "reward", "boost"}


def steps(form: Form) -> list[str]:
    """The beginnings of the names of the steps: `step.0`, `step.1`."""
    return rows_of(form, "step", "points", STEPS_MAX)


def blank_step(index: int) -> Form:
    """A step that asks and gives nothing yet."""
    return {f"step.{index}.{shape.name}": shape.default for shape in (AT, *PRIZE)}


def form_of(game: Badge | Challenge) -> Form:
    """The steps as they stand in the form."""
    if isinstance(game, Challenge):
        given = [(one.at, one.prize) for one in game.milestones]
        form: Form = {}
    elif isinstance(game.levels, Formula):
        given = [("", prize) for prize in game.prizes or [Prize()]]
        form = {"ladder": "formula", "formula": game.levels.formula, "levels": str(game.levels.levels)}
    else:
        given = [(at, game.prize(i) or Prize()) for i, at in enumerate(game.levels or [""], 1)]
        form = {"ladder": "list" if game.levels else "one", "formula": "", "levels": ""}
    for i, (at, prize) in enumerate(given):
        form |= _step(f"step.{i}", at, prize)
    return form


def _step(name: str, at: str, prize: Prize) -> Form:
    rest = {
        key: value
        for key, value in prize.model_dump(mode="json", exclude_defaults=True).items()
        if key not in OWN
    }
    form = {
        f"{name}.at": at,
        f"{name}.points": str(prize.points or ""),
        f"{name}.lasting": "promotional" if prize.promotional else "base",
        f"{name}.expires_days": str(prize.expires_days or ""),
        f"{name}.badge": prize.badge or "",
        f"{name}.reward": prize.reward or "",
        f"{name}.factor": str(prize.model_dump(mode="json")["boost"]["factor"]) if prize.boost else "",
        f"{name}.boost_days": str(prize.boost.days) if prize.boost else "",
    }
    return form | ({f"{name}.rest": json.dumps(rest)} if rest else {})


def read(form: Form, kind: str, badges: list[str], wrong: Problems) -> Raw:
    """The steps as the document has them. `badges` are those that can be given."""
    said = [(name, _prize(form, name, badges, wrong)) for name in steps(form)]
    prizes = [prize for _, prize in said]
    if kind == "challenge":
        return {"milestones": [{"at": _at(form, name, wrong), "prize": prize} for name, prize in said]}
    while len(prizes) > 1 and prizes[-1] == prizes[-2]:
        prizes.pop()
    raw: Raw = {"prizes": [] if prizes == [{}] else prizes, "levels": None}
    ladder = form.get("ladder", "one")
    if ladder not in LADDERS:
        wrong["ladder"] = (CHOOSE, {})
    elif ladder == "one":
        raw["prizes"] = raw["prizes"][:1]
    elif ladder == "list":
        raw["levels"] = [_at(form, name, wrong) for name, _ in said]
    else:
        raw["levels"] = {
            "formula": form.get("formula", "").strip(),
            "levels": value_of(LEVELS, form.get("levels", ""), "levels", wrong),
        }
    return raw


def _at(form: Form, name: str, wrong: Problems) -> Any:
    return value_of(AT, form.get(f"{name}.at", "").strip(), f"{name}.at", wrong)


def _prize(form: Form, name: str, badges: list[str], wrong: Problems) -> Raw:
    found = {
        shape.name: value_of(
            shape, form.get(f"{name}.{shape.name}", "").strip(), f"{name}.{shape.name}", wrong
        )
        for shape in PRIZE
    }
    prize: Raw = json.loads(form.get(f"{name}.rest", "{}"))
    prize |= {key: found[key] for key in ("points", "expires_days", "badge", "reward") if found[key]}
    if found["lasting"] == "base":
        prize["promotional"] = False
    if found["badge"] and found["badge"] not in badges:
        wrong[f"{name}.badge"] = (CHOOSE, {})
    if bool(found["factor"]) != bool(found["boost_days"]):
        missing = "boost_days" if found["factor"] else "factor"
        wrong.setdefault(f"{name}.{missing}", (NEEDED, {}))
    elif found["factor"]:
        prize["boost"] = {"factor": found["factor"], "days": found["boost_days"]}
    return prize
