"""Bringing friends, in words: what an offer gives, how far each friend is, and what a link says to who opens it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from facts.language import N_, SOURCE, Language
from members.aliases import suggested
from members.channels import tagged
from members.merged import parts_of
from members.programme.versions import Version, in_force
from members.referral_cards import FriendCard, FriendsCard, InvitationCard, WayCard
from members.referral_codes import terms_of
from members.referral_tables import Brought, Referral, ReferralCode
from members.tables import FactRow, Member
from members.views.saying import day, shop, wording
from members.views.standing import unknown
from rewards.referrals import Limit, Offer, Share
from rewards.wording import Wording

FRIENDS_SHOWN = 100
REASONS = {
    "not_new": N_("They had shopped here before, so there is nothing for it."),
    "full": N_("You have brought as many friends as the shop pays for."),
    "order_small": N_("Their purchase was too small to count."),
    "same": N_("Their account is part of yours by now, so there is nothing for it."),
}

AT_MOST = {
    "": N_("It counts for {friends} at most."),
    "day": N_("It counts for {friends} a day at most."),
    "week": N_("It counts for {friends} a week at most."),
    "month": N_("It counts for {friends} a month at most."),
    "year": N_("It counts for {friends} a year at most."),
}
RETURNED = N_("The purchase was returned, so the points went back, for both of you.")


def friends(
    session: Session,
    member_id: UUID,
    now: datetime,
    language: Language,
    site: str,
    *,
    code: ReferralCode | None,
) -> FriendsCard:
    """The page of a member. `site` is where the programme is reached, `code` the member's own link, if there is one."""
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
    card = FriendsCard(
        shop=shop(version, language),
        friends=tuple(_friend(row, version, say, now) for row in rows),
        totals=_totals(session, all_of, rows, say),
        may_name=_may_name(session, member_id, version, now),
    )
    if code:
        return _offered(card, code, say, site)
    offer = version.programme.referrals.offer(now)
    return replace(card, headline=headline(offer, say)) if offer else card


def _offered(card: FriendsCard, code: ReferralCode, say: Wording, site: str) -> FriendsCard:
    offer, name = terms_of(code.terms), card.shop.name
    start = "" if say.language.code == SOURCE else f"/{say.language.code}"
    link = f"{site}{start}/r/{code.code}"
    theirs = gift(offer.friend, say)
    told = (
        say.text("Join me at {shop} and get {gift}:", shop=name, gift=theirs)
        if theirs
        else say.text("Join me at {shop}:", shop=name)
    )
    message, sheet = f"{told} {tagged(link, 'copy')}", f"{told} {tagged(link, 'sheet')}"
    return replace(card, headline=headline(offer, say), link=link, code=code.code, message=message, sheet=sheet,
                   rules=rules(offer, say), ways=ways(told, link))  # fmt: skip


def headline(offer: Offer, say: Wording) -> str:
    """What both get, as the sharer reads it."""
    mine_, theirs = gift(offer.sharer, say), gift(offer.friend, say)
    if mine_ and theirs:
        return say.text("{theirs} for your friend, {mine} for you", theirs=theirs, mine=mine_)
    return say.text("{mine} for each friend you bring", mine=mine_) if mine_ else say.text(
        "{theirs} for each friend you bring", theirs=theirs
    )  # fmt: skip


def gift(share: Share | None, say: Wording) -> str:
    """What one of the two gets; "" for nothing."""
    if share is None:
        return ""
    parts = [say.points(share.points)] if share.points else []
    if share.reward:
        parts.append(say.text("“{reward}”", reward=say.rewards.get(share.reward, share.reward)))
    return say.listed(parts)


def rules(offer: Offer, say: Wording) -> tuple[str, ...]:
    """How an offer works, a sentence each."""
    said: list[str] = []
    if offer.paid == "joining":
        said.append(say.text("It counts as soon as your friend has joined."))
    elif offer.order_min.strip("0.") == "":
        said.append(say.text("It counts with your friend's first purchase."))
    else:
        amount = say.decimal(offer.order_min)
        said.append(
            say.text("It counts with your friend's first purchase of at least {amount}.", amount=amount)
        )
    if offer.hold_days:
        wait = say.days(offer.hold_days)
        told = N_("The points can be used {days} later, if nothing was returned.")
        if offer.brings_reward:
            told = N_("You have it {days} later, if nothing was returned.")
        said.append(say.text(told, days=wait))
    said.append(say.text("Your friend must be new here."))
    if offer.per_member:
        said.append(_at_most(offer.per_member, say))
    if offer.link_days:
        said.append(say.text("The link leads there for {days}.", days=say.days(offer.link_days)))
    return tuple(said)


def _at_most(most: int | Limit, say: Wording) -> str:
    per = "" if isinstance(most, int) else most.per
    number = most if isinstance(most, int) else most.friends
    return say.text(AT_MOST[per], friends=say.language.plural("{n} friend", "{n} friends", number))


def ways(told: str, link: str) -> tuple[WayCard, ...]:
    """Messengers with the words in them. Addresses as each of them documents its own share link."""
    words = quote(told, safe="")

    def to(tag: str) -> str:
        return quote(tagged(link, tag), safe="")

    return (
        WayCard("telegram", "Telegram", f"https://t.me/share/url?url={to('telegram')}&text={words}"),
        WayCard("whatsapp", "WhatsApp", f"https://wa.me/?text={words}%20{to('whatsapp')}"),
        WayCard("vk", "VK", f"https://vk.com/share.php?url={to('vk')}&title={words}"),
        WayCard("mail", "E-mail", f"mailto:?subject={words}&body={words}%20{to('mail')}"),
    )


def _friend(row: Referral, version: Version, say: Wording, now: datetime) -> FriendCard:
    status, tone, why = _status(row, version, say, now)
    return FriendCard(
        key=row.referral_id.hex,
        name=alias(row.referral_id, say.language),
        status=status,
        tone=tone,
        when=say.text("since {day}", day=day(row.came_at, say, version.zone, now)),
        why=why,
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


def invitation(session: Session, code: ReferralCode, now: datetime, language: Language) -> InvitationCard:
    """What a link says to whoever opens it."""
    version = in_force(session, now)
    say, offer = wording(version, language), terms_of(code.terms)
    card, theirs = shop(version, language), gift(offer.friend, say)
    title = (
        say.text("{gift} for you at {shop}", gift=theirs, shop=card.name)
        if theirs
        else say.text("A friend invites you to {shop}", shop=card.name)
    )
    text = say.text("A friend shops at {shop}, and thinks you would like it.", shop=card.name)
    return InvitationCard(card, title, text, _for_friend(offer, say))


def _for_friend(offer: Offer, say: Wording) -> tuple[str, ...]:
    """The rules as the friend reads them."""
    said: list[str] = []
    if offer.friend:
        if offer.paid == "joining":
            said.append(say.text("They are yours as soon as you have joined."))
        elif offer.order_min.strip("0.") == "":
            said.append(say.text("They come with your first purchase."))
        else:
            amount = say.decimal(offer.order_min)
            said.append(say.text("They come with your first purchase of at least {amount}.", amount=amount))
        if offer.hold_days:
            said.append(say.text("You can use them {days} later.", days=say.days(offer.hold_days)))
    if offer.sharer:
        said.append(say.text("Your friend gets {points} for it.", points=gift(offer.sharer, say)))
    return tuple(said)


__all__ = ["alias", "friends", "gift", "headline", "invitation", "rules", "ways"]
