"""The programmes that come with Regulars, to start from."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

from facts.dates import day_of, midnight, month_start, months_after
from facts.refusals import Refusal
from members.programme.document import Programme
from members.programme.problems import did_you_mean
from members.programme.reading import load
from rewards import presets as folder

FOLDER = Path(folder.__file__).parent


def names() -> list[str]:
    """The presets there are."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def text(name: str) -> str:
    """The YAML of a preset."""
    if name not in names():
        raise Refusal("preset_unknown", "There is no preset “{name}”; there are: {known}.", name=name,
                      known=did_you_mean(name, names()) or ", ".join(names()))  # fmt: skip
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def games(name: str) -> str:
    """The badges and challenges that the demo adds to a preset, as YAML; nothing when there are none."""
    path = FOLDER / "games" / f"{name}.yaml"
    return "\n" + path.read_text(encoding="utf-8") if name in names() and path.exists() else ""


def preset(name: str, now: datetime, *, played: bool = False) -> Programme:
    """A preset to start today: what it announces for a date that has passed begins the month after next.

    With `played` its badges and challenges are there as well.
    """
    programme = _written(name, played)
    soon = midnight(months_after(month_start(day_of(now, programme.zone)), 2), programme.zone)
    moved = [
        reward.model_copy(update={"claimable_from": soon})
        if reward.claimable_from and reward.claimable_from <= now
        else reward
        for reward in programme.rewards
    ]
    return programme.model_copy(update={"rewards": moved})


@cache
def _written(name: str, played: bool) -> Programme:
    return load(text(name) + (games(name) if played else ""))
