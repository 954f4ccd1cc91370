"""A reward on the workbench: the boxes of its form, and beside them what it will look like and what it changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from facts.ids import MemberId
from facts.language import N_, Language
from facts.language import language as language_of
from members.cards import RewardCard
from members.programme.plan import plan
from members.programme.versions import Timeline, Version, versions
from members.reward_form import Form, Read, blank, form_of, read
from members.staff_cards import EditCard, FieldCard, TickCard
from members.standing import MemberStanding
from members.views.offers import Counted, reward_cards
from members.views.saying import day, wording
from members.views.staff_catalogue import STAGES, TONES, picture_of, stock_words
from rewards import stock
from rewards.catalogue import Stage, stage
from rewards.document import Level, Reward
from rewards.kinds import BY_NAME, KINDS, Kind
from rewards.occasion import Day
from rewards.pool_tables import RewardPool
from rewards.tables import RewardDraft
from rewards.wording import Wording

NOBODY = MemberId(UUID(int=0))
LABELS = {
    "slug": (N_("Short name for links and lists"), N_("It stays for ever, so choose it well.")),
    "price": (N_("Price in points"), ""),
    "value": (N_("What it is worth"), N_("A percentage, or an amount of money.")),
    "stock": (N_("How many there are"), N_("Empty: as many as anybody wants.")),
    "per_member": (N_("How many one member may have"), N_("Empty: no limit.")),
    "held_days": (N_("Days it waits at the counter"), N_("After that the points return by themselves.")),
    "valid_days": (N_("Days to use it"), ""),
    "refundable_days": (N_("Days to give it back unused"), N_("0: it is final.")),
    "visible_from": (N_("Shown from"), N_("Empty: at once.")),
    "claimable_from": (N_("To be had from"), N_("Empty: as soon as it is shown.")),
    "until": (N_("Until"), N_("Empty: until it is retired.")),
    "access_until": (N_("The pass is good until"), N_("Empty: for its days only.")),
    "link": (N_("Link"), N_("An address that begins with https://")),
    "limit": (N_("How many in that time"), ""),
    "on_days": (N_("For how many days after it"), N_("Empty: 30.")),
    "choice": (
        N_("Name of the choice"),
        N_("Of rewards with the same name members choose one. Empty: it is by itself."),
    ),
    "points": (N_("How many points they get"), ""),
    "alert_percent": (N_("Tell us when so many percent of the codes are left"), ""),
}
BY_TIER = {"price": N_("Price for {tiers}"), "limit": N_("How many for {tiers}")}
ASKED = {"thanks": N_("Thanks to whoever gives ({language})"), "access": N_("Access to what ({language})")}


def start(session: Session, slug: str) -> Form:
    """The form to begin with: the draft, or what is published, or a blank one."""
    draft = session.get(RewardDraft, slug) if slug else None
    if draft:
        return {str(name): str(value) for name, value in json.loads(draft.form).items()}
    programme = versions(session).latest.programme
    reward = programme.reward(slug)
    return form_of(reward, programme) if reward else blank()


def edit_card(
    session: Session, slug: str, form: Form, level: str, now: datetime, language: Language, *, told: bool
) -> EditCard:
    """The workbench. `slug` is what is being edited ("" for a new one); with `told` its problems are shown."""
    version = versions(session).latest
    programme, say = version.programme, wording(version, language)
    published, found = programme.reward(slug), read(form, programme)
    if published is None and found.reward and programme.reward(found.reward.slug):
        found.problems["slug"] = (N_("There is a reward with this name already."), {})
        found.reward = None
    kind = BY_NAME.get(form.get("kind", ""), KINDS[0])
    pooled = kind.pooled or (kind.may_pool and form.get("codes") == "pool")
    at = stage(published, now) if published else Stage.DRAFT
    boxes = _Boxes(form, found, say, told)
    left = stock.left_of(session, slug) if published else None
    levels = programme.tiers.levels
    shown = next((one for one in levels if one.slug == level), levels[0])
    preview, words = _preview(found.reward, version, shown, say, now)
    return EditCard(
        title=say.words(published.name) if published else _title(form, say),
        stage=say.text(STAGES[at]),
        tone=TONES.get(at, "plain"),
        slug=boxes.labelled("slug"),
        fresh=published is None,
        kind=form.get("kind", "product"),
        fulfilment=form.get("fulfilment", "instant"),
        codes=form.get("codes", "own"),
        per=form.get("per", ""),
        by_hand=kind.handed_over and not pooled,
        may_pool=kind.may_pool,
        pool=pool_words(session, published, left, say),
        wanted=tuple(boxes.asked(kind, programme.languages)),
        terms=tuple(boxes.in_languages("terms", programme.languages)),
        link=boxes.labelled("link"),
        often=(boxes.labelled("limit"), *boxes.by_tier(levels, "limit")) if form.get("per") else (),
        on=form.get("on", ""),
        occasion=(boxes.labelled("on_days"), boxes.labelled("choice")) if form.get("on") else (),
        icon=form.get("icon", "gift"),
        picture=picture_of(form.get("picture", "")),
        names=tuple(boxes.in_languages("name", programme.languages)),
        texts=tuple(boxes.in_languages("description", programme.languages)),
        worth=(boxes.labelled("price"), *boxes.by_tier(levels[1:], "price"), boxes.labelled("value")),
        limits=tuple(boxes.labelled(name) for name in _limits(form, kind, pooled=pooled)),
        times=tuple(boxes.labelled(name, "datetime-local") for name in ("visible_from", "claimable_from", "until")),
        tiers=tuple(_only(one, form, say) for one in levels),
        left=stock_words(left, say),
        counted=left is not None and not pooled,
        preview=preview,
        preview_tiers=tuple(TickCard(one.slug, say.words(one.name), one.slug == shown.slug) for one in levels),
        preview_words=words,
        changes=tuple(_changes(found.reward, version, language)),
        wrong=_count_wrong(found, say) if told else "",
        ready=found.reward is not None,
        drafted=session.get(RewardDraft, slug) is not None if slug else False,
        published=published is not None,
        retired=bool(published and published.retired),
        later=bool(found.reward and found.reward.visible_from and found.reward.visible_from > now),
        zone=say.language.place(version.zone),
    )  # fmt: skip


def pool_words(session: Session, published: Reward | None, left: int | None, say: Wording) -> str:
    """How many uploaded codes are left of how many there were after the last file; "" for what has none."""
    if published is None or not published.pooled:
        return ""
    pool = session.get(RewardPool, published.slug)
    if pool is None:
        return say.text("No codes are uploaded yet: members see it as sold out.")
    words = say.text("{n} codes left of {most}", n=left or 0, most=pool.capacity)
    return words + " · " + say.text("Few are left: upload more.") if pool.alerted_at else words


def _limits(form: Form, kind: Kind, *, pooled: bool) -> list[str]:
    """The numbers that matter: how many there are, and the days at the counter, or with a code."""
    found = ["alert_percent" if pooled else "stock", "per_member"]
    if kind.spent_at_once:
        return [*found, "valid_days"] if "points" in kind.own else found
    if form.get("fulfilment") == "by_staff" and kind.handed_over:
        return [*found, "held_days"]
    return [*found, "valid_days", *([] if kind.final else ["refundable_days"])]


def _title(form: Form, say: Wording) -> str:
    return (
        form.get(f"name.{say.language.code}")
        or form.get(f"name.{say.own_language}")
        or say.text("A new reward")
    )


def _only(level: Level, form: Form, say: Wording) -> TickCard:
    name = f"only.{level.slug}"
    return TickCard(name, say.words(level.name), form.get(name) == "yes")


class _Boxes:
    """Makes boxes of a form."""

    def __init__(self, form: Form, found: Read, say: Wording, told: bool) -> None:
        self.form, self.found, self.say, self.told = form, found, say, told

    def box(self, name: str, label: str, hint: str = "", kind: str = "text", language: str = "") -> FieldCard:
        """One box."""
        problem = ""
        if self.told and name in self.found.problems:
            msgid, params = self.found.problems[name]
            problem = self.say.text(msgid, **params)
        return FieldCard(name, label, self.form.get(name, ""), hint, problem, kind, language)

    def labelled(self, name: str, kind: str = "text") -> FieldCard:
        """One of the boxes that every programme has."""
        label, hint = LABELS[name]
        return self.box(name, self.say.text(label), self.say.text(hint) if hint else "", kind)

    def in_languages(self, part: str, codes: list[str]) -> list[FieldCard]:
        """A box for each language."""
        return [self.box(f"{part}.{code}", language_of(code).name, "", "text", code) for code in codes]

    def by_tier(self, levels: list[Level], name: str) -> list[FieldCard]:
        """A price, or another number, for each tier."""
        hint, label = self.say.text("Empty: the same."), BY_TIER[name]
        return [
            self.box(f"{name}.{one.slug}", self.say.text(label, tiers=self.say.words(one.name)), hint)
            for one in levels
        ]

    def asked(self, kind: Kind, codes: list[str]) -> Iterator[FieldCard]:
        """What its kind wants to know."""
        for part in ("thanks", "access"):
            if part in kind.own:
                for box in self.in_languages(part, codes):
                    label = self.say.text(ASKED[part], language=box.label)
                    yield replace(box, label=label)
        if "points" in kind.own:
            yield self.labelled("points")
        if "access_until" in kind.own:
            yield self.labelled("access_until", "datetime-local")


def _preview(
    reward: Reward | None, version: Version, level: Level, say: Wording, now: datetime
) -> tuple[RewardCard, str]:
    """The reward as a member of a tier sees it who has the points, on the first day it is shown."""
    if reward is None:
        return RewardCard(), say.text("Fill in the name and the price to see it.")
    if reward.retired or (reward.until and reward.until <= now):
        return RewardCard(), say.text("Members do not see it any more.")
    on = max(now, reward.visible_from) if reward.visible_from else now
    alone = replace(version, programme=version.programme.model_copy(update={"rewards": [reward]}))
    points = reward.price_for(level.slug)
    standing = MemberStanding(
        member_id=NOBODY,
        available=points,
        pending=0,
        held=0,
        debt=0,
        money_value=0,
        level=level,
        tier_until=None,
        to_next=None,
        to_stay=None,
        activating=[],
        expiring=[],
        version=alone,
        line=Timeline([alone]),
    )
    left = {reward.slug: reward.stock} if reward.stock is not None else {}
    counted = Counted(left, days={reward.occasion.on: Day(on, on)} if reward.occasion else {})
    found = reward_cards(standing, counted, say, on)
    words = say.text("From {day}", day=day(on, say, version.zone, now)) if on > now else ""
    card = found[0] if found else RewardCard()
    return replace(card, picture=picture_of(reward.picture)), words


def _changes(reward: Reward | None, version: Version, language: Language) -> list[str]:
    if reward is None:
        return []
    rewards = [reward if one.slug == reward.slug else one for one in version.programme.rewards]
    if reward not in rewards:
        rewards.append(reward)
    after = version.programme.model_copy(update={"rewards": rewards})
    return [change.sentence for change in plan(version.programme, after, language)]


def _count_wrong(found: Read, say: Wording) -> str:
    count = len(found.problems)
    if not count:
        return ""
    return say.language.plural("{n} box needs another look.", "{n} boxes need another look.", count)
