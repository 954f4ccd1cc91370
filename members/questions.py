"""What a member is asked about themselves, one question at a time and never on the first day. Pure.

Whoever says “later” is asked nothing for some weeks.
"""

from __future__ import annotations

from datetime import datetime, timedelta

QUESTIONS = ("name", "birthday")
FIRST_AFTER, QUIET = timedelta(days=1), timedelta(days=28)


def next_question(since: datetime, named: bool, born: bool, skipped: str, now: datetime) -> str:
    """`name`, `birthday` or "": the first that was not answered. `since`: when the account was opened.

    `skipped` are those put off, as `put_off` writes them.
    """
    if now < since + FIRST_AFTER or any(now < at + QUIET for at in _moments(skipped).values()):
        return ""
    answered = {"name": named, "birthday": born}
    open_ones = [one for one in QUESTIONS if not answered[one]]
    return min(open_ones, key=lambda one: _moments(skipped).get(one, since), default="")


def put_off(skipped: str, question: str, now: datetime) -> str:
    """The same with a question that is put off now."""
    kept = {**_moments(skipped), question: now}
    return " ".join(f"{one}@{int(at.timestamp())}" for one, at in sorted(kept.items()))


def _moments(skipped: str) -> dict[str, datetime]:
    """When each was put off; what an earlier version of this program wrote has no moment, and is asked again."""
    found: dict[str, datetime] = {}
    for one in skipped.split():
        question, _, at = one.partition("@")
        if at.isdecimal() and question in QUESTIONS:
            found[question] = datetime.fromtimestamp(int(at)).astimezone()
    return found
