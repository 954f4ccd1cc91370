"""The studio: a badge or challenge as the boxes of its form, and beside it how it looks and what it would change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from pydantic import ValidationError
from sqlmodel import Session, col, select

from badges.art.address import badge_picture
from badges.artwork import Artwork
from badges.document import Badge
from facts.criteria.filters import ORDER
from facts.criteria.saying import sentence
from facts.language import N_, Language
from facts.language import language as language_of
from members.actions.drafts import Draft
from members.actions.studio import is_stale, problem_of, published, read_game, was_from_beginning
from members.drawings import drawings
from members.programme.plan import plan
from members.programme.versions import Version, versions
from members.roles import Capability, Person
from members.staff_cards import FieldCard, TickCard
from members.staff_game_cards import OptionCard
from members.staff_studio_cards import BoxCard, StepCard, StudioCard
from members.studio.game import CHOICES, MOMENTS, NUMBERS, Read, options, placed
from members.studio.steps import LADDERS, PRIZE, STEPS_MAX, steps
from members.tables import FactRow
from members.views.drafted import planned_words
from members.views.saying import wording
from members.views.staff_studio_boxes import Boxes, Known
from members.views.staff_studio_words import CHOICES as WORDS
from members.views.staff_studio_words import GAME, STEP
from rewards.wording import Wording

SAMPLE = 300  # orders that are looked through for what there is in the shop
HINTS_MAX = 300
PICTURE, SMALL = 192, 48  # pixels
RARE = (".badge", ".reward", ".factor", ".boost_days")
NEW = {"badge": N_("A new badge"), "challenge": N_("A new challenge")}
STAGE = {"badge": N_("Badge"), "challenge": N_("Challenge")}


def studio(
    session: Session, draft: Draft, person: Person, now: datetime, language: Language, *,
    known: Known, epoch: int = 0, told: bool = False,
) -> StudioCard:  # fmt: skip
    """The form of a draft, kept or not yet (`id` is ""). With `told` what is missing is said beside its box."""
    version = versions(session).latest
    found, say = read_game(draft, version.programme), wording(version, language)
    there = None if draft.fresh else published(version.programme, draft.kind, draft.slug)
    form = draft.body.get("form", {})
    boxes = Boxes(form, found.problems, say, version.programme, epoch, told, known)
    picture, small = _pictures(draft, found)
    return StudioCard(
        title=say.words(there.name) if there else title_of(draft, say),
        kind=draft.kind,
        stage=say.text(STAGE[draft.kind]),
        draft=draft.id,
        fresh=draft.fresh,
        slug=_field(boxes, "slug", *GAME["slug"]),
        names=_in_languages(boxes, "name"),
        texts=_in_languages(boxes, "description"),
        sentence=_sentence(found, say),
        deep=bool(form.get("deep")),
        parts=boxes.parts(found.asks),
        together=boxes.together(),
        ladder=_ladder(boxes, draft.kind),
        steps=_steps(boxes, draft.kind),
        may_add_step=form.get("ladder") != "one" and len(steps(form)) < STEPS_MAX,
        who=_who(boxes, draft.kind),
        tiers=tuple(
            TickCard(f"only.{level.slug}", say.words(level.name), form.get(f"only.{level.slug}") == "yes")
            for level in version.programme.tiers.levels
        ),
        times=tuple(_field(boxes, name, *GAME[name], kind="datetime-local") for name in MOMENTS),
        zone=language.place(version.zone),
        icon=form.get("icon", "flag"),
        secret=form.get("secret") == "yes",
        picture=picture,
        small=small,
        changes=tuple(_changes(found, version, language)),
        wrong=_count_wrong(found, say) if told else "",
        ready=found.game is not None,
        stale=is_stale(session, draft),
        planned=planned_words(draft, say, version),
        problem=problem_of(draft, language),
        was_from_beginning=bool(there) and was_from_beginning(versions(session), draft.kind, draft.slug),
        from_beginning=bool(there and there.counts == "from_beginning"),
        may_publish=person.may(Capability.PUBLISH_PROGRAMME),
    )


def what_there_is(session: Session) -> dict[str, list[str]]:
    """Categories, brands and so on of some orders, to choose from: a sample, found without looking through all."""
    found: dict[str, dict[str, None]] = {}
    rows = session.exec(select(FactRow.data).where(col(FactRow.type) == ORDER).limit(SAMPLE))
    for data in rows:
        order = json.loads(data)
        for name in ("channel", "partner"):
            found.setdefault(name, {})[order.get(name, "")] = None
        for line in order["lines"]:
            path = line.get("category", [])
            for depth in range(len(path)):
                found.setdefault("category", {})[" > ".join(path[: depth + 1])] = None
            found.setdefault("brand", {})[line.get("brand", "")] = None
            for tag in line.get("tags", []):
                found.setdefault("tag", {})[tag] = None
    return {name: sorted(one for one in words if one)[:HINTS_MAX] for name, words in found.items()}


def title_of(draft: Draft, say: Wording) -> str:
    """What a draft is called so far."""
    form = draft.body.get("form", {})
    own = form.get(f"name.{say.own_language}", "").strip()
    return form.get(f"name.{say.language.code}", "").strip() or own or say.text(NEW[draft.kind])


def _sentence(found: Read, say: Wording) -> str:
    """The whole criterion in words, each goal of the first step."""
    if found.asks.criterion is None:
        return ""
    target = found.game.thresholds()[0] if found.game else ""
    said = sentence(found.asks.criterion, say.language, say.currency, target=target, tiers=say.tiers)
    return said[:1].upper() + said[1:]


def _pictures(draft: Draft, found: Read) -> tuple[str, str]:
    if draft.kind != "badge":
        return "", ""
    artwork = found.game.artwork if isinstance(found.game, Badge) else _artwork(draft)
    return badge_picture(artwork, PICTURE), badge_picture(artwork, SMALL)


def _artwork(draft: Draft) -> Artwork:
    try:
        return Artwork.model_validate(draft.body.get("artwork", {}))
    except ValidationError:
        return Artwork()


def _field(
    boxes: Boxes, name: str, label: str, hint: str, kind: str = "text", language: str = ""
) -> FieldCard:
    box = boxes.box(name, label, hint=hint)
    return FieldCard(name, box.label, box.value, box.hint, box.problem, kind, language)


def _in_languages(boxes: Boxes, part: str) -> tuple[FieldCard, ...]:
    found: list[FieldCard] = []
    for code in boxes.programme.languages:
        name, value = f"{part}.{code}", boxes.form.get(f"{part}.{code}", "")
        found.append(FieldCard(name, language_of(code).name, value, "", boxes.problem(name), "text", code))
    return tuple(found)


def _ladder(boxes: Boxes, kind: str) -> tuple[BoxCard, ...]:
    if kind != "badge":
        return ()
    found = [
        boxes.box("ladder", GAME["ladder"][0], "choice", options=boxes.options(WORDS["ladder"], LADDERS))
    ]
    if boxes.form.get("ladder") == "formula":
        found.append(boxes.box("formula", GAME["formula"][0], hint=GAME["formula"][1]))
        found.append(boxes.box("levels", GAME["levels"][0], "number"))
    return tuple(found)


def _steps(boxes: Boxes, kind: str) -> tuple[StepCard, ...]:
    form, say = boxes.form, boxes.say
    there = steps(form)
    several = kind == "challenge" or form.get("ladder") == "list"
    cards: list[StepCard] = []
    for i, step in enumerate(there, 1):
        made = [_prize(boxes, f"{step}.{shape.name}", shape.name) for shape in PRIZE]
        at = [boxes.box(f"{step}.at", STEP["at"][0], "money")] if several else []
        more = tuple(one for one in made if not one.name.endswith(".points"))
        cards.append(StepCard(
            key=step,
            title=say.text("Step {n}", n=i) if several or len(there) > 1 else "",
            boxes=(*at, *(one for one in made if one.name.endswith(".points"))),
            more=more,
            open=any(one.problem or (one.value and one.name.endswith(RARE)) for one in more),
            may_drop=len(there) > 1,
        ))  # fmt: skip
    return tuple(cards)


def _prize(boxes: Boxes, name: str, what: str) -> BoxCard:
    label, hint = STEP[what]
    if what == "lasting":
        return boxes.box(name, label, "choice", options=boxes.options(WORDS["lasting"]))
    if what == "badge":
        none = OptionCard("", boxes.say.text("None"))
        own = boxes.form.get("slug", "") if boxes.form.get("ladder") else ""
        others = [
            OptionCard(badge.slug, boxes.say.words(badge.name))
            for badge in boxes.programme.badges
            if badge.slug != own and not badge.retired
        ]
        return boxes.box(name, label, "choice", hint=hint, options=[none, *others])
    if what == "reward":
        rewards = [
            OptionCard(reward.slug, boxes.say.words(reward.name))
            for reward in boxes.programme.rewards
            if reward.can_be_won and reward.price and not reward.retired
        ]
        nothing = OptionCard("", boxes.say.text("None"))
        return boxes.box(name, label, "choice", hint=hint, options=[nothing, *rewards])
    return boxes.box(name, label, "money" if what == "factor" else "number", hint=hint)


def _who(boxes: Boxes, kind: str) -> tuple[BoxCard, ...]:
    chosen = [
        boxes.box(name, GAME[name][0], "choice", options=boxes.options(WORDS[name], options(kind, name)))
        for name in CHOICES[kind]
    ]
    names = [shape.name for shape in NUMBERS[kind]]
    numbers = [boxes.box(name, GAME[name][0], "number", hint=GAME[name][1]) for name in names]
    icons = [OptionCard(key, name) for key, name in drawings(boxes.say.language)]
    icon = (
        [boxes.box("icon", N_("A drawing"), "choice", options=icons, default="flag")]
        if kind == "challenge"
        else []
    )
    return (*chosen, *numbers, *icon)


def _changes(found: Read, version: Version, language: Language) -> Sequence[str]:
    if found.game is None:
        return []
    return [
        change.sentence for change in plan(version.programme, placed(version.programme, found.game), language)
    ]


def _count_wrong(found: Read, say: Wording) -> str:
    count = len(found.problems)
    if not count:
        return ""
    return say.language.plural("{n} box needs another look.", "{n} boxes need another look.", count)
