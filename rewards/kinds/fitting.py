"""What a reward's fields say about each other, whatever its kind; and links that may be shown to members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from facts.parts import Misfit
from facts.said import Said
from rewards.kinds import BY_NAME, OWN

if TYPE_CHECKING:
    from rewards.document import Reward

LINK_LENGTH_MAX = 500


def _link(text: str) -> str:
    """An address that a member may be sent to: https, with a host, and nothing that hides where it leads."""
    if not text:
        return text
    try:
        parts = urlsplit(text)
        fits = parts.scheme == "https" and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        fits = False
    if not fits or not text.isascii() or not text.isprintable() or set(text) & set(' "<>\\^`{|}'):
        raise ValueError(Said("a link is an address such as https://partner.example/welcome"))
    return text


Link = Annotated[str, Field(max_length=LINK_LENGTH_MAX), AfterValidator(_link)]


def holds_together(reward: Reward) -> None:
    """Refuse fields that contradict each other, or that mean nothing for the kind."""
    kind = BY_NAME[reward.kind]
    for field in OWN:
        if getattr(reward, field) and field not in kind.own:
            others = ", ".join(one.name for one in BY_NAME.values() if field in one.own)
            raise Misfit(
                Said(
                    "a {kind} reward has no {field}, only {others} has",
                    kind=reward.kind,
                    field=field,
                    others=others,
                ),
                field,
            )
    kind.check(reward)
    if not reward.price:
        _costs_nothing(reward)
    by_staff = reward.fulfilment == "by_staff"
    if by_staff and not kind.handed_over:
        raise Misfit(
            Said("a {kind} reward is had at once: leave fulfilment out", kind=reward.kind), "fulfilment"
        )
    if reward.codes == "pool" and kind.spent_at_once:
        raise Misfit(Said("a {kind} reward has no code: leave codes out", kind=reward.kind), "codes")
    if reward.codes == "pool" and kind.lasts:
        raise Misfit(Said("a {kind} reward is a pass of ours: leave codes out", kind=reward.kind), "codes")
    if reward.pooled and by_staff:
        raise Misfit(Said("uploaded codes are given at once: leave fulfilment out"), "fulfilment")
    if reward.pooled and reward.stock is not None:
        raise Misfit(Said("there are as many as there are uploaded codes: leave stock out"), "stock")


def _costs_nothing(reward: Reward) -> None:
    """Only what is given on an occasion does, and at once."""
    if reward.occasion is None:
        raise Misfit(Said("write {ge} or more", ge=1), "price")
    if reward.fulfilment == "by_staff":
        raise Misfit(Said("what costs nothing is had at once: leave fulfilment out"), "fulfilment")
