"""The rules in force as data: what members may know. No secret, no surprise, and nothing of what guards look for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, cast

from sqlmodel import Session

from members.programme.document import Programme
from members.programme.versions import FOR_EVER, Version, in_force

Seen = frozenset[tuple[str, str]]

HIDDEN = ("guards", "safety")
TIMED = ("rewards", "badges", "challenges", "goals")
OF_POINTS = ("adjustment_limit", "bulk_limit")
OF_REFERRALS = ("signals",)
OF_REWARDS = {"stock", "alert_percent"}
SECRET = "secret"  # noqa: S105 - all that is said of a secret badge where one is named


def rules_document(session: Session, now: datetime) -> dict[str, Any]:
    """The rules in force for `rules.json`: what can be seen on the pages, as data."""
    return document_of(in_force(session, now), now)


def document_of(version: Version, now: datetime) -> dict[str, Any]:
    """The same of a version, as if it were in force at `now`."""
    return document_with(version, seen(version, now, now))


def seen(version: Version, since: datetime, last: datetime) -> Seen:
    """What is shown of a version at some moment from `since` to `last`, as pairs of part and slug."""

    def some_time(start: datetime | None, shown: Callable[[datetime], bool]) -> bool:
        at = max(since, start or since)
        return at <= last and shown(at)

    programme = version.programme
    games = [
        *(("badges", one) for one in programme.badges if not one.retired),
        *(("challenges", one) for one in programme.challenges if not one.retired),
        *(("goals", one) for one in programme.goals if not (one.retired or one.paused)),
        *(("offers", one) for one in programme.referrals.offers),
    ]
    rewards = (("rewards", one.slug) for one in programme.rewards if some_time(one.visible_from, one.visible))
    return frozenset(rewards) | {(part, one.slug) for part, one in games if some_time(one.opens, one.open_at)}


def document_with(version: Version, shown: Seen) -> dict[str, Any]:
    """The same of a version with no more of what comes and goes than `shown`."""
    programme = version.programme
    document = without_secrets(
        programme, programme.model_dump(mode="json", exclude={"rewards": {"__all__": OF_REWARDS}})
    )
    for part, within in (*((part, document) for part in TIMED), ("offers", document["referrals"])):
        within[part] = [one for one in within[part] if (part, one["slug"]) in shown]
    for name in HIDDEN:
        document.pop(name, None)
    for part, names in (("points", OF_POINTS), ("referrals", OF_REFERRALS)):
        for name in names:
            document[part].pop(name, None)
    started = None if version.effective_from == FOR_EVER else version.effective_from.isoformat()
    return {"version": version.number, "effective_from": started, **document}


def without_secrets(programme: Programme, document: dict[str, Any]) -> dict[str, Any]:
    """A programme's document without its secret badges; where one is a prize, it says no more than that."""
    secret = {badge.slug for badge in programme.badges if badge.secret}
    if not secret:
        return document
    told = document | {"badges": [one for one in document["badges"] if one["slug"] not in secret]}
    return cast("dict[str, Any]", _unnamed(told, secret))


def _unnamed(value: Any, secret: Collection[str]) -> Any:
    if isinstance(value, dict):
        ones = cast("dict[str, Any]", value)
        return {
            name: SECRET if name == "badge" and one in secret else _unnamed(one, secret)
            for name, one in ones.items()
        }
    if isinstance(value, list):
        return [_unnamed(one, secret) for one in cast("list[Any]", value)]
    return value
