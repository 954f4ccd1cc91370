"""Why staff do what they do by hand: in words of their own, which are kept with it."""

from __future__ import annotations

from facts.language import N_
from facts.refusals import Refusal

LENGTH_MIN, LENGTH_MAX = 3, 500
FOR_MEMBER = N_("Say why, in {least} to {most} characters: the member will read it.")


def checked_reason(reason: str, wrong: str = FOR_MEMBER) -> str:
    """The reason as it is kept; refuses, with the words `wrong`, one that says too little, or too much."""
    reason = reason.replace("\x00", "").strip()  # PostgreSQL keeps no such character
    if not LENGTH_MIN <= len(reason) <= LENGTH_MAX:
        raise Refusal("reason_missing", wrong, path="reason", least=LENGTH_MIN, most=LENGTH_MAX)
    return reason
