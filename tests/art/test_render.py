"""Badges as they are drawn: the same from the same data, seen on light pages and dark, silent when secret."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import get_args

import pytest
from PIL import Image, ImageChops

from badges.art.colours import BASES, RGB, from_oklch, hexed, oklch, palette, ratio, rgb
from badges.art.contrast import DARK, LIGHT, NEEDED, contrast, shown
from badges.art.render import render
from badges.art.tag import roman, words
from badges.art.version import SIZES, VERSION
from badges.artwork import Artwork, Ground, Ribbon, Ring, Shape
from badges.emblems import NAMES
from facts.language import language

SHAPES: tuple[Shape, ...] = get_args(Shape)
DIGEST = "0123456789abcdef" * 2
CSS = Path(__file__).parents[2] / "assets" / "regulars.css"


def on(page: RGB, badge: Image.Image) -> Image.Image:
    ground = Image.new("RGBA", badge.size, page)
    ground.alpha_composite(badge)
    return ground.convert("RGB")


def at(image: Image.Image, x: float, y: float) -> RGB:
    """The colour at hundredths of the picture."""
    found = image.convert("RGB").getpixel((int(x * image.width / 100), int(y * image.height / 100)))
    assert isinstance(found, tuple)
    return found[0], found[1], found[2]


@pytest.mark.parametrize("size", SIZES)
def test_it_is_drawn_in_every_size(size: int) -> None:
    badge = render(Artwork(ring="beaded", field="rays"), size, level=2)
    assert (badge.mode, badge.size) == ("RGBA", (size, size))
    assert at(badge, 50, 25) != (0, 0, 0)
    assert badge.getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("ribbon", get_args(Ribbon))
def test_nothing_is_cut_off(shape: Shape, ribbon: Ribbon) -> None:
    for level in (None, 3):
        badge = render(Artwork(shape=shape, ribbon=ribbon), 192, level=level)
        edge = Image.new("L", badge.size, 255)
        edge.paste(0, (1, 1, 191, 191))
        assert ImageChops.multiply(edge, badge.getchannel("A")).getbbox() is None


def test_every_choice_can_be_seen() -> None:
    """Each value of each layer gives another picture."""
    layers = {"shape": SHAPES, "ring": get_args(Ring), "field": get_args(Ground), "ribbon": get_args(Ribbon)}
    for field, values in {**layers, "colour": tuple(BASES), "emblem": tuple(NAMES)}.items():
        pictures = {render(Artwork(**{field: value}), 96).tobytes() for value in values}
        assert len(pictures) == len(values), field


def test_the_same_artwork_gives_the_same_pixels() -> None:
    artwork = Artwork(
        shape="scallop", ring="notched", field="dots", ribbon="banner", colour="epic", numbered=True
    )
    once = render(artwork, 192, edition=17)
    assert once.tobytes() == render(artwork.model_copy(), 192, edition=17).tobytes()


def test_pixels_change_only_with_the_version() -> None:
    """Browsers keep a picture for a year: other pixels need another VERSION, and then another digest here."""
    told = hashlib.sha256()
    for shape in SHAPES:
        for ring, field, ribbon in zip(
            get_args(Ring), get_args(Ground), (*get_args(Ribbon), "none"), strict=False
        ):
            told.update(
                render(Artwork(shape=shape, ring=ring, field=field, ribbon=ribbon), 96, level=2).tobytes()
            )
    for slug in NAMES:
        told.update(render(Artwork(emblem=slug), 48, state="locked").tobytes())
    told.update(render(Artwork(), 48, state="secret").tobytes())
    assert (VERSION, told.hexdigest()[:16]) == (1, "cceec7a87cbb4a7c")


# --- what is written ------------------------------------------------------------------------------------------


def test_levels_and_numbers() -> None:
    assert [roman(n) for n in (1, 3, 4, 9, 14, 40, 88, 120)] == [
        "I", "III", "IV", "IX", "XIV", "XL", "LXXXVIII", "120"]  # fmt: skip
    assert words(17, 3, "latn") == "#17"
    assert words(17, None, "arab") == "#١٧"
    assert words(None, 3, "arab") == "III"
    assert words(None, None, "latn") == ""


def test_a_number_is_shown_on_a_numbered_badge_only() -> None:
    plain, numbered = Artwork(), Artwork(numbered=True)
    assert render(plain, 96, edition=17).tobytes() == render(plain, 96).tobytes()
    assert render(numbered, 96, edition=17).tobytes() != render(numbered, 96, edition=18).tobytes()
    assert (
        render(numbered, 96, edition=17, digits="arab").tobytes()
        != render(numbered, 96, edition=17).tobytes()
    )


# --- locked and secret ----------------------------------------------------------------------------------------


def test_a_secret_badge_tells_nothing() -> None:
    one = render(
        Artwork(shape="star", emblem="crown", colour="legendary", ribbon="tails"), 96, state="secret", level=3
    )
    assert one.tobytes() == render(Artwork(), 96, state="secret").tobytes()


def test_a_locked_badge_has_its_shape_and_emblem_and_no_colour() -> None:
    locked = render(Artwork(shape="shield", emblem="heart", colour="legendary"), 96, state="locked")
    assert (
        locked.tobytes()
        == render(Artwork(shape="shield", emblem="heart"), 96, state="locked", level=4).tobytes()
    )
    assert locked.tobytes() != render(Artwork(shape="star", emblem="heart"), 96, state="locked").tobytes()
    assert locked.tobytes() != render(Artwork(shape="shield", emblem="leaf"), 96, state="locked").tobytes()


def test_the_emblem_of_a_locked_badge_is_seen_on_light_and_dark() -> None:
    locked = render(Artwork(emblem="coin"), 320, state="locked")
    for page in (*LIGHT, *DARK):
        image = on(page, locked)
        assert ratio(at(image, 50, 27), at(image, 50, 17)) > 2.5


# --- contrast -------------------------------------------------------------------------------------------------


def test_it_is_measured_against_the_colours_of_our_pages() -> None:
    text = CSS.read_text()
    for theme, colours in ((":root", LIGHT), (".dark {", DARK)):
        block = text.split(theme)[1]
        found = tuple(
            rgb(re.findall(rf"--{name}: (#[0-9a-f]{{6}})", block)[0])
            for name in ("surface", "raised", "sunk")
        )
        assert found == colours


@pytest.mark.parametrize("colour", BASES)
def test_rarities_and_tiers_are_seen_everywhere(colour: str) -> None:
    found = contrast(Artwork(colour=colour))
    assert found.enough
    assert min(found.light, found.dark) >= NEEDED
    assert found.emblem
    assert found.emblem >= 4.5


@pytest.mark.parametrize("colour", [*BASES, "#2f8f5b"])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_pixels_say_the_same(shape: Shape, colour: str) -> None:
    """The colour by which the outline meets the page is the one that was measured."""
    badge = render(Artwork(shape=shape, colour=colour), 320)
    alpha = badge.getchannel("A").tobytes()
    for x in (140, 160, 180):
        first = next(y for y in range(320) if alpha[320 * y + x] == 255)
        rim = at(badge, (x + 0.5) / 3.2, (first + 1.5) / 3.2)
        assert all(ratio(rim, page) >= NEEDED for page in (*LIGHT, *DARK))


def test_a_poor_colour_is_named_and_a_better_one_given() -> None:
    for poor, side in (("#ffe000", "light"), ("#141414", "dark")):
        found = contrast(Artwork(colour=poor))
        assert not found.enough
        (advice,) = found.advice
        assert side in advice.msgid
        assert contrast(Artwork(colour=advice.better)).enough
        assert advice.better in advice.sentence(language("en"))
    pale = contrast(Artwork(field_colour="#fff3d0"))
    assert pale.emblem
    assert pale.emblem < NEEDED
    assert contrast(Artwork(field_colour="#fff3d0", emblem_colour=pale.advice[0].better)).enough


def test_an_uploaded_emblem_is_measured_by_its_main_colours() -> None:
    artwork = Artwork(emblem=DIGEST, colour="uncommon")
    assert contrast(artwork).emblem is None
    for colour, enough in (((250, 250, 240), True), ((10, 80, 45), False)):
        picture = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
        picture.paste((*colour, 255), (20, 20, 80, 80))
        assert contrast(artwork, picture).enough is enough
    assert contrast(artwork, Image.new("RGB", (100, 100), (10, 80, 45))).emblem is None


def test_a_ratio_is_never_rounded_up() -> None:
    assert str(shown(2.99)) == "2.9"


@pytest.mark.parametrize(
    "colour", ["#000000", "#ffffff", "#ff0000", "#00ff00", "#0000ff", "#76808a", "#ffe000"]
)
def test_colours_go_there_and_back(colour: str) -> None:
    assert hexed(from_oklch(*oklch(rgb(colour)))) == colour
    assert all(0 <= part <= 255 for paint in palette(Artwork(colour=colour)).fields for part in paint)


def test_ratios_are_those_of_the_standard() -> None:
    assert ratio(rgb("#000000"), rgb("#ffffff")) == pytest.approx(21)
    assert ratio(rgb("#777777"), rgb("#ffffff")) == pytest.approx(4.48, abs=0.01)


# --- uploaded emblems -----------------------------------------------------------------------------------------


def test_an_emblem_on_a_clear_ground_stands_on_the_field() -> None:
    picture = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    picture.paste((255, 0, 0, 255), (100, 50, 200, 150))
    badge = render(Artwork(emblem=DIGEST), 192, emblem=picture)
    assert at(badge, 50, 48) == (255, 0, 0)
    assert at(badge, 50, 18) == at(render(Artwork(emblem="bottle"), 192), 50, 18)


def test_a_photograph_fills_the_field_and_not_the_ring() -> None:
    badge = render(
        Artwork(emblem=DIGEST, shape="hexagon"), 192, emblem=Image.new("RGB", (400, 300), (0, 0, 255))
    )
    assert at(badge, 50, 20) == (0, 0, 255)
    assert at(badge, 50, 75) == (0, 0, 255)
    assert at(badge, 50, 5)[2] < 200


def test_without_its_upload_a_star_stands_in() -> None:
    assert render(Artwork(emblem=DIGEST), 48).tobytes() == render(Artwork(emblem="star"), 48).tobytes()
