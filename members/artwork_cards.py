"""What the composer of artworks is shown: frozen, finished texts and addresses of pictures; never a table row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LayerCard:
    """One of several to choose from: a `picture`, or a `colour` to paint a swatch with; `on` is the one there is."""

    key: str = ""
    label: str = ""
    picture: str = ""
    colour: str = ""
    on: bool = False


@dataclass(frozen=True, slots=True)
class ContrastCard:
    """How well something is seen: `value` is the ratio in words. When it falls short, `advice` says what would do.

    `layer` and `better` are what a touch would change.
    """

    key: str = ""
    label: str = ""
    value: str = ""
    enough: bool = True
    advice: str = ""
    layer: str = ""
    better: str = ""


@dataclass(frozen=True, slots=True)
class PaintCard:
    """A colour that can be chosen freely: what it is now (`shown`), and whether that was chosen (`own`)."""

    layer: str = ""
    label: str = ""
    shown: str = "#000000"
    own: bool = False


@dataclass(frozen=True, slots=True)
class ArtworkCard:
    """A draft's artwork on the workbench; `large` and `small_twice` have more pixels than points."""

    draft: str = ""
    title: str = ""
    large: str = ""
    small: str = ""
    small_twice: str = ""
    locked: str = ""
    shapes: tuple[LayerCard, ...] = ()
    rings: tuple[LayerCard, ...] = ()
    fields: tuple[LayerCard, ...] = ()
    ribbons: tuple[LayerCard, ...] = ()
    colours: tuple[LayerCard, ...] = ()
    paints: tuple[PaintCard, ...] = ()
    emblems: tuple[LayerCard, ...] = ()
    emblem_words: str = ""
    numbered: bool = False
    contrast: tuple[ContrastCard, ...] = ()
    seen: str = ""
    well_seen: bool = True
    share: str = ""
    languages: tuple[LayerCard, ...] = ()
    may_undo: bool = False
