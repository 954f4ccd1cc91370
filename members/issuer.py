"""The shop as an issuer of credentials: its keys, kept sealed; changing them; and who it says it is.

The first key is made when the first credential is. A new one takes its place with `rotate`; what the old one signed
stays good, unless the key is withdrawn because somebody else may have it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select, update

from badges.credentials import keys
from badges.credentials.award import said
from badges.credentials.issuer import Issuer
from badges.credentials.keys import SigningKey
from badges.credentials.tables import IssuerKey
from facts.language import N_
from facts.refusals import Refusal
from members.audit import audit
from members.programme.versions import in_force

SYSTEM = "system:issuer"
ONE_AT_A_TIME = 0x497373756572  # a number of our own for PostgreSQL's advisory lock


def issuer(session: Session, address: str, now: datetime) -> Issuer:
    """The shop, at the address that members type, under the name that its programme has now."""
    programme = in_force(session, now).programme
    return Issuer(address, said(programme.name, programme.languages[0]))


def signing_key(session: Session, secret: bytes, now: datetime) -> SigningKey:
    """The key that signs now; made when there is none. Refuses when it cannot be opened with this secret."""
    row = _present(session)
    if row is None:
        _alone(session)
        row = _present(session)
    return _opened(row, secret) if row else _make(session, secret, SYSTEM, now)


def present_key(session: Session, secret: bytes) -> SigningKey | None:
    """The same, for who only reads: None while nothing was ever signed."""
    row = _present(session)
    return _opened(row, secret) if row else None


def published(session: Session) -> list[bytes]:
    """All keys whose signatures are good, newest first."""
    query = (
        select(IssuerKey)
        .where(col(IssuerKey.withdrawn_at).is_(None))
        .order_by(col(IssuerKey.retired_at).is_not(None), col(IssuerKey.created_at).desc())
    )
    return [row.public for row in session.exec(query).all()]


def list_all(session: Session) -> Sequence[IssuerKey]:
    """Every key there ever was, newest first."""
    return session.exec(select(IssuerKey).order_by(col(IssuerKey.created_at).desc())).all()


def rotate(session: Session, secret: bytes, actor: str, now: datetime, *, agreed_by: str = "") -> SigningKey:
    """A new key signs from now on. The old one stays published."""
    _alone(session)
    old = _present(session)
    session.exec(update(IssuerKey).where(col(IssuerKey.retired_at).is_(None)).values(retired_at=now))
    return _make(session, secret, actor, now, before=old.name if old else "", agreed_by=agreed_by)


def withdraw(
    session: Session, name: str, secret: bytes, actor: str, now: datetime, *, agreed_by: str = ""
) -> None:
    """Take a key back that somebody else may have: nothing that it signed is good any more.

    When it is the one that signs, a new one takes its place.
    """
    row = session.get(IssuerKey, name)
    if row is None:
        raise Refusal("issuer_key_unknown", N_("There is no issuer key {name}."), status=404, name=name)
    if row.withdrawn_at is not None:
        return
    if row.retired_at is None:
        rotate(session, secret, actor, now, agreed_by=agreed_by)
        session.refresh(row)
    row.withdrawn_at = now
    session.add(row)
    session.flush()
    detail = {"agreed_by": agreed_by} if agreed_by else {}
    audit(session, actor, "issuer_key.withdrawn", f"issuer_key:{name}", detail, now,
          before={"good": True}, after={"good": False})  # fmt: skip


def _alone(session: Session) -> None:
    """Whoever comes second waits, and finds the key that the first one made. SQLite writes alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.exec(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME))).all()


def _present(session: Session) -> IssuerKey | None:
    query = select(IssuerKey).where(col(IssuerKey.retired_at).is_(None)).order_by(col(IssuerKey.created_at))
    return session.exec(query.limit(1)).first()


def _opened(row: IssuerKey, secret: bytes) -> SigningKey:
    key = keys.opened(row.sealed, secret)
    if key is None or key.public != row.public:
        sentence = N_("The key that signs badges was sealed with another secret. Staff can make a new one.")
        raise Refusal("issuer_key_sealed", sentence, status=503)
    return key


def _make(session: Session, secret: bytes, actor: str, now: datetime, *, before: str = "",
          agreed_by: str = "") -> SigningKey:  # fmt: skip
    private = secrets.token_bytes(keys.KEY_BYTES)
    made = SigningKey(private)
    sealed = keys.seal(private, secret, secrets.token_bytes(keys.NONCE_BYTES))
    session.add(IssuerKey(name=made.name, public=made.public, sealed=sealed, created_at=now))
    session.flush()
    detail = {"agreed_by": agreed_by} if agreed_by else {}
    audit(session, actor, "issuer_key.made", f"issuer_key:{made.name}", detail, now,
          before={"signs": before}, after={"signs": made.name})  # fmt: skip
    return made
