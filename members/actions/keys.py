"""Keys take two people: one asks, and is shown the new key at once; it is good when another one has agreed.

What waits holds the digest of the key alone, so nobody but who asked can ever use it. Ending a key of the API takes
one: whoever finds that it leaked does not wait. The command line, where there is no second person, does either alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from badges.credentials.tables import IssuerKey
from facts.language import N_
from facts.refusals import Refusal
from members import issuer, keys
from members.actions.reasons import checked_reason
from members.approving import WAITING, ask
from members.keys import Scope
from members.way_tables import Approval

MADE, RENEWED, ROTATED, WITHDRAWN = "key.created", "key.renewed", "issuer_key.made", "issuer_key.withdrawn"
ISSUER = "issuer_key:signing"


def ask_for_key(session: Session, name: str, scopes: list[Scope], source: str, reason: str, actor: str,
                now: datetime, *, request_id: str) -> str:  # fmt: skip
    """Ask for a key of the API; returns the token, which is good once a second person has agreed."""
    keys.check(session, name, scopes, source)
    token, digest = keys.fresh()
    detail = {"name": name, "scopes": sorted(set(scopes)), "source": source, "digest": digest.hex()}
    _ask(session, MADE, f"key:{name}", detail, reason, actor, now, request_id)
    return token


def ask_for_renewal(
    session: Session, name: str, reason: str, actor: str, now: datetime, *, request_id: str
) -> str:
    """Ask for another key in the place of one; returns its token."""
    row = keys.in_use(session, name)
    if row is None:
        raise Refusal("key_unknown", N_("There is no key in use named “{name}”."), name=name, status=404)
    token, digest = keys.fresh()
    detail = {"name": name, "scopes": row.scopes.split(), "source": row.source, "digest": digest.hex()}
    _ask(session, RENEWED, f"key:{name}", detail, reason, actor, now, request_id)
    return token


def ask_to_rotate(session: Session, reason: str, actor: str, now: datetime, *, request_id: str) -> None:
    """Ask for another key to sign badges from then on; what the old one signed stays good."""
    _ask(session, ROTATED, ISSUER, {"name": ""}, reason, actor, now, request_id)


def ask_to_withdraw(
    session: Session, name: str, reason: str, actor: str, now: datetime, *, request_id: str
) -> None:
    """Ask for a key to be taken back: what it signed is good no more."""
    row = session.get(IssuerKey, name)
    if row is None or row.withdrawn_at is not None:
        raise Refusal("issuer_key_unknown", N_("There is no issuer key {name}."), status=404, name=name)
    _ask(session, WITHDRAWN, f"issuer_key:{name}", {"name": name}, reason, actor, now, request_id)


def _ask(session: Session, action: str, thing: str, detail: dict[str, Any], reason: str, actor: str, now: datetime,
         request_id: str) -> None:  # fmt: skip
    reason = checked_reason(reason, N_("Say why, in {least} to {most} characters: whoever agrees reads it."))
    if asked_for(session, action, thing, now):
        raise Refusal(
            "key_asked", N_("This was asked for already, and waits for a second person."), status=409
        )
    ask(session, action, thing, detail, reason, actor, now, request_id=request_id)


def asked_for(session: Session, action: str, thing: str, now: datetime) -> bool:
    """Whether this waits for a second person."""
    same = (Approval.action == action, Approval.object == thing)
    query = select(Approval.approval_id).where(Approval.status == WAITING, Approval.expires_at > now, *same)
    return session.exec(query.limit(1)).first() is not None


# --- what is done when somebody agreed (`members.actions.approvals.ACTIONS`) ------------------------------


def make(session: Session, detail: dict[str, Any], asked_by: str, agreed_by: str, now: datetime) -> None:
    """The key is good from now on."""
    scopes = [Scope(one) for one in detail["scopes"]]
    keys.put(session, bytes.fromhex(detail["digest"]), detail["name"], scopes, detail["source"], asked_by, now,
             agreed_by=agreed_by)  # fmt: skip


def renew(session: Session, detail: dict[str, Any], asked_by: str, agreed_by: str, now: datetime) -> None:
    """The new key is good from now on, the old one for a day."""
    keys.renew(session, bytes.fromhex(detail["digest"]), detail["name"], asked_by, now, agreed_by=agreed_by)


def rotate(session: Session, detail: dict[str, Any], asked_by: str, agreed_by: str, now: datetime) -> None:
    """Another key signs from now on."""
    issuer.rotate(session, session.info["sealed_with"](), asked_by, now, agreed_by=agreed_by)


def withdraw(session: Session, detail: dict[str, Any], asked_by: str, agreed_by: str, now: datetime) -> None:
    """What the key signed is good no more."""
    issuer.withdraw(
        session, detail["name"], session.info["sealed_with"](), asked_by, now, agreed_by=agreed_by
    )
