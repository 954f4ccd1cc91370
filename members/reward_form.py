"""A reward as the boxes of a form, and back: what staff typed, read strictly, each problem beside its box. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from facts.language import N_
from facts.money import minor
from facts.refusals import Refusal
from members.programme.document import Programme
from rewards.document import Reward
from rewards.kinds import BY_NAME, KINDS, OWN
from rewards.occasion import DAYS_MAX

Form = dict[str, str]

VALUE_LENGTH_MAX = 1_000
FULFILMENTS = ("instant", "by_staff")
CODES = ("own", "pool")
PERIODS = ("", "day", "week", "month", "year")
OCCASIONS = ("", "member.birthday", "member.anniversary")
CHOICES = {"kind": tuple(BY_NAME), "fulfilment": FULFILMENTS, "codes": CODES}
MOMENTS = ("visible_from", "claimable_from", "until", "access_until")
COUNTS = {"price": 0, "stock": 0, "per_member": 1, "held_days": 1, "valid_days": 1, "refundable_days": 0,
          "alert_percent": 0, "points": 1}  # fmt: skip
MAY_BE_EMPTY = ("stock", "per_member", "points")
DEFAULTED = ("held_days", "valid_days", "refundable_days", "alert_percent")
TEXTS = ("name", "description", "terms", "thanks", "access")
COUNT_MAX, LIMIT_MAX = 10**9, 10**6
MOST = {"alert_percent": 100, "points": 100_000}
NEEDS_VALUE = ("percent", "fixed")
_SLUG = re.compile(r"[a-z][a-z0-9-]{0,59}\Z")
_PICTURE = re.compile(r"[0-9a-f]{32}\Z")

SLUG = N_("Use small letters, digits and hyphens, beginning with a letter.")
NEEDED = N_("This is needed.")
WHOLE = N_("Write a whole number, {least} or more.")


@dataclass(slots=True)
class Read:
    """What a form says: the reward, or what is wrong by the name of the box (a msgid and its parameters)."""

    reward: Reward | None = None
    problems: dict[str, tuple[str, dict[str, Any]]] = field(
        default_factory=dict[str, tuple[str, dict[str, Any]]]
    )


def names(programme: Programme) -> set[str]:
    """The boxes there are for a programme: its languages and its tiers make some of them."""
    of_language = {f"{part}.{code}" for part in TEXTS for code in programme.languages}
    of_tier = {
        f"{part}.{level.slug}" for part in ("price", "only", "limit") for level in programme.tiers.levels
    }
    fixed = {"slug", "value", "sku", "icon", "picture", "link", "limit", "per", "on", "on_days", "choice",
             *CHOICES, *MOMENTS, *COUNTS}  # fmt: skip
    return of_language | of_tier | fixed


def blank() -> Form:
    """A new reward."""
    return {
        "kind": "product",
        "fulfilment": "instant",
        "icon": "gift",
        "held_days": "30",
        "valid_days": "90",
        "refundable_days": "14",
        "codes": "own",
        "alert_percent": "10",
    }


def form_of(reward: Reward, programme: Programme) -> Form:
    """A reward as it stands in the form; moments in the programme's zone."""
    form = {name: str(getattr(reward, name)) for name in ("slug", *CHOICES, "icon", "picture", "sku", "link")}
    form["value"] = "" if reward.value == "0" else reward.value
    for part in TEXTS:
        words: dict[str, str] = getattr(reward, part) or {}
        form |= {f"{part}.{code}": text for code, text in words.items()}
    if limit := reward.per_period:
        form |= {"per": limit.per, "limit": str(limit.most)}
        form |= {f"limit.{tier}": str(most) for tier, most in limit.tiers.items()}
    if given := reward.occasion:
        form |= {"on": given.on, "on_days": str(given.days), "choice": given.choice or ""}
    form |= {f"price.{tier}": str(price) for tier, price in reward.prices.items()}
    form |= {f"only.{tier}": "yes" for tier in reward.tiers}
    for name in COUNTS:
        value = getattr(reward, name)
        form[name] = "" if value is None else str(value)
    for name in MOMENTS:
        at = getattr(reward, name)
        form[name] = at.astimezone(programme.zone).strftime("%Y-%m-%dT%H:%M") if at else ""
    return form


def read(form: Form, programme: Programme) -> Read:
    """The reward that a form describes, checked against the programme it is for."""
    found = Read()
    raw: dict[str, Any] = {"icon": form.get("icon") or "gift", "sku": form.get("sku", "").strip()}
    form = _of_kind(form)
    raw["link"] = form.get("link", "").strip()
    _read_words(form, programme, raw, found)
    _read_choices(form, raw, found)
    _read_counts(form, programme, raw, found)
    _read_limit(form, programme, raw, found)
    _read_occasion(form, raw, found)
    _read_value(form, programme, raw, found)
    _read_moments(form, programme, raw, found)
    raw["tiers"] = [level.slug for level in programme.tiers.levels if form.get(f"only.{level.slug}") == "yes"]
    if not found.problems:
        try:
            found.reward = Reward.model_validate(raw)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            at = getattr(first.get("ctx", {}).get("error"), "at", ())
            found.problems[_box((*first["loc"], *at), programme)] = (N_("This does not fit."), {})
    return found


def _of_kind(form: Form) -> Form:
    """The form without what another kind has, which is not shown now and was typed before the kind was changed."""
    kind = BY_NAME.get(form.get("kind", "product"), KINDS[0])
    apart = {part for part in OWN if part not in kind.own}
    kept = {name: text for name, text in form.items() if name.split(".")[0] not in apart}
    if not kind.handed_over:
        kept["fulfilment"] = FULFILMENTS[0]
    if not kind.may_pool:
        kept["codes"] = CODES[0]
    if kind.pooled or kept.get("codes") == "pool":
        kept["stock"] = ""
    return kept


def _box(loc: tuple[int | str, ...], programme: Programme) -> str:
    """The box in which something that does not fit was typed."""
    name = str(loc[0]) if loc else "slug"
    return f"{name}.{programme.languages[0]}" if name in TEXTS else name


def _read_words(form: Form, programme: Programme, raw: dict[str, Any], found: Read) -> None:
    slug, own = form.get("slug", "").strip(), programme.languages[0]
    if not _SLUG.match(slug):
        found.problems["slug"] = (SLUG, {})
    raw["slug"] = slug
    for part in TEXTS:
        words = {
            code: text for code in programme.languages if (text := form.get(f"{part}.{code}", "").strip())
        }
        if part == "name" and own not in words:
            found.problems[f"name.{own}"] = (NEEDED, {})
        elif words and own not in words:
            found.problems[f"{part}.{own}"] = (N_("Write it in the shop's own language too."), {})
        raw[part] = words or None


def _read_choices(form: Form, raw: dict[str, Any], found: Read) -> None:
    for name, known in CHOICES.items():
        raw[name] = form.get(name, known[0])
        if raw[name] not in known:
            found.problems[name] = (N_("Choose one of these."), {})
    picture = form.get("picture", "")
    raw["picture"] = picture if _PICTURE.match(picture) else ""


def _read_counts(form: Form, programme: Programme, raw: dict[str, Any], found: Read) -> None:
    for name in COUNTS:
        count = _count(form.get(name, ""))
        if count is None and (name in MAY_BE_EMPTY or (name in DEFAULTED and name not in form)):
            continue  # drafts from before there was such a box have the default
        if count is None:
            found.problems[name] = (NEEDED, {})
        elif not (least := _least(name, form)) <= count <= MOST.get(name, COUNT_MAX):
            found.problems[name] = (WHOLE, {"least": least})
        raw[name] = count
    raw["prices"] = {}
    for level in programme.tiers.levels:
        price = _count(form.get(f"price.{level.slug}", ""))
        if price is not None and not 1 <= price <= COUNT_MAX:
            found.problems[f"price.{level.slug}"] = (WHOLE, {"least": 1})
        elif price is not None and raw["price"] == 0:
            found.problems[f"price.{level.slug}"] = (N_("It costs nothing: leave this empty."), {})
        elif price is not None:
            raw["prices"][level.slug] = price


def _read_limit(form: Form, programme: Programme, raw: dict[str, Any], found: Read) -> None:
    """How often in a period: a number for everybody, and numbers of their own for tiers."""
    per = form.get("per", "")
    if per not in PERIODS:
        found.problems["per"] = (N_("Choose one of these."), {})
    if not per or per not in PERIODS:
        return
    boxes = {"limit": form.get("limit", "")}
    boxes |= {f"limit.{level.slug}": form.get(f"limit.{level.slug}", "") for level in programme.tiers.levels}
    counts = {name: _count(text) for name, text in boxes.items()}
    if counts["limit"] is None:
        found.problems["limit"] = (NEEDED, {})
    for name, count in counts.items():
        if count is not None and not 1 <= count <= LIMIT_MAX:
            found.problems[name] = (WHOLE, {"least": 1})
    tiers = {
        name.removeprefix("limit."): count for name, count in counts.items() if count and name != "limit"
    }
    raw["per_period"] = {"per": per, "most": counts["limit"], "tiers": tiers}


def _least(name: str, form: Form) -> int:
    """The smallest number for a box; only on an occasion does a reward cost nothing."""
    return 1 if name == "price" and not form.get("on") else COUNTS[name]


def _read_occasion(form: Form, raw: dict[str, Any], found: Read) -> None:
    """On which day of a member it is had, for how long, and of which choice it is one."""
    on, days, choice = form.get("on", ""), _count(form.get("on_days", "")), form.get("choice", "").strip()
    if on not in OCCASIONS:
        found.problems["on"] = (N_("Choose one of these."), {})
    if not on or on not in OCCASIONS:
        return
    raw["occasion"] = {"on": on, "choice": choice or None} | ({} if days is None else {"days": days})
    if days is not None and not 1 <= days <= DAYS_MAX:
        found.problems["on_days"] = (N_("Write a whole number from 1 to {most}."), {"most": DAYS_MAX})
    if choice and not _SLUG.match(choice):
        found.problems["choice"] = (SLUG, {})


def _count(text: str) -> int | None:
    """None for nothing, -1 for what is no whole number."""
    plain = text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace(",", "")
    if not plain:
        return None
    return int(plain) if plain.isdecimal() and len(plain) <= 12 else -1


def _read_value(form: Form, programme: Programme, raw: dict[str, Any], found: Read) -> None:
    text, kind = form.get("value", "").strip().replace(",", "."), raw["kind"]
    raw["value"] = text or "0"
    if not text and kind not in NEEDS_VALUE:
        return
    try:
        value = Decimal(text)
        if kind == "percent" and not 0 < value <= 100:
            found.problems["value"] = (N_("Write a percentage above 0 and at most 100."), {})
        elif value <= 0 or not value.is_finite():
            found.problems["value"] = (N_("Write an amount above zero."), {})
        elif kind != "percent":
            minor(text, programme.digits)
    except (InvalidOperation, Refusal):
        found.problems["value"] = (N_("Write an amount such as 5.00."), {})


def _read_moments(form: Form, programme: Programme, raw: dict[str, Any], found: Read) -> None:
    for name in MOMENTS:
        text = form.get(name, "").strip()
        try:
            raw[name] = datetime.fromisoformat(text).replace(tzinfo=programme.zone) if text else None
        except ValueError:
            raw[name] = None
            found.problems[name] = (N_("Write a day and a time."), {})
    starts = [raw[name] for name in ("visible_from", "claimable_from") if raw[name]]
    if raw["until"] and starts and max(starts) >= raw["until"]:
        found.problems["until"] = (N_("It would end before it begins."), {})
