"""What staff do to badges, challenges and goals: pause one, let it go on, retire it. Each makes a version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from badges.document import Badge, Challenge
from badges.goals import Goal
from facts.language import N_
from facts.refusals import Refusal
from members.audit import audit
from members.programme.document import Programme
from members.programme.versions import Version, apply, versions

PARTS = {"badge": "badges", "challenge": "challenges", "goal": "goals"}


def pause_game(session: Session, key: str, *, base: int, actor: str, now: datetime) -> Version:
    """Let nothing count for it from now on, until it goes on. What members have of it stays theirs.

    `key` is `badge:<slug>`, `challenge:<slug>` or `goal:<slug>`; `base` the version that the actor has seen.
    """
    return _publish(session, key, "paused", {"paused": True}, base, actor, now)


def resume_game(session: Session, key: str, *, base: int, actor: str, now: datetime) -> Version:
    """Let facts count again from now on; those of the pause never will."""
    return _publish(session, key, "resumed", {"paused": False}, base, actor, now)


def retire_game(session: Session, key: str, *, base: int, actor: str, now: datetime) -> Version:
    """Take it out of the game: nobody can earn it any more, and who has it keeps it."""
    return _publish(session, key, "retired", {"retired": True}, base, actor, now)


def _publish(
    session: Session, key: str, done: str, change: dict[str, Any], base: int, actor: str, now: datetime
) -> Version:
    document = versions(session).latest.programme
    kind, _, slug = key.partition(":")
    one = _found(document, kind, slug)
    if one.retired:
        raise Refusal("game_retired", N_("It is retired already."), path=kind, status=409)
    told = document.model_dump(mode="json")
    part = PARTS[kind]
    told[part] = [{**each, **change} if each["slug"] == slug else each for each in told[part]]
    made = apply(session, Programme.model_validate(told), base=base, effective_from=now, actor=actor, now=now)
    was = {name: getattr(one, name) for name in change}
    detail = {"version": made.number}
    audit(session, actor, f"{kind}.{done}", f"{kind}:{slug}", detail, now, before=was, after=change)
    return made


def _found(document: Programme, kind: str, slug: str) -> Badge | Challenge | Goal:
    there: Sequence[Badge | Challenge | Goal] = {
        "badge": document.badges,
        "challenge": document.challenges,
        "goal": document.goals,
    }.get(kind, [])
    found = next((one for one in there if one.slug == slug), None)
    if found is None:
        raise Refusal(
            "game_unknown", N_("There is no such badge, challenge or goal."), path="key", status=404
        )
    return found
