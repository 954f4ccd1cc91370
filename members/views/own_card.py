"""The digital card in words: whose it is, their tier, the number in groups, and the balance as of now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from badges.tables import Player
from facts.language import Language
from members.card_codes import grouped
from members.standing import standing_of
from members.tables import Member
from members.views.saying import day, shop, wording
from members.views.standing import tier_card, unknown
from members.views.wallets import balance_words, worth_words


@dataclass(frozen=True, slots=True)
class OwnCard:
    """What stands on a card. `at` says when the balance was that, `at_day` says it with its day."""

    shop: str
    name: str
    tier: str
    tone: str
    number: str
    balance: str
    worth: str
    at: str
    at_day: str


def own_card(session: Session, member_id: UUID, number: str, now: datetime, language: Language) -> OwnCard:
    """The card of a member. Without a name it says the alias, without an alias nothing. Refuses who is not known."""
    standing = standing_of(session, member_id, now)
    if standing is None:
        raise unknown()
    say, zone = wording(standing.version, language), standing.version.zone
    member, player = session.get(Member, member_id), session.get(Player, member_id)
    tier = tier_card(standing, say, now)
    time = language.date(now, "time", zone)
    return OwnCard(
        shop=shop(standing.version, language).name,
        name=(member.name if member else "") or (player.alias if player else ""),
        tier=tier.name,
        tone=tier.tone,
        number=language.digits(grouped(number)),
        balance=balance_words(standing, say),
        worth=worth_words(standing, say),
        at=say.text("Balance at {time}", time=time),
        at_day=say.text("Balance on {day} at {time}", day=day(now, say, zone, now), time=time),
    )
