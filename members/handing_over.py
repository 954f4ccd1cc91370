"""What changes hands when two accounts become one: addresses, ways in, browsers, consents, rewards that wait.

`hand_over` says what it did, so that `hand_back` can undo it. Points and badges are not here: they move by facts.

To the account that stays, what comes over is as new as if it had been added today: an address, a browser, a session.
So nobody whose own account is merged into a stolen one spends its points before its owner was told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, or_, select, update

from members import prizes, sets
from members.merged import parts_of
from members.own_tables import Consent, Device, Merge
from members.roles import MEMBER
from members.tables import BrowserSession, Identity
from members.way_tables import Login, Passkey
from rewards import pool
from rewards.pool_tables import PoolCode
from rewards.redemption import State
from rewards.tables import Redemption, RewardCode

WAY = "merge"


def hand_over(session: Session, member_id: UUID, into_id: UUID, now: datetime) -> dict[str, list[Any]]:
    """Everything goes over; what is returned leads back."""
    since = _move_addresses(session, member_id, into_id, now)
    theirs = (col(Login.person) == str(member_id)) & (col(Login.role) == MEMBER)
    logins = [list(one) for one in session.exec(select(Login.issuer, Login.subject).where(theirs))]
    session.execute(update(Login).where(theirs).values(person=str(into_id)))
    theirs = (col(Passkey.person) == str(member_id)) & (col(Passkey.role) == MEMBER)
    passkeys = [one.hex() for one in session.exec(select(Passkey.credential_id).where(theirs))]
    session.execute(update(Passkey).where(theirs).values(person=str(into_id)))
    mine = (col(BrowserSession.person) == str(member_id)) & (col(BrowserSession.role) == MEMBER)
    session.execute(update(BrowserSession).where(mine).values(person=str(into_id), proved_at=None))
    waiting = (Redemption.member_id == member_id, col(Redemption.closed_at).is_(None))
    rewards = list(session.exec(select(Redemption.redemption_id).where(*waiting)))
    _move_rewards(session, rewards, member_id, into_id)
    unseen = pool.waiting(session, member_id)
    pool.move(session, unseen, member_id, into_id)
    came = _move_devices(session, _devices(session, member_id), member_id, into_id, now)
    said = {"keys": list(since), "since": list(since.values()), "logins": logins, "passkeys": passkeys,
            "rewards": [str(one) for one in rewards], "codes": [[one, digest.hex()] for one, digest in unseen],
            "devices": list(came), "devices_since": list(came.values()),
            "consents": _newest_consents(session, member_id, into_id, now)}  # fmt: skip
    return {name: what for name, what in said.items() if what or name in ("keys", "logins", "passkeys")}


def hand_back(session: Session, row: Merge, detail: dict[str, Any], now: datetime) -> None:
    """The same, the other way round; what has changed hands again since stays where it is."""
    _addresses_back(session, row, detail)
    for issuer, subject in detail["logins"]:
        which = (col(Login.issuer) == issuer) & (col(Login.subject) == subject)
        session.execute(update(Login).where(which).values(person=str(row.member_id)))
    keys = [bytes.fromhex(one) for one in detail["passkeys"]]
    session.execute(
        update(Passkey).where(col(Passkey.credential_id).in_(keys)).values(person=str(row.member_id))
    )
    rewards = {UUID(one) for one in detail.get("rewards", [])} | set(_won_since(session, row))
    _move_rewards(session, list(rewards), row.into_id, row.member_id)
    codes = [(one, bytes.fromhex(digest)) for one, digest in detail.get("codes", [])]
    pool.move(session, codes, row.into_id, row.member_id)
    _devices_back(session, row, detail, now)
    for before in detail.get("consents", []):
        _consent_back(session, row.into_id, before, now)


# --- addresses --------------------------------------------------------------------------------------------


def _move_addresses(session: Session, member_id: UUID, into_id: UUID, now: datetime) -> dict[str, str]:
    """All of them, as new ones in the order they had; returns since when each was the closed account's."""
    query = select(Identity).where(Identity.member_id == member_id)
    rows = session.exec(query.order_by(col(Identity.since).desc(), col(Identity.key).desc())).all()
    before = {row.key: row.since.isoformat() for row in rows}
    for later, row in enumerate(rows):
        row.member_id, row.since = into_id, now - timedelta(microseconds=later)
        session.add(row)
    session.flush()
    return before


def _addresses_back(session: Session, row: Merge, detail: dict[str, Any]) -> None:
    before = dict(zip(detail["keys"], detail.get("since", []), strict=False))
    mine = (col(Identity.key).in_(detail["keys"]), Identity.member_id == row.into_id)
    for one in session.exec(select(Identity).where(*mine)):
        one.member_id = row.member_id
        one.since = datetime.fromisoformat(before[one.key]) if one.key in before else one.since
        session.add(one)
    session.flush()


# --- rewards ----------------------------------------------------------------------------------------------


def _won_since(session: Session, row: Merge) -> Sequence[UUID]:
    """Those on the other account that this one won, or one that is part of it, whatever became of them."""
    accounts = [row.member_id, *parts_of(session, row.member_id)]
    theirs = or_(*(col(Redemption.request_id).endswith(prizes.won_by(one)) for one in accounts))
    there = Redemption.member_id == row.into_id
    return session.exec(select(Redemption.redemption_id).where(there, theirs)).all()


def _move_rewards(session: Session, ids: Sequence[UUID], one: UUID, other: UUID) -> None:
    """Their rows and codes; each is a row of its member's shard, so it is written anew there."""
    which = (col(Redemption.member_id) == one, col(Redemption.redemption_id).in_(ids))
    rows = session.exec(select(Redemption).where(*which).execution_options(populate_existing=True)).all()
    made = [row.model_dump() for row in rows]
    for row in rows:
        session.expunge(row)
    session.execute(delete(Redemption).where(*which))
    taken = {
        row.request_id: row for row in session.exec(select(Redemption).where(Redemption.member_id == other))
    }
    for values in made:
        asked_by, home = values["request_id"], prizes.come_home(values["request_id"], other)
        request = home if home != asked_by else prizes.gone_over(asked_by, one)
        if (before := taken.get(request)) and before.won and before.state == State.CANCELLED:
            before.request_id = f"{request}:{before.redemption_id}"  # what is called off makes room
            session.add(before)
            session.flush()
        elif before:
            request = f"{request}:{values['redemption_id']}"
        session.add(Redemption.model_validate({**values, "member_id": other, "request_id": request}))
    for codes in (RewardCode, PoolCode):
        theirs = (col(codes.member_id) == one, col(codes.redemption_id).in_(ids))
        session.execute(update(codes).where(*theirs).values(member_id=other))
    session.flush()


# --- browsers ---------------------------------------------------------------------------------------------


def _devices(session: Session, member_id: UUID) -> list[bytes]:
    return [bytes(one) for one in session.exec(select(Device.digest).where(Device.member_id == member_id))]


def _move_devices(
    session: Session, digests: Sequence[bytes], one: UUID, other: UUID, now: datetime
) -> dict[str, str]:
    """Those that the other account does not know, which are new to it; returns since when each was known."""
    known = set(_devices(session, other))
    which = (col(Device.member_id) == one, col(Device.digest).in_([it for it in digests if it not in known]))
    made = [row.model_dump() for row in session.exec(select(Device).where(*which))]
    session.execute(delete(Device).where(*which))
    columns = ("member_id", "digest", "label", "seen_at", "trusted_at", "first_at")
    rows = [(other, *(values[name] for name in columns[1:-1]), now) for values in made]
    sets.insert(session, Device, columns, rows)
    return {values["digest"].hex(): values["first_at"].isoformat() for values in made}


def _devices_back(session: Session, row: Merge, detail: dict[str, Any], now: datetime) -> None:
    digests = [bytes.fromhex(one) for one in detail.get("devices", [])]
    came = _move_devices(session, digests, row.into_id, row.member_id, now)
    for digest, since in zip(detail.get("devices", []), detail.get("devices_since", []), strict=False):
        if digest in came:
            which = (col(Device.member_id) == row.member_id, col(Device.digest) == bytes.fromhex(digest))
            session.execute(update(Device).where(*which).values(first_at=datetime.fromisoformat(since)))


# --- consents ---------------------------------------------------------------------------------------------


def _latest(session: Session, member_id: UUID) -> dict[tuple[str, str], Consent]:
    query = select(Consent).where(Consent.member_id == member_id).order_by(col(Consent.seq))
    return {(one.purpose, one.channel): one for one in session.exec(query)}


def _newest_consents(session: Session, member_id: UUID, into_id: UUID, now: datetime) -> list[Any]:
    """Of each purpose and channel, the person's newest word holds; returns what held before where it is another."""
    kept, before = _latest(session, into_id), list[Any]()
    for name, theirs in _latest(session, member_id).items():
        mine = kept.get(name)
        if mine and (mine.at >= theirs.at or mine.given == theirs.given):
            continue
        if not mine and not theirs.given:
            continue
        _decide(session, into_id, theirs, mine.seq if mine else 0, theirs.given, now)
        before.append([*name, bool(mine and mine.given)])
    session.flush()
    return before


def _consent_back(session: Session, into_id: UUID, before: Sequence[Any], now: datetime) -> None:
    """What held before holds again, unless the member has decided since."""
    purpose, channel, given = before
    mine = _latest(session, into_id).get((purpose, channel))
    if mine and mine.way == WAY and mine.given != given:
        _decide(session, into_id, mine, mine.seq, given, now)


def _decide(session: Session, member_id: UUID, like: Consent, last: int, given: bool, now: datetime) -> None:
    session.add(Consent(member_id=member_id, purpose=like.purpose, channel=like.channel, seq=last + 1, given=given,
                        at=now, version=like.version, language=like.language, text=like.text, way=WAY))  # fmt: skip
