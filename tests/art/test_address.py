"""The address of a badge's picture says all that is drawn, and for a secret one nothing."""

from __future__ import annotations

from typing import Any

import pytest

from badges.art import address as module
from badges.art.address import badge_picture, read
from badges.art.version import SIZES
from badges.artwork import Artwork

FULL = Artwork(shape="star", ring="double", field="rays", emblem="map-pin", ribbon="tails", colour="#2f8f5b",
               field_colour="#102030", emblem_colour="#ffffff", numbered=True)  # fmt: skip


def parts(address: str) -> tuple[str, str, str]:
    """As the route takes it apart."""
    folder, what, rest = address.removeprefix("/pictures/").split("/")
    assert folder == "badge"
    name, _, kind = rest.rpartition(".")
    return what, name, kind


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "artwork", [Artwork(), FULL, Artwork(emblem="0123456789abcdef" * 2, colour="tier-3")]
)
def test_it_can_be_read_back(artwork: Artwork, size: int) -> None:
    written: list[dict[str, Any]] = [{}, {"level": 3}, {"edition": 17}, {"edition": 17, "digits": "arab"}]
    written += [{"state": "locked"}, {"kind": "png"}]
    for more in written:
        address = badge_picture(artwork, size, **more)
        found = read(*parts(address))
        assert found
        assert found.address == address
        assert found.artwork == artwork.model_copy(update={"numbered": found.edition is not None})
        assert found.state == more.get("state", "earned")


def test_it_is_the_same_for_the_same_and_other_for_everything_else() -> None:
    assert badge_picture(FULL, 96) == badge_picture(FULL.model_copy(), 96)
    addresses = [badge_picture(FULL, 96), badge_picture(FULL, 48), badge_picture(FULL, 96, kind="png"),
                 badge_picture(FULL, 96, edition=1), badge_picture(FULL, 96, edition=2),
                 badge_picture(FULL, 96, level=1),
                 badge_picture(FULL, 96, state="locked"), badge_picture(FULL, 96, state="secret"),
                 badge_picture(Artwork(), 96)]  # fmt: skip
    assert len(set(addresses)) == len(addresses)


def test_another_version_of_the_drawing_has_other_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    before = badge_picture(FULL, 96)
    monkeypatch.setattr(module, "VERSION", 999)
    assert badge_picture(FULL, 96) != before


def test_a_secret_badge_has_the_address_of_every_other() -> None:
    one = badge_picture(FULL, 96, state="secret", level=3, edition=2)
    assert one == badge_picture(Artwork(), 96, state="secret")
    assert not {"star", "map-pin", "2f8f5b", "17"} & set(one.replace("/", ".").split("."))


def test_a_locked_badge_does_not_tell_a_number() -> None:
    assert badge_picture(FULL, 96, state="locked", edition=17) == badge_picture(FULL, 96, state="locked")


def test_only_the_sizes_there_are() -> None:
    with pytest.raises(ValueError, match="48, 96"):
        badge_picture(FULL, 100)


WHAT = "circle.plain.plain.star.none.common.-.-.-"
NAME = "96-" + "0" * 16


@pytest.mark.parametrize(
    ("what", "name", "kind"),
    [
        (WHAT, "97-" + "0" * 16, "webp"), (WHAT, "9999999-" + "0" * 16, "webp"), (WHAT, NAME, "gif"),
        (WHAT, NAME + "0", "png"),
        (WHAT + ".x", NAME, "webp"), (WHAT.replace("star", "nothing"), NAME, "webp"), (WHAT[:-1] + "e0", NAME, "webp"),
        (WHAT[:-1] + "e1234567", NAME, "webp"), (WHAT[:-1] + "l0", NAME, "webp"), (WHAT[:-1] + "e1l2", NAME, "webp"),
        (WHAT[:-1] + "e1k", NAME, "webp"), (WHAT[:-1] + "l\u0663", NAME, "webp"), (WHAT + "\n", NAME, "webp"),
        (WHAT.replace("common", "#76808a"), NAME, "webp"), (WHAT.replace("common", "AABBCC"), NAME, "webp"),
        ("", NAME, "webp"), ("....", NAME, "webp"), ("\0", NAME, "webp"),
    ],
)  # fmt: skip
def test_what_we_did_not_write_is_not_ours(what: str, name: str, kind: str) -> None:
    assert read(what, name, kind) is None


def test_an_address_of_an_earlier_version_is_understood() -> None:
    found = read(WHAT, NAME, "webp")
    assert found
    assert found.address != f"/pictures/badge/{WHAT}/{NAME}.webp"
