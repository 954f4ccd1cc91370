"""A member's own addresses: another one is added when its code was typed, and one is taken off, never the last way in.

An address that opens another account is not taken from it. Who is signed in here and has proved it there has shown
that both are theirs: they may make one account of the two.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select, update

from facts.language import N_, SOURCE
from facts.refusals import Refusal
from members import letting_know, proofs, takeover
from members.actions.codes import Begun, answer, begin
from members.actions.identify import identify
from members.actions.logins import keep_a_way
from members.actions.merging import OPEN, merge
from members.merged import latest_of, one_person
from members.own_tables import Profile
from members.roles import MEMBER, Person
from members.tables import BrowserSession, Identity, Member, Standing

LINK, BOTH = "link", "both_mine"
FRESH = timedelta(minutes=10)
ADDRESSES_MAX = 8
ADDED = N_("A new address can open your account from now on.")
REMOVED = N_("This address does not open your account any more.")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The proved address opens another account, which has so many points; `token` is good to make one of both."""

    token: str
    points: int


def ident_of(row: Identity) -> str:
    """What a form names an address by."""
    return hashlib.sha256(row.key.encode()).hexdigest()[:16]


def ask(session: Session, member_id: UUID, subject: str, secret: bytes, now: datetime, *,
        language: str = SOURCE) -> Begun:  # fmt: skip
    """Send a code to an address that a member wants to add. What is known of it is not said before it is proved."""
    mine = takeover.addresses(session, member_id)
    if subject in {one.key for one in mine}:
        raise Refusal("address_known", N_("This address is yours already."), path="address", status=409)
    if len(mine) >= ADDRESSES_MAX:
        raise Refusal("addresses_enough", N_("These are enough addresses. Take one off first."), path="address",
                      status=409)  # fmt: skip
    data = {"member": str(member_id)}
    return begin(session, LINK, subject, secret, now, language=language, data=data, person=str(member_id))


def add(
    session: Session, member_id: UUID, token: str, code: str, secret: bytes, now: datetime
) -> Elsewhere | None:
    """The code was typed: the address is theirs, and so is what waited for it; or it opens another account."""
    proof = answer(session, LINK, token, code, secret, now)
    if proof.data != f'{{"member": "{member_id}"}}':
        raise _again()
    taken = session.get(Identity, proof.subject)
    if taken is None:
        letting_know.tell(session, Person(str(member_id), MEMBER), ADDED, now)
        identify(session, member_id, proof.subject, now)
        return None
    other = latest_of(session, taken.member_id)
    if other == member_id:
        return None
    if session.get_one(Member, other).status not in OPEN:
        text = N_("This address belongs to an account that is closed. The shop can help you.")
        raise Refusal("address_of_closed", text, path="code", status=409, keeps=True)
    points = session.exec(select(Standing.balance).where(Standing.member_id == other)).one()
    data = {"member": str(member_id), "other": str(other)}
    return Elsewhere(proofs.begin(session, BOTH, data, now), points)


def make_one(session: Session, member_id: UUID, token: str, known: bytes, now: datetime) -> None:
    """Make one account of this one and of the one that was proved a moment ago. Both are told where they were.

    `known` is the digest of the browser session: where this account has an address, a fresh code was typed in it.
    """
    if takeover.addresses(session, member_id):
        _insist(session, known, now)
    said = proofs.end(session, BOTH, token, now)
    if said is None or said["member"] != str(member_id):
        raise _again()
    letting_know.tell_of_merge(session, UUID(said["other"]), member_id, now)
    merge(session, UUID(said["other"]), member_id, "", f"{MEMBER}:{member_id}", now)


def remove(session: Session, member_id: UUID, ident: str, known: bytes, now: datetime) -> None:
    """Take an address off. `known` is the digest of the browser session, in which a code was typed a moment ago."""
    _insist(session, known, now)
    keep_a_way(session, Person(str(member_id), MEMBER))
    found = next((one for one in takeover.addresses(session, member_id) if ident_of(one) == ident), None)
    if found is None:
        return
    letting_know.tell_at(session, found.key, member_id, REMOVED, now)
    chosen = update(Profile).where(col(Profile.member_id).in_(one_person(session, member_id)))
    session.execute(chosen.where(col(Profile.letters_to) == found.key).values(letters_to=""))
    session.delete(found)
    session.flush()
    letting_know.tell(
        session, Person(str(member_id), MEMBER), N_("An address was taken off your account."), now
    )


def choose(session: Session, member_id: UUID, ident: str) -> None:
    """Have news sent to this address; codes, and what is about safety, go to the one that they have had the longest."""
    found = next((one.key for one in takeover.addresses(session, member_id) if ident_of(one) == ident), "")
    letting_know.choose_address(session, member_id, found)


def _insist(session: Session, known: bytes, now: datetime) -> None:
    if not takeover.is_fresh(session.get(BrowserSession, known), now, FRESH):
        raise Refusal(
            takeover.NEEDED, N_("Let us send you a code first: so nobody else can do this."), status=403
        )


def _again() -> Refusal:
    return Refusal("code_wrong", N_("That did not work. Please begin again."), status=403)
