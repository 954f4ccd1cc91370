"""The difference between two programmes, in sentences a shop owner reads before saying yes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from badges.boards import Board
from badges.document import Badge, Challenge
from badges.goals import Goal
from facts.criteria.saying import sentence
from facts.guards import Guard
from facts.language import N_, Language, language
from members.programme.document import Programme
from members.programme.problems import Loc, path_of
from members.programme.text import plain
from rewards.document import Level, Reward
from rewards.earning import Rule
from rewards.referrals import Offer

ENGLISH = language("en")
MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)"
)  # as the document writes it
NUMBER = re.compile(r"-?\d+(\.\d+)?")
NUMBERS = frozenset({"at", "at least", "factor", "money", "multiplier", "percent", "per", "target", "value"})
"""Fields that hold a decimal number as text."""
OWN_NAMES = frozenset({("wallets",), ("categories",), ("facts",), ("paying", "rates")})
"""Where settings stand by names that staff gave."""
UNTOLD = ".freezes"  # what the words of a criterion leave out
KINDS = {
    "earning": N_("Earning rule"),
    "tiers.levels": N_("Tier"),
    "rewards": N_("Reward"),
    "badges": N_("Badge"),
    "challenges": N_("Challenge"),
    "goals": N_("Goal"),
    "guards": N_("Guard"),
    "boards": N_("Board"),
    "referrals.offers": N_("Referral offer"),
    "wallets": N_("Wallet"),
}
ORDERED = {
    "rewards": N_("The rewards are shown in another order"),
    "referrals.offers": N_("The offers stand in another order: new links make the first that is open"),
}
"""Lists whose order says something, and what it says when it is another one."""
FIELDS = (
    N_("kind"), N_("name"), N_("description"), N_("price"), N_("prices"), N_("value"), N_("stock"), N_("per member"),
    N_("tiers"), N_("visible from"), N_("claimable from"), N_("until"), N_("held days"), N_("valid days"),
    N_("refundable days"), N_("fulfilment"), N_("icon"), N_("retired"),
    N_("criterion"), N_("levels"), N_("level"), N_("formula"), N_("prizes"), N_("prize"), N_("points"),
    N_("promotional"), N_("badge"), N_("boost"), N_("factor"), N_("days"), N_("artwork"), N_("secret"), N_("edition"),
    N_("expires days"), N_("order"), N_("milestones"), N_("at"), N_("join"), N_("repeats"), N_("budget"), N_("opens"),
    N_("closes"), N_("counts"), N_("on refund"), N_("paused"), N_("freezes"),
    N_("sharer"), N_("friend"), N_("paid"), N_("order min"), N_("hold days"), N_("link days"), N_("reward"),
    N_("friends"), N_("per"), N_("terms"), N_("thanks"), N_("access"), N_("link"), N_("per period"), N_("most"),
    N_("access until"), N_("codes"), N_("alert percent"), N_("occasion"), N_("on"), N_("choice"),
    N_("threshold"), N_("multiplier"), N_("benefits"), N_("percent"), N_("wallet"), N_("wallets"), N_("expiry"),
    N_("months"), N_("pending days"), N_("warn days"), N_("negative balance"), N_("policy"), N_("limit"), N_("money"),
    N_("paying"), N_("share"), N_("step"), N_("minimum"), N_("window"), N_("keep"), N_("cap per day"), N_("where"),
    N_("categories"), N_("at most"), N_("within"), N_("hours"), N_("minutes"), N_("pays"), N_("days min"), N_("dates"),
    N_("activities"), N_("ceilings"), N_("hold minutes"),
)  # fmt: skip
"""What fields are called in the document: the boxes of the studio, and what members read of in the history of the
rules; others are told by that name in every language."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `kind` is `added`, `removed` or `changed`, `sentence` says it.

    `brief` says the same to members: of a new thing that it is new, without its fields; else it is the sentence.
    """

    kind: str
    path: str
    sentence: str
    brief: str

    def __str__(self) -> str:
        return f"{ {'added': '+', 'removed': '-', 'changed': '~'}[self.kind] } {self.sentence}"


def plan(old: Programme | None, new: Programme, say: Language = ENGLISH) -> list[Change]:
    """What would be different with `new` in force, told in a language; nothing when they mean the same."""
    if old is None:
        said = _first(new, say)
        return [Change("added", "", said, said)]
    told = _Told(old, new, say)
    return [
        *told.settings(),
        *told.by_slug("earning", old.earning, new.earning),
        *told.by_slug("tiers.levels", old.tiers.levels, new.tiers.levels),
        *told.by_slug("rewards", old.rewards, new.rewards),
        *told.by_slug("badges", old.badges, new.badges),
        *told.by_slug("challenges", old.challenges, new.challenges),
        *told.by_slug("goals", old.goals, new.goals),
        *told.by_slug("guards", old.guards, new.guards),
        *told.by_slug("boards", old.boards, new.boards),
        *told.by_slug("referrals.offers", old.referrals.offers, new.referrals.offers),
    ]


def _first(new: Programme, say: Language) -> str:
    """How much there is in a first version."""
    counted = [
        say.plural("{n} earning rule", "{n} earning rules", len(new.earning)),
        say.plural("{n} tier", "{n} tiers", len(new.tiers.levels)),
        say.plural("{n} reward", "{n} rewards", len(new.rewards)),
    ]
    if new.badges or new.challenges:
        counted.append(say.plural("{n} badge", "{n} badges", len(new.badges)))
        counted.append(say.plural("{n} challenge", "{n} challenges", len(new.challenges)))
    if new.boards:
        counted.append(say.plural("{n} board", "{n} boards", len(new.boards)))
    return say.text("A first version: {parts}", parts=say.listed(counted))


Named = Rule | Level | Reward | Badge | Challenge | Board | Goal | Guard | Offer


class _Told:
    """The differences of two programmes, in one language."""

    def __init__(self, old: Programme, new: Programme, say: Language) -> None:
        self.old, self.new, self.say = old, new, say

    def settings(self) -> Iterator[Change]:
        """What is not a list of things with names."""
        apart: Any = {
            "earning": True,
            "rewards": True,
            "badges": True,
            "challenges": True,
            "goals": True,
            "guards": True,
            "boards": True,
            "tiers": {"levels"},
            "referrals": {"offers"},
        }
        before, after = (each.model_dump(mode="json", exclude=apart) for each in (self.old, self.new))
        for loc, was, becomes in _differences(before, after):
            last = str(loc[-1])
            wallet = last if loc[:-1] == ("wallets",) else ""
            if wallet and was is None:
                yield self.added(
                    "wallets", wallet, self.called(becomes["name"], self.new), self.value(becomes)
                )
            elif wallet and becomes is None:
                yield self.removed("wallets", wallet, self.called(was["name"], self.old))
            else:
                said = self.say.text("{field}: {was} becomes {becomes}", field=self.setting(loc),
                                     was=self.value(was, last), becomes=self.value(becomes, last))  # fmt: skip
                yield Change("changed", path_of(loc), said, said)

    def by_slug(self, path: str, before: Sequence[Named], after: Sequence[Named]) -> Iterator[Change]:
        """What is no more, what is new, and what is not as it was."""
        was, becomes = {item.slug: item for item in before}, {item.slug: item for item in after}
        what = self.say.text(KINDS[path])
        for slug, item in was.items():
            if slug not in becomes:
                yield self.removed(path, slug, self.name(item, self.old))
        for slug, item in becomes.items():
            place, name = f"{path}.{slug}", self.name(item, self.new)
            if slug not in was:
                yield self.added(path, slug, name, self.listed(item))
                continue
            for field, one, other in self.told(was[slug], item):
                said = self.say.text(
                    "{what} “{name}”: {change}", what=what, name=name, change=self.change(field, one, other)
                )
                yield Change("changed", f"{place}.{field}", said, said)
        if path in ORDERED and [s for s in was if s in becomes] != [s for s in becomes if s in was]:
            said = self.say.text(ORDERED[path])
            yield Change("changed", path, said, said)

    def added(self, path: str, slug: str, name: str, fields: str) -> Change:
        """A thing that is new."""
        what = self.say.text(KINDS[path])
        said = self.say.text("{what} “{name}” is new: {fields}", what=what, name=name, fields=fields)
        brief = self.say.text("{what} “{name}” is new", what=what, name=name)
        return Change("added", f"{path}.{slug}", said, brief)

    def removed(self, path: str, slug: str, name: str) -> Change:
        """A thing that is no more."""
        said = self.say.text("{what} “{name}” is no more", what=self.say.text(KINDS[path]), name=name)
        return Change("removed", f"{path}.{slug}", said, said)

    def told(self, was: Named, item: Named) -> Iterator[tuple[str, Any, Any]]:
        """What differs; a criterion in words, where the words differ."""
        before, after = self.asks(was, self.old), self.asks(item, self.new)
        if before != after:
            yield "criterion", before, after
        for field, one, other in differences(_whole(was), _whole(item)):
            if before == after or not field.startswith("criterion.") or field.endswith(UNTOLD):
                yield field, one, other

    def asks(self, item: Named, programme: Programme) -> str:
        """The criterion of a badge or challenge in words; "" for anything else."""
        if not isinstance(item, Badge | Challenge):
            return ""
        tiers = {level.slug: self.name(level, programme) for level in programme.tiers.levels}
        return sentence(item.criterion, self.say, programme.currency, tiers=tiers)

    def change(self, field: str, one: Any, other: Any) -> str:
        """How a field changes."""
        if field == "picture":
            return self.say.text("another picture") if other else self.say.text("no picture any more")
        last = field.rpartition(".")[2]
        return self.say.text("{field} from {was} to {becomes}", field=self.field(field),
                             was=self.value(one, last), becomes=self.value(other, last))  # fmt: skip

    def name(self, item: Named, programme: Programme) -> str:
        """What it is called."""
        return self.called(item.name, programme) if item.name else item.slug

    def called(self, name: Any, programme: Programme) -> str:
        """A name in the language, or in the first one of the programme."""
        own = programme.languages[0]
        code = self.say.code if self.say.code in programme.languages and self.say is not ENGLISH else own
        return programme.words(name, code)

    def listed(self, item: Named) -> str:
        """All that a new thing says."""
        told = {
            key: value for key, value in plain(item).items() if key not in ("slug", "name", "description")
        }
        if asks := self.asks(item, self.new):
            told["criterion"] = asks
        return self.say.joined(f"{self.field(key)} {self.value(value, key)}" for key, value in told.items())

    def field(self, path: str) -> str:
        """What a field is called."""
        first, dot, rest = path.partition(".")
        tail = rest if first == "prices" or not rest else self.field(rest)  # prices stand by tiers
        return self.say.text(first.replace("_", " ")) + dot + tail

    def setting(self, loc: Loc) -> str:
        """What a setting is called; what staff called something stays as they wrote it."""
        parts = [(str(one), str(one).replace("_", " "), _named(loc[:i])) for i, one in enumerate(loc)]
        return ".".join(
            name if named else self.say.text(one) if one in FIELDS else one for name, one, named in parts
        )

    def value(self, value: Any, field: str = "") -> str:
        """A value of the document, or of its `field`, as people read it."""
        if value is None or value == "":
            return self.say.text("nothing")
        if isinstance(value, bool):
            return self.say.text("yes") if value else self.say.text("no")
        nothing = self.say.text("nothing")
        if isinstance(value, list):
            return self.say.joined(self.value(item) for item in cast(list[Any], value)) or nothing
        if isinstance(value, dict):
            items = [pair for pair in cast(dict[str, Any], value).items() if pair[1] is not None]
            return (
                self.say.joined(f"{self.field(key)} {self.value(item, key)}" for key, item in items)
                or nothing
            )
        if isinstance(value, str):
            if field.replace("_", " ") in NUMBERS and NUMBER.fullmatch(value):
                return self.say.number(Decimal(value))
            return self.moment(value) if MOMENT.fullmatch(value) else self.say.text("“{name}”", name=value)
        return self.say.number(value)

    def moment(self, text: str) -> str:
        """A moment by the clock of the shop."""
        at, zone = datetime.fromisoformat(text), self.new.zone
        day, time = self.say.date(at, "long", zone), self.say.date(at, "time", zone)
        return self.say.text("{day}, {time}", day=day, time=time)


def _whole(item: Named) -> dict[str, Any]:
    return item.model_dump(mode="json")


def _named(place: Loc) -> bool:
    """Whether what stands in a place of the document has the names that staff gave it."""
    return place in OWN_NAMES or (place[:1] == ("facts",) and place[2:] == ("fields",))


def differences(old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    """(path, before, after) of every value that is not the same in two plain documents; None for no value."""
    return ((path_of(loc), was, becomes) for loc, was, becomes in _differences(old, new))


def _differences(old: Any, new: Any, path: Loc = ()) -> Iterator[tuple[Loc, Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        was, becomes = cast(dict[str, Any], old), cast(dict[str, Any], new)
        for key in dict.fromkeys([*was, *becomes]):
            yield from _differences(was.get(key), becomes.get(key), (*path, key))
    elif old != new:
        yield path, old, new
