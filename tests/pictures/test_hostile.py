"""R12: whatever is uploaded, nothing crashes, memory stays small, and what comes back was made anew."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.pictures.decode import BYTES_MAX, Decoder, Purpose
from facts.refusals import Refusal
from tests.pictures.samples import HOSTILE, SVG, a_mark, a_picture, a_smooth_picture, moving_pictures

KINDS = [("PNG", "RGB"), ("PNG", "P"), ("PNG", "RGBA"), ("JPEG", "RGB"), ("WEBP", "RGBA")]
REFUSED = {"picture_broken", "picture_format", "picture_svg", "picture_too_large", "picture_too_small"}


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder()
    yield made
    made.close()


def alive(decoder: Decoder) -> int:
    """The process that decodes; it must have outlived what it was given."""
    child = decoder._child
    assert child
    assert child.poll() is None
    return child.pid


def peak(pid: int) -> int:
    """The most memory that a process ever had, in KiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def made_anew(content: bytes) -> None:
    """A WebP with pixels and nothing besides."""
    assert content[:4] + content[8:12] == b"RIFFWEBP"
    with Image.open(io.BytesIO(content), formats=("WEBP",)) as image:
        image.load()
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(image.info)
        assert getattr(image, "n_frames", 1) == 1


def outcome(decoder: Decoder, content: bytes, purpose: Purpose) -> str:
    """`made`, and checked, or the code of a refusal that we know."""
    try:
        made = decoder.decode(content, purpose)
    except Refusal as refusal:
        if refusal.code not in REFUSED:
            raise
        return refusal.code
    for one in made:
        made_anew(one.content)
    return "made"


@pytest.mark.parametrize("purpose", ["photograph", "emblem"])
@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_or_made_anew_by_a_child_that_lives_on(
    decoder: Decoder, name: str, purpose: Purpose
) -> None:
    if outcome(decoder, HOSTILE[name], purpose) == "made":
        assert name.startswith("png with")
    alive(decoder)


@pytest.mark.parametrize("purpose", ["photograph", "emblem"])
def test_all_of_it_together_costs_little_memory(purpose: Purpose) -> None:
    """+64 MB at most, over a child that has made one good picture."""
    decoder = Decoder()
    try:
        decoder.decode(a_picture(size=(200, 200)), purpose)
        before = peak(alive(decoder))
        good = [
            a_smooth_picture(3000, 3000),
            a_picture("JPEG", (8000, 6000), quality=10),
            a_mark((2900, 2900), (9, 9, 2800, 2800)),
        ]
        for content in (*HOSTILE.values(), *good):
            outcome(decoder, content, purpose)
        assert peak(alive(decoder)) - before <= 64 * 1024
    finally:
        decoder.close()


@pytest.mark.parametrize("name", [name for name in HOSTILE if name.startswith("svg")][:3])
def test_an_svg_is_told_why(decoder: Decoder, name: str) -> None:
    with pytest.raises(Refusal, match="can carry programs"):
        decoder.decode(HOSTILE[name])


def test_a_picture_that_is_also_something_else_comes_back_as_a_picture_alone(decoder: Decoder) -> None:
    """Polyglots: what stands before, inside or behind the pixels is not kept."""
    tails = [SVG, b"PK\x03\x04PLANTED", b"<script>PLANTED</script>", b"%PDF-1.7 PLANTED", b"<?php PLANTED ?>"]
    for kind, mode in KINDS:
        for tail in tails:
            for one in decoder.decode(a_picture(kind, (300, 300), mode) + tail, "emblem"):
                made_anew(one.content)
                assert b"PLANTED" not in one.content
                assert b"script" not in one.content
    commented = a_picture("JPEG", (300, 300), comment=b"*/=alert('PLANTED')/*")
    assert all(b"PLANTED" not in one.content for one in decoder.decode(commented))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_frame_is_kept(decoder: Decoder, kind: str) -> None:
    for one in decoder.decode(moving_pictures()[kind], "emblem"):
        made_anew(one.content)
        with Image.open(io.BytesIO(one.content)) as image:
            red, _, blue = image.convert("RGB").resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
            assert red < 30
            assert blue > 220


def test_a_gigabyte_is_never_taken_in() -> None:
    """Whoever reads an upload reads one byte more than allowed, and the child does not even start."""
    unused = Decoder()
    with pytest.raises(Refusal, match="8 MB"):
        unused.decode(bytes(BYTES_MAX + 1))
    assert unused._child is None
    source = Path(__file__).parents[2] / "app" / "frame" / "uploads.py"
    assert re.findall(r"\.read\(([^)]*)\)", source.read_text()) == ["BYTES_MAX + 1", "bytes_max + 1"]


@pytest.mark.parametrize("count", [300, pytest.param(24_000, marks=pytest.mark.full)])
def test_mutated_pictures_are_refused_or_made_anew(decoder: Decoder, count: int) -> None:
    """Bytes changed, cut out, doubled and cut off; the child may be killed for its time, and never falls."""
    chance = random.Random(20261122)
    seeds = [a_picture(kind, (160, 120), mode) for kind, mode in KINDS]
    said: dict[str, int] = {}
    for number in range(count):
        content = mutated(bytearray(seeds[number % len(seeds)]), chance)
        purpose: Purpose = "emblem" if number % 2 else "photograph"
        answer = outcome(decoder, content, purpose)
        said[answer] = said.get(answer, 0) + 1
        alive(decoder)
    assert min(said["made"], said["picture_broken"]) > count / 20


def mutated(content: bytearray, chance: random.Random) -> bytes:
    """The picture with a few wounds."""
    for _ in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(content)), chance.randint(1, 40)
        what = chance.random()
        if what < 0.6:
            content[at] = chance.randrange(256)
        elif what < 0.75:
            del content[at : at + length]
        elif what < 0.9:
            content[at:at] = content[at : at + length]
        else:
            content[at : at + 4] = b"\xff\xff\xff\xff"
        if len(content) < 2:
            break
    return bytes(content)


# --- emblems --------------------------------------------------------------------------------------------------


def test_an_emblem_loses_its_clear_margins(decoder: Decoder) -> None:
    large, small = decoder.decode(a_mark((900, 700), (100, 50, 700, 350)), "emblem")
    assert [(one.width, one.height) for one in (large, small)] == [(512, 256), (320, 160)]
    with Image.open(io.BytesIO(large.content)) as image:
        assert image.convert("RGBA").getchannel("A").getextrema()[0] == 255


def test_a_photograph_keeps_its_size(decoder: Decoder) -> None:
    made = decoder.decode(a_mark((900, 700), (100, 50, 700, 350)))
    assert (made[0].width, made[0].height) == (900, 700)


@pytest.mark.parametrize(
    "content",
    [a_picture(size=(95, 60)), a_mark((400, 400), (100, 100, 150, 150)), a_mark((400, 400), (0, 0, 0, 0))],
    ids=["few pixels", "few pixels in a clear ground", "nothing in a clear ground"],
)
def test_an_emblem_too_small_to_be_crisp_is_refused(decoder: Decoder, content: bytes) -> None:
    with pytest.raises(Refusal, match="96 pixels or more"):
        decoder.decode(content, "emblem")
