"""A member's digital card: made when it is first looked at, and presented at a counter, each code once.

All phones of a member have the same key, so ending a session elsewhere renews it (`renew`).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select, update

from facts.language import N_
from facts.refusals import Refusal
from members import card_codes, closing, sets
from members.card_codes import Payload
from members.merged import parts_of
from members.own_tables import Card
from members.tables import Identity, Standing
from rewards import codes

__all__ = ["Mine", "Payload", "Presented", "mine", "present", "read", "ready", "renew"]
read = card_codes.read


@dataclass(frozen=True, slots=True)
class Mine:
    """A card as its owner has it: fourteen digits, and the 32 bytes that its codes are made with."""

    number: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Presented:
    """Whose card it is; `proved` when it showed a code of now, so that its owner's phone is here."""

    member_id: UUID
    proved: bool


def mine(session: Session, member_id: UUID, secret: bytes, now: datetime) -> Mine:
    """The member's card, made on first need. A card that was sealed with another secret gets a new key.

    Refuses who has left the programme.
    """
    _insist_on_open(session, member_id)
    card = session.get(Card, member_id) or _made(session, member_id, secret, now)
    key = _key(card, secret)
    if key is None:
        key = secrets.token_bytes(card_codes.KEY_BYTES)
        card.sealed = _seal(card.number, key, secret)
        session.add(card)
        session.flush()
    return Mine(card.number, key)


def ready(session: Session, member_id: UUID, secret: bytes) -> Mine | None:
    """The same without writing anything; None when the card, or its key, has to be made."""
    _insist_on_open(session, member_id)
    card = session.get(Card, member_id)
    key = _key(card, secret) if card else None
    return Mine(card.number, key) if card and key else None


def renew(session: Session, member_id: UUID, secret: bytes) -> None:
    """A new key for the same number: phones that have the old one show codes that are good no more."""
    card = session.get(Card, member_id, with_for_update=True)
    if card is not None:
        card.sealed = _seal(card.number, secrets.token_bytes(card_codes.KEY_BYTES), secret)
        session.add(card)
        session.flush()


def _insist_on_open(session: Session, member_id: UUID) -> None:
    if _is_closed(session, member_id):
        raise Refusal("account_closed", N_("This account is closed."), status=409)


def _is_closed(session: Session, member_id: UUID) -> bool:
    stand = session.get(Standing, member_id)
    return stand is None or closing.closed(stand.state) != ""


def _made(session: Session, member_id: UUID, secret: bytes, now: datetime) -> Card:
    """Of two pages that open at once, one makes the card; the other one finds it."""
    number = _free_number(session)
    sealed = _seal(number, secrets.token_bytes(card_codes.KEY_BYTES), secret)
    columns = ("member_id", "number", "sealed", "created_at", "last_step")
    won = sets.insert(session, Card, columns, [(member_id, number, sealed, now, 0)],
                      "ON CONFLICT (member_id) DO NOTHING", ("number",))  # fmt: skip
    if won:
        session.add(Identity(key=f"card:{number}", member_id=member_id, since=now))
        session.flush()
    return session.get_one(Card, member_id, populate_existing=True)


def _free_number(session: Session) -> str:
    while True:
        number = card_codes.number_from(secrets.randbelow(card_codes.CHANCES))
        if session.get(Identity, f"card:{number}") is None:
            return number


def present(session: Session, payload: str, secret: bytes, now: datetime) -> Presented:
    """Whose card was scanned or typed. With a code, the code is used up: `proved`.

    Refuses what is no card, a card that nobody has (or somebody who has left), a code that is not of now, and one that
    was shown before. Which of these it was is for staff at a counter alone.
    """
    read_as = read(payload)
    owner = session.get(Identity, f"card:{read_as.number}")
    if owner is None or _is_closed(session, owner.member_id):
        raise Refusal("card_unknown", N_("Nobody has a card with this number."), path="card", status=404)
    if read_as.code is None:
        return Presented(owner.member_id, proved=False)
    _use_up(session, owner.member_id, read_as.number, read_as.code, secret, now)
    return Presented(owner.member_id, proved=True)


def _use_up(session: Session, owner: UUID, number: str, code: str, secret: bytes, now: datetime) -> None:
    """Accept the code for one counter alone: the row lets a step pass only while it is newer than the last one."""
    card = _card(session, owner, number)
    key = _key(card, secret) if card else None
    steps = card_codes.steps_of(key, code, now) if key else []
    if card is None or not steps:
        text = N_("This code is over. Let the card be opened anew, and scan it again.")
        raise Refusal("card_late", text, path="card", status=409)
    newer = update(Card).where(
        col(Card.member_id) == card.member_id, col(Card.number) == number, col(Card.last_step) < steps[-1]
    )
    if not session.exec(newer.values(last_step=steps[-1]).returning(col(Card.number))).all():
        text = N_("This code was shown already. The card shows a new one in half a minute.")
        raise Refusal("card_used", text, path="card", status=409)


def _card(session: Session, owner: UUID, number: str) -> Card | None:
    """The card with this number: the owner's own, or that of an account which became part of theirs."""
    found = session.get(Card, owner)
    if found is None or found.number != number:
        among = col(Card.member_id).in_(parts_of(session, owner))
        found = session.exec(select(Card).where(among, Card.number == number)).first()
    return found


def _seal(number: str, key: bytes, secret: bytes) -> bytes:
    return codes.seal(key.hex(), _owner(number), secret, secrets.token_bytes(codes.NONCE_BYTES))


def _key(card: Card, secret: bytes) -> bytes | None:
    opened = codes.opened(card.sealed, _owner(card.number), secret)
    return bytes.fromhex(opened) if opened else None


def _owner(number: str) -> str:
    """What a key is sealed to, so that it opens for this card alone."""
    return f"card key:{number}"
