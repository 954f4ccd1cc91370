"""How long points last and when they become one's own, in sentences for members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from facts.language import N_
from rewards.document import NegativeBalance, PointsPolicy
from rewards.earning.fixed_points import DEEDS
from rewards.expiry import ORDER, REDEEMED, Expiry
from rewards.wording import Wording

DOINGS = DEEDS | {ORDER: N_("a purchase"), REDEEMED: N_("having a reward")}
ROUNDED = {
    "month": N_("Points last {time}, and on to the end of that month."),
    "quarter": N_("Points last {time}, and on to the end of that quarter."),
    "year": N_("Points last {time}, and on to the end of that year."),
}
FIRST = N_("Those that would go first are used first.")


def lasting(policy: PointsPolicy, say: Wording) -> str:
    """How long points last."""
    expiry = policy.expiry
    if expiry.kind == "never":
        return say.text("Points never expire.")
    if expiry.kind == "inactivity":
        return _inactive(expiry, say)
    if expiry.kind == "calendar":
        return " ".join([*_by_calendar(expiry, say), say.text(FIRST)])
    if expiry.round_to:
        return f"{say.text(ROUNDED[expiry.round_to], time=time_of(expiry, say))} {say.text(FIRST)}"
    return say.text(
        "Points last {months}. Those that would go first are used first.", months=time_of(expiry, say)
    )


def time_of(expiry: Expiry, say: Wording) -> str:
    """`12 months`, or `90 days`."""
    if expiry.days is not None:
        return say.days(expiry.days)
    return say.language.plural("{n} month", "{n} months", expiry.months)


def doings_of(expiry: Expiry, say: Wording) -> str:
    """What keeps points alive: `a purchase or a visit`."""
    called = [say.text(DOINGS[one]) if one in DOINGS else say.deed(one) for one in sorted(expiry.counted)]
    return say.language.listed(called, either=True)


def _inactive(expiry: Expiry, say: Wording) -> str:
    return say.text("All your points expire together when {time} pass without this: {deeds}.",
                    time=time_of(expiry, say), deeds=doings_of(expiry, say))  # fmt: skip


def calendar_days(expiry: Expiry, say: Wording) -> list[str]:
    """The days of a year on which something ends."""
    return [say.language.date(date.fromisoformat(f"2024-{one}"), "day") for one in sorted(expiry.dates)]


def _by_calendar(expiry: Expiry, say: Wording) -> Iterator[str]:
    days = say.listed(calendar_days(expiry, say))
    yield say.text("Points last to the next of these days, each year: {days}.", days=days)
    if expiry.days_min:
        yield say.text("Those that are younger than {days} then last to the one after it.",
                       days=say.days(expiry.days_min))  # fmt: skip


def becoming(policy: PointsPolicy, say: Wording) -> str:
    """When points of an order are one's own; "" when that is at once."""
    if policy.pending:
        latest = say.days(policy.pending.at_most_days)
        if told := policy.pending.told_by:
            return _once_told(say.deed(told), policy.pending_days, latest, say)
        if policy.pending_days:
            return say.text(
                "Points from an order become yours {days} after it is delivered, and {latest} after the "
                "order at the latest.", days=say.days(policy.pending_days), latest=latest,
            )  # fmt: skip
        return say.text("Points from an order become yours when it is delivered, after {days} at the latest.",
                        days=latest)  # fmt: skip
    if policy.pending_days:
        return say.text(
            "Points from an order become yours after {days}, when it can no longer go back.",
            days=say.days(policy.pending_days),
        )
    return ""


def _once_told(deed: str, days: int, latest: str, say: Wording) -> str:
    if days:
        return say.text(
            "Points from an order become yours {days} after this: {deed}. {latest} after the order they are yours in "
            "any case.", days=say.days(days), deed=deed, latest=latest,
        )  # fmt: skip
    return say.text(
        "Points from an order become yours after this: {deed}. {latest} after the order they are yours in any case.",
        deed=deed, latest=latest,
    )  # fmt: skip


def warned(expiry: Expiry, say: Wording) -> list[str]:
    """When members who want letters are told that points end."""
    if expiry.kind == "never" or not expiry.warn_days:
        return []
    days = say.listed([say.days(n) for n in sorted(expiry.warn_days, reverse=True)])
    return [say.text("If you want letters from us, we tell you {days} before points end.", days=days)]


def returning(owed: NegativeBalance, texts: Mapping[str, str], say: Wording) -> list[str]:
    """What becomes of what is taken back when it is spent already: by the policy one of the `texts`, and its limit."""
    if owed.policy != "debt":
        return [say.text(texts[owed.policy])]
    if not owed.limit:
        return [say.text(texts["zero"])]
    said = [say.text(texts["debt"])]
    if owed.limit != NegativeBalance.model_fields["limit"].default:
        said.append(say.text("You owe {points} at most; the rest is let go.", points=say.points(owed.limit)))
    return said


def coming_back(policy: PointsPolicy, say: Wording) -> str:
    """What happens to points that come back too late; "" when they are lost."""
    if not policy.restored_grace_days:
        return ""
    return say.text("Points that come back to you when their time is over last {days} more.",
                    days=say.days(policy.restored_grace_days))  # fmt: skip
