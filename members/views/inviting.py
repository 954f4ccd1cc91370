"""What is offered for bringing friends, in words: to who shares a link, and to who opens it."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from sqlmodel import Session

from badges.tables import Player
from facts.language import N_, Language
from members import aliases, closing
from members.channels import tagged
from members.merged import latest_of
from members.programme.versions import in_force
from members.referral_cards import InvitationCard, WayCard
from members.referral_codes import terms_of
from members.referral_tables import ReferralCode
from members.tables import Member, Standing
from members.views.saying import shop, wording
from rewards.referrals import Limit, Offer, Share
from rewards.wording import Wording

NAME_LENGTH_MAX = 24
MARKS_MAX = 2  # accents on one letter
AT_MOST = {
    "": N_("It counts for {friends} at most."),
    "day": N_("It counts for {friends} a day at most."),
    "week": N_("It counts for {friends} a week at most."),
    "month": N_("It counts for {friends} a month at most."),
    "year": N_("It counts for {friends} a year at most."),
}


def inviter(session: Session, member_id: UUID) -> str:
    """Whose link it is, as friends may read it: a first name, else the alias of the boards; "" for nobody.

    Accounts that are merged are one person; who has left invites nobody.
    """
    latest = latest_of(session, member_id)
    member, stand = session.get(Member, latest), session.get(Standing, latest)
    if member is None or stand is None or closing.closed(stand.state):
        return ""
    player = session.get(Player, latest)
    return first_name(member.name) or (player.alias if player else "")


def first_name(name: str) -> str:
    """The first word of a name as others may read it: letters alone, none that hide or turn what stands beside them."""
    words = unicodedata.normalize("NFC", name).split()
    kept: list[str] = []
    for sign in words[0] if words else "":
        kind = unicodedata.category(sign)[0]
        if aliases.is_unseen(sign):
            continue
        piled = kept and all(unicodedata.category(one)[0] == "M" for one in kept[-MARKS_MAX:])
        if kind in "LN" or (kept and sign in "-'’") or (kept and kind == "M" and not piled):
            kept.append(sign)
    said = "".join(kept)[:NAME_LENGTH_MAX]
    return (
        ""
        if aliases.sounds_like_ours(said) or sum(one.isdigit() for one in said) > aliases.DIGITS_MAX
        else said
    )


def asking(offer: Offer, say: Wording, shop_name: str) -> str:
    """What a member says to a friend, before the link."""
    theirs = gift(offer.friend, say)
    if theirs:
        return say.text("Join me at {shop} and get {gift}:", shop=shop_name, gift=theirs)
    return say.text("Join me at {shop}:", shop=shop_name)


def headline(offer: Offer, say: Wording) -> str:
    """What both get, in one line."""
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


def invitation(session: Session, code: ReferralCode, now: datetime, language: Language) -> InvitationCard:
    """What a link says to whoever opens it."""
    version = in_force(session, now)
    say, offer = wording(version, language), terms_of(code.terms)
    card, theirs = shop(version, language), gift(offer.friend, say)
    name = inviter(session, code.member_id) if code.named else ""
    if name:
        title = say.text("{name} invites you to {shop}", name=name, shop=card.name)
    elif theirs:
        title = say.text("{gift} for you at {shop}", gift=theirs, shop=card.name)
    else:
        title = say.text("A friend invites you to {shop}", shop=card.name)
    text = say.text("A friend shops at {shop}, and thinks you would like it.", shop=card.name)
    if name and theirs:
        text = say.text(
            "{gift} for you: {name} shops here, and thinks you would like it.", gift=theirs, name=name
        )
    elif name:
        text = say.text("{name} shops here, and thinks you would like it.", name=name)
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
