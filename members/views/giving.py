"""The pages of gifts: what a member can give and has given, and what a link says to whoever opens it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from facts.language import Language
from facts.refusals import Refusal
from members import gifts
from members.cards import VoucherCard
from members.closing import ERASED, LEFT, closed
from members.gift_cards import GiftCard, GiveCard, GivenCard
from members.gifts import State
from members.merged import latest_of, one_person
from members.programme.versions import Version, in_force, versions
from members.tables import Standing
from members.views.gifts import about_gifts
from members.views.inviting import inviter, ways
from members.views.saying import day, shop, wording
from members.views.standing import unknown
from rewards.gift_tables import Gift, GiftTaken
from rewards.gifts import Gifts
from rewards.wording import Wording


def giving(
    session: Session, member_id: UUID, now: datetime, language: Language, site: str, secret: bytes
) -> GiveCard:
    """What a member can give now, and has given; `site` is where links begin. Refuses where nothing can be given.

    Where gifts were switched off, what waits is shown all the same, so that it can be called back.
    """
    version = in_force(session, now)
    say, terms = wording(version, language), version.programme.gifts
    mine = gifts.gifts_of(session, member_id)
    if terms is None and not any(one.state == State.WAITING for one in mine):
        gifts.terms_of(session, now)
    told, most = _possible(session, member_id, terms, say, now) if terms else ("", 0)
    given = tuple(_given(one, version, say, site, secret, now) for one in mine)
    return GiveCard(shop(version, language).name, told, terms.least if terms else 0, most,
                    inviter(session, member_id), tuple(about_gifts(version, say)), given)  # fmt: skip


def _possible(
    session: Session, member_id: UUID, terms: Gifts, say: Wording, now: datetime
) -> tuple[str, int]:
    """How much can be given now, in words and as a number; 0 where it is not enough for a gift."""
    stand = session.get(Standing, member_id)
    if stand is None:
        raise unknown()
    theirs = one_person(session, member_id)
    lots = gifts.lots_to_give(session, member_id, terms, versions(session), now)
    free = max(0, sum(lot.remaining for lot in lots) - stand.debt)
    today = max(0, terms.per_day - gifts.given_on(session, theirs, gifts.today(session, now)))
    try:
        gifts.insist_known(session, theirs, terms, now)
    except Refusal as refusal:
        return refusal.sentence(say.language), 0
    most = min(free, today, terms.limit)
    if free < terms.least:
        return say.text("You have {points} that can be given.", points=say.points(free)), 0
    if today < terms.least:
        return say.text("That was all for today. Tomorrow you can give again."), 0
    return say.text("You can give up to {points} now.", points=say.points(most)), most


def _given(one: Gift, version: Version, say: Wording, site: str, secret: bytes, now: datetime) -> GivenCard:
    points, zone = say.points(one.points), version.zone
    waits = one.state == State.WAITING and now < one.until
    code = gifts.code_of(one, secret) if waits and secret else ""
    if waits:
        status = say.text("Waits until {day}", day=day(one.until, say, zone, now))
    elif one.state == State.TAKEN:
        status = say.text("Taken on {day}", day=day(one.closed_at or now, say, zone, now))
    elif one.state == State.BACK:
        status = say.text("Called back: the points are yours again")
    else:
        status = say.text("Not taken in time: the points are yours again")
    link = f"{site}/g/{code}" if code else ""
    asked = say.text("{points} for you at {shop}:", points=points, shop=shop(version, say.language).name)
    return GivenCard(one.gift_id.hex, points, status, waits, link, ways(asked, link) if link else ())


def given_rows(
    session: Session, member_id: UUID, version: Version, say: Wording, now: datetime
) -> tuple[VoucherCard, ...]:
    """A member's gifts as staff sees them, beside the rewards: one that waits can be called off."""
    found = [(one, _given(one, version, say, "", b"", now)) for one in gifts.gifts_of(session, member_id)]
    return tuple(
        VoucherCard(
            key=str(one.gift_id),
            name=say.text("A gift"),
            words=" · ".join((card.points, card.status, day(one.given_at, say, version.zone, now))),
            returnable=card.waits,
        )
        for one, card in found
    )


def gift(
    session: Session, code: str, reader: UUID | None, now: datetime, language: Language, secret: bytes
) -> GiftCard:
    """What a link shows to whoever opens it, a member or not. Refuses, in the same words, whatever leads nowhere."""
    found = gifts.by_code(session, code, secret)
    version = in_force(session, now)
    say, card = wording(version, language), shop(version, language)
    points, side = say.points(found.points), _side(session, found, reader, now)
    if side == "gone":
        raise gifts.unknown()
    name = inviter(session, found.member_id) if found.named else ""
    title = say.text("{points} for you at {shop}", points=points, shop=card.name)
    if name:
        title = say.text("{name} gives you {points} at {shop}", name=name, points=points, shop=card.name)
    until = day(found.until, say, version.zone, now)
    text = say.text("It waits until {day}. Whoever takes it first has it.", day=until)
    if side == "taker":
        title = say.text("{points} are yours", points=points)
        text = say.text("You find them in your history.")
    elif side == "giver":
        title = say.text("Your gift of {points}", points=points)
        text = say.text("Send its link to whoever it is for. You cannot take it yourself.")
    return GiftCard(card.name, title, text, points, side)


def _side(session: Session, found: Gift, reader: UUID | None, now: datetime) -> str:
    theirs = one_person(session, reader) if reader else []
    if found.state == State.TAKEN:
        mine = any(session.get(GiftTaken, (one, found.gift_id)) for one in theirs)
        return "taker" if mine else "gone"
    giver = session.get(Standing, latest_of(session, found.member_id))
    if found.state != State.WAITING or now >= found.until or giver is None:
        return "gone"
    if closed(giver.state) in (LEFT, ERASED):
        return "gone"
    return "giver" if found.member_id in theirs else "open"
