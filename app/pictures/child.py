"""The process that decodes: it reads pictures from its standard input and answers with WebP, or with a reason.

It runs alone, with no other module of this programme, no network and no files to write, so that a picture made
to break a decoder breaks only this. Each message is its purpose (1 byte: `p` for a photograph, `e` for an emblem),
a length (4 bytes, big-endian) and so many bytes.
"""

from __future__ import annotations

import io
import re
import resource
import struct
import sys
import warnings
from typing import BinaryIO

from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP")
PIXELS_MAX = 9_000_000  # 36 MB decoded; a JPEG may have more, since it is decoded at a fraction of its size
JPEG_PIXELS_MAX = 64_000_000
SIDE_MAX = 12_000
SIDES = (960, 320)  # the longer side of what is made: for a page, and for a list
GAP = 1.5  # how much larger than needed a picture is reduced to before it is resampled well
STRIP = 64
QUALITY = 82
EMBLEM_SIDES = (512, 320)
EMBLEM_SIDE_MIN = 96  # pixels; an emblem is drawn up to half as wide as the largest badge
EMBLEM_QUALITY = 92
FAINT = 8  # of 255: what is less opaque is no part of an emblem
MEMORY_MAX = 700 * 2**20  # of addresses, libraries included

OK, BROKEN, TOO_LARGE, OTHER_FORMAT, DRAWING, TOO_SMALL = b"o", b"b", b"l", b"f", b"v", b"s"
PHOTOGRAPH, EMBLEM = b"p", b"e"
_SVG = re.compile(rb"<(?:[a-z]+:)?svg[\s>]", re.IGNORECASE)


def main() -> None:
    """Answer one picture after the other until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = JPEG_PIXELS_MAX
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while (message := _message(source)) is not None:
        status, made = _answer(*message)
        target.write(status)
        if status == OK:
            for width, height, webp in made:
                target.write(struct.pack(">III", width, height, len(webp)) + webp)
        target.flush()


def _message(source: BinaryIO) -> tuple[bytes, bytes] | None:
    head = source.read(5)
    return (head[:1], source.read(struct.unpack(">I", head[1:])[0])) if len(head) == 5 else None


def _answer(purpose: bytes, content: bytes) -> tuple[bytes, list[tuple[int, int, bytes]]]:
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            limit = JPEG_PIXELS_MAX if image.format == "JPEG" else PIXELS_MAX
            if image.width * image.height > limit or max(image.size) > SIDE_MAX:
                return TOO_LARGE, []
            return _made(image, purpose)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        return TOO_LARGE, []
    except Image.UnidentifiedImageError:
        return DRAWING if _SVG.search(content[:4096]) else OTHER_FORMAT, []
    except Exception:  # noqa: BLE001 - a decoder raises whatever it likes; none of it is ours to understand
        return BROKEN, []


def _made(image: Image.Image, purpose: bytes) -> tuple[bytes, list[tuple[int, int, bytes]]]:
    """The picture upright, in the sizes we use, with nothing in it but its pixels."""
    emblem = purpose == EMBLEM
    sides, quality = (EMBLEM_SIDES, EMBLEM_QUALITY) if emblem else (SIDES, QUALITY)
    image.draft("RGB", (sides[0], sides[0]))
    orientation = image.getexif().get(0x0112)
    clear = "A" in image.getbands() or "transparency" in image.info
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if clear else "RGB")
    box = _marked(image) if emblem else (0, 0, *image.size)
    if emblem and max(box[2] - box[0], box[3] - box[1]) < EMBLEM_SIDE_MIN:
        return TOO_SMALL, []
    image = _reduced(image, box, sides[0])
    made: list[tuple[int, int, bytes]] = []
    for side in sides:
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        bare = Image.new(image.mode, image.size)
        bare.paste(image)
        upright = _turned(bare, orientation)
        into = io.BytesIO()
        upright.save(into, "WEBP", quality=quality, method=4)
        made.append((upright.width, upright.height, into.getvalue()))
    return OK, made


Box = tuple[int, int, int, int]


def _marked(image: Image.Image) -> Box:
    """An emblem without the clear margins that would make it small on its badge."""
    width, height = image.size
    if image.mode != "RGBA":
        return (0, 0, width, height)
    seen = [255 * (step > FAINT) for step in range(256)]
    left, top, right, foot = width, height, 0, 0
    for start in range(0, height, STRIP):
        strip = image.crop((0, start, width, min(height, start + STRIP)))
        found = strip.getchannel("A").point(seen).getbbox()
        if found:
            left, right = min(left, found[0]), max(right, found[2])
            top, foot = min(top, start + found[1]), start + found[3]
    return (left, top, max(left, right), max(top, foot))


def _reduced(image: Image.Image, box: Box, side: int) -> Image.Image:
    """A whole fraction of a large picture, made strip by strip: resizing it as a whole would copy it whole."""
    width, height = box[2] - box[0], box[3] - box[1]
    factor = int(max(width, height) / (side * GAP))
    if factor < 2:
        return image if box == (0, 0, *image.size) else image.crop(box)
    small = Image.new(image.mode, (-(-width // factor), -(-height // factor)))
    for top in range(0, height, factor * STRIP):
        part = (box[0], box[1] + top, box[2], min(box[3], box[1] + top + factor * STRIP))
        small.paste(image.crop(part).reduce(factor), (0, top // factor))
    image.close()  # its pixels are not needed any more, and what follows needs room
    return small


def _turned(image: Image.Image, orientation: int | None) -> Image.Image:
    """As the camera was held."""
    if orientation not in range(2, 9):
        return image
    image.getexif()[0x0112] = orientation
    turned = ImageOps.exif_transpose(image)
    turned.info.clear()
    return turned


if __name__ == "__main__":
    main()
