"""Uploaded pictures become WebP in our sizes, upright and without metadata, or are refused with a reason."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from sqlmodel import Session

from app.pictures.decode import BYTES_MAX, Decoder, Made
from app.pictures.store import content_of, keep
from facts.refusals import Refusal
from tests.pictures.samples import GIF, SVG, a_picture, a_png_that_says


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("PNG", "I;16"), ("PNG", "LA"),
     ("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("WEBP", "RGB"), ("WEBP", "RGBA")],
)  # fmt: skip
def test_every_kind_of_picture_becomes_webp(decoder: Decoder, kind: str, mode: str) -> None:
    source = a_picture(kind, (1400, 700), mode)
    made = decoder.decode(source)
    assert [(one.width, one.height) for one in made] == [(960, 480), (320, 160)]
    for one in made:
        with Image.open(io.BytesIO(one.content), formats=("WEBP",)) as image:
            image.load()
            assert image.size == (one.width, one.height)


def test_nothing_but_pixels_comes_back(decoder: Decoder) -> None:
    exif = Image.Exif()
    exif[0x010E] = "PLANTED WORDS"
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0)}
    source = a_picture("JPEG", exif=exif, icc_profile=b"PLANTED PROFILE" * 20, comment=b"PLANTED COMMENT")
    source += b"<script>PLANTED TAIL</script>PK\x03\x04"
    for one in decoder.decode(source):
        assert b"PLANTED" not in one.content
        with Image.open(io.BytesIO(one.content)) as image:
            assert not image.getexif()
            assert not {"exif", "icc_profile", "xmp", "comment"} & set(image.info)


def test_it_stands_upright(decoder: Decoder) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = decoder.decode(a_picture("JPEG", (800, 400), exif=exif))
    assert (made[0].width, made[0].height) == (400, 800)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "picture_format"),
        (SVG, "picture_svg"),
        (GIF, "picture_format"),
        (b"%PDF-1.7", "picture_format"),
        (a_picture()[:300], "picture_broken"),
        (a_png_that_says(50_000, 50_000), "picture_too_large"),
        (a_png_that_says(1, 60_000), "picture_too_large"),
        (a_png_that_says(6_000, 6_000), "picture_too_large"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 100, "picture_format"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused(decoder: Decoder, content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        decoder.decode(content)
    assert caught.value.code == code


def test_too_many_bytes_never_reach_the_child() -> None:
    unused = Decoder()
    with pytest.raises(Refusal, match="8 MB"):
        unused.decode(b"x" * (BYTES_MAX + 1))
    assert unused._child is None


def test_a_picture_that_takes_too_long_is_given_up_and_the_next_one_works() -> None:
    slow = Decoder(seconds_max=0.001)
    try:
        with pytest.raises(Refusal, match="cannot be read"):
            slow.decode(a_picture("PNG", (1500, 1500)))
        slow.seconds_max = 10
        assert slow.decode(a_picture())
    finally:
        slow.close()


def test_kept_once_under_the_digest_of_its_pixels(session: Session, decoder: Decoder) -> None:
    made = decoder.decode(a_picture("PNG", (500, 500)))
    digest = keep(session, made)
    assert keep(session, made) == digest
    assert content_of(session, digest) == made[0].content
    assert content_of(session, f"{digest}-320") == made[1].content
    assert keep(session, [Made(1, 1, b"other"), Made(1, 1, b"small")]) != digest
