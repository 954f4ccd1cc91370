"""What somebody had and has no longer, while something below it stands: a level of a badge, or a challenge's step."""

from __future__ import annotations

from collections.abc import Iterable

from badges.tables import HELD, RETURNED, UNCOUNTED, WENT_BACK, Award
from facts.language import N_
from members.views.playing import Play
from members.views.saying import day


def went_back(rows: Iterable[Award], instance: int, reached: int) -> Award | None:
    """The lowest of the levels above `reached` that went back in a round; None when none did."""
    gone = [
        row for row in rows
        if row.instance == instance and row.level > reached and row.revoked_at and row.reason in WENT_BACK
    ]  # fmt: skip
    return min(gone, key=lambda row: row.level, default=None)


LEVEL = {
    RETURNED: N_("Level {n} was taken back on {day}: an order that it was earned with came back."),
    HELD: N_("Level {n} was taken back on {day}: too much came at once. It counts if the shop says so."),
    UNCOUNTED: N_("Level {n} was taken back on {day}: something that it was earned with no longer counts."),
}
STEP = {
    RETURNED: N_("Step {n} was taken back on {day}: an order that it was earned with came back."),
    HELD: N_("Step {n} was taken back on {day}: too much came at once. It counts if the shop says so."),
    UNCOUNTED: N_("Step {n} was taken back on {day}: something that it was earned with no longer counts."),
}


def level_words(award: Award, play: Play) -> str:
    """When a level went back, and why."""
    if award.reason == RETURNED and award.by_hand:
        return _words(N_("Level {n} was taken back on {day}: it had been given by mistake."), award, play)
    return _words(LEVEL[award.reason], award, play)


def step_words(award: Award, play: Play) -> str:
    """When a step of a challenge went back, and why."""
    return _words(STEP[award.reason], award, play)


def _words(text: str, award: Award, play: Play) -> str:
    zone, at = play.standing.version.zone, award.revoked_at
    return play.say.text(text, n=award.level, day=day(at, play.say, zone, play.now) if at else "")
