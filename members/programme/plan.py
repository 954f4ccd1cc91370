"""The difference between two programmes, in sentences a shop owner reads before saying yes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from badges.document import Badge, Challenge
from members.programme.document import Programme
from members.programme.problems import path_of
from members.programme.text import plain
from rewards.document import Level, Reward
from rewards.earning import Rule

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `kind` is `added`, `removed` or `changed`, `sentence` says it."""

    kind: str
    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{ {'added': '+', 'removed': '-', 'changed': '~'}[self.kind] } {self.sentence}"


def plan(old: Programme | None, new: Programme) -> list[Change]:
    """What would be different with `new` in force; nothing when they mean the same."""
    if old is None:
        rules, rewards = len(new.earning), len(new.rewards)
        levels = len(new.tiers.levels)
        said = f"A first version: {rules} earning rules, {levels} tiers, {rewards} rewards"
        if new.badges or new.challenges:
            said += f", {len(new.badges)} badges, {len(new.challenges)} challenges"
        return [Change("added", "", said)]
    return [
        *_settings(old, new),
        *_rules(old, new),
        *_levels(old, new),
        *_rewards(old, new),
        *_games(old, new),
    ]


def _settings(old: Programme, new: Programme) -> Iterator[Change]:
    apart: Any = {"earning": True, "rewards": True, "badges": True, "challenges": True, "tiers": {"levels"}}
    before, after = (each.model_dump(mode="json", exclude=apart) for each in (old, new))
    for path, was, becomes in differences(before, after):
        yield Change("changed", path, f"{path.replace('_', ' ')}: {_told(was)} becomes {_told(becomes)}")


def _rules(old: Programme, new: Programme) -> Iterator[Change]:
    yield from _by_slug("Earning rule", "earning", old.earning, new.earning, old, new)


def _levels(old: Programme, new: Programme) -> Iterator[Change]:
    yield from _by_slug("Tier", "tiers.levels", old.tiers.levels, new.tiers.levels, old, new)


def _rewards(old: Programme, new: Programme) -> Iterator[Change]:
    yield from _by_slug("Reward", "rewards", old.rewards, new.rewards, old, new)


def _games(old: Programme, new: Programme) -> Iterator[Change]:
    yield from _by_slug("Badge", "badges", old.badges, new.badges, old, new)
    yield from _by_slug("Challenge", "challenges", old.challenges, new.challenges, old, new)


Named = Rule | Level | Reward | Badge | Challenge


def _by_slug(
    what: str, path: str, before: Sequence[Named], after: Sequence[Named], old: Programme, new: Programme
) -> Iterator[Change]:
    was, becomes = {item.slug: item for item in before}, {item.slug: item for item in after}
    for slug, item in was.items():
        if slug not in becomes:
            yield Change("removed", f"{path}.{slug}", f"{what} “{_name(item, old)}” is no more")
    for slug, item in becomes.items():
        place = f"{path}.{slug}"
        if slug not in was:
            yield Change("added", place, f"{what} “{_name(item, new)}” is new: {_listed(item)}")
            continue
        for field, one, other in differences(_whole(was[slug]), _whole(item)):
            said = f"{field.replace('_', ' ')} from {_told(one)} to {_told(other)}"
            if field == "picture":
                said = "another picture" if other else "no picture any more"
            yield Change("changed", f"{place}.{field}", f"{what} “{_name(item, new)}”: {said}")
    if path == "rewards" and [s for s in was if s in becomes] != [s for s in becomes if s in was]:
        yield Change("changed", path, "The rewards are shown in another order")


def _whole(item: Named) -> dict[str, Any]:
    return item.model_dump(mode="json")


def _name(item: Named, programme: Programme) -> str:
    return programme.words(item.name, programme.languages[0]) if item.name else item.slug


def _listed(item: Named) -> str:
    told = {name: value for name, value in plain(item).items() if name not in ("slug", "name", "description")}
    return ", ".join(f"{name.replace('_', ' ')} {_told(value)}" for name, value in told.items())


def differences(old: Any, new: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, Any, Any]]:
    """(path, before, after) of every value that is not the same in two plain documents; None for no value."""
    if isinstance(old, dict) and isinstance(new, dict):
        was, becomes = cast(dict[str, Any], old), cast(dict[str, Any], new)
        for key in dict.fromkeys([*was, *becomes]):
            yield from differences(was.get(key), becomes.get(key), (*path, key))
    elif old != new:
        yield path_of(path), old, new


def _told(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_told(item) for item in value) or NOTHING  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return ", ".join(f"{key} {_told(item)}" for key, item in value.items()) or NOTHING  # pyright: ignore[reportUnknownVariableType]
    return f"“{value}”" if isinstance(value, str) else f"{value:,}"
