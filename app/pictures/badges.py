"""Badges as files: drawn in a worker thread when first asked for, and kept in memory for the next ones."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict

from PIL import Image

from app import database, settings
from app.pictures import store
from badges.art.address import Drawing, Format
from badges.art.render import render
from badges.artwork import Artwork

KEPT_BYTES_MAX = 24 * 2**20
TINY_MAX = 96  # pixels, up to which a few colours without loss look better than many with it, and weigh half
FLAT_MAX = 192  # pixels, up to which the same holds when the edge is softened by itself
COLOURS, STEPS = 64, 7  # of a flat picture, and of its edge from nothing to all


class Kept:
    """The files that were asked for last, up to so many bytes."""

    def __init__(self, bytes_max: int = KEPT_BYTES_MAX) -> None:
        self.bytes_max = bytes_max
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, name: str) -> bytes | None:
        """The file of a name, if it is still there."""
        with self._lock:
            found = self._files.get(name)
            if found is not None:
                self._files.move_to_end(name)
            return found

    def put(self, name: str, content: bytes) -> None:
        """Keep a file; those that were not asked for longest make room."""
        with self._lock:
            self._size += len(content) - len(self._files.pop(name, b""))
            self._files[name] = content
            while self._size > self.bytes_max and self._files:
                self._size -= len(self._files.popitem(last=False)[1])


kept = Kept()


def file(drawing: Drawing) -> bytes | None:
    """The picture of a badge; None when its uploaded emblem is not there. Blocks: for a worker thread."""
    name = drawing.address
    found = kept.get(name)
    if found is None:
        emblem = None
        if drawing.artwork and drawing.artwork.uploaded and drawing.state != "secret":
            emblem = uploaded(drawing.artwork)
            if emblem is None:
                return None
        found = encode(draw(drawing, emblem), drawing.format, flat=emblem is None)
        kept.put(name, found)
    return found


def draw(drawing: Drawing, emblem: Image.Image | None) -> Image.Image:
    """The pixels of a drawing."""
    return render(
        drawing.artwork or Artwork(),
        drawing.size,
        emblem=emblem,
        edition=drawing.edition,
        level=drawing.level,
        state=drawing.state,
        digits=drawing.digits,
    )


def uploaded(artwork: Artwork) -> Image.Image | None:
    """The uploaded emblem of an artwork: a file that we made ourselves."""
    with database.reading(database.shared(settings.current().database_url)) as session:
        content = store.content_of(session, artwork.uploaded)
    return opened(content) if content else None


def opened(content: bytes) -> Image.Image:
    """An uploaded picture, as we made it ourselves."""
    image = Image.open(io.BytesIO(content), formats=("WEBP",))
    image.load()
    return image


def encode(image: Image.Image, kind: Format, *, flat: bool) -> bytes:
    """The file of a picture. A flat one has no photograph in it."""
    into = io.BytesIO()
    if kind == "png":
        image.save(into, "PNG")
    elif flat and max(image.size) <= TINY_MAX:
        few = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.convert("RGBA").save(into, "WEBP", lossless=True, method=4)
    elif flat and max(image.size) <= FLAT_MAX:
        _plainer(image).save(into, "WEBP", lossless=True, method=4)
    else:
        image.save(into, "WEBP", quality=90, method=4)
    return into.getvalue()


def _plainer(image: Image.Image) -> Image.Image:
    """The same in few colours, chosen without regard to the edge, and with nothing where nothing is seen."""
    edge = image.getchannel("A").point([round(value * STEPS / 255) * 255 // STEPS for value in range(256)])
    colours = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).convert("RGBA")
    colours.putalpha(edge)
    plain = Image.new("RGBA", image.size)
    plain.paste(colours, mask=edge.point([0] + [255] * 255))
    return plain
