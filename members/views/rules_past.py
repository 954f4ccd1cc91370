"""How the rules came to be what they are: the versions that were in force, and what each of them changed.

Only what members may know of a version is compared, as `rules.json` tells it now: what is not shown yet, a secret and
what is staff's own are left out of both sides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from facts.language import Language
from members.programme.document import Programme
from members.programme.plan import Change, plan
from members.programme.versions import CHANGES_MAX, FOR_EVER, Timeline, Version
from members.rules_cards import VersionCard
from members.views.rules_document import document_of, without_secrets
from members.views.saying import day, wording

VERSIONS_MAX = 20  # how many versions are told of, the newest first
NEWEST = 3  # how many of them the page shows unfolded
SENTENCES_MAX = 10  # how many changes of one version the page names
OF_VERSION = ("version", "effective_from")


@dataclass(frozen=True, slots=True)
class Past:
    """A version that is or was in force, with what it changed for members."""

    version: Version
    changes: tuple[Change, ...]


def past(line: Timeline, now: datetime, language: Language) -> tuple[Past, ...]:
    """The versions in force up to `now`, the newest first; at most `VERSIONS_MAX`."""
    there = list(_governed(line, now))
    minute, current = now.replace(second=0, microsecond=0), there[-1]
    pairs = list(pairwise([None, *there]))[-VERSIONS_MAX:]
    found = [
        Past(version, _changes(before, version, current, minute, language))
        for before, version in pairs
        if version
    ]
    return tuple(reversed(found))


def _governed(line: Timeline, now: datetime) -> Iterator[Version]:
    """The versions that have governed some moment up to `now`: of two that begin together, the later one."""
    begun = [one for one in line.whole if one.effective_from <= now]
    for version, after in pairwise([*begun, None]):
        if version and (after is None or version.effective_from < after.effective_from):
            yield version


@lru_cache(maxsize=200)
def _changes(
    before: Version | None, version: Version, current: Version, minute: datetime, language: Language
) -> tuple[Change, ...]:
    """What a version changed, as it can be told at a minute; kept for the others who ask within it."""
    shown = _shown(version, current, minute)
    was = _shown(before, current, minute) if before else None
    return tuple(plan(was, shown, language)[:CHANGES_MAX])


def _shown(version: Version, current: Version, at: datetime) -> Programme:
    """What members may know of a version, as a programme; what is a secret by now was none of theirs before."""
    document = without_secrets(current.programme, document_of(version, at))
    return Programme.model_validate({name: part for name, part in document.items() if name not in OF_VERSION})


def past_cards(
    line: Timeline, now: datetime, language: Language
) -> tuple[tuple[VersionCard, ...], tuple[VersionCard, ...]]:
    """The same in sentences for the rules page: the newest ones, and those before them. Nothing of a first version."""
    cards = tuple(_card(one, now, language) for one in past(line, now, language))
    return (cards[:NEWEST], cards[NEWEST:]) if len(cards) > 1 else ((), ())


def _card(one: Past, now: datetime, language: Language) -> VersionCard:
    version, say = one.version, wording(one.version, language)
    said = [change.sentence for change in one.changes] or [say.text("Nothing that members see is different.")]
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
