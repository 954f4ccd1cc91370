"""The page about oneself: who I am, what I agreed to, and how it stands with my account."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, or_, select

from facts.language import Language, spoken
from members import consents
from members.actions.own import RETURN_DAYS
from members.game_cards import SwitchCard
from members.own_cards import AgreedCard, MeCard, OptionCard
from members.own_tables import Profile
from members.programme.versions import versions
from members.tables import Identity, Member
from members.views.saying import day, shop, wording
from members.views.standing import unknown


def me(session: Session, member_id: UUID, now: datetime, language: Language) -> MeCard:
    """The page of a member."""
    member = session.get(Member, member_id)
    if member is None:
        raise unknown()
    version = versions(session).at(now)
    say = wording(version, language)
    profile = session.get(Profile, member_id)
    agreed = consents.given(session, member_id)
    mine = select(Identity.key).where(
        Identity.member_id == member_id,
        or_(col(Identity.key).startswith("email:"), col(Identity.key).startswith("phone:")),
    )
    left = ""
    if profile and profile.left_at:
        left = day(profile.left_at + timedelta(days=RETURN_DAYS), say, version.zone, now)
    return MeCard(
        shop=shop(version, language),
        name=member.name,
        birthday=profile.birthday if profile else "",
        language=member.language or language.code,
        languages=tuple(OptionCard(one.code, one.name) for one in spoken()),
        known_as=tuple(key.partition(":")[2] for key in session.exec(mine.order_by(col(Identity.key)))),
        agreed=tuple(_agreed(one, agreed, language) for one in consents.PURPOSES),
        paused=bool(profile and profile.paused_at),
        left=left,
        gives=version.programme.gifts is not None,
    )


def _agreed(purpose: consents.Purpose, agreed: set[tuple[str, str]], language: Language) -> AgreedCard:
    return AgreedCard(
        purpose.name,
        language.text(purpose.title),
        language.text(purpose.text),
        tuple(
            SwitchCard(f"{purpose.name}:{channel}", language.text(consents.CHANNELS[channel]), "",
                       (purpose.name, channel) in agreed)
            for channel in purpose.channels
        ),
    )  # fmt: skip
