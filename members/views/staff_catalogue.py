"""The list of rewards for staff: each with its stage, its price and what is left of it."""

from __future__ import annotations

import json
from datetime import datetime

from sqlmodel import Session, col, func, select

from facts.language import N_, Language
from members.cards import icon_of
from members.programme.document import Programme
from members.programme.versions import Version, versions
from members.roles import Capability, Person
from members.staff_cards import CatalogueCard, StockedCard
from members.taken import bought
from members.views.offers import kind_words
from members.views.saying import day, wording
from rewards import stock
from rewards.catalogue import Stage, stage
from rewards.document import Reward
from rewards.redemption import State
from rewards.tables import Redemption, RewardDraft
from rewards.wording import Wording

STAGES = {
    Stage.DRAFT: N_("Draft"),
    Stage.SCHEDULED: N_("Scheduled"),
    Stage.LIVE: N_("Live"),
    Stage.ENDED: N_("Ended"),
    Stage.RETIRED: N_("Retired"),
}
TONES = {Stage.DRAFT: "caution", Stage.SCHEDULED: "accent", Stage.LIVE: "good"}
FEW = 10


def catalogue(session: Session, person: Person, now: datetime, language: Language) -> CatalogueCard:
    """All rewards of the newest version, and the drafts."""
    line = versions(session)
    version, say = line.latest, wording(line.latest, language)
    left = stock.left(session)
    drafts = {draft.slug: json.loads(draft.form) for draft in session.exec(select(RewardDraft))}
    found: dict[Stage, list[StockedCard]] = {each: [] for each in Stage}
    for reward in version.programme.rewards:
        at = stage(reward, now)
        found[at].append(_row(reward, at, left.get(reward.slug), reward.slug in drafts, version, say, now))
    known = {reward.slug for reward in version.programme.rewards}
    fresh = [_draft(slug, form, say) for slug, form in sorted(drafts.items()) if slug not in known]
    waiting = _waiting(session, version.programme)
    return CatalogueCard(
        live=tuple(found[Stage.LIVE]),
        coming=tuple(found[Stage.SCHEDULED]),
        drafts=tuple(fresh),
        past=tuple(found[Stage.ENDED] + found[Stage.RETIRED]),
        version=say.text("Version {n} of the programme", n=version.number),
        waiting=language.plural("{n} reward waits to be handed over", "{n} rewards wait to be handed over", waiting)
        if waiting
        else "",
        may_edit=person.may(Capability.EDIT_CATALOGUE),
    )  # fmt: skip


def address(slug: str) -> str:
    """Where a reward is edited."""
    return f"/staff/reward?slug={slug}"


def picture_of(name: str) -> str:
    """The address of a picture for lists."""
    return f"/pictures/{name}-320.webp" if name else ""


def _row(
    reward: Reward, at: Stage, left: int | None, drafted: bool, version: Version, say: Wording, now: datetime
) -> StockedCard:
    return StockedCard(
        slug=reward.slug,
        name=say.words(reward.name),
        icon=icon_of(reward.icon),
        picture=picture_of(reward.picture),
        kind=kind_words(reward, say),
        stage=say.text(STAGES[at]),
        tone=TONES.get(at, "plain"),
        price=say.points(reward.price),
        stock=stock_words(left, say),
        words=" · ".join(_said(reward, version, say, now)),
        drafted=drafted,
        path=address(reward.slug),
    )


def stock_words(left: int | None, say: Wording) -> str:
    """What is left, as far as it can run out."""
    if left is None:
        return ""
    return say.text("{n} left", n=left) if left else say.text("Sold out")


def _said(reward: Reward, version: Version, say: Wording, now: datetime) -> list[str]:
    said: list[str] = []
    if reward.tiers:
        said.append(say.text("For {tiers}", tiers=say.tier_names(reward.tiers)))
    for msgid, at in (
        (N_("Shown from {day}"), reward.visible_from),
        (N_("To be had from {day}"), reward.claimable_from),
    ):
        if at and at > now:
            said.append(say.text(msgid, day=day(at, say, version.zone, now)))
    if reward.until and not reward.retired:
        said.append(say.text("Until {day}", day=day(reward.until, say, version.zone, now)))
    if reward.per_member:
        said.append(say.text("{n} for each member", n=reward.per_member))
    return said


def _draft(slug: str, form: dict[str, str], say: Wording) -> StockedCard:
    name = form.get(f"name.{say.language.code}") or form.get(f"name.{say.own_language}") or slug
    return StockedCard(
        slug=slug, name=name, icon=icon_of(form.get("icon", "")), picture=picture_of(form.get("picture", "")),
        stage=say.text(STAGES[Stage.DRAFT]), tone=TONES[Stage.DRAFT], words=say.text("Not published yet"),
        drafted=True, path=address(slug),
    )  # fmt: skip


def _waiting(session: Session, programme: Programme) -> int:
    """How many wait for staff. What was won and its member takes alone does not."""
    by_staff = [reward.slug for reward in programme.rewards if reward.fulfilment == "by_staff"]
    reserved = (Redemption.state == State.RESERVED, col(Redemption.closed_at).is_(None))
    ours = bought() | col(Redemption.reward).in_(by_staff)
    return session.exec(select(func.count()).select_from(Redemption).where(*reserved, ours)).one()
