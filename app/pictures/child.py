"""The process that decodes: it reads pictures from its standard input and answers with WebP, or with a reason.

It runs alone, with no other module of this programme, no network and no files to write, so that a picture made
to break a decoder breaks only this. Each message is a length (4 bytes, big-endian) and so many bytes.
"""

from __future__ import annotations

import io
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
MEMORY_MAX = 700 * 2**20  # of addresses, libraries included

OK, BROKEN, TOO_LARGE, OTHER_FORMAT = b"o", b"b", b"l", b"f"


def main() -> None:
    """Answer one picture after the other until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = JPEG_PIXELS_MAX
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while (content := _message(source)) is not None:
        status, made = _answer(content)
        target.write(status)
        if status == OK:
            for width, height, webp in made:
                target.write(struct.pack(">III", width, height, len(webp)) + webp)
        target.flush()


def _message(source: BinaryIO) -> bytes | None:
    head = source.read(4)
    return source.read(struct.unpack(">I", head)[0]) if len(head) == 4 else None


def _answer(content: bytes) -> tuple[bytes, list[tuple[int, int, bytes]]]:
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            limit = JPEG_PIXELS_MAX if image.format == "JPEG" else PIXELS_MAX
            if image.width * image.height > limit or max(image.size) > SIDE_MAX:
                return TOO_LARGE, []
            return OK, _encoded(image)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        return TOO_LARGE, []
    except Image.UnidentifiedImageError:
        return OTHER_FORMAT, []
    except Exception:  # noqa: BLE001 - a decoder raises whatever it likes; none of it is ours to understand
        return BROKEN, []


def _encoded(image: Image.Image) -> list[tuple[int, int, bytes]]:
    """The picture upright, in the sizes we use, with nothing in it but its pixels."""
    image.draft("RGB", (SIDES[0], SIDES[0]))
    orientation = image.getexif().get(0x0112)
    clear = "A" in image.getbands() or "transparency" in image.info
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if clear else "RGB")
    image = _reduced(image)
    made: list[tuple[int, int, bytes]] = []
    for side in SIDES:
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        bare = Image.new(image.mode, image.size)
        bare.paste(image)
        upright = _turned(bare, orientation)
        into = io.BytesIO()
        upright.save(into, "WEBP", quality=QUALITY, method=4)
        made.append((upright.width, upright.height, into.getvalue()))
    return made


def _reduced(image: Image.Image) -> Image.Image:
    """A whole fraction of a large picture, made strip by strip: resizing it as a whole would copy it whole."""
    factor = int(max(image.size) / (SIDES[0] * GAP))
    if factor < 2:
        return image
    width, height = image.size
    small = Image.new(image.mode, (-(-width // factor), -(-height // factor)))
    for top in range(0, height, factor * STRIP):
        strip = image.crop((0, top, width, min(height, top + factor * STRIP))).reduce(factor)
        small.paste(strip, (0, top // factor))
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
