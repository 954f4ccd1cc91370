"""Members as staff finds and sees them: who they are, how they stand, and every entry with its why."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from facts.language import N_, Language
from members.cards import VoucherCard, icon_of
from members.merged import latest_of
from members.programme.versions import Timeline, Version, versions
from members.purses import remembered
from members.roles import Capability, Person
from members.staff_cards import NOTHING_BY_HAND, FoundCard, PersonCard, PersonRow
from members.staff_game_cards import FigureCard, OptionCard
from members.standing import MemberStanding, standing_of
from members.tables import Identity, Member, Standing
from members.views.entries import EntryRow, entry_card
from members.views.giving import given_rows
from members.views.saying import day, last_day, wording
from members.views.staff_badges import badges_and_options
from members.views.staff_by_hand import by_hand
from members.views.staff_catalogue import picture_of
from members.views.standing import unknown
from members.views.wallets import in_points, purse_cards
from rewards.redemption import State, lapsed, returnable_until
from rewards.tables import Entry, Redemption
from rewards.wording import Wording

FOUND_MAX = 20
PAGE = 20
VOUCHERS_MAX = 12
TEXT_LENGTH_MAX = 200
NUMBERED = {"customer": N_("Customer {number}"), "card": N_("Card {number}")}
STATE_WORDS = {
    State.RESERVED: N_("Waits to be handed over"),
    State.ISSUED: N_("Issued"),
    State.USED: N_("Used"),
    State.EXPIRED: N_("Expired"),
    State.CANCELLED: N_("Given back"),
}


def find(session: Session, text: str, now: datetime, language: Language) -> FoundCard:
    """Members by their name (its beginning), a number or address of theirs, or their own id; the newest for nothing."""
    version = versions(session).at(now)
    say = wording(version, language)
    wanted = text.replace("\x00", "").strip()[:TEXT_LENGTH_MAX]  # PostgreSQL knows no such character
    ids = _ids(session, wanted)
    rows = {row.member_id: row for row in session.exec(select(Member).where(col(Member.member_id).in_(ids)))}
    standings = session.exec(
        select(Standing.member_id, Standing.balance, Standing.tier, Standing.state).where(
            col(Standing.member_id).in_(ids)
        )
    )
    stands = {
        member_id: (_had(balance, state, version, say), tier) for member_id, balance, tier, state in standings
    }
    known = known_as(session, ids, say)
    people: list[PersonRow] = []
    for member_id in ids:
        if member_id in rows and member_id in stands:
            balance, tier = stands[member_id]
            first = version.programme.tiers.levels[0].slug
            people.append(PersonRow(
                key=str(member_id),
                name=rows[member_id].name or say.text("A member without a name"),
                known_as=known.get(member_id, [""])[0],
                tier=say.tiers.get(tier or first, tier),
                balance=balance,
                path=f"/staff/member?id={member_id}",
            ))  # fmt: skip
    words = say.text("The newest members") if not wanted else ""
    if wanted and not people:
        words = say.text("Nobody is known as “{text}”.", text=wanted)
    return FoundCard(tuple(people), words)


def _had(points: int, state: str, version: Version, say: Wording) -> str:
    """What a member has: points, or what is in the wallet that stands in their place."""
    if points or in_points(version):
        return say.points(points)
    slug = next(slug for slug in version.wallets if version.spendable(slug))
    return say.of(slug).points(remembered(state).get(slug, 0))


def _ids(session: Session, wanted: str) -> list[UUID]:
    if not wanted:
        newest = select(Member.member_id).order_by(col(Member.member_id).desc()).limit(FOUND_MAX)
        return list(session.exec(newest))
    try:
        return [UUID(wanted)]
    except ValueError:
        pass
    keys = [f"{kind}:{wanted.lower() if kind == 'email' else wanted}" for kind in ("email", "phone", "card")]
    exact = select(Identity.member_id).where(
        or_(col(Identity.key).in_(keys), col(Identity.key).like(f"customer:%:{_plain(wanted)}", escape="\\"))
    )
    found = list(session.exec(exact.limit(FOUND_MAX)))
    by_name = select(Member.member_id).where(col(Member.name).ilike(f"{_plain(wanted)}%", escape="\\"))
    found += session.exec(by_name.order_by(col(Member.name)).limit(FOUND_MAX))
    last = select(Member.member_id).where(col(Member.name).ilike(f"% {_plain(wanted)}%", escape="\\"))
    found += session.exec(last.order_by(col(Member.name)).limit(FOUND_MAX))
    return list(dict.fromkeys(found))[:FOUND_MAX]


def _plain(text: str) -> str:
    """A text as it is for LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def known_as(session: Session, ids: list[UUID], say: Wording) -> dict[UUID, list[str]]:
    """What each member is known as: addresses and numbers, without where they come from."""
    found: dict[UUID, list[str]] = {}
    rows = session.exec(
        select(Identity.member_id, Identity.key)
        .where(col(Identity.member_id).in_(ids))
        .order_by(col(Identity.key))
    )
    for member_id, key in rows:
        kind, _, rest = key.partition(":")
        if kind in ("email", "phone"):
            found.setdefault(member_id, []).append(rest)
        elif kind in NUMBERED:
            told = say.text(NUMBERED[kind], number=rest.rpartition(":")[2])
            found.setdefault(member_id, []).append(told)
    return found


def person_card(
    session: Session,
    member_id: UUID,
    person: Person,
    now: datetime,
    language: Language,
    before: int | None = None,
) -> PersonCard:
    """A member with their ledger, newest first, from before the entry `before`.

    The id of an account that became part of another one shows that one.
    """
    line, member_id = versions(session), latest_of(session, member_id)
    standing, row = standing_of(session, member_id, now, line), session.get(Member, member_id)
    if standing is None or row is None:
        raise unknown()
    say = wording(standing.version, language)
    wanted = [col(Entry.member_id) == member_id]
    if before is not None:
        wanted.append(col(Entry.seq) < before)
    query = select(Entry).where(*wanted).order_by(col(Entry.seq).desc()).limit(PAGE + 1)
    entries = [_entry(one) for one in session.exec(query)]
    known = known_as(session, [member_id], say).get(member_id, [])
    name = row.name or say.text("A member without a name")
    zone = standing.version.zone
    limit = standing.version.points.adjustment_limit
    until = standing.tier_until
    may_adjust = person.may(Capability.ADJUST_POINTS)
    badges, options = badges_and_options(session, member_id, line, say, now)
    return PersonCard(
        key=str(member_id),
        name=name,
        initial=name[:1].upper(),
        known_as=tuple(known),
        tier=say.words(standing.level.name),
        tier_words=say.text("until {day}", day=day(until, say, zone, now, short=True)) if until else "",
        since=say.text("Known since {day}", day=day(row.created_at, say, zone, now)),
        figures=_figures(standing, say, now),
        vouchers=(
            *_vouchers(session, member_id, line, say, now),
            *given_rows(session, member_id, standing.version, say, now),
        ),
        badges=badges,
        options=options,
        takable=tuple(OptionCard(one.key, one.name) for one in badges if one.held),
        ledger=tuple(entry_card(one, line, language, now) for one in entries[:PAGE]),
        older=str(entries[PAGE - 1].seq) if len(entries) > PAGE else "",
        limit=say.text(
            "At most {points} in a day; above that a second person has to agree.", points=say.points(limit)
        ),
        by_hand=by_hand(session, member_id, line, say, now) if may_adjust else NOTHING_BY_HAND,
        may_adjust=may_adjust,
        may_hand_over=person.may(Capability.USE_CODES),
        may_merge=person.may(Capability.MERGE_MEMBERS),
    )


def _entry(one: Entry) -> EntryRow:
    return EntryRow(one.seq, one.kind, one.amount, one.at, one.active_from, one.expires_at, one.cause, one.rule,
                    one.version, one.why)  # fmt: skip


def _figures(standing: MemberStanding, say: Wording, now: datetime) -> tuple[FigureCard, ...]:
    number, money = say.language.number, say.language.money(standing.money_value, say.currency)
    figures = [
        FigureCard(
            say.text("Can be spent"), number(standing.available), say.text("worth {money}", money=money)
        ),
        FigureCard(say.text("Pending"), number(standing.pending), ""),
        FigureCard(say.text("Set aside"), number(standing.held), say.text("for rewards to be handed over")),
    ]
    if standing.debt:
        figures.append(
            FigureCard(say.text("Owed"), number(standing.debt), say.text("repaid by the next earnings"))
        )
    figures += [FigureCard(one.name, one.amount, one.words) for one in purse_cards(standing, say, now)]
    return tuple(figures)


def _vouchers(
    session: Session, member_id: UUID, line: Timeline, say: Wording, now: datetime
) -> tuple[VoucherCard, ...]:
    newest = col(Redemption.reserved_at).desc()
    mine = (
        select(Redemption).where(col(Redemption.member_id) == member_id).order_by(newest).limit(VOUCHERS_MAX)
    )
    return tuple(_voucher(one, line.numbered(one.version), say, now) for one in session.exec(mine))


def _voucher(one: Redemption, version: Version, say: Wording, now: datetime) -> VoucherCard:
    reward, state = version.programme.reward(one.reward), State(one.state)
    done = N_("Not fetched in time") if lapsed(state, one.expires_at, one.closed_at) else STATE_WORDS[state]
    price = say.text("won") if one.won else say.points(one.price)
    said = [say.text(done), price, day(one.reserved_at, say, version.zone, now)]
    if state is State.ISSUED and one.expires_at:
        said.append(say.text("Good until {day}", day=last_day(one.expires_at, say, version.zone, now)))
    if state is State.RESERVED and one.expires_at:
        said.append(say.text("Held until {day}", day=last_day(one.expires_at, say, version.zone, now)))
    priced = None if one.won else reward
    until = returnable_until(priced, state, one.reserved_at, one.expires_at, one.used_at) if priced else None
    return VoucherCard(
        key=str(one.redemption_id),
        name=say.words(reward.name) if reward else one.reward,
        icon=icon_of(reward.icon) if reward else "gift",
        picture=picture_of(reward.picture) if reward else "",
        state=one.state,
        words=" · ".join(said),
        open=state is State.RESERVED,
        returnable=until is not None and now < until,
    )
