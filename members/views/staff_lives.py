"""Where something of the game is in its life, and what limits it, in words for staff."""

from __future__ import annotations

from datetime import datetime

from badges.document import Badge, Challenge
from badges.goals import Goal
from facts.language import N_
from members.programme.versions import Version
from members.views.saying import day
from rewards.wording import Wording

RUNNING, SCHEDULED, PAUSED, ENDED, RETIRED = (
    N_("Running"), N_("Scheduled"), N_("Paused"), N_("Ended"), N_("Retired"),
)  # fmt: skip
TONES = {RUNNING: "good", SCHEDULED: "accent", PAUSED: "caution"}


def state_of(one: Badge | Challenge | Goal, now: datetime) -> str:
    """Where it is in its life."""
    if one.retired:
        return RETIRED
    if one.closes and one.closes <= now:
        return ENDED
    if one.paused:
        return PAUSED
    return SCHEDULED if one.opens and now < one.opens else RUNNING


def limits(one: Badge | Challenge | Goal, version: Version, say: Wording, now: datetime) -> list[str]:
    """For whom it is, when it opens and when it closes, as far as it does."""
    said: list[str] = []
    if one.tiers:
        said.append(say.text("For {tiers}", tiers=say.tier_names(one.tiers)))
    if one.opens and one.opens > now:
        said.append(say.text("Opens on {day}", day=day(one.opens, say, version.zone, now)))
    if one.closes:
        msgid = N_("Closed on {day}") if one.closes <= now else N_("Closes on {day}")
        said.append(say.text(msgid, day=day(one.closes, say, version.zone, now)))
    return said
