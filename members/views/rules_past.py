"""How the rules came to be what they are: the versions that were in force, and what each of them changed.

Only what members may know of a version is compared, as `rules.json` told it while that version was in force: what was
not shown in that time, a secret and what is staff's own are left out of both sides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from facts.language import Language
from members.programme.document import Programme
from members.programme.plan import Change, plan
from members.programme.versions import CHANGES_MAX, FOR_EVER, Timeline, Version
from members.rules_cards import VersionCard
from members.views.rules_document import Seen, document_with, seen, without_secrets
from members.views.saying import day, wording

VERSIONS_MAX = 20  # how many versions are told of, the newest first
NEWEST = 3  # how many of them the page shows unfolded
SENTENCES_MAX = 10  # how many changes of one version the page names
OF_VERSION = ("version", "effective_from")
TICK = timedelta(microseconds=1)

Told = tuple[Version, Seen]


@dataclass(frozen=True, slots=True)
class Past:
    """A version that is or was in force, with what it changed for members."""

    version: Version
    changes: tuple[Change, ...]


def past(line: Timeline, now: datetime, language: Language) -> tuple[Past, ...]:
    """The versions in force up to `now`, the newest first; at most `VERSIONS_MAX`."""
    there = list(_governed(line, now))[-VERSIONS_MAX - 1 :]  # and the one that the first of them changed
    ends = [*(one.effective_from - TICK for one in there[1:]), now]
    told = [(one, seen(one, one.effective_from, end)) for one, end in zip(there, ends, strict=True)]
    found = [
        Past(version, _changes(_left(before, version, shown), (version, shown), there[-1], language))
        for before, (version, shown) in list(zip([None, *told], told, strict=False))[-VERSIONS_MAX:]
    ]
    return tuple(reversed(found))


def _governed(line: Timeline, now: datetime) -> Iterator[Version]:
    """The versions that have governed some moment up to `now`: of two that begin together, the later one."""
    begun = [one for one in line.whole if one.effective_from <= now]
    for version, after in pairwise([*begun, None]):
        if version and (after is None or version.effective_from < after.effective_from):
            yield version


def _left(before: Told | None, version: Version, shown: Seen) -> Told | None:
    """What a version found, without what had ended by itself: the version did not take that away."""
    if before is None:
        return None
    was, known = before
    return was, known & (shown | seen(was, version.effective_from, version.effective_from))


@lru_cache(maxsize=200)
def _changes(before: Told | None, told: Told, current: Version, language: Language) -> tuple[Change, ...]:
    """What a version changed; kept for the others who ask, until something else is shown."""
    was = _shown(*before, current) if before else None
    return tuple(plan(was, _shown(*told, current), language)[:CHANGES_MAX])


def _shown(version: Version, shown: Seen, current: Version) -> Programme:
    """What members may know of a version, as a programme; what is a secret by now was none of theirs before."""
    document = without_secrets(current.programme, document_with(version, shown))
    return Programme.model_validate({name: part for name, part in document.items() if name not in OF_VERSION})


def past_cards(
    line: Timeline, now: datetime, language: Language
) -> tuple[tuple[VersionCard, ...], tuple[VersionCard, ...]]:
    """The same in sentences for the rules page: the newest ones, and those before them. Nothing of a first version."""
    cards = tuple(_card(one, now, language) for one in past(line, now, language))
    return (cards[:NEWEST], cards[NEWEST:]) if len(cards) > 1 else ((), ())


def _card(one: Past, now: datetime, language: Language) -> VersionCard:
    version, say = one.version, wording(one.version, language)
    said = [change.brief for change in one.changes] or [say.text("Nothing that members see is different.")]
    rest = len(said) - SENTENCES_MAX
    more = language.plural("and {n} more", "and {n} more", rest) if rest > 0 else ""
    if version.effective_from == FOR_EVER:
        title = say.text("Version {number}, since the beginning", number=version.number)
    else:
        since = day(version.effective_from, say, version.zone, now)
        title = say.text("Version {number}, since {day}", number=version.number, day=since)
    return VersionCard(str(version.number), title, tuple(said[:SENTENCES_MAX]), more)


def past_data(line: Timeline, now: datetime, language: Language) -> list[dict[str, object]]:
    """The same as data for `rules.json`, with the path of each change."""
    return [
        {
            "version": one.version.number,
            "effective_from": None
            if one.version.effective_from == FOR_EVER
            else one.version.effective_from.isoformat(),
            "changes": [
                {"kind": change.kind, "path": change.path, "sentence": change.sentence}
                for change in one.changes
            ],
        }
        for one in past(line, now, language)
    ]
