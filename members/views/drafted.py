"""When a draft was changed, or is published by itself, in words: for the lists of drafts and their workbenches."""

from __future__ import annotations

from datetime import datetime

from members.actions.drafts import Draft
from members.programme.versions import Version
from members.views.saying import day
from rewards.wording import Wording


def planned_words(draft: Draft, say: Wording, version: Version) -> str:
    """When it is published, on its workbench; "" for what is not planned."""
    if draft.publish_at is None:
        return ""
    at = draft.publish_at
    on, time = say.language.date(at, "long", version.zone), say.language.date(at, "time", version.zone)
    return say.text("It will be published on {day} at {time}.", day=on, time=time)


def listed_words(draft: Draft, say: Wording, version: Version, now: datetime) -> str:
    """The same in a list; of what is not planned, when it was changed."""
    if draft.publish_at is None:
        return say.text("Changed on {day}", day=day(draft.changed_at, say, version.zone, now))
    time = say.language.date(draft.publish_at, "time", version.zone)
    on = day(draft.publish_at, say, version.zone, now)
    return say.text("Will be published on {day} at {time}", day=on, time=time)
