"""What somebody had and has no longer, while something below it stands: a level of a badge, or a challenge's step."""

from __future__ import annotations

from collections.abc import Iterable

from badges.tables import HELD, WENT_BACK, Award
from members.views.playing import Play
from members.views.saying import day


def went_back(rows: Iterable[Award], instance: int, reached: int) -> Award | None:
    """The lowest of the levels above `reached` that went back in a round; None when none did."""
    gone = [
        row for row in rows
        if row.instance == instance and row.level > reached and row.revoked_at and row.reason in WENT_BACK
    ]  # fmt: skip
    return min(gone, key=lambda row: row.level, default=None)


def level_words(award: Award, play: Play) -> str:
    """When a level went back, and why."""
    say, when = play.say, _when(award, play)
    if award.reason == HELD:
        return say.text(
            "Level {n} was taken back on {day}: too much came at once. It counts if the shop says so.",
            n=award.level, day=when,
        )  # fmt: skip
    if award.by_hand:
        return say.text("Level {n} was taken back on {day}: it had been given by mistake.",
                        n=award.level, day=when)  # fmt: skip
    return say.text("Level {n} was taken back on {day}: an order that it was earned with came back.",
                    n=award.level, day=when)  # fmt: skip


def step_words(award: Award, play: Play) -> str:
    """When a step of a challenge went back, and why."""
    say, when = play.say, _when(award, play)
    if award.reason == HELD:
        return say.text(
            "Step {n} was taken back on {day}: too much came at once. It counts if the shop says so.",
            n=award.level, day=when,
        )  # fmt: skip
    return say.text("Step {n} was taken back on {day}: an order that it was earned with came back.",
                    n=award.level, day=when)  # fmt: skip


def _when(award: Award, play: Play) -> str:
    return day(award.revoked_at, play.say, play.standing.version.zone, play.now) if award.revoked_at else ""
