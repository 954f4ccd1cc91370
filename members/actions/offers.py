"""What staff do with published offers for friends: take one out, and put one before the others.

Drafts, and how they are published, are those of the studio (`members.actions.drafts`, `members.actions.studio`).
Whatever is done, links keep the terms that they were shared with.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from facts.refusals import Refusal
from members.actions.drafts import UNKNOWN
from members.audit import audit
from members.programme.document import Programme
from members.programme.text import plain
from members.programme.versions import Version, apply, versions
from members.studio.offer import with_offers
from rewards.referrals import Offer


def retire_offer(session: Session, slug: str, *, base: int, actor: str, now: datetime) -> Version:
    """Let no new link make it. Links that were shared keep what they say."""
    before = _offers(session, slug)
    after = [one.model_copy(update={"retired": True}) if one.slug == slug else one for one in before]
    return _publish(session, "offer.retired", slug, before, after, base, actor, now)


def put_first(session: Session, slug: str, *, base: int, actor: str, now: datetime) -> Version:
    """Put an offer before the others: of those that are open, new links make the first."""
    before = _offers(session, slug)
    after = sorted(before, key=lambda one: one.slug != slug)
    return _publish(session, "offer.put_first", slug, before, after, base, actor, now)


def _offers(session: Session, slug: str) -> list[Offer]:
    offers = versions(session).latest.programme.referrals.offers
    if all(one.slug != slug for one in offers):
        raise Refusal("offer_unknown", UNKNOWN[True], path="offer", status=404)
    return offers


def _publish(
    session: Session, action: str, slug: str, before: list[Offer], after: list[Offer],
    base: int, actor: str, now: datetime,
) -> Version:  # fmt: skip
    whole = with_offers(versions(session).latest.programme, after)
    document = Programme.model_validate(whole.model_dump(mode="json"))
    made = apply(session, document, base=base, effective_from=now, actor=actor, now=now)
    was, will = ([plain(one) for one in offers if one.slug == slug] for offers in (before, after))
    order = [[one.slug for one in offers] for offers in (before, after)]
    moved = order[0] != order[1]
    audit(session, actor, action, f"offer:{slug}", {"version": made.number}, now,
          before=order[0] if moved else was[0], after=order[1] if moved else will[0])  # fmt: skip
    return made
