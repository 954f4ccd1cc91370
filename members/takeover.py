"""What stands between a stolen sign-in and the points: larger rewards ask for a fresh code where somebody is new.

A device is new for the first hours after its first visit (`safety.cooling_hours` of the programme); for as long after
an address was added every device counts as new. The code goes to the address that the member has had the longest, so
who added one of their own cannot read it. Members without any address cannot be asked; they come in by passkey or by
a provider.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, or_, select

from facts.language import N_, SOURCE
from facts.refusals import Refusal
from members.actions.codes import Begun, answer, begin
from members.own_tables import Device
from members.programme.versions import in_force
from members.tables import BrowserSession, Identity

FRESH = timedelta(minutes=15)
NEEDED = "fresh_code_needed"
DEMO = "demo"
MUCH = N_("A reward for many points was taken from your account.")


def check(session: Session, member_id: UUID, known: bytes, points: int, now: datetime) -> bool:
    """Whether `points` are many, so that the member is to be told; refuses where they need a fresh code first.

    `known` is the digest of the browser session. Called in the transaction that takes the points.
    """
    safety = in_force(session, now).programme.safety
    if points <= safety.fresh_above:
        return False
    row = session.get(BrowserSession, known)
    if row is None or row.way == DEMO or is_fresh(row, now):
        return row is not None and row.way != DEMO
    found = addresses(session, member_id)
    since = now - timedelta(hours=safety.cooling_hours)
    if found and (_is_new(session, member_id, row.device, since) or _has_changed(found, since)):
        raise Refusal(
            NEEDED,
            N_("This is worth a lot, and you are new on this device. Let us send you a code first."),
            status=403,
        )
    return True


def check_card(session: Session, member_id: UUID, points: int, now: datetime) -> bool:
    """The same where a card was shown at the counter: a card on a device that is new may be in wrong hands.

    Then the member confirms on their own page, where `check` asks for a fresh code.
    """
    safety = in_force(session, now).programme.safety
    if points <= safety.fresh_above:
        return False
    found = addresses(session, member_id)
    since = now - timedelta(hours=safety.cooling_hours)
    late = select(Device.digest).where(
        Device.member_id == member_id, or_(col(Device.trusted_at).is_(None), col(Device.first_at) > since)
    )
    if found and (session.exec(late.limit(1)).first() is not None or _has_changed(found, since)):
        text = N_(
            "This is worth a lot, and a device of theirs is new. Ask them to confirm it on their phone."
        )
        raise Refusal(NEEDED, text, status=403)
    return True


def is_fresh(row: BrowserSession | None, now: datetime, lasts: timedelta = FRESH) -> bool:
    """Whether a code was typed within this session a moment ago; the one that opened it does not count."""
    return bool(row and row.proved_at and row.proved_at > row.created_at and row.proved_at > now - lasts)


def _is_new(session: Session, member_id: UUID, device: bytes | None, since: datetime) -> bool:
    found = session.get(Device, (member_id, device)) if device else None
    return found is None or found.trusted_at is None or found.first_at > since


def _has_changed(found: list[Identity], since: datetime) -> bool:
    return len(found) > 1 and found[-1].since > since


def addresses(session: Session, member_id: UUID) -> list[Identity]:
    """The addresses of a member at which a code can be read, the oldest first."""
    sent = or_(col(Identity.key).startswith("email:"), col(Identity.key).startswith("phone:"))
    query = select(Identity).where(Identity.member_id == member_id, sent)
    return list(session.exec(query.order_by(col(Identity.since), col(Identity.key))))


def send(session: Session, member_id: UUID, secret: bytes, now: datetime, *, language: str = SOURCE) -> Begun:
    """Send a fresh code to the oldest address."""
    found = addresses(session, member_id)
    if not found:
        raise Refusal("no_address", N_("There is no address to which we could send a code."), status=409)
    return begin(session, "fresh", found[0].key, secret, now, language=language, person=str(member_id))


def prove(
    session: Session, member_id: UUID, known: bytes, token: str, code: str, secret: bytes, now: datetime
) -> None:
    """The code was typed: for the next quarter of an hour this session may take more. Called before anything else."""
    proof = answer(session, "fresh", token, code, secret, now)
    row = session.get(BrowserSession, known)
    if row is None or proof.subject not in {one.key for one in addresses(session, member_id)}:
        raise Refusal(NEEDED, N_("That did not work. Please begin again."), status=403)
    row.proved_at = now
    session.add(row)
