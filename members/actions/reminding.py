"""Reminders: points, and what is in other wallets, about to expire, by letter, to whoever agreed to such news.

As many days before as the programme says (`warn_days` of each expiry: a month, a week and a day); each letter tells of
everything that expires in the month to come, and none follows another within `PAUSE_DAYS`, so that who shops every day
is not written to every day. What was told is kept, and never told again, in whatever order the jobs run. Points that
end by inactivity are told of with the day on which they would end as things stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from facts.language import SOURCE, language
from facts.refusals import Refusal
from members import books, consents, idling, letters, letting_know
from members.merged import parts_of
from members.own_tables import Reminder
from members.programme.versions import Version, versions
from members.roles import MEMBER, Person
from members.tables import Member, Standing
from members.views.saying import day, wording
from rewards.lasting import doings_of
from rewards.lots import EARNED, POINTS
from rewards.tables import Lot
from rewards.wording import Wording

PURPOSE = "programme"
AHEAD_DAYS = 30  # what a letter tells of
LAST_CHANCE = 1  # day before the points are gone
PAUSE_DAYS = 6
FROM_HOUR, TO_HOUR = 9, 20  # of the shop: nobody is written to at night
LASTS = timedelta(days=1)

Losses = dict[tuple[date, str], int]
"""How much is lost by the last day on which it is there, and the wallet that it is in."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What letters are made with: the public address of the programme, and the secret that signs their way out."""

    site: str
    secret: bytes


def awake(session: Session, now: datetime) -> bool:
    """Whether it is a time of day at which people may be written to."""
    try:
        zone = versions(session).at(now).zone
    except Refusal:  # there is no programme yet
        return False
    return FROM_HOUR <= now.astimezone(zone).hour < TO_HOUR


def candidates(session: Session, now: datetime, after: UUID | None, count: int) -> list[UUID]:
    """The next members with something that may happen by date within a month; an index holds the moment."""
    query = select(Standing.member_id).where(col(Standing.due_at) <= now + timedelta(days=AHEAD_DAYS + 1))
    if after is not None:
        query = query.where(col(Standing.member_id) > after)
    return list(session.exec(query.order_by(col(Standing.member_id)).limit(count)))


def due(session: Session, members: Sequence[UUID], now: datetime) -> list[UUID]:
    """Who of these agreed to be written to, and is to be written to now."""
    version = versions(session).at(now)
    willing = consents.willing(session, members, PURPOSE)
    today, losses = now.astimezone(version.zone).date(), _losses(session, willing, now, version)
    told = _told(session, list(losses))
    return [
        one for one in members if one in losses and _is_due(losses[one], told.get(one, []), today, version)
    ]


def remind(session: Session, member_id: UUID, by: Sender, now: datetime) -> bool:
    """Write to a member if that is due and they agreed to it; whether a letter was posted."""
    books.lock(session, [member_id])  # of two jobs at once the second finds what the first one told
    channel, address = _where(session, member_id)
    version = versions(session).at(now)
    today = now.astimezone(version.zone).date()
    losses = _losses(session, [member_id], now, version).get(member_id, {})
    accounts = _told(session, [member_id, *parts_of(session, member_id)])
    told = [row for rows in accounts.values() for row in rows]
    if not address or not _is_due(losses, told, today, version):
        return False
    _post(session, member_id, channel, address, losses, version, by, now)
    known = {(one.day, one.stage) for one in accounts.get(member_id, [])}
    for what in losses:
        stage = _stage(what, today, version)
        if stage and (_kept(what), stage) not in known:
            session.add(Reminder(member_id=member_id, day=_kept(what), stage=stage, at=now, channel=channel))
    session.flush()
    return True


def _where(session: Session, member_id: UUID) -> tuple[str, str]:
    """Over which of the channels that they agreed to, and at which address; empty when there is none."""
    for channel in (consents.EMAIL, consents.SMS):
        if consents.may_write(session, member_id, PURPOSE, channel):
            address = letting_know.address_of(session, member_id, channel)
            if address:
                return channel, address
    return "", ""


def _losses(session: Session, members: Sequence[UUID], now: datetime, version: Version) -> dict[UUID, Losses]:
    """What each loses in the month to come of points and of the wallets that the programme has."""
    zone, wallets = version.zone, [POINTS, *version.wallets]
    until = now + timedelta(days=AHEAD_DAYS + 1)
    mine = (
        col(Lot.member_id).in_(members),
        col(Lot.remaining) != 0,
        Lot.kind == EARNED,
        col(Lot.wallet).in_(wallets),
    )
    query = (
        select(Lot.member_id, Lot.expires_at, func.sum(Lot.remaining), Lot.wallet)
        .where(*mine, col(Lot.expires_at) > now, col(Lot.expires_at) <= until)
        .group_by(col(Lot.member_id), col(Lot.expires_at), col(Lot.wallet))
    )
    found: dict[UUID, Losses] = {}
    last = now.astimezone(zone).date() + timedelta(days=AHEAD_DAYS)
    for member_id, expires_at, amount, wallet in (*session.exec(query).all(), *_idle(session, members, now)):
        lost = (expires_at - timedelta(microseconds=1)).astimezone(zone).date() if expires_at else date.max
        if amount > 0 and lost <= last:
            mine_of = found.setdefault(member_id, {})
            mine_of[lost, wallet] = mine_of.get((lost, wallet), 0) + int(amount)
    return found


def _idle(
    session: Session, members: Sequence[UUID], now: datetime
) -> Iterator[tuple[UUID, datetime, int, str]]:
    line = versions(session)
    if not line.keeping:
        return
    for member_id, moments in idling.moments(session, members, line).items():
        yield from ((member_id, at, points, POINTS) for at, points in moments if at > now)


def _told(session: Session, members: Sequence[UUID]) -> dict[UUID, list[Reminder]]:
    found: dict[UUID, list[Reminder]] = {}
    for row in session.exec(select(Reminder).where(col(Reminder.member_id).in_(members))):
        found.setdefault(row.member_id, []).append(row)
    return found


def _kept(what: tuple[date, str]) -> str:
    """How it is kept what was told: the day, with the wallet behind it unless that is points."""
    lost, wallet = what
    return lost.isoformat() if wallet == POINTS else f"{lost.isoformat()} {wallet}"


def _stage(what: tuple[date, str], today: date, version: Version) -> int:
    """How many days before it is gone something is to be told of now; 0 for not yet."""
    lost, wallet = what
    stages = sorted(version.of(wallet).points.expiry.warn_days)
    return next((stage for stage in stages if (lost - today).days <= stage), 0)


def _is_due(losses: Losses, told: list[Reminder], today: date, version: Version) -> bool:
    known = {(one.day, one.stage) for one in told}
    lately = any((today - one.at.astimezone(version.zone).date()).days < PAUSE_DAYS for one in told)
    stages = {_kept(what): _stage(what, today, version) for what in losses}
    return not lately and any(stage and (kept, stage) not in known for kept, stage in stages.items())


def _post(session: Session, member_id: UUID, channel: str, address: str, losses: Losses, version: Version,
          by: Sender, now: datetime) -> None:  # fmt: skip
    member = session.get(Member, member_id)
    words = language(member.language if member and member.language else SOURCE)
    say = wording(version, words)
    stop = consents.unsubscribe_address(by.site, member_id, PURPOSE, channel, by.secret)
    first, _ = min(losses)
    told = list(_told_of(losses, version, say, now))
    subject = told[0][0]
    if (first - now.astimezone(version.zone).date()).days <= LAST_CHANCE:
        subject = words.text("Last chance: {what}", what=subject)
    lines = [f"{subject}.", *told[0][1:]]
    lines += [line for said, *whole in told[1:] for line in (f"{said}.", *whole)]
    text = "\n\n".join([*lines, *_ends(losses, version, say, by.site, stop)])
    name = version.programme.words(version.programme.name, words.code)
    letters.post(session, channel, address, f"{name}: {subject}", text, now, person=Person(str(member_id), MEMBER).id,
                 lasts=LASTS, unsubscribe=stop)  # fmt: skip


def _told_of(losses: Losses, version: Version, say: Wording, now: datetime) -> Iterator[tuple[str, ...]]:
    """What is lost first of each wallet, the soonest of all before the others, and how much of it in the month."""
    words = say.language
    for wallet in dict.fromkeys(wallet for _, wallet in sorted(losses)):
        mine = {lost: amount for (lost, name), amount in losses.items() if name == wallet}
        first, total = min(mine), sum(mine.values())
        when = day(first, say, version.zone, now)
        if wallet == POINTS:
            said = words.plural(
                "{n} point expires on {day}", "{n} points expire on {day}", mine[first], day=when
            )
            whole = words.plural("In the month to come it is {n} point in all.",
                                 "In the month to come it is {n} points in all.", total)  # fmt: skip
        else:
            of = say.of(wallet)
            said = words.text("{amount} of “{wallet}” expires on {day}", amount=of.points(mine[first]),
                              wallet=say.purses[wallet].name, day=when)  # fmt: skip
            whole = words.text("In the month to come it is {amount} in all.", amount=of.points(total))
        yield (said, whole) if len(mine) > 1 else (said,)


def _ends(losses: Losses, version: Version, say: Wording, site: str, stop: str) -> Iterator[str]:
    expiry, words = version.programme.points.expiry, say.language
    wallets = {wallet for _, wallet in losses}
    if expiry.kind == "inactivity" and POINTS in wallets:
        yield words.text("They stay when there is this before: {deeds}.", deeds=doings_of(expiry, say))
    code = "" if words.code == SOURCE else f"/{words.code}"
    if POINTS in wallets:
        yield words.text("What you can have for them: {address}", address=f"{site}{code}/rewards")
    else:
        yield words.text("How you pay with it: {address}", address=f"{site}{code}/rules")
    yield words.text(
        "You get this because you wanted news of your points. No more of these: {address}", address=stop
    )
