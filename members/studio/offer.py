"""An offer for friends as the boxes of a form, and back, checked against the programme it is for. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from facts.language import N_
from facts.money import decimal_text, minor
from facts.refusals import Refusal
from members.programme.document import Programme, cross_check
from members.studio.asked import Form
from members.studio.criterion import BETWEEN, CHOOSE, NEEDED, NOT_SO, Problems, Raw
from members.studio.game import MOMENTS, SLUG
from rewards.referrals import Offer

SIDES = ("sharer", "friend")
PAID = ("first_order", "joining")
PERIODS = ("ever", "day", "week", "month", "year")
TEXTS = ("slug", "paid", "order_min", "hold_days", "per_member", "per", "link_days", *MOMENTS)
OF_SIDE = ("points", "reward", "expires_days", "promotional")
NUMBERS = {"points": (1, 10**6), "expires_days": (1, 3650), "hold_days": (0, 365), "per_member": (1, 10_000),
           "link_days": (1, 3650)}  # fmt: skip

GIVES = N_("Give something to the one who shares, to the friend, or to both.")
NOTHING_EXPIRES = N_("Write the points that expire, or leave this empty.")
ENDS = N_("It would end before it begins: choose a later moment.")
AMOUNT = N_("Write an amount such as {example}, or leave it empty for any purchase.")
STOCKED = N_("Choose a reward without a stock: whoever is due it could come too late for the last one.")
SHORT = N_("Use small letters, digits and hyphens, beginning with a letter, such as {example}.")


@dataclass(slots=True)
class Read:
    """What a form says: the offer, or what is wrong by the name of the box (a msgid and its parameters)."""

    offer: Offer | None = None
    problems: Problems = field(default_factory=dict[str, tuple[str, dict[str, Any]]])


def names(programme: Programme) -> set[str]:
    """The boxes there are."""
    of_side = {f"{side}.{name}" for side in SIDES for name in OF_SIDE}
    return {*TEXTS, *of_side, *(f"name.{code}" for code in programme.languages)}


def blank() -> Form:
    """A new offer: both get something for the first order."""
    return {
        "paid": "first_order",
        "hold_days": "14",
        "sharer.points": "500",
        "friend.points": "300",
        "per": "ever",
    }


def form_of(offer: Offer, programme: Programme) -> Form:
    """An offer as it stands in the form; moments in the programme's zone."""
    raw: Raw = offer.model_dump(mode="json")
    form = {"slug": offer.slug, "paid": offer.paid, "hold_days": str(offer.hold_days), "per": "ever"}
    form |= {f"name.{code}": text for code, text in offer.name.items()}
    form["order_min"] = "" if offer.order_min.strip("0.") == "" else offer.order_min
    limit: Any = raw.get("per_member")
    if isinstance(limit, dict):
        form |= {"per_member": str(limit["friends"]), "per": str(limit["per"])}  # pyright: ignore[reportUnknownArgumentType]
    else:
        form["per_member"] = str(limit or "")
    form["link_days"] = str(raw.get("link_days") or "")
    for name in MOMENTS:
        at = getattr(offer, name)
        form[name] = at.astimezone(programme.zone).strftime("%Y-%m-%dT%H:%M") if at else ""
    for side in SIDES:
        share: Raw = raw.get(side) or {}
        form |= {
            f"{side}.{name}": str(share.get(name) or "") for name in ("points", "reward", "expires_days")
        }
        form[f"{side}.promotional"] = "yes" if share.get("promotional") else ""
    return form


def read(form: Form, programme: Programme, published: Offer | None = None) -> Read:
    """The offer that a form describes; what no box holds stays as it is `published`. Publishing offers it again."""
    found = Read()
    raw: Raw = published.model_dump(mode="json") if published else {}
    raw["retired"] = False
    _words(form, programme, raw, found.problems)
    for side in SIDES:
        raw[side] = _share(form, side, raw.get(side) or {}, found.problems)
    if not (raw["sharer"] or raw["friend"]):
        found.problems.setdefault("sharer.points", (GIVES, {}))
        found.problems.setdefault("friend.points", (GIVES, {}))
    _terms(form, programme, raw, found.problems)
    _moments(form, programme, raw, found.problems)
    if not found.problems:
        _fit(found, raw, programme)
    return found


def placed(programme: Programme, offer: Offer) -> Programme:
    """The programme with an offer in it: in the place of the one with its slug, or behind the others."""
    there = programme.referrals.offers
    kept = [offer if one.slug == offer.slug else one for one in there]
    kept = kept if any(one.slug == offer.slug for one in there) else [*kept, offer]
    return with_offers(programme, kept)


def with_offers(programme: Programme, offers: list[Offer]) -> Programme:
    """The programme with these offers, in this order: the first that is open is what new links offer."""
    return programme.model_copy(
        update={"referrals": programme.referrals.model_copy(update={"offers": offers})}
    )


def _fit(found: Read, raw: Raw, programme: Programme) -> None:
    try:
        offer = Offer.model_validate(raw)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            found.problems.setdefault(_box(one["loc"]), (NOT_SO, {}))
        return
    whole = placed(programme, offer)
    at = next(i for i, one in enumerate(whole.referrals.offers) if one.slug == offer.slug)
    for problem in cross_check(whole):
        if problem.loc[:3] == ("referrals", "offers", at):
            name = _box(problem.loc[3:])
            found.problems.setdefault(name, (STOCKED if name.endswith(".reward") else NOT_SO, {}))
    found.offer = None if found.problems else offer


def _box(loc: tuple[Any, ...]) -> str:
    """The box that a place in the document belongs to."""
    match loc:
        case ["sharer" | "friend" as side, name, *_]:
            return f"{side}.{name}"
        case ["sharer" | "friend" as side]:
            return f"{side}.points"
        case [first, *_] if first in TEXTS:
            return str(first)
        case _:
            return "slug"


def _words(form: Form, programme: Programme, raw: Raw, wrong: Problems) -> None:
    slug, own = form.get("slug", "").strip(), programme.languages[0]
    if not SLUG.match(slug):
        wrong["slug"] = (SHORT, {"example": "give-and-get"})
    words = {code: text for code in programme.languages if (text := form.get(f"name.{code}", "").strip())}
    if own not in words:
        wrong[f"name.{own}"] = (NEEDED, {})
    raw |= {"slug": slug, "name": words}


def _share(form: Form, side: str, was: Raw, wrong: Problems) -> Raw | None:
    points, reward = (
        _number(form, f"{side}.points", "points", wrong),
        form.get(f"{side}.reward", "").strip(),
    )
    expires = _number(form, f"{side}.expires_days", "expires_days", wrong)
    if expires and not points and f"{side}.points" not in wrong:
        wrong[f"{side}.expires_days"] = (NOTHING_EXPIRES, {})
    if not (points or reward):
        return None
    made = {"promotional": form.get(f"{side}.promotional") == "yes" and bool(points), "expires_days": expires}
    return {
        **was,
        "points": points or 0,
        **made,
        "reward": reward or None,
    }


def _terms(form: Form, programme: Programme, raw: Raw, wrong: Problems) -> None:
    raw["paid"] = form.get("paid") or PAID[0]
    if raw["paid"] not in PAID:
        wrong["paid"] = (CHOOSE, {})
    raw["order_min"] = form.get("order_min", "").strip().replace(",", ".") or "0"
    try:
        if minor(raw["order_min"], programme.digits) < 0:
            raise ValueError
    except (Refusal, ValueError):
        wrong["order_min"] = (AMOUNT, {"example": decimal_text(20 * 10**programme.digits, programme.digits)})
    hold = _number(form, "hold_days", "hold_days", wrong)
    if hold is None and "hold_days" not in wrong:
        wrong["hold_days"] = (BETWEEN, {"least": 0, "most": 365})
    raw["hold_days"] = hold
    friends, per = _number(form, "per_member", "per_member", wrong), form.get("per") or PERIODS[0]
    if per not in PERIODS:
        wrong["per"] = (CHOOSE, {})
    raw["per_member"] = {"friends": friends, "per": per} if friends and per != PERIODS[0] else friends
    days = _number(form, "link_days", "link_days", wrong)
    raw["link_days"] = days


def _number(form: Form, box: str, name: str, wrong: Problems) -> int | None:
    """A whole number in its bounds; None for an empty box, and for what is wrong with it."""
    text = form.get(box, "").replace("\N{NO-BREAK SPACE}", "").replace(" ", "").replace(",", "")
    least, most = NUMBERS[name]
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and least <= int(text) <= most):
        wrong[box] = (BETWEEN, {"least": least, "most": most})
        return None
    return int(text)


def _moments(form: Form, programme: Programme, raw: Raw, wrong: Problems) -> None:
    at: dict[str, datetime] = {}
    for name in MOMENTS:
        text = form.get(name, "").strip()
        try:
            if text:
                at[name] = datetime.fromisoformat(text).replace(tzinfo=programme.zone)
        except ValueError:
            wrong[name] = (N_("Write a day and a time."), {})
        raw[name] = at[name].isoformat() if name in at else None
    if len(at) == len(MOMENTS) and at["opens"] >= at["closes"]:
        wrong["closes"] = (ENDS, {})
