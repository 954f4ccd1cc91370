"""What of a card is sent to the browser: all but what the server alone looks at.

The shop has its own place in every page's State, what a member holds and was told is only compared
(`app.frame.joy`), and when points arrive by date alone is waited for (`app.frame.visit`).
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import reflex as rx

from members.board_cards import BoardsCard
from members.cards import HistoryCard, HomeCard, RewardsCard, RulesCard
from members.game_cards import BadgesCard, ChallengesCard, StreaksCard
from members.referral_cards import FriendsCard

KEPT_HERE = frozenset({"shop", "held", "told", "turns_at"})


def _slim(kind: type) -> None:
    names = tuple(field.name for field in fields(kind) if field.name not in KEPT_HERE)

    def sent(card: Any) -> dict[str, Any]:
        return {name: getattr(card, name) for name in names}

    sent.__annotations__ = {"card": kind, "return": dict}
    rx.serializer(sent)


def slim_cards() -> None:
    """For `app.frame.visit`: from now on Reflex sends the cards of members' pages without it."""
    for kind in (
        HomeCard, HistoryCard, RewardsCard, RulesCard, BadgesCard, ChallengesCard, StreaksCard, BoardsCard, FriendsCard,
    ):  # fmt: skip
        _slim(kind)
