"""Entries of the ledger as cards: what it was, why it has its amount, and what is still to come of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from facts.declared import OWN
from facts.language import Language
from members.cards import EntryCard
from members.programme.versions import Timeline, Version
from members.views.saying import day, last_day, wording
from rewards.aside import CHOSEN
from rewards.earning import BY_KIND
from rewards.lots import POINTS
from rewards.perks import ENTRY
from rewards.waiting import DELIVERY
from rewards.wording import Purse, Wording, because, capped

ICONS = {
    "earned": "shopping-basket",
    "spent": "gift",
    "held": "hourglass",
    "expired": "hourglass",
    "adjusted": "store",
    "extended": "hourglass",
    "restored": "undo-2",
    "transferred": "store",
    "imported": "store",
    "forgiven": "heart",
    "given": "gift",
    "received": "gift",
    "reversal": "undo-2",
}
OPENING = ("earned", "adjusted", "transferred", "imported", "received", "restored")  # kinds that open a lot
DEEDS = {
    "member.signed_up": "sparkles",
    "review.posted": "star",
    "profile.completed": "user-plus",
    "survey.answered": "smile",
}
PRIZES = {"badge": "medal", "challenge": "flag", "goal": "sprout", "board": "trophy"}


@dataclass(frozen=True, slots=True)
class EntryRow:
    """The columns of an entry that its card is made of."""

    seq: int
    kind: str
    amount: int
    at: datetime
    active_from: datetime | None
    expires_at: datetime | None
    cause: str
    rule: str
    version: int
    why: str

    @property
    def wallet(self) -> str:
        """The wallet that it is of: its why names one beside points."""
        if '"wallet":' not in self.why:
            return POINTS
        why: dict[str, Any] = json.loads(self.why)
        return why.get("wallet") or why.get("of", {}).get("wallet") or POINTS


def entry_card(row: EntryRow, line: Timeline, language: Language, now: datetime) -> EntryCard:
    """The card of one entry, in the words of the version that made it."""
    version = line.numbered(row.version) if row.version else line.at(row.at)
    zone = line.at(now).zone
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    pending = row.active_from is not None and row.active_from > now
    lasts = row.expires_at is not None and row.expires_at > now
    return _card(row, version, language, zone, today, pending, lasts)


@lru_cache(maxsize=5000)
def _card(
    row: EntryRow,
    version: Version,
    language: Language,
    zone: ZoneInfo,
    today: datetime,
    pending: bool,
    lasts: bool,
) -> EntryCard:
    """The card as it is for the whole of a local day, unless the points turn active or expire in it."""
    say = wording(version, language).of(row.wallet)
    why: dict[str, Any] = json.loads(row.why)
    return EntryCard(
        key=str(row.seq),
        icon=_icon(row, why, version),
        title=title(row, why, version, say),
        why=why_sentence(why, say),
        amount=say.signed(row.amount),
        tone="good" if row.amount > 0 else "plain",
        when=day(row.at, say, zone, today, short=True),
        status=_status(row, why, say, zone, today, pending, lasts),
        pending=pending,
        rule=_rule(row, version, say),
        has_lines=_about_order(row, version),
    )


def _rule(row: EntryRow, version: Version, say: Wording) -> str:
    if not row.rule:
        return ""
    rule = _earning(row, version)
    if rule is None:
        return say.text("Version {n} of the programme", n=version.number)
    name = say.words(rule.name) if rule.name else row.rule
    return say.text("Rule “{rule}”, version {version} of the programme", rule=name, version=version.number)


def _earning(row: EntryRow, version: Version) -> Any:
    return next((rule for rule in version.programme.earning if rule.slug == row.rule), None)


def _about_order(row: EntryRow, version: Version) -> bool:
    if row.cause.startswith("spend|"):
        return "|order:" in row.cause
    rule = _earning(row, version)
    return row.kind == "earned" and rule is not None and not hasattr(rule, "on")


def _icon(row: EntryRow, why: Mapping[str, Any], version: Version) -> str:
    if row.kind == "earned" and why["k"] == "prize":
        return PRIZES[why["for"]]
    if row.kind == "earned" and why["k"] == "referral":
        return "user-plus"
    rule = _earning(row, version) if row.kind == "earned" else None
    return DEEDS.get(getattr(rule, "on", ""), ICONS.get(row.kind, "receipt"))


def title(row: EntryRow, why: Mapping[str, Any], version: Version, say: Wording) -> str:
    """What an entry was, in a few words."""
    rule = _earning(row, version)
    if row.kind == "earned" and why["k"] == ENTRY:
        return say.text("A gift for reaching {tier}", tier=say.tier_names([str(why["tier"])]))
    if row.kind == "earned" and why["k"] == CHOSEN:
        return say.rewards.get(str(why["reward"]), "") or say.text("Points earned")
    if row.kind == "earned" and (given := _given_for(why, say)):
        return given
    if say.counted and (named := _in_purse(row, rule, say.counted, say)):
        return named
    if row.kind == "earned":
        return say.words(rule.name) if rule is not None and rule.name else say.text("Points earned")
    if row.kind == "reversal":
        inner = "" if rule is None or not rule.name else say.words(rule.name)
        inner = inner or say.rewards.get(str(why["of"].get("reward", "")), "")
        inner = inner or (say.text("A gift") if why["of"].get("gift") else "") or _given_for(why["of"], say)
        return say.text("Taken back: {what}", what=inner) if inner else say.text("Taken back")
    reward = say.rewards.get(str(why.get("reward", "")), "")
    named = {
        "spent": reward or say.text("Paid with points"),
        "held": reward
        or (say.text("Set aside to give") if why.get("gift") else say.text("Set aside to pay with")),
        "given": say.text("Given to somebody"),
        "received": say.text("A gift for you"),
        "expired": say.text("Points expired"),
        "adjusted": say.text("A change by the shop"),
        "extended": say.text("More time for points"),
        "restored": say.text("Points that came back"),
        "transferred": say.text("From one account to the other"),
        "imported": str(why.get("reason", "")) or say.text("From the programme before"),
        "forgiven": say.text("Let go"),
    }
    return named.get(row.kind) or say.text("Points")


def _given_for(why: Mapping[str, Any], say: Wording) -> str:
    """What points were given for that no rule gives: a place on a board, a badge, a friend; else ""."""
    if why["k"] == "referral":
        return (
            say.text("A friend's invitation")
            if why.get("side") == "friend"
            else say.text("Friends you brought")
        )
    if why["k"] == "tier_order":
        return say.text("{tier}: more with each order", tier=say.tier_names([why["tier"]]))
    if why["k"] != "prize":
        return ""
    name = say.prizes.get(f"{why['for']}:{why['slug']}", why["slug"])
    if why["for"] == "board":
        return say.text("Place {place} on “{name}”", place=why["level"], name=name)
    if why["for"] == "challenge":
        return say.text("Challenge “{name}”", name=name)
    if why["for"] == "goal":
        return say.text("Reached together: “{name}”", name=name)
    return say.text("Badge “{name}”", name=name)


def _in_purse(row: EntryRow, rule: Any, purse: Purse, say: Wording) -> str:
    """What an entry of a wallet beside points was; "" where the words for points fit."""
    if row.kind == "earned" and rule is not None and rule.name:
        return ""
    named = {"earned": purse.name, "spent": say.text("Paid from “{wallet}”", wallet=purse.name),
             "expired": say.text("Expired from “{wallet}”", wallet=purse.name),
             "extended": say.text("More time for “{wallet}”", wallet=purse.name)}  # fmt: skip
    return named.get(row.kind, "")


def why_sentence(why: Mapping[str, Any], say: Wording) -> str:
    """The why of an entry as a sentence from which its amount can be reckoned again."""
    if why["k"] == "reversal":
        of = why["of"]
        if of["k"] == "spent" and of.get("reward") and not of["points"]:
            return say.text("“{reward}” was given back.", reward=say.rewards.get(of["reward"], of["reward"]))
        if of["k"] in ("spent", "held") and of.get("reward"):
            return say.text(
                "“{reward}” was given back, or not fetched in time, so its {points} are yours again.",
                reward=say.rewards.get(of["reward"], of["reward"]),
                points=say.points(of["points"]),
            )
        if of["k"] == "held" and of.get("order"):
            return say.text("What was set aside for order {order} has changed.", order=of["order"])
        if of["k"] == "held" and of.get("gift"):
            return say.text("Your gift was called back, or not taken in time, so {points} are yours again.",
                            points=say.points(of["points"]))  # fmt: skip
        inner = why_sentence(of, say)
        if why.get("for") == "held":
            told = say.text("Many of these came at once, so the shop looks at them first.")
            return f"{told} {inner}".strip()
        if of.get("until") == DELIVERY:
            told = say.text("Your order has come, or has changed, so this was reckoned anew.")
            return f"{told} {inner}".strip()
        if _own_of(of):
            told = say.text(
                "What the points waited for has happened, or the order has changed, so this was reckoned anew."
            )
            return f"{told} {inner}".strip()
        told = say.text("The order or its place in time has changed, so this was reckoned anew.")
        return f"{told} {inner}".strip()
    kind = BY_KIND.get(why["k"])
    said = kind.because(dict(why), say) if kind else because(why, say)
    limited = capped(why, say, kind.recompute(dict(why))) if kind and why.get("caps") else ""
    return " ".join(part for part in (said, limited) if part)


def _own_of(why: Mapping[str, Any]) -> str:
    """The shop's own fact that an entry's points waited for; "" for none."""
    until = str(why.get("until", ""))
    return until if until.startswith(OWN) else ""


def _status(row: EntryRow, why: Mapping[str, Any], say: Wording, zone: ZoneInfo, today: datetime, pending: bool,
            lasts: bool) -> str:  # fmt: skip
    if row.kind not in OPENING or row.amount <= 0:
        return ""
    if row.active_from and pending:
        when = day(row.active_from, say, zone, today, short=True)
        if why.get("until") == DELIVERY:
            return say.text("Yours on delivery, on {day} at the latest", day=when)
        if own := _own_of(why):
            return say.text("Yours after this: {deed}; on {day} at the latest", deed=say.deed(own), day=when)
        return say.text("Yours on {day}", day=when)
    if row.expires_at and lasts:
        return say.text("Good until {day}", day=last_day(row.expires_at, say, zone, today, short=True))
    return say.text("Their time is over") if row.expires_at else ""
