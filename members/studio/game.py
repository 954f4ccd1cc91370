"""A badge or challenge as the boxes of a form, and back, checked against the programme it is for. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_args

from pydantic import ValidationError

from badges.artwork import Artwork
from badges.document import Badge, Challenge
from facts.language import N_
from members.cards import ICONS
from members.programme.document import Programme, cross_check
from members.studio import criterion, steps, written
from members.studio.asked import Form
from members.studio.criterion import NEEDED, NOT_SO, Problems, Raw, value_of
from members.studio.shape import Box, Shape

Game = Badge | Challenge

SLUG = re.compile(r"[a-z][a-z0-9-]{0,59}\Z")
MODELS: dict[str, type[Badge | Challenge]] = {"badge": Badge, "challenge": Challenge}
LISTS = {"badge": "badges", "challenge": "challenges"}
MOMENTS = ("opens", "closes")
NUMBERS = {
    "badge": (
        Shape("edition", Box.NUMBER, least=1, most=10**9),
        Shape("expires_days", Box.NUMBER, least=1, most=3650),
        Shape("order", Box.NUMBER, (), "100", least=0, most=10_000),
    ),
    "challenge": (
        Shape("days", Box.NUMBER, least=1, most=366),
        Shape("budget", Box.NUMBER, least=1, most=10**12),
    ),
}
CHOICES = {"badge": ("counts", "on_refund"), "challenge": ("join", "repeats", "counts", "on_refund")}
RISING = N_("Each step must ask for more than the one before it.")
SAID = {
    "closes": N_("It would end before it begins."),
    "formula": N_("Write 5*level, 10*level + 5 or 2**level, so that each level asks for more."),
    "at": RISING,
    "join": N_("Days, and beginning anew each time, need members who take it on themselves."),
    "days": N_("Days or a calendar, not both: leave the days out, or let it begin anew each time it is taken on."),
    "factor": steps.FACTOR,
}  # fmt: skip
NOBODY = N_("Nobody can reach this.")
FAR = N_("Write a day from the year 2000 to the year 9000.")
CIRCLE = N_("These badges would give each other in a circle.")


@dataclass(slots=True)
class Read:
    """What a form says: the badge or challenge, its criterion, and what is wrong by the name of the box."""

    game: Game | None = None
    asks: criterion.Read = field(default_factory=criterion.Read)
    problems: Problems = field(default_factory=dict[str, tuple[str, dict[str, Any]]])


def options(kind: str, name: str) -> tuple[str, ...]:
    """What can be chosen in a box of the whole badge or challenge."""
    return get_args(MODELS[kind].model_fields[name].annotation)


def blank(kind: str) -> Form:
    """A new one: three orders, once."""
    form = {"slug": "", "part.0.kind": "count", "part.0.at_least": "3"}
    form |= {"part.0.where.type": "order.paid", "part.0.of": "facts", "part.0.window.kind": "ever"}
    form |= {name: options(kind, name)[0] for name in CHOICES[kind]}
    form |= {"ladder": "one", "order": "100"} if kind == "badge" else {"icon": "flag"}
    return form | steps.blank_step(0) | ({} if kind == "badge" else {"step.0.at": "3"})


def form_of(game: Game, programme: Programme) -> Form:
    """A badge or challenge as it stands in the form; moments in the programme's zone."""
    kind = "badge" if isinstance(game, Badge) else "challenge"
    form = {"slug": game.slug} | {f"name.{code}": text for code, text in game.name.items()}
    form |= {f"description.{code}": text for code, text in (game.description or {}).items()}
    form |= {f"only.{tier}": "yes" for tier in game.tiers}
    form |= {name: str(getattr(game, name)) for name in CHOICES[kind]}
    for shape in NUMBERS[kind]:
        value = getattr(game, shape.name)
        form[shape.name] = "" if value is None else str(value)
    for name in MOMENTS:
        at = getattr(game, name)
        form[name] = at.astimezone(programme.zone).strftime("%Y-%m-%dT%H:%M") if at else ""
    form |= {"secret": "yes" if game.secret else ""} if isinstance(game, Badge) else {"icon": game.icon}
    return form | steps.form_of(game) | written.form_of(game.criterion)


def read(form: Form, kind: str, programme: Programme, artwork: Raw, published: Game | None = None) -> Read:
    """What the form and the artwork describe; what no box holds stays as it is `published`."""
    found = Read()
    raw: Raw = published.model_dump(mode="json") if published else {}
    _words(form, programme, raw, found.problems)
    for shape in NUMBERS[kind]:
        raw[shape.name] = value_of(shape, form.get(shape.name, "").strip(), shape.name, found.problems)
    if kind == "badge":
        raw["order"] = 100 if raw["order"] is None else raw["order"]
        raw |= {"secret": form.get("secret") == "yes", "artwork": artwork}
    else:
        icon = form.get("icon", "")
        raw["icon"] = icon if icon in ICONS else "flag"
    for name in CHOICES[kind]:
        known = options(kind, name)
        raw[name] = value_of(Shape(name, Box.CHOICE, known), form.get(name) or known[0], name, found.problems)
    _moments(form, programme, raw, found.problems)
    raw["tiers"] = [level.slug for level in programme.tiers.levels if form.get(f"only.{level.slug}") == "yes"]
    raw |= steps.read(form, kind, [badge.slug for badge in programme.badges], found.problems)
    found.asks = criterion.read(form, programme)
    found.problems |= found.asks.problems
    if not found.problems and found.asks.criterion is not None:
        raw["criterion"] = written.CRITERION.dump_python(found.asks.criterion, mode="json")
        _fit(found, kind, raw, programme, published)
    return found


def placed(programme: Programme, game: Game) -> Programme:
    """The programme with a badge or challenge in it, in the place of the one with its slug."""
    part = LISTS["badge" if isinstance(game, Badge) else "challenge"]
    there: list[Game] = getattr(programme, part)
    kept = [game if one.slug == game.slug else one for one in there]
    return programme.model_copy(update={part: kept if game in kept else [*kept, game]})


def _fit(found: Read, kind: str, raw: Raw, programme: Programme, published: Game | None) -> None:
    try:
        game = MODELS[kind].model_validate(raw)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            cause = one.get("ctx", {}).get("error")
            name = _box((*one["loc"], *getattr(cause, "at", ())))
            found.problems.setdefault(name, (SAID.get(name.rpartition(".")[2], NOT_SO), {}))
        return
    game = _as_it_was(game, published)
    part, whole = LISTS[kind], placed(programme, game)
    at = next(i for i, one in enumerate(getattr(whole, part)) if one.slug == game.slug)
    for problem in cross_check(whole):
        if problem.loc[:2] == (part, at):
            name = _box(problem.loc[2:])
            said = (
                FAR
                if name in MOMENTS
                else CIRCLE
                if name.endswith(".badge")
                else NOBODY
                if name.endswith((".at", "formula"))
                else NOT_SO
            )
            found.problems.setdefault(name, (said, {}))
    found.game = None if found.problems else game


def _as_it_was(game: Game, published: Game | None) -> Game:
    """With the prizes written as they were, where they are the same for each level."""
    if isinstance(game, Badge) and isinstance(published, Badge):
        levels = range(1, len(game.thresholds()) + 1)
        if game.levels == published.levels and all(game.prize(i) == published.prize(i) for i in levels):
            return game.model_copy(update={"prizes": published.prizes})
    return game


def _box(loc: tuple[Any, ...]) -> str:
    """The box that a place in the document belongs to."""
    steps_of = [one for one in loc if one not in ("a list", "a formula")]
    match steps_of:
        case ["levels", "formula", *_]:
            return "formula"
        case ["levels", int(i), *_] | ["milestones", int(i), "at", *_]:
            return f"step.{i}.at"
        case ["prizes", int(i), name, *rest] | ["milestones", int(i), "prize", name, *rest]:
            inner = {"days": "boost_days"}.get(str(rest[0]), str(rest[0])) if rest else str(name)
            return f"step.{i}.{inner}"
        case ["criterion", *_]:
            return "part.0.kind"
        case ["name" | "description", *_]:
            return "slug"
        case [first, *_]:
            return str(first)
        case _:
            return "slug"


def _words(form: Form, programme: Programme, raw: Raw, wrong: Problems) -> None:
    slug, own = form.get("slug", "").strip(), programme.languages[0]
    if not SLUG.match(slug):
        wrong["slug"] = (N_("Use small letters, digits and hyphens, beginning with a letter."), {})
    raw["slug"] = slug
    for part in ("name", "description"):
        words = {
            code: text for code in programme.languages if (text := form.get(f"{part}.{code}", "").strip())
        }
        if part == "name" and own not in words:
            wrong[f"name.{own}"] = (NEEDED, {})
        if part == "description" and words and own not in words:
            wrong[f"description.{own}"] = (N_("Write it in the shop's own language too."), {})
        raw[part] = words or None


def _moments(form: Form, programme: Programme, raw: Raw, wrong: Problems) -> None:
    for name in MOMENTS:
        text = form.get(name, "").strip()
        try:
            raw[name] = (
                datetime.fromisoformat(text).replace(tzinfo=programme.zone).isoformat() if text else None
            )
        except ValueError:
            wrong[name] = (N_("Write a day and a time."), {})


def artwork_of(published: Game | None) -> Raw:
    """The artwork to begin with."""
    art = published.artwork if isinstance(published, Badge) else Artwork()
    return art.model_dump(mode="json")
