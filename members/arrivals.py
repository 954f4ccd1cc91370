"""What is known of people who came over: how they are found, what they are called, and what they agreed to.

A draft is as the file says. Of somebody who has joined here, their own word holds: the file fills only what is empty,
and gives them no address, since an address is a way in.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from members import sets
from members.moving import CREATE, Finding, Move, Said
from members.own_tables import Consent, Profile
from members.tables import Identity, Member

WAY, DRAFT = "import", "draft"


def keys(session: Session, move: Move, known: Sequence[Finding], now: datetime) -> dict[bytes, list[str]]:
    """By what else people who are here already are found from now on; returns the new keys. Old ones of drafts go."""
    changed = [one for one in known if "about" in one.parts and one.member_id]
    if not changed:
        return {}
    ids = [one.member_id for one in changed]
    states = dict(
        session.exec(select(Member.member_id, Member.status).where(col(Member.member_id).in_(ids))).all()
    )
    rows = session.exec(
        select(Identity.key, Identity.member_id).where(col(Identity.member_id).in_(ids))
    ).all()
    mine: dict[UUID, set[str]] = {}
    for key, member_id in rows:
        mine.setdefault(member_id, set()).add(key)
    fresh: dict[str, tuple[bytes, UUID]] = {}
    for one in changed:
        assert one.member_id is not None
        theirs, draft = mine.get(one.member_id, set[str]()), states.get(one.member_id) == DRAFT
        given = {key for key in one.newcomer.keys if draft or key.startswith("customer:")}
        fresh |= dict.fromkeys(given - theirs, (one.digest, one.member_id))
        ours = set(one.before.get("keys", ()))
        gone = [key for key in theirs - set(one.newcomer.keys) if draft and move.sign(key) in ours]
        session.execute(delete(Identity).where(col(Identity.key).in_(gone)))
    found: dict[bytes, list[str]] = {}
    for row in sets.insert(session, Identity, ("key", "member_id", "since"),
                           [(key, member_id, now) for key, (_, member_id) in sorted(fresh.items())],
                           "ON CONFLICT (key) DO NOTHING", ("key",)):  # fmt: skip
        found.setdefault(fresh[row[0]][0], []).append(row[0])
    return found


def about(session: Session, todo: Sequence[Finding], now: datetime) -> None:
    """Names, languages, birthdays, and since when they are members."""
    fresh = [one for one in todo if one.did == CREATE]
    rows = [(one.member_id, DRAFT, one.newcomer.name, one.newcomer.language, "", one.newcomer.joined or now)
            for one in fresh]  # fmt: skip
    columns = ("member_id", "status", "name", "language", "zone", "created_at")
    born = [
        (one.member_id, one.newcomer.birthday, "", secrets.token_bytes(16))
        for one in fresh
        if one.newcomer.birthday
    ]
    sets.write(session, [sets.upserted(Member, columns, rows, ("member_id",))])
    sets.insert(session, Profile, ("member_id", "birthday", "skipped", "salt"), born)
    for one in todo:
        if one.did != CREATE and "about" in one.parts:
            _correct(session, one)
    session.flush()


def _correct(session: Session, one: Finding) -> None:
    member = session.get_one(Member, one.member_id, populate_existing=True)
    draft, said = member.status == DRAFT, one.newcomer
    member.name = said.name if said.name and (draft or not member.name) else member.name
    member.language = said.language if said.language and (draft or not member.language) else member.language
    session.add(member)
    if said.birthday:
        profile = session.get(Profile, one.member_id) or Profile(
            member_id=member.member_id, salt=secrets.token_bytes(16)
        )
        if draft or not profile.birthday:
            profile.birthday = said.birthday
            session.add(profile)


def agreed(session: Session, todo: Sequence[Finding]) -> None:
    """What they agreed to there. What somebody has said here, or there later, holds."""
    ids = [one.member_id for one in todo if one.newcomer.consents]
    if not ids:
        return
    last: dict[Any, Consent] = {}
    for row in session.exec(
        select(Consent).where(col(Consent.member_id).in_(ids)).order_by(col(Consent.seq))
    ).all():
        last[row.member_id, row.purpose, row.channel] = row
    for one in todo:
        for said in one.newcomer.consents:
            row = _consent(one, said, last.get((one.member_id, said.purpose, said.channel)))
            if row:
                session.add(row)
    session.flush()


def _consent(one: Finding, said: Said, last: Consent | None) -> Consent | None:
    assert one.member_id is not None
    if last and (last.way != WAY or last.at >= said.at):
        return None
    if said.given == (last.given if last else False):
        return None
    seq = last.seq + 1 if last else 1
    return Consent(member_id=one.member_id, purpose=said.purpose, channel=said.channel, seq=seq,
                   given=said.given, at=said.at, version=said.version, language=one.newcomer.language or "en",
                   text=said.text, way=WAY)  # fmt: skip
