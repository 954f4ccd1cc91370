"""The offers for friends in the list of staff: which one new links make, and what links keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from facts.language import N_, Language
from members.actions.drafts import OFFERS, Draft, drafts
from members.actions.studio import problem_of
from members.funnel_tables import LinkTerms
from members.programme.versions import Version, versions
from members.roles import Capability, Person
from members.staff_game_cards import DraftRow, OptionCard
from members.staff_referral_cards import OfferRow, ReferralsCard
from members.views import friends, staff_referrals
from members.views.drafted import listed_words
from members.views.saying import day, wording
from rewards.referrals import Offer
from rewards.wording import Wording

EDIT = "/staff/referrals/edit"
FILES = {
    "offers": N_("Offers"),
    "funnel": N_("Funnel"),
    "advocates": N_("Who brings most"),
    "friends": N_("Friends"),
}


def referrals(
    session: Session, person: Person, now: datetime, language: Language, offer: str = "", days: int = 30
) -> ReferralsCard:
    """The page. An `offer` that is none is all of them, `days` that are no choice are 30."""
    line = versions(session)
    version = line.latest
    say, there = wording(version, language), version.programme.referrals.offers
    offer = offer if any(one.slug == offer for one in there) else ""
    days = days if days in staff_referrals.PERIODS else 30
    found = staff_referrals.counted(session, offer, days, staff_referrals.today(version, now))
    each, how = staff_referrals.cost(found, version, say)
    may, kept = person.may(Capability.PUBLISH_PROGRAMME), links(session)
    first = version.programme.referrals.offer(now)
    return ReferralsCard(
        version=say.text("Version {n} of the programme", n=version.number),
        base=version.number,
        offers=tuple(_row(one, first, kept.get(one.slug, []), version, say, now, may=may) for one in there),
        drafts=_drafts(session, version, say, now) if person.may(Capability.EDIT_CATALOGUE) else (),
        choices=(
            OptionCard("", say.text("All offers")),
            *(OptionCard(one.slug, say.words(one.name)) for one in there),
        ),
        periods=staff_referrals.periods(say),
        offer=offer,
        days=str(days),
        steps=staff_referrals.steps(found, say),
        channels=staff_referrals.channels(found, say),
        cost=each,
        cost_how=how,
        advocates=staff_referrals.advocates(session, offer, person, say),
        files=_files(offer, days, say) if person.may(Capability.EXPORT_DATA) else (),
        may_edit=person.may(Capability.EDIT_CATALOGUE),
    )


def links(session: Session) -> dict[str, list[tuple[Offer, int]]]:
    """How many links there are, by the terms that they keep, of each offer."""
    query = select(LinkTerms.offer, LinkTerms.terms, func.sum(LinkTerms.links))
    found: dict[str, list[tuple[Offer, int]]] = {}
    for slug, terms, number in session.exec(query.group_by(col(LinkTerms.offer), col(LinkTerms.terms))):
        if number > 0:
            found.setdefault(slug, []).append((Offer.model_validate_json(terms), int(number)))
    return found


def keeping(kept: Sequence[tuple[Offer, int]], offer: Offer | None) -> tuple[int, int]:
    """How many links make an offer as it is, and how many keep older terms of it."""
    now = sum(number for terms, number in kept if alike(terms, offer))
    return now, sum(number for _, number in kept) - now


def alike(terms: Offer, offer: Offer | None) -> bool:
    """Whether terms are those of an offer; that it is retired is none of its terms."""
    return offer is not None and terms == offer.model_copy(update={"retired": terms.retired})


def gives(offer: Offer, say: Wording) -> str:
    """What both sides get, in a line."""
    mine, theirs = friends.gift(offer.sharer, say), friends.gift(offer.friend, say)
    said = [say.text("Friend: {gift}", gift=theirs)] if theirs else []
    return " · ".join([*said, say.text("Sharer: {gift}", gift=mine)] if mine else said)


def old_words(old: int, say: Wording) -> str:
    """That links keep what they were shared with; "" when none does."""
    if not old:
        return ""
    return say.language.plural("{n} link keeps the old terms.", "{n} links keep the old terms.", old)


def _row(
    offer: Offer, first: Offer | None, kept: list[tuple[Offer, int]], version: Version, say: Wording, now: datetime,
    *, may: bool,
) -> OfferRow:  # fmt: skip
    state, tone = _state(offer, first, say, now)
    new, old = keeping(kept, offer)
    waits = offer.open_at(now) and first is not None and first.slug != offer.slug
    return OfferRow(
        key=offer.slug,
        name=say.words(offer.name),
        state=state,
        tone=tone,
        gives=gives(offer, say),
        words=_when(offer, version, say, now),
        links=say.language.plural("{n} link makes this offer.", "{n} links make this offer.", new),
        old=old_words(old, say),
        edit=f"{EDIT}?slug={offer.slug}",
        may_first=may and waits,
        may_retire=may and not offer.retired,
    )


def _state(offer: Offer, first: Offer | None, say: Wording, now: datetime) -> tuple[str, str]:
    if offer.retired:
        return say.text("Retired"), "plain"
    if offer.closes and offer.closes <= now:
        return say.text("Ended"), "plain"
    if not offer.open_at(now):
        return say.text("To come"), "accent"
    if first is not None and first.slug == offer.slug:
        return say.text("New links make it"), "good"
    return say.text("Open, behind another"), "caution"


def _when(offer: Offer, version: Version, say: Wording, now: datetime) -> str:
    opens = day(offer.opens, say, version.zone, now) if offer.opens else ""
    closes = day(offer.closes, say, version.zone, now) if offer.closes else ""
    if opens and closes:
        return say.text("From {opens} to {closes}", opens=opens, closes=closes)
    if opens:
        return say.text("From {day}", day=opens)
    return say.text("Until {day}", day=closes) if closes else say.text("Without an end")


def _drafts(session: Session, version: Version, say: Wording, now: datetime) -> tuple[DraftRow, ...]:
    return tuple(
        DraftRow(
            key=one.id,
            name=title_of(one, say),
            kind=say.text("An offer for friends") if one.fresh else say.text("A change to an offer"),
            words=listed_words(one, say, version, now),
            problem=problem_of(one, say.language),
            planned=one.publish_at is not None,
            path=f"{EDIT}?draft={one.id}",
        )
        for one in drafts(session, OFFERS)
    )


def title_of(draft: Draft, say: Wording) -> str:
    """What a draft is called so far."""
    form = draft.body.get("form", {})
    own = str(form.get(f"name.{say.own_language}", "")).strip()
    return str(form.get(f"name.{say.language.code}", "")).strip() or own or say.text("A new offer")


def _files(offer: str, days: int, say: Wording) -> tuple[OptionCard, ...]:
    query = f"?days={days}" + (f"&offer={offer}" if offer else "")
    return tuple(
        OptionCard(f"/staff/referrals/{what}.csv{query}", say.text(name)) for what, name in FILES.items()
    )
