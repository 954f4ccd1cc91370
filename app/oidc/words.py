"""What can come of asking a provider, beside an answer. Here, because to name it should not import how it is asked."""

from __future__ import annotations

LONG = 4096  # no code, state or issuer is longer


class Unusable(Exception):
    """The provider did not answer, or not with what was asked for. The text is for the log, not for visitors."""


class Declined(Exception):
    """The provider says that the person did not want to, or that it could not; nothing of it is shown."""
