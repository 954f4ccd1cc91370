"""Composing: one layer at a time, and nothing that an artwork cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.artwork import Artwork
from badges.composing import LAYERS, PAINTS, read, with_layer

WHOLE = Artwork(
    shape="star", ring="double", field="dots", emblem="leaf", ribbon="tails", colour="epic", numbered=True
)


@pytest.mark.parametrize(
    ("layer", "value", "told"),
    [
        ("shape", "tile", "tile"), ("ring", "notched", "notched"), ("field", "split", "split"),
        ("emblem", "paw", "paw"), ("emblem", "0" * 32, "0" * 32), ("ribbon", "banner", "banner"),
        ("colour", "tier-2", "tier-2"),
        ("colour", "#AABBCC", "#aabbcc"), ("field_colour", "#112233", "#112233"), ("field_colour", "", None),
        ("emblem_colour", "#ffffff", "#ffffff"), ("numbered", "yes", True), ("numbered", "", False),
    ],
)  # fmt: skip
def test_a_layer_is_changed_and_the_others_stay(layer: str, value: str, told: object) -> None:
    after = with_layer(WHOLE, layer, value)
    assert getattr(after, layer) == told
    assert after.model_dump(exclude={layer}) == WHOLE.model_dump(exclude={layer})


@given(st.one_of(st.sampled_from((*LAYERS, *PAINTS, "numbered")), st.text(max_size=12)), st.text(max_size=40))
def test_whatever_is_said_it_stays_an_artwork(layer: str, value: str) -> None:
    after = with_layer(WHOLE, layer, value)
    assert Artwork.model_validate(after.model_dump()) == after


@pytest.mark.parametrize("raw", [None, [], "x", {"shape": "blob"}, {"more": 1}, {"colour": "red"}])
def test_what_cannot_be_read_is_a_plain_one(raw: object) -> None:
    assert read(raw) == Artwork()


def test_what_was_written_is_read_again() -> None:
    assert read(WHOLE.model_dump(mode="json")) == WHOLE
