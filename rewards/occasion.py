"""What can be had on a day of the member's own alone, and for some time after it; of a choice one each time. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import Field

from facts.dates import day_of, midnight
from facts.language import N_
from facts.parts import Part, Slug

if TYPE_CHECKING:
    from rewards.document import Reward
    from rewards.wording import Wording

On = Literal["member.birthday", "member.anniversary"]
DAYS_MAX = 300  # these days come once a year, not within 330 days of the last one
APART = timedelta(days=330)

AFTER = {
    "member.birthday": N_("For {days} after your birthday."),
    "member.anniversary": N_("For {days} after the day on which you joined, each year."),
}
TELL = N_("Tell us the day at least 30 days before.")


class Occasion(Part):
    """From the day `on` which it is, to the end of the day `days` later, by the programme's calendar; once each time.

    Of all rewards of the same occasion that name the same `choice`, one can be had each time.
    """

    on: On
    days: Annotated[int, Field(ge=1, le=DAYS_MAX)] = 30
    choice: Slug | None = None

    def ends(self, began: datetime, zone: ZoneInfo) -> datetime:
        """The moment from which it is too late."""
        return midnight(day_of(began, zone) + self.days + 1, zone)


class Day(NamedTuple):
    """When an occasion began last, and since when a choice counts for it: accounts that were merged may have had it
    twice within `APART`, and have one choice.
    """

    began: datetime
    since: datetime


def last_of(moments: Iterable[datetime]) -> Day | None:
    """The last of the moments at which an occasion began, on all accounts of one person."""
    began = since = None
    for began in sorted(moments):
        since = began if since is None or began - since >= APART else since
    return Day(began, since) if began and since else None


def open_until(
    rewards: Iterable[Reward], days: Mapping[str, Day], now: datetime, zone: ZoneInfo
) -> dict[str, datetime]:
    """Until when each reward of an occasion can be had, where it is on. `days` are the last ones, by type of fact."""
    found: dict[str, datetime] = {}
    for reward in rewards:
        day = days.get(reward.occasion.on) if reward.occasion else None
        if reward.occasion and day and day.began <= now < (end := reward.occasion.ends(day.began, zone)):
            found[reward.slug] = end
    return found


def chosen(
    rewards: Iterable[Reward],
    days: Mapping[str, Day],
    had: Iterable[tuple[str, datetime]],
    then: Callable[[datetime], Iterable[Reward]],
) -> frozenset[str]:
    """The rewards of an occasion that are closed: they, or others of their choice, were had since it began.

    `had` are slugs and moments of what counts. What was of one choice at that moment (`then`) is so still, whatever
    has become of the catalogue.
    """
    if not days:
        return frozenset()
    now, first = _groups(rewards), min(day.since for day in days.values())
    closed: set[str] = set()
    for slug, at in had:
        if at < first:
            continue
        before = _groups(then(at))
        ones = {key: found for key, found in now.items() if slug in found}
        ones |= {key: [*found, *now.get(key, ())] for key, found in before.items() if slug in found}
        for key, found in ones.items():
            if key[0] in days and at >= days[key[0]].since:
                closed.update(found)
    return frozenset(closed)


def _groups(rewards: Iterable[Reward]) -> dict[tuple[str, str], list[str]]:
    """The slugs of each choice; a reward of an occasion that names none is one by itself."""
    groups: dict[tuple[str, str], list[str]] = {}
    for reward in rewards:
        if reward.occasion:
            groups.setdefault(_group(reward), []).append(reward.slug)
    return groups


def _group(reward: Reward) -> tuple[str, str]:
    assert reward.occasion is not None
    return (reward.occasion.on, f"choice:{reward.occasion.choice}" if reward.occasion.choice else reward.slug)


def others(reward: Reward, rewards: Iterable[Reward]) -> list[Reward]:
    """The other rewards of its choice."""
    if reward.occasion is None or reward.occasion.choice is None:
        return []
    mine = _group(reward)
    return [one for one in rewards if one.occasion and one.slug != reward.slug and _group(one) == mine]


def when(on: Occasion, say: Wording) -> str:
    """On which days it is."""
    said = say.text(AFTER[on.on], days=say.days(on.days))
    return f"{said} {say.text(TELL)}" if on.on == "member.birthday" else said


def instead(names: list[str], say: Wording) -> str:
    """With which others one has to choose; "" for none."""
    if not names:
        return ""
    quoted = [say.text("“{name}”", name=name) for name in names]
    return say.text("You choose one: this, or {others}.", others=say.language.listed(quoted, either=True))
