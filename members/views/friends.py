"""Bringing friends, in words: what an offer gives, how far each friend is, and what a link says to who opens it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func
from sqlmodel import Session, col, select

from facts.language import N_, SOURCE, Language, codes
from facts.language import language as in_language
from members.aliases import suggested
from members.channels import tagged
from members.game_cards import SwitchCard
from members.merged import parts_of
from members.programme.versions import Version, in_force
from members.referral_cards import FigureCard, FriendCard, FriendsCard, MilestoneCard, TongueCard
from members.referral_codes import terms_of
from members.referral_tables import Brought, MilestonesSaid, Referral, ReferralCode
from members.suspicion_tables import Suspicion
from members.tables import FactRow, Member
from members.views.brought import RETURNED, came, next_turn
from members.views.inviting import asking, gift, headline, invitation, inviter, rules, ways
from members.views.reviews import review, reviews
from members.views.rewards import qr
from members.views.saying import day, shop, wording
from members.views.standing import unknown
from rewards.referrals import Offer
from rewards.wording import Wording

FRIENDS_SHOWN = 100
REASONS = {
    "not_new": N_("They had shopped here before, so there is nothing for it."),
    "full": N_("You have brought as many friends as the shop pays for."),
    "order_small": N_("Their purchase was too small to count."),
    "same": N_("Their account is part of yours by now, so there is nothing for it."),
}


def friends(
    session: Session,
    member_id: UUID,
    now: datetime,
    language: Language,
    site: str,
    *,
    code: ReferralCode | None,
    theirs: Language | None = None,
) -> FriendsCard:
    """The page of a member. `site` is where the programme is reached, `code` the member's own link, if there is one.

    `theirs` is the language in which it is shared.
    """
    member = session.get(Member, member_id)
    if member is None:
        raise unknown()
    version = in_force(session, now)
    say = wording(version, language)
    all_of = [member_id, *parts_of(session, member_id)]
    rows = session.exec(
        select(Referral).where(col(Referral.member_id).in_(all_of)).order_by(col(Referral.came_at).desc())
        .limit(FRIENDS_SHOWN)
    ).all()  # fmt: skip
    mine, turns_at = came(session, all_of, version, say, now)
    card = FriendsCard(
        shop=shop(version, language),
        friends=_friends(session, rows, version, say, now),
        totals=_totals(session, all_of, rows, say),
        figures=_figures(session, all_of, say, now) if rows else (),
        milestone=_next(session, all_of, version, say),
        opened=_opened(session, all_of, say),
        may_name=_may_name(session, member_id, version, now),
        came=mine,
        turns_at=next_turn(session, all_of, turns_at, now) if rows else turns_at,
    )
    if code:
        switch = _naming(session, member_id, code, say)
        return replace(
            _offered(card, code, say, site, wording(version, theirs or language)), switches=(switch,)
        )
    offer = version.programme.referrals.offer(now)
    return replace(card, headline=headline(offer, say)) if offer else card


def _offered(card: FriendsCard, code: ReferralCode, say: Wording, site: str, theirs: Wording) -> FriendsCard:
    """What there is to share, in `theirs`: the language that the friend reads."""
    offer, spoken = terms_of(code.terms), theirs.language.code
    start = "" if spoken == SOURCE else f"/{spoken}"
    link = f"{site}{start}/r/{code.code}"
    told = asking(offer, theirs, card.shop.name)
    tongues = tuple(TongueCard(one, in_language(one).name, one == spoken) for one in codes())
    return replace(
        card,
        headline=headline(offer, say),
        link=link,
        code=code.code,
        message=f"{told} {tagged(link, 'copy')}",
        sheet=f"{told} {tagged(link, 'sheet')}",
        rules=rules(offer, say),
        ways=ways(told, link),
        tongues=tongues,
        qr=qr(tagged(link, "qr")),
        poster=f"{start}/r/{code.code}/poster.pdf",
    )


def _naming(session: Session, member_id: UUID, code: ReferralCode, say: Wording) -> SwitchCard:
    """Whether links say who invites, and as whom."""
    name = inviter(session, member_id)
    told = (
        say.text("Your link says “{name} invites you”.", name=name)
        if name
        else say.text("You have told us no name yet, so it says “A friend invites you”.")
    )
    return SwitchCard("named", say.text("Say who invites"), told, code.named)


def _figures(session: Session, all_of: Sequence[UUID], say: Wording, now: datetime) -> tuple[FigureCard, ...]:
    """What friends have brought, and what waits still, milestones included."""
    mine = col(Referral.member_id).in_(all_of), col(Referral.counts_at).is_not(None)
    waits = func.coalesce(func.sum(case((col(Referral.sure_at) > now, col(Referral.earned)), else_=0)), 0)
    count, earned, waiting = session.exec(
        select(func.count(), func.coalesce(func.sum(Referral.earned), 0), waits).where(*mine)
    ).one()
    for said in session.exec(select(MilestonesSaid.said).where(col(MilestonesSaid.member_id).in_(all_of))):
        for _, _, _, active, points, *_ in json.loads(said):
            earned += points
            waiting += points if datetime.fromisoformat(active) > now else 0
    number = say.language.number
    return (
        FigureCard(number(count), say.text("friends who count")),
        FigureCard(number(int(earned - waiting)), say.text("points earned")),
        FigureCard(number(int(waiting)), say.text("points waiting")),
    )


def _next(session: Session, all_of: Sequence[UUID], version: Version, say: Wording) -> MilestoneCard:
    """The next milestone, as far as there is one."""
    if not version.programme.referrals.milestones:
        return MilestoneCard()
    mine = col(Referral.member_id).in_(all_of), col(Referral.counts_at).is_not(None)
    count = session.exec(select(func.count()).select_from(Referral).where(*mine)).one()
    ahead = next((one for one in version.programme.referrals.milestones if one.friends > count), None)
    if ahead is None:
        return MilestoneCard()
    words = say.language.plural(
        "{n} more friend to {points}", "{n} more friends to {points}", ahead.friends - count,
        points=say.points(ahead.points),
    )  # fmt: skip
    return MilestoneCard(words, count * 100 // ahead.friends)


def _opened(session: Session, all_of: Sequence[UUID], say: Wording) -> str:
    """How many browsers have opened the links. Who they are nobody knows."""
    mine = col(ReferralCode.member_id).in_(all_of)
    opened = session.exec(select(func.coalesce(func.sum(ReferralCode.clicked), 0)).where(mine)).one()
    return (
        say.language.plural("{n} person opened your link.", "{n} people opened your link.", int(opened))
        if opened
        else ""
    )


def _friends(
    session: Session, rows: Sequence[Referral], version: Version, say: Wording, now: datetime
) -> tuple[FriendCard, ...]:
    held = reviews(session, rows)
    return tuple(_friend(row, held.get(row.referral_id), version, say, now) for row in rows)


def _friend(
    row: Referral, held: Suspicion | None, version: Version, say: Wording, now: datetime
) -> FriendCard:
    status, tone, why = review(held, say) if held else _status(row, version, say, now)
    appealed = say.text("You have said: {words}", words=held.appeal) if held and held.appeal else ""
    return FriendCard(
        key=row.referral_id.hex,
        name=alias(row.referral_id, say.language),
        status=status,
        tone=tone,
        when=say.text("since {day}", day=day(row.came_at, say, version.zone, now)),
        why=why,
        may_appeal=held is not None and held.appealed_at is None,
        appealed=appealed,
    )


def alias(referral_id: UUID, language: Language) -> str:
    """What a friend is called to who brought them: two words by chance, the same every time, and nobody's name."""
    return next(suggested(language.code, referral_id.bytes[-2:] * 8))


def _status(row: Referral, version: Version, say: Wording, now: datetime) -> tuple[str, str, str]:
    """How far a friend is: a word or two, its tone, and why."""
    said: list[Any] = json.loads(row.said)
    offer = terms_of(row.terms)
    side = "sharer" if offer.sharer else "friend"
    paid = next((one for one in said if one[1] == "rewarded" and one[2] == side), None)
    if paid:
        return _paid(offer, datetime.fromisoformat(paid[6]) if paid[6] else None, version, say, now)
    if row.reason in REASONS:
        return say.text("Nothing to pay"), "plain", say.text(REASONS[row.reason])
    if row.paid_at:
        return say.text("Cancelled"), "plain", say.text(RETURNED)
    if any(one[1] == "bought" for one in said):
        return say.text("Bought"), "good", ""
    return say.text("Has joined"), "plain", say.text("The first purchase is still to come.")


def _paid(
    offer: Offer, until: datetime | None, version: Version, say: Wording, now: datetime
) -> tuple[str, str, str]:
    """A friend for whom there is something: it waits until a moment, or it is there."""
    if until and until > now:
        when = day(until, say, version.zone, now)
        if offer.paid == "joining":
            told = N_("Joined. The points wait until {day}.")
            told = N_("Joined. What it brings waits until {day}.") if offer.brings_reward else told
        else:
            told = N_("Bought. The points wait until {day}, in case something is returned.")
            more = N_("Bought. What it brings waits until {day}, in case something is returned.")
            told = more if offer.brings_reward else told
        return say.text("Waiting"), "caution", say.text(told, day=when)
    mine = gift(offer.sharer or offer.friend, say)
    if offer.brings_reward:
        told = (
            say.text("Yours: {gift}.", gift=mine)
            if offer.sharer
            else say.text("Your friend's: {gift}.", gift=mine)
        )
    elif offer.sharer:
        told = say.text("{points} are yours.", points=mine)
    else:
        told = say.text("{points} are your friend's.", points=mine)
    return say.text("Paid"), "good", told


def _totals(session: Session, all_of: Sequence[UUID], rows: Sequence[Referral], say: Wording) -> str:
    if not rows:
        return ""
    came = session.exec(select(func.count()).where(col(Referral.member_id).in_(all_of))).one()
    return say.language.plural("{n} friend has come so far.", "{n} friends have come so far.", came)


def _may_name(session: Session, member_id: UUID, version: Version, now: datetime) -> bool:
    """Whether it is not too late to say who sent one."""
    if not version.programme.referrals.offers or session.get(Brought, member_id):
        return False
    since = now - timedelta(days=version.programme.referrals.late_days)
    joined = select(FactRow.fact_id).where(
        FactRow.member_id == member_id, FactRow.type == "member.signed_up", col(FactRow.occurred_at) >= since
    )
    return session.exec(joined.limit(1)).first() is not None


__all__ = ["alias", "friends", "gift", "headline", "invitation", "rules", "ways"]
