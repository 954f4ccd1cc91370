"""One-time codes: six digits, sent to an address, that prove that somebody reads what is sent there.

A code is good for ten minutes, five tries, and the browser that asked for it. A wrong try is counted in the row
itself, in one statement, and the refusal keeps it (`Refusal.keeps`): so call `answer` before anything else is written.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select, update

from facts.language import N_, SOURCE
from facts.language import language as language_of
from facts.refusals import Refusal
from members import letters
from members.programme.versions import in_force
from members.sessions import digest, possible
from members.way_tables import Letter, Proof
from rewards.wording import Wording

LASTS = timedelta(minutes=10)
TRIES_MAX = 5
PAUSE = timedelta(seconds=30)
DAY, PER_DAY_MAX = timedelta(days=1), 20
PURPOSES = frozenset({"join", "sign_in", "fresh", "erase", "link"})
WITH_LINK = frozenset({"join", "sign_in"})


@dataclass(frozen=True, slots=True)
class Begun:
    """What the browser keeps in its cookie, and until when it is good."""

    token: str
    expires_at: datetime


def begin(
    session: Session,
    purpose: str,
    subject: str,
    secret: bytes,
    now: datetime,
    *,
    language: str = SOURCE,
    data: dict[str, Any] | None = None,
    person: str = "",
    site: str = "",
) -> Begun:
    """Send a code to `subject` (`email:…` or `phone:…`); what was begun for it before ends.

    With `site`, the shop's address, an e-mail carries a one-time link too. Refuses a second code within half a minute
    and a twenty-first within a day; both say nothing about whether anybody is known there.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"there is no purpose {purpose}")
    _pace(session, purpose, subject, now)
    token, code, link = secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06}", ""
    if site and purpose in WITH_LINK and subject.startswith("email:"):
        link = secrets.token_urlsafe(32)
    proof = Proof(
        digest=digest(token),
        purpose=purpose,
        subject=subject,
        secret=_sealed(secret, digest(token), code),
        link=digest(link) if link else None,
        data=json.dumps(data or {}, ensure_ascii=False),
        created_at=now,
        expires_at=now + LASTS,
    )
    session.add(proof)
    _send(
        session,
        proof,
        code,
        f"{site}{_prefix(language)}/sign-in/link/{link}" if link else "",
        language,
        person,
    )
    return Begun(token, proof.expires_at)


def _pace(session: Session, purpose: str, subject: str, now: datetime) -> None:
    """One after the other; one that is still open is closed."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(subject.encode()).digest()[:8], "big", signed=True)
        session.exec(select(func.pg_advisory_xact_lock(number))).all()
    mine = (Proof.subject == subject, Proof.created_at > now - DAY)
    begun = session.exec(select(Proof.purpose, Proof.created_at).where(*mine)).all()
    if any(kind == purpose and at > now - PAUSE for kind, at in begun):
        raise Refusal(
            "code_too_soon", N_("A code is on its way. You can ask for another in half a minute."), status=429
        )
    if len(begun) >= PER_DAY_MAX:
        raise Refusal(
            "too_many_codes", N_("These were many codes for one day. Please come back tomorrow."), status=429
        )
    still_open = (col(Proof.purpose) == purpose, col(Proof.used_at).is_(None))
    session.exec(update(Proof).where(col(Proof.subject) == subject, *still_open).values(used_at=now))


def _send(session: Session, proof: Proof, code: str, link: str, code_of_language: str, person: str) -> Letter:
    say = language_of(code_of_language)
    version = in_force(session, proof.created_at)
    shop = Wording(say, version.programme.currency, version.programme.languages[0]).words(
        version.programme.name
    )
    lines = [
        say.text("Your code for {shop} is {code}.", shop=shop, code=code),
        say.text("It is good for ten minutes. Tell it to nobody: we never ask for it."),
    ]
    channel, _, address = proof.subject.partition(":")
    if link:
        lines += [say.text("Or open this page:"), link]
    if channel == letters.EMAIL:
        lines.append(say.text("If you did not ask for it, do nothing: nobody gets in without it."))
    title = say.text("{code} is your code for {shop}", shop=shop, code=code)
    return letters.post(session, channel, address, title, "\n\n".join(lines), proof.created_at, person=person,
                        lasts=LASTS)  # fmt: skip


def _prefix(code: str) -> str:
    return "" if code == SOURCE else f"/{code}"


def answer(session: Session, purpose: str, token: str, code: str, secret: bytes, now: datetime) -> Proof:
    """The proof of who types the right code in the browser that asked for it; it is used up.

    Every wrong case (a wrong code, an old one, the sixth try, another browser) is the same refusal.
    """
    proof = _tried(session, purpose, token, now)
    typed = "".join(str(unicodedata.digit(one, "")) for one in code[:40])
    if proof is None or not hmac.compare_digest(_sealed(secret, proof.digest, typed), proof.secret or b""):
        raise Refusal(
            "code_wrong",
            N_("This code does not fit. Look at it once more, or let us send you a new one."),
            path="code",
            keeps=True,
        )
    proof.used_at = now
    session.flush()
    return proof


def _tried(session: Session, purpose: str, token: str, now: datetime) -> Proof | None:
    """Count a try, if there is one left: one statement, so that answers which come at once cannot share a try."""
    if not possible(token):
        return None
    row = digest(token)
    counted = session.execute(
        update(Proof)
        .where(
            col(Proof.digest) == row,
            col(Proof.purpose) == purpose,
            col(Proof.secret).is_not(None),
            col(Proof.tries) < TRIES_MAX,
            col(Proof.used_at).is_(None),
            col(Proof.expires_at) > now,
        )
        .values(tries=Proof.tries + 1)
        .returning(col(Proof.digest)),
        execution_options={"synchronize_session": False},
    ).first()
    return session.get(Proof, row, populate_existing=True) if counted else None


def begun_with(session: Session, token: str, now: datetime) -> Proof | None:
    """What was begun in the browser that holds this token, while it can still be ended."""
    if not possible(token):
        return None
    proof = session.get(Proof, digest(token))
    return proof if proof and proof.used_at is None and proof.expires_at > now else None


def by_link(session: Session, link: str, now: datetime) -> Proof | None:
    """What a one-time link is good for; looking changes nothing, so whoever scans the letter does no harm."""
    if not possible(link):
        return None
    found = session.exec(select(Proof).where(Proof.link == digest(link))).first()
    return found if found and found.used_at is None and found.expires_at > now else None


def link_over() -> Refusal:
    """Said of a link that leads nowhere (any more)."""
    return Refusal(
        "link_over",
        N_("This link was used before, or is too old. Let us send you a new one."),
        status=410,
    )


def follow(session: Session, link: str, now: datetime) -> Proof:
    """Use up a one-time link: whoever presses the button behind it has read the letter."""
    if not possible(link):
        raise link_over()
    used = session.execute(
        update(Proof)
        .where(col(Proof.link) == digest(link), col(Proof.used_at).is_(None), col(Proof.expires_at) > now)
        .values(used_at=now)
        .returning(col(Proof.digest)),
        execution_options={"synchronize_session": False},
    ).first()
    found = session.get(Proof, used[0], populate_existing=True) if used else None
    if found is None:
        raise link_over()
    return found


def _sealed(secret: bytes, row: bytes, code: str) -> bytes:
    return hmac.new(secret, b"code\x00" + row + code.encode(), hashlib.sha256).digest()
