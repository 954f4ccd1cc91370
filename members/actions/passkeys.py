"""Passkeys (Web Authentication): made by who is signed in, and good for signing in, with the device's own lock.

The challenge is good once, for minutes, in the browser that asked for it. A passkey that counts is never seen to count
backwards: then somebody has a copy, it is refused, and its owner is told.

The library is imported by who makes or shows a passkey: it brings certificates and more, and a shop opens without.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from facts.language import N_
from facts.refusals import Refusal
from members import letting_know, proofs
from members.actions.logins import STAFF, alive, by_group, keep_a_way, note
from members.merged import parts_of
from members.roles import MEMBER, Person
from members.tables import Identity, Member
from members.way_tables import Passkey, Staff

NEW, KNOWN = "passkey_new", "passkey"
LASTS = timedelta(minutes=5)
PASSKEYS_MAX, NAME_LENGTH_MAX, ID_LENGTH_MAX = 20, 60, 1023
NOT_FOR_GROUPS = N_("You come in with the shop’s account; a passkey is not for you.")


@dataclass(frozen=True, slots=True)
class Site:
    """Where we are: the host that passkeys belong to, the one origin they may be used on, and the shop's name."""

    host: str
    origin: str
    shop: str


def _broken() -> tuple[type[Exception], ...]:
    """What is raised by what a device should not have sent."""
    from webauthn.helpers.exceptions import WebAuthnException

    return (WebAuthnException, ValueError, KeyError, TypeError, IndexError, AttributeError)


def _refused() -> Refusal:
    return Refusal(
        "passkey_refused",
        N_("This passkey did not work. Try again, or come in another way."),
        status=403,
        keeps=True,
    )


def offer_new(session: Session, person: Person, site: Site, now: datetime) -> tuple[str, str]:
    """What the browser needs to make a passkey for who is signed in, as JSON, and the token for the cookie."""
    if by_group(session, person):
        raise Refusal("way_by_group", NOT_FOR_GROUPS, status=409)
    have = of(session, person)
    if len(have) >= PASSKEYS_MAX:
        raise Refusal("passkeys_many", N_("These are enough passkeys. Remove one first."), status=409)
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    named = _named(session, person) or site.shop
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.shop,
        user_id=_handle(person),
        user_name=named,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in have],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    data = {"challenge": bytes_to_base64url(options.challenge), "actor": person.actor}
    return options_to_json(options), proofs.begin(session, NEW, data, now, lasts=LASTS)


def _handle(person: Person) -> bytes:
    """What a device keeps a passkey under: it says nothing of its owner (WebAuthn, section 14.6.1)."""
    side = MEMBER if person.is_member else STAFF
    return hashlib.sha256(f"passkey\x00{side}\x00{person.id}".encode()).digest()


def _is_of(session: Session, handle: bytes, person: Person) -> bool:
    """Whether a device's handle is this person's: that of their account, or of one that became part of it."""
    if hmac.compare_digest(handle, _handle(person)):
        return True
    parts = parts_of(session, UUID(person.id)) if person.is_member else []
    return any(hmac.compare_digest(handle, _handle(Person(str(one), MEMBER))) for one in parts)


def _named(session: Session, person: Person) -> str:
    """What the owner's own device shows: their address, or their name."""
    if not person.is_member:
        staff = session.get(Staff, person.id)
        return staff.email if staff else person.id
    sent = (Identity.member_id == UUID(person.id), col(Identity.key).startswith("email:"))
    key = session.exec(select(Identity.key).where(*sent).order_by(col(Identity.since))).first()
    member = session.get(Member, UUID(person.id))
    return key.removeprefix("email:") if key else member.name if member else ""


def add(
    session: Session, person: Person, token: str, answer: str, name: str, site: Site, now: datetime
) -> Passkey:
    """Keep the passkey that was made in answer to `offer_new`, in the same browser and for the same person."""
    begun = proofs.end(session, NEW, token, now)
    if begun is None or begun["actor"] != person.actor:
        raise _refused()
    from webauthn import verify_registration_response
    from webauthn.helpers import base64url_to_bytes, parse_registration_credential_json

    try:
        made = verify_registration_response(
            credential=parse_registration_credential_json(answer),
            expected_challenge=base64url_to_bytes(begun["challenge"]),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _broken():
        raise _refused() from None
    if len(made.credential_id) > ID_LENGTH_MAX or session.get(Passkey, made.credential_id):
        raise _refused()
    row = Passkey(
        credential_id=made.credential_id,
        role=MEMBER if person.is_member else STAFF,
        person=person.id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=_plain(name),
        created_at=now,
    )
    session.add(row)
    session.flush()
    note(session, person, "way.passkey_added", {}, now)
    letting_know.tell(session, person, N_("A passkey was added to your account."), now)
    return row


def _plain(name: str) -> str:
    return " ".join(name.replace("\x00", "").split())[:NAME_LENGTH_MAX]


def offer(session: Session, site: Site, now: datetime) -> tuple[str, str]:
    """What the browser needs to ask for any passkey of ours, as JSON, and the token for the cookie."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=site.host, user_verification=UserVerificationRequirement.REQUIRED
    )
    data = {"challenge": bytes_to_base64url(options.challenge)}
    return options_to_json(options), proofs.begin(session, KNOWN, data, now, lasts=LASTS)


def enter(session: Session, side: str, token: str, answer: str, site: Site, now: datetime) -> Person:
    """Who comes in with a passkey, as `member` or `staff`. All that does not fit is one refusal."""
    from webauthn import verify_authentication_response
    from webauthn.helpers import base64url_to_bytes

    begun = proofs.end(session, KNOWN, token, now)
    row, read = _asked_for(session, answer)
    person = alive(session, row.person, side) if row and row.role == side else None
    if begun is None or row is None or person is None or by_group(session, person):
        raise _refused()
    handle = read.response.user_handle
    if handle and not _is_of(session, handle, person):
        raise _refused()
    try:
        seen = verify_authentication_response(
            credential=read,
            expected_challenge=base64url_to_bytes(begun["challenge"]),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _broken():
        raise _refused() from None
    if (seen.new_sign_count or row.sign_count) and seen.new_sign_count <= row.sign_count:
        note(session, person, "way.passkey_copied", {"name": row.name}, now)
        letting_know.tell(session, person, N_("A copy of your passkey seems to be about, and we refused it. "
                          "Remove this passkey from your account, and make a new one."), now)  # fmt: skip
        raise _refused()
    row.sign_count, row.used_at = seen.new_sign_count, now
    session.add(row)
    session.flush()
    return person


def _asked_for(session: Session, answer: str) -> tuple[Passkey | None, Any]:
    from webauthn.helpers import parse_authentication_credential_json

    try:
        read = parse_authentication_credential_json(answer)
    except _broken():
        return None, None
    return session.get(Passkey, read.raw_id, with_for_update=True), read


def of(session: Session, person: Person) -> Sequence[Passkey]:
    """The passkeys of a person, the oldest first."""
    mine = (Passkey.person == person.id, Passkey.role == (MEMBER if person.is_member else STAFF))
    return session.exec(select(Passkey).where(*mine).order_by(col(Passkey.created_at))).all()


def ident_of(row: Passkey) -> str:
    """What a form names a passkey by."""
    return hashlib.sha256(row.credential_id).hexdigest()[:16]


def _mine(session: Session, person: Person, ident: str) -> Passkey:
    found = next((row for row in of(session, person) if ident_of(row) == ident), None)
    if found is None:
        raise Refusal("passkey_unknown", N_("There is no such passkey (any more)."), status=404)
    return found


def rename(session: Session, person: Person, ident: str, name: str) -> None:
    """Call a passkey something that its owner recognises."""
    row = _mine(session, person, ident)
    row.name = _plain(name)
    session.add(row)


def remove(session: Session, person: Person, ident: str, now: datetime) -> None:
    """Take a passkey away; never the last way in."""
    row = _mine(session, person, ident)
    keep_a_way(session, person)
    session.delete(row)
    session.flush()
    note(session, person, "way.passkey_removed", {}, now)
    letting_know.tell(session, person, N_("A passkey was removed from your account."), now)
