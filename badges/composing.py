"""Composing an artwork layer by layer, and how well it can be seen. Pure."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from badges.artwork import Artwork

LAYERS = ("shape", "ring", "field", "emblem", "ribbon", "colour")
PAINTS = ("field_colour", "emblem_colour")  # may be left to `colour`, with ""


def with_layer(artwork: Artwork, layer: str, value: str) -> Artwork:
    """The artwork with another layer; as it was when there is no such layer, or it cannot be that."""
    told: Any = value
    if layer == "numbered":
        told = value == "yes"
    elif layer in PAINTS:
        told = value or None
    elif layer not in LAYERS:
        return artwork
    try:
        return Artwork.model_validate({**artwork.model_dump(), layer: told})
    except ValidationError:
        return artwork


def read(raw: Any) -> Artwork:
    """The artwork of a draft; the plain one when it is not readable."""
    try:
        return Artwork.model_validate(raw)
    except ValidationError:
        return Artwork()
