"""Pictures to upload: honest ones, and those that were made to do harm."""

from __future__ import annotations

import gzip
import io
import struct
import zlib

from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00"


def a_picture(
    kind: str = "PNG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **more: object
) -> bytes:
    """Noise, in any kind and mode."""
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


def a_mark(
    size: tuple[int, int] = (600, 400), box: tuple[int, int, int, int] = (200, 100, 400, 300)
) -> bytes:
    """A red block on a clear ground, as PNG."""
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    image.paste((200, 30, 30, 255), box)
    into = io.BytesIO()
    image.save(into, "PNG")
    return into.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def a_png_that_says(width: int, height: int) -> bytes:
    """A PNG whose header promises a size, with hardly any data."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


def a_png_with(*chunks: bytes) -> bytes:
    """A good PNG with chunks of another's making after its header."""
    good = a_picture()
    return good[:33] + b"".join(chunks) + good[33:]


def a_webp_that_says(width: int, height: int) -> bytes:
    """A WebP (VP8X) whose canvas promises a size."""
    body = b"VP8X" + struct.pack("<I", 10) + b"\x10\0\0\0"
    body += struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def a_jpeg_that_says(width: int, height: int) -> bytes:
    """A JPEG whose frame header promises a size."""
    good = bytearray(a_picture("JPEG"))
    frame = good.index(b"\xff\xc0")
    good[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(good)


def moving_pictures() -> dict[str, bytes]:
    """Animations with many frames, as PNG and WebP."""
    frames = [Image.new("RGB", (120, 120), (shade, 0, 255 - shade)) for shade in range(0, 256, 4)]
    found: dict[str, bytes] = {}
    for kind in ("PNG", "WEBP"):
        into = io.BytesIO()
        frames[0].save(into, kind, save_all=True, append_images=frames[1:])
        found[kind] = into.getvalue()
    return found


BOMB = zlib.compress(b"\0" * 100_000_000, 6)  # 100 MB of text in 100 kB
HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "one byte": b"\x89",
    "svg": SVG,
    "svg in xml": b'<?xml version="1.0"?>\n<!DOCTYPE svg [<!ENTITY a "a">]>\n' + SVG,
    "svg in a namespace": b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>',
    "svg, packed": gzip.compress(SVG),
    "gif": GIF,
    "pdf": b"%PDF-1.7",
    "html": b"<html><img src=x onerror=alert(1)></html>",
    "zip": b"PK\x03\x04" + b"\0" * 100,
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "half a png": a_picture()[:300],
    "png of 50,000 x 50,000": a_png_that_says(50_000, 50_000),
    "png of 2^31 x 2^31": a_png_that_says(2**31 - 1, 2**31 - 1),
    "png of 0 x 0": a_png_that_says(0, 0),
    "png of one long line": a_png_that_says(1, 60_000),
    "jpeg of 65,000 x 65,000": a_jpeg_that_says(65_000, 65_000),
    "webp of 16,384 x 16,384": a_webp_that_says(16_384, 16_384),
    "png with a text bomb": a_png_with(chunk(b"zTXt", b"a\0\0" + BOMB)),
    "png with a profile bomb": a_png_with(chunk(b"iCCP", b"a\0\0" + BOMB)),
    "png with an international bomb": a_png_with(chunk(b"iTXt", b"a\0\1\0\0\0" + BOMB)),
    "png with a chunk too long": a_png_with(struct.pack(">I", 2**31 - 1) + b"tEXt"),
    "png with many chunks": a_png_with(*[chunk(b"tEXt", b"a\0b")] * 20_000),
    "png of noise after its header": b"\x89PNG\r\n\x1a\n" + b"\xff" * 100,
    "webp without its picture": b"RIFF\x10\0\0\0WEBPVP8 \4\0\0\0\0\0\0\0",
    "jpeg of markers": b"\xff\xd8" + b"\xff\xe1\x00\x02" * 100_000,
}
