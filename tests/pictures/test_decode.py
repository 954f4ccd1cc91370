"""R12 in short: nothing that is uploaded crashes us, and only pixels come back."""

from __future__ import annotations

import io
import random
import resource
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import Session

from app.pictures.decode import BYTES_MAX, Decoder, Made
from app.pictures.store import content_of, keep
from facts.refusals import Refusal


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder()
    yield made
    made.close()


def a_picture(
    kind: str = "PNG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **more: object
) -> bytes:
    image = Image.effect_noise(size, 40)
    image = (
        Image.frombytes("I;16", size, bytes(size[0] * size[1] * 2)) if mode == "I;16" else image.convert(mode)
    )
    into = io.BytesIO()
    image.save(into, kind, **more)  # type: ignore[arg-type]
    return into.getvalue()


def a_smooth_picture(width: int, height: int) -> bytes:
    """Many pixels in few bytes, as RGBA."""
    into = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGBA").save(into, "PNG")
    return into.getvalue()


def a_png_that_says(width: int, height: int) -> bytes:
    """A PNG whose header promises a size, with hardly any data."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


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


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "picture_format"),
        (SVG, "picture_format"),
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


def test_a_large_picture_costs_the_child_little_memory() -> None:
    fresh = Decoder()
    try:
        fresh.decode(a_picture())
        before = _peak(fresh)
        fresh.decode(a_picture("JPEG", (8000, 6000), "RGB", quality=10))
        fresh.decode(a_smooth_picture(3000, 3000))
        assert _peak(fresh) - before <= 64 * 1024
    finally:
        fresh.close()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _peak(decoder: Decoder) -> int:
    """The most memory that the child ever had, in KiB."""
    assert decoder._child
    status = Path(f"/proc/{decoder._child.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


@pytest.mark.parametrize("count", [400, pytest.param(20_000, marks=pytest.mark.full)])
def test_mutated_pictures_are_refused_or_made_anew(decoder: Decoder, count: int) -> None:
    chance = random.Random(20260101)
    seeds = [
        a_picture(kind, mode=mode)
        for kind, mode in (("PNG", "RGB"), ("PNG", "P"), ("JPEG", "RGB"), ("WEBP", "RGBA"))
    ]
    said: set[str] = set()
    for i in range(count):
        content = bytearray(seeds[i % len(seeds)])
        for _ in range(chance.randint(1, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.random() < 0.2:
            del content[chance.randrange(len(content)) :]
        try:
            for one in decoder.decode(bytes(content)):
                assert one.content.startswith(b"RIFF")
                said.add("made")
        except Refusal as refusal:
            said.add(refusal.code)
    assert said <= {"made", "picture_broken", "picture_format", "picture_too_large"}
    assert {"made", "picture_broken"} <= said


def test_kept_once_under_the_digest_of_its_pixels(session: Session, decoder: Decoder) -> None:
    made = decoder.decode(a_picture("PNG", (500, 500)))
    digest = keep(session, made)
    assert keep(session, made) == digest
    assert content_of(session, digest) == made[0].content
    assert content_of(session, f"{digest}-320") == made[1].content
    assert keep(session, [Made(1, 1, b"other"), Made(1, 1, b"small")]) != digest
