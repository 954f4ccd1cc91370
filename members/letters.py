"""Letters: what goes out to somebody by e-mail or text message, kept until it was taken.

A letter is written in the caller's transaction, so it goes if and only if the rest happened. Whoever sends is lent
letters for a while (`lend`), and says of each what became of it; one that is not spoken of is lent again. So every
letter goes out at least once, and twice only when a sender died between sending and saying so.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, delete, or_, select, update

from facts.ids import id_from
from members.way_tables import Letter

EMAIL, PHONE = "email", "phone"
LENT = timedelta(minutes=2)
FIRST_PAUSE, PAUSE_MAX = timedelta(seconds=5), timedelta(minutes=10)
KEPT = timedelta(days=1)
ERROR_LENGTH_MAX = 200


def post(
    session: Session,
    channel: str,
    address: str,
    subject: str,
    text: str,
    now: datetime,
    *,
    person: str = "",
    html: str = "",
    lasts: timedelta = timedelta(hours=1),
    unsubscribe: str = "",
) -> Letter:
    """Put a letter into the post; it is worth nothing, and is given up, when it `lasts` no longer.

    `channel` is `email` or `phone`; `person` is a member id or a staff id, by which an erasure finds it.
    `unsubscribe` is the address that stops letters of this kind (`members.consents.unsubscribe_address`).
    """
    if channel not in (EMAIL, PHONE):
        raise ValueError(f"there is no channel {channel}")
    letter = Letter(
        letter_id=id_from(now, secrets.token_bytes(10)),
        channel=channel,
        address=address,
        person=person,
        subject=" ".join(subject.split()),
        text=text,
        html=html,
        created_at=now,
        expires_at=now + lasts,
        next_at=now,
        unsubscribe=unsubscribe,
    )
    session.add(letter)
    session.flush()
    return letter


def waiting(session: Session, now: datetime) -> bool:
    """Whether a letter is due; asked often, and answered from a small index."""
    due = (col(Letter.sent_at).is_(None), col(Letter.failed_at).is_(None), Letter.next_at <= now)
    query = select(Letter.letter_id).where(*due, Letter.expires_at > now).limit(1)
    return session.exec(query).first() is not None


def lend(session: Session, now: datetime, limit: int = 20) -> Sequence[Letter]:
    """The letters that are due, for one sender alone for two minutes; the tries are counted now."""
    open_ones = (col(Letter.sent_at).is_(None), col(Letter.failed_at).is_(None))
    query = (
        select(Letter)
        .where(*open_ones, Letter.next_at <= now, Letter.expires_at > now)
        .order_by(col(Letter.next_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    found = session.exec(query).all()
    for letter in found:
        letter.next_at, letter.attempts = now + LENT, letter.attempts + 1
    return found


def sent(session: Session, letter_id: UUID, now: datetime, *, shown: bool = False) -> None:
    """It was taken: what it said is forgotten at once (unless it is to be `shown`), to whom within a day."""
    said = {} if shown else {"subject": "", "text": "", "html": ""}
    session.exec(
        update(Letter).where(col(Letter.letter_id) == letter_id).values(sent_at=now, error="", **said)
    )


def put_off(session: Session, letter_id: UUID, attempts: int, error: str, now: datetime) -> None:
    """It was not taken now: it is tried again, after ever longer pauses, for as long as it lasts."""
    pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), PAUSE_MAX)
    session.exec(
        update(Letter)
        .where(col(Letter.letter_id) == letter_id)
        .values(next_at=now + pause, error=error[:ERROR_LENGTH_MAX])
    )


def give_up(session: Session, letter_id: UUID, error: str, now: datetime) -> None:
    """It will never be taken: the address is refused."""
    session.exec(
        update(Letter)
        .where(col(Letter.letter_id) == letter_id)
        .values(failed_at=now, subject="", text="", html="", error=error[:ERROR_LENGTH_MAX])
    )


def sweep(session: Session, now: datetime) -> None:
    """Forget letters a day after they went, failed or were worth nothing any more."""
    over = now - KEPT
    session.exec(
        delete(Letter).where(
            or_(col(Letter.sent_at) < over, col(Letter.failed_at) < over, col(Letter.expires_at) < over)
        )
    )
