"""The artwork as data: closed, frozen, and told what it may be."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from badges.art.names import COLOURS, FIELDS, RIBBONS, RINGS, SHAPES
from badges.artwork import RARITIES, TIER_COLOURS, Artwork, Ground, Ribbon, Ring, Shape
from badges.emblems import NAMES
from facts.language import language

DIGEST = "0123456789abcdef" * 2


def test_an_artwork_needs_nothing_and_says_everything() -> None:
    plain = Artwork()
    assert Artwork.model_validate(plain.model_dump()) == plain
    assert Artwork.model_validate_json(plain.model_dump_json()) == plain


@pytest.mark.parametrize("colour", [*RARITIES, *TIER_COLOURS, "#2f8f5b"])
def test_a_colour_is_a_rarity_a_tier_or_its_own(colour: str) -> None:
    assert Artwork(colour=colour).colour == colour


def test_a_colour_is_kept_in_small_letters() -> None:
    assert Artwork(colour="#2F8F5B", field_colour="#ABCDEF").field_colour == "#abcdef"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("shape", "blob"), ("shape", 3), ("ring", ""), ("field", None), ("emblem", "../etc/passwd"),
        ("emblem", "a" * 31), ("emblem", "G" * 32), ("ribbon", "words"), ("colour", "gold"), ("colour", "#fff"),
        ("colour", "red;}"), ("field_colour", "rare"), ("emblem_colour", "#12345g"), ("numbered", 1),
        ("numbered", "yes"), ("glitter", True),
    ],
)  # fmt: skip
def test_what_it_cannot_be_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        Artwork.model_validate({field: value})
    assert [error["loc"][0] for error in caught.value.errors()] == [field]


def test_it_says_what_would_have_been_right() -> None:
    with pytest.raises(ValidationError, match=r"common, .*legendary, .*tier-4, or a colour such as"):
        Artwork(colour="gold")
    with pytest.raises(ValidationError, match=r"apple, .*truck, or the name of an uploaded picture"):
        Artwork(emblem="unicorn")


def test_it_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Artwork().shape = "star"  # type: ignore[misc]


def test_it_knows_an_uploaded_emblem() -> None:
    assert Artwork(emblem=DIGEST).uploaded == DIGEST
    assert all(Artwork(emblem=slug).uploaded == "" for slug in NAMES)


@pytest.mark.parametrize(
    ("names", "values"),
    [
        (SHAPES, get_args(Shape)),
        (RINGS, get_args(Ring)),
        (FIELDS, get_args(Ground)),
        (RIBBONS, get_args(Ribbon)),
        (COLOURS, (*RARITIES, *TIER_COLOURS)),
    ],
)
def test_every_choice_has_a_name_in_every_language(names: dict[str, str], values: tuple[str, ...]) -> None:
    assert tuple(names) == values
    for msgid in (*names.values(), *NAMES.values()):
        said = [language(code).text(msgid) for code in ("en", "ru", "ar")]
        assert len(set(said)) == 3, msgid
