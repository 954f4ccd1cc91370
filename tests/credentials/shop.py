"""A shop that issues credentials, for tests: a member with an address, an award, and what verifiers would fetch."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from badges.art.address import badge_picture
from badges.artwork import Artwork
from badges.credentials.award import BadgeAward, award_id
from badges.credentials.issuer import TOKEN_SUFFIX, Issuer, did_document, jwks
from badges.credentials.tables import Credential
from facts.ids import id_for
from members import issuer as issuers
from members.actions.credentials import issue
from members.tables import Identity, Member, Standing
from members.views.credentials import status_list
from tests.builders import in_force

NOW = datetime.now(UTC).replace(microsecond=0)  # the verifier on Node looks at its own clock
SECRET = b"a secret of thirty-two characters"
ADDRESS = "https://club.example.com"
EMAIL = "ann@example.com"


def a_member(session: Session, name: str = "ann", *, email: str = EMAIL, language: str = "en") -> BadgeAward:
    """A member, and an award of theirs that nobody has signed yet."""
    member_id = id_for(NOW, name)
    session.add(Member(member_id=member_id, status="active", name=name, language=language, created_at=NOW))
    session.add(Standing(member_id=member_id, head=bytes(32)))
    if email:
        session.add(Identity(key=f"email:{email}", member_id=member_id, since=NOW))
    session.flush()
    return BadgeAward(
        award_id=award_id(member_id, "bread", 0, 2),
        member_id=member_id,
        slug="bread",
        level=2,
        title={"en": "Bread lover", "ru": "Любитель хлеба", "ar": "محبّ الخبز"},
        description={"en": "Knows every loaf & <crust>.", "ru": "Знает каждый батон."},
        criteria={"en": "Ten loaves in a month.", "ru": "Десять батонов за месяц."},
        awarded_at=NOW - timedelta(days=1),
        expires_at=NOW + timedelta(days=365),
        picture_url=ADDRESS + badge_picture(Artwork(numbered=True), 320, edition=17),
        edition=17,
        edition_of=200,
    )


@dataclass(frozen=True)
class Shop:
    """The shop in a session."""

    session: Session
    award: BadgeAward

    @property
    def issuer(self) -> Issuer:
        """Who issues."""
        return issuers.issuer(self.session, ADDRESS, NOW)

    def issued(self, **more: Any) -> Credential:
        """The award's credential."""
        return issue(self.session, replace(self.award, **more), self.issuer, NOW, SECRET)

    def other_award(self, name: str) -> UUID:
        """The id of another award of the same member."""
        return award_id(self.award.member_id, name, 0, 1)

    def keys(self) -> dict[str, Any]:
        """The JWK Set."""
        return jwks(self.issuer, issuers.published(self.session))

    def published(self, row: Credential) -> dict[str, str]:
        """What a verifier of this credential can fetch, by address."""
        who = self.issuer
        did = did_document(who, issuers.published(self.session))
        lists = {
            who.status_list(row.list_number, suffix): status_list(
                self.session, who, row.list_number, NOW, SECRET, token=bool(suffix)
            )
            for suffix in ("", TOKEN_SUFFIX)
        }
        return {f"{ADDRESS}/.well-known/did.json": json.dumps(did)} | {k: v for k, v in lists.items() if v}


def a_shop(session: Session) -> Shop:
    """A shop with a programme and one award."""
    in_force(session)
    return Shop(session, a_member(session))
