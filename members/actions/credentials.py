"""Credentials: an award signed for its holder, revoked when it is taken back, and checked for anybody.

Signing happens when the holder asks for the credential, not when the award is made: it takes some milliseconds, and
few ask. What was signed is kept as it is, so later changes of the badge's words do not touch it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from badges.awards import Taken
from badges.credentials import document, integrity, status, tokens
from badges.credentials.award import BadgeAward, award_id
from badges.credentials.document import Place, Recipient
from badges.credentials.issuer import TOKEN_SUFFIX, Issuer
from badges.credentials.tables import Credential, CredentialHolder, IssuerKey, StatusSlot
from badges.tables import HELD, RETURNED, UNCOUNTED, Award
from facts.ids import id_from
from facts.language import N_
from facts.refusals import Refusal
from members import books, sets
from members.audit import audit
from members.issuer import SYSTEM, signing_key
from members.programme.versions import versions
from members.tables import Identity, Member

TRIES = 12  # a list of which a half is taken is full for one in 4,096; then the next one begins
EMAIL, ACCOUNT = "emailAddress", "accountId"
OUR_WORDS = ("refund", "guard", "uncounted", "renewed", "rules", "erased")
WENT_BACK = {RETURNED: "refund", HELD: "guard", UNCOUNTED: "uncounted"}


def issue(session: Session, award: BadgeAward, issuer: Issuer, now: datetime, secret: bytes) -> Credential:
    """The award as a signed credential, in the holder's language, or the shop's own. Asking again gives the same one.

    It is made anew when its key was withdrawn or the shop has another address now, and the old one is revoked. Refuses
    an award that has not been made yet, and one that has expired.
    """
    if not books.lock(session, [award.member_id]):
        raise Refusal("member_unknown", N_("There is no such member."), status=404)
    if award.awarded_at > now or (award.expires_at and award.expires_at <= now):
        raise Refusal(
            "award_not_standing", N_("This badge is not valid now, so it cannot be signed."), status=409
        )
    before = standing(session, award.member_id, award.award_id)
    if before:
        if _is_good(session, before, issuer):
            return before
        revoke(session, award.member_id, award.award_id, SYSTEM, "renewed", now)
    member = session.get(Member, award.member_id)
    language = (member.language if member else None) or versions(session).latest.programme.languages[0]
    made = _signed(session, award, issuer, _recipient(session, award.member_id), language, now, secret)
    session.add(made)
    session.add(CredentialHolder(credential_id=made.credential_id, member_id=made.member_id))
    session.flush()
    return made


def _is_good(session: Session, row: Credential, issuer: Issuer) -> bool:
    key = session.get(IssuerKey, row.key_name)
    return (
        key is not None
        and key.withdrawn_at is None
        and json.loads(row.document)["issuer"]["id"] == issuer.did
    )


def standing(session: Session, member_id: UUID, award_id: UUID) -> Credential | None:
    """The credential of an award that is not revoked, or None."""
    query = select(Credential).where(
        Credential.member_id == member_id, Credential.award_id == award_id, col(Credential.revoked_at).is_(None)
    )  # fmt: skip
    return session.exec(query).first()


def revoke(session: Session, member_id: UUID, award_id: UUID, actor: str, reason: str, now: datetime) -> bool:
    """Take the credential of an award back, if it has one; whether it had. Its bit in the status list is set."""
    books.lock(session, [member_id])
    row = standing(session, member_id, award_id)
    if row:
        _revoke(session, row, actor, reason, now)
    return row is not None


def _revoke(session: Session, row: Credential, actor: str, reason: str, now: datetime) -> None:
    row.revoked_at, row.reason = now, reason
    slot = session.get(StatusSlot, (row.list_number, row.list_index))
    assert slot is not None
    slot.revoked_at = now
    session.add(row)
    session.add(slot)
    session.flush()
    said = reason if reason in OUR_WORDS else "staff"  # what staff wrote lies with the credential
    detail = {"member": str(row.member_id), "award": str(row.award_id), "reason": said}
    audit(session, actor, "credential.revoked", f"credential:{row.credential_id}", detail, now)


def revoke_lost(
    session: Session,
    returned: Sequence[tuple[UUID, str, int, int, str]],
    taken: Sequence[tuple[UUID, Taken]],
    now: datetime,
    because: str = "",
) -> None:
    """Revoke the credentials of badges that went back, each with its reason, and of those that staff took away.

    `because` is why those went back that no person took, where it is something else. The standings of these members are
    locked.
    """
    why = {(one[0], award_id(*one[:4])): because or WENT_BACK[one[4]] for one in returned}
    why |= _taken_away(session, taken)
    if not why:
        return
    theirs = col(Credential.member_id).in_({member_id for member_id, _ in why})
    these = col(Credential.award_id).in_({award for _, award in why})
    query = select(Credential).where(theirs, these, col(Credential.revoked_at).is_(None))
    for row in session.exec(query.order_by(col(Credential.member_id), col(Credential.credential_id))).all():
        reason = why.get((row.member_id, row.award_id))
        if reason is not None:
            _revoke(session, row, SYSTEM, reason, now)


def _taken_away(session: Session, taken: Sequence[tuple[UUID, Taken]]) -> dict[tuple[UUID, UUID], str]:
    """The awards that staff took away, by member and award, each with their words."""
    if not taken:
        return {}
    said = {(member_id, one.slug, one.at): one.reason for member_id, one in taken}
    whose = tuple_(col(Award.member_id), col(Award.slug)).in_(
        {(member_id, slug) for member_id, slug, _ in said}
    )
    rows = select(Award).where(Award.kind == "badge", whose, col(Award.revoked_at).is_not(None))
    return {
        (row.member_id, award_id(row.member_id, row.slug, row.instance, row.level)): said[name]
        for row in session.exec(rows.execution_options(populate_existing=True))
        if row.revoked_at and (name := (row.member_id, row.slug, row.revoked_at)) in said
    }


def found(session: Session, credential_id: UUID) -> Credential | None:
    """The credential of a public id, or None."""
    holder = session.get(CredentialHolder, credential_id)
    return session.get(Credential, (holder.member_id, credential_id)) if holder else None


def _signed(
    session: Session, award: BadgeAward, issuer: Issuer, to: Recipient, language: str, now: datetime, secret: bytes
) -> Credential:  # fmt: skip
    key = signing_key(session, secret, now)
    method = issuer.method(key.name)
    place = _place(session)
    credential_id = id_from(now, secrets.token_bytes(10))

    def claims(suffix: str) -> dict[str, Any]:
        return document.credential(issuer, credential_id, award, to, place, language, suffix)

    signed = integrity.signed(claims(""), key, method, now)
    return Credential(
        member_id=award.member_id,
        credential_id=credential_id,
        award_id=award.award_id,
        list_number=place.list_number,
        list_index=place.index,
        key_name=key.name,
        issued_at=now,
        document=json.dumps(signed, ensure_ascii=False),
        token=tokens.issued(claims(TOKEN_SUFFIX), key, method),
    )


def _place(session: Session) -> Place:
    """A free place, drawn by chance, in the newest status list; in the next one when that one is filling up."""
    newest = session.exec(
        select(StatusSlot.list_number).order_by(col(StatusSlot.list_number).desc()).limit(1)
    )
    number = newest.first() or 1
    while True:
        for _ in range(TRIES):
            index = status.index_from(secrets.token_bytes(status.CHANCE_BYTES))
            if sets.insert(session, StatusSlot, ("list_number", "list_index", "revoked_at"),
                           [(number, index, None)], "ON CONFLICT DO NOTHING", ("list_index",)):  # fmt: skip
                return Place(number, index)
        number += 1


def _recipient(session: Session, member_id: UUID) -> Recipient:
    """The member by their e-mail address, or by our own number when we know none; in a credential as a hash only."""
    query = (
        select(Identity.key)
        .where(Identity.member_id == member_id, col(Identity.key).startswith("email:"))
        .order_by(col(Identity.since), col(Identity.key))
    )
    key = session.exec(query.limit(1)).first()
    salt = secrets.token_hex(document.SALT_BYTES)
    if key:
        return Recipient(uuid4(), EMAIL, key.removeprefix("email:"), salt)
    return Recipient(uuid4(), ACCOUNT, str(member_id), salt)
