"""A badge's artwork as the composer shows it: every layer there is, how well it is seen, and what sharing will show."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from sqlmodel import Session

from badges.art.address import Drawing, badge_picture
from badges.art.colours import BASES, hexed, palette
from badges.art.contrast import ON_DARK, ON_FIELD, ON_LIGHT, PICTURE, contrast, shown
from badges.art.names import COLOURS, FIELDS, RIBBONS, RINGS, SHAPES
from badges.artwork import RARITIES, TIER_COLOURS, Artwork
from badges.composing import read, with_layer
from badges.emblems import NAMES
from facts.language import N_, Language, language
from facts.refusals import Refusal
from members.actions.drafts import Draft
from members.artwork_cards import ArtworkCard, ContrastCard, LayerCard, PaintCard
from members.programme.versions import Version, versions
from members.views.saying import wording
from members.views.shared_badge import rarity

if TYPE_CHECKING:
    from PIL import Image

SMALL, TWICE, LARGE, SHARED = 48, 96, 320, 320  # pixels
SAMPLE_EDITION, SAMPLE_LEVEL = 17, 2
NEW = N_("New badge")
NOT_A_BADGE = Refusal("draft_no_badge", N_("Only a badge has an artwork."), path="draft", status=409)
LAYER_OF = {ON_LIGHT: "colour", ON_DARK: "colour", ON_FIELD: "emblem_colour", PICTURE: "field_colour"}
PLAIN = Artwork()


@dataclass(frozen=True, slots=True)
class Bench:
    """What the composer is looking at: the draft with its artwork, what was searched for, and in which language it is
    shared. `emblem` is the uploaded picture that the artwork names.
    """

    draft: Draft
    artwork: Artwork
    wanted: str = ""
    shared_in: str = ""
    emblem: Image.Image | None = None
    may_undo: bool = False


def artwork_card(session: Session, bench: Bench, spoken: Language) -> ArtworkCard:
    """The card of the composer. Refuses a draft that is no badge's."""
    if bench.draft.kind != "badge":
        raise NOT_A_BADGE
    version, art = versions(session).latest, bench.artwork
    digits = "arab" if spoken.arabic_digits else "latn"
    edition, level = _written(bench)

    def picture(size: int) -> str:
        return badge_picture(art, size, edition=edition, level=level, digits=digits)

    emblems, words = _emblems(art, _uploaded(version, art), bench.wanted, spoken)
    seen = contrast(art, bench.emblem)
    worst = min(one for one in (seen.light, seen.dark, seen.emblem) if one is not None)
    return ArtworkCard(
        draft=bench.draft.id,
        title=title(bench.draft, version, spoken),
        large=picture(LARGE),
        small=picture(SMALL),
        small_twice=picture(TWICE),
        locked=badge_picture(art, TWICE, state="locked"),
        shapes=_layers("shape", SHAPES, art, spoken),
        rings=_layers("ring", RINGS, art, spoken),
        fields=_layers("field", FIELDS, art, spoken),
        ribbons=_layers("ribbon", RIBBONS, art, spoken),
        colours=_colours(art, version, spoken),
        paints=_paints(art, spoken),
        emblems=emblems,
        emblem_words=words,
        numbered=art.numbered,
        contrast=_contrast(art, bench.emblem, spoken),
        seen=spoken.text(N_("48 px · contrast {ratio} : 1"), ratio=_ratio(worst, spoken)),
        well_seen=seen.enough,
        share=_share(bench, version, spoken),
        languages=_languages(bench, version, spoken),
        may_undo=bench.may_undo,
    )


def title(draft: Draft, version: Version, spoken: Language) -> str:
    """What the badge is called so far."""
    form = draft.body.get("form", {})
    names = {code: str(form.get(f"name.{code}", "")).strip() for code in version.programme.languages}
    found = names.get(spoken.code) or next((name for name in names.values() if name), "")
    badge = version.programme.badge(draft.slug) if not found else None
    return found or (version.programme.words(badge.name, spoken.code) if badge else spoken.text(NEW))


def _written(bench: Bench) -> tuple[int | None, int | None]:
    """A sample of what is written on the badge: an edition number, or a level where there are several."""
    several = bench.draft.body.get("form", {}).get("ladder", "one") != "one"
    return SAMPLE_EDITION if bench.artwork.numbered else None, SAMPLE_LEVEL if several else None


def _layers(layer: str, names: Mapping[Any, str], art: Artwork, spoken: Language) -> tuple[LayerCard, ...]:
    """Each choice drawn on a plain badge, so that its picture stays the same whatever else is chosen."""
    base = PLAIN if layer == "shape" else PLAIN.model_copy(update={"emblem": "heart"})
    return tuple(
        LayerCard(key, spoken.text(name), badge_picture(with_layer(base, layer, key), TWICE), "",
                  getattr(art, layer) == key)
        for key, name in names.items()
    )  # fmt: skip


def _colours(art: Artwork, version: Version, spoken: Language) -> tuple[LayerCard, ...]:
    """The rarities, and the tiers there are, by their own names."""
    tiers = [version.programme.words(level.name, spoken.code) for level in version.programme.tiers.levels]
    found = [(key, spoken.text(COLOURS[key])) for key in RARITIES]
    found += list(zip(TIER_COLOURS, tiers, strict=False))
    return tuple(LayerCard(key, name, "", BASES[key], art.colour == key) for key, name in found)


def _paints(art: Artwork, spoken: Language) -> tuple[PaintCard, ...]:
    """The three colours that can be chosen freely."""
    paint = palette(art)
    own = art.colour not in BASES
    shown_now = (("colour", N_("Own colour"), hexed(paint.rim), own),
                 ("field_colour", N_("Field"), hexed(paint.field[0]), art.field_colour is not None),
                 ("emblem_colour", N_("Emblem"), hexed(paint.emblem), art.emblem_colour is not None))  # fmt: skip
    return tuple(
        PaintCard(layer, spoken.text(name), (getattr(art, layer) if chosen else None) or colour, chosen)
        for layer, name, colour, chosen in shown_now
    )


def _uploaded(version: Version, art: Artwork) -> list[str]:
    """The uploaded emblems of the programme's badges, and this one's."""
    used = [art.uploaded, *(badge.artwork.uploaded for badge in version.programme.badges)]
    return list(dict.fromkeys(name for name in used if name))


def artwork_of(session: Session, draft: Draft) -> Artwork:
    """The artwork of a draft: its own, that of the badge it changes, or a plain one."""
    badge = None if draft.fresh else versions(session).latest.programme.badge(draft.slug)
    return read(draft.body["artwork"]) if draft.body.get("artwork") else badge.artwork if badge else PLAIN


def own_emblems(session: Session, art: Artwork) -> list[str]:
    """Which uploaded emblems can be chosen without uploading them again."""
    return _uploaded(versions(session).latest, art)


def _emblems(
    art: Artwork, uploaded: Sequence[str], wanted: str, spoken: Language
) -> tuple[tuple[LayerCard, ...], str]:
    asked = wanted.strip().casefold()
    named = [(key, spoken.text(name)) for key, name in NAMES.items()]
    fitting = [(key, name) for key, name in named if asked in name.casefold() or asked in key]
    own = [(key, spoken.text(N_("An uploaded emblem"))) for key in uploaded] if not asked else []
    cards = tuple(
        LayerCard(key, name, badge_picture(Artwork(shape="tile", emblem=key), TWICE, state="locked"), "",
                  art.emblem == key)
        for key, name in (*own, *sorted(fitting, key=lambda pair: pair[1].casefold()))
    )  # fmt: skip
    if asked and not cards:
        return cards, spoken.text(N_("No emblem is called “{text}”."), text=wanted.strip())
    return cards, spoken.plural("{n} emblem", "{n} emblems", len(cards))


def _contrast(art: Artwork, emblem: Image.Image | None, spoken: Language) -> tuple[ContrastCard, ...]:
    """Each pair with its ratio; the one that falls short with what would do."""
    seen = contrast(art, emblem)
    advice = {one.msgid: one for one in seen.advice}
    pairs = (
        ("light", N_("The badge on a light page"), seen.light, (ON_LIGHT,)),
        ("dark", N_("The badge on a dark page"), seen.dark, (ON_DARK,)),
        ("emblem", N_("The emblem on its field"), seen.emblem, (ON_FIELD, PICTURE)),
    )
    found: list[ContrastCard] = []
    for key, label, value, msgids in pairs:
        short = next((advice[one] for one in msgids if one in advice), None)
        if value is not None:
            said = spoken.text(N_("{ratio} : 1"), ratio=_ratio(value, spoken))
            found.append(ContrastCard(
                key, spoken.text(label), said, short is None, short.sentence(spoken) if short else "",
                LAYER_OF[short.msgid] if short else "", short.better if short else "",
            ))  # fmt: skip
    return tuple(found)


def _ratio(value: float, spoken: Language) -> str:
    return spoken.number(shown(value))


def _languages(bench: Bench, version: Version, spoken: Language) -> tuple[LayerCard, ...]:
    chosen = bench.shared_in or spoken.code
    return tuple(
        LayerCard(code, language(code).name, on=code == chosen) for code in version.programme.languages
    )


def _share(bench: Bench, version: Version, spoken: Language) -> str:
    """The address of the share picture: staff alone can open it, since it says whatever the draft says."""
    code = bench.shared_in or spoken.code
    edition, level = _written(bench)
    what = Drawing(bench.artwork, SHARED, edition=edition, level=level).what
    name = hashlib.sha256(title(bench.draft, version, language(code)).encode()).hexdigest()[:8]
    asked = urlencode({"draft": bench.draft.id, "language": code, "name": name})
    return f"/pictures/preview/{what}.png?{asked}"


@dataclass(frozen=True, slots=True)
class ShareWords:
    """What a share picture says of a draft."""

    title: str
    shop: str
    line: str
    note: str


def share_words(session: Session, draft: Draft, code: str, now: datetime) -> ShareWords:
    """What the share picture of a draft would say, had it been earned today."""
    version = versions(session).latest
    say = wording(version, language(code))
    earned = say.text("Earned on {day}", day=say.language.date(now.astimezone(version.zone).date(), "long"))
    return ShareWords(
        title(draft, version, say.language), say.words(version.programme.name), earned,
        rarity(session, draft.slug, say.language) if draft.slug else "",
    )  # fmt: skip
