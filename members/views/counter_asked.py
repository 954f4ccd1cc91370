"""The question of the counter as the member has it on their home page."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, func, literal_column
from sqlmodel import col

from members.asking import part
from members.cards import AskedCard
from members.standing import MemberStanding
from members.views.offers import price_words
from members.way_tables import Proof
from rewards.wording import Wording

_DASH, _NOTHING = literal_column("'-'", Text()), literal_column("''", Text())


def asked(data: str, until: datetime, standing: MemberStanding, say: Wording, now: datetime) -> AskedCard:
    """The question of the counter as the member reads it; nothing once its time is over."""
    if until <= now:
        return AskedCard()
    found = json.loads(data)
    name = say.rewards.get(found["reward"], found["reward"])
    zone = standing.version.zone
    return AskedCard(
        key=found["ask"],
        name=name,
        words=price_words(found["price"], say),
        until=say.text("Until {time}", time=say.language.date(until, "time", zone)),
    )


def asked_part(member: Any) -> Any:
    """The part of a greater question that finds it (see `members.actions.counter_rewards.subject_of`).

    `now` is asked of the answer, not here: so the row that a page shows does not change by itself.
    """
    subject: Any = literal_column("'counter:'", Text()).concat(
        func.replace(cast(member, Text), _DASH, _NOTHING)
    )
    return part("asked", cause=col(Proof.data), expires_at=col(Proof.expires_at)).where(
        col(Proof.subject) == subject, col(Proof.used_at).is_(None)
    )


def asked_in(rows: Any, standing: MemberStanding, say: Wording, now: datetime) -> AskedCard:
    """The question among the rows of an answer; an empty card when there is none."""
    found = [asked(row.cause, row.expires_at, standing, say, now) for row in rows if row.what == "asked"]
    return next((one for one in found if one.key), AskedCard())
