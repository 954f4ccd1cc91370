"""P15: photographs decoded under guard, badges and share cards drawn, beside a plain script that does the same.

The other half of the figure is how long the event loop stands still meanwhile: it ticks every millisecond while
worker threads make all of these pictures, and the longest pause between two ticks counts (the median of rounds).
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter

from PIL import Image, ImageFilter

from app.cli.bench import bare_images as bare
from app.cli.bench.figures import Measured
from app.cli.bench.place import Bench
from app.cli.bench.rounds import by_turns, others
from app.pictures.badges import draw, encode
from app.pictures.decode import Decoder
from app.pictures.routes import in_turn
from app.pictures.share import ShareCard, share_image
from badges.art.address import Drawing
from badges.art.fonts import FOLDER
from badges.art.version import SIZES
from badges.artwork import Artwork

HEART = Artwork(shape="hexagon", emblem="heart", colour="legendary")
CARD = ShareCard(HEART, "الخضار أولًا", "مارلو وأبناؤه", "ar", "ليلى", "في ١٤ مارس ٢٠٢٦", "واحد من ٩٠")
NAMES = ("ours", "bare")
TICK_SECONDS = 0.001
Work = Callable[[], object]


def measure(bench: Bench) -> dict[str, Measured]:
    """Seconds of ours ÷ seconds of the script's, and the longest stall."""
    decoder = Decoder()
    try:
        photographs = _photographs()
        ours, theirs = _ours(decoder, photographs), _theirs(photographs)
        for work in (*ours.values(), *theirs.values()):
            work()
        rounds = bench.pick(9, 3)
        parts = {
            name: by_turns(rounds, partial(_seconds, ours[name]), partial(_seconds, theirs[name]), NAMES)
            for name in ours
        }
        whole = [sum(_medians(parts, side)) for side in NAMES]
        detail = {f"{name}, ratio": round(part.value, 3) for name, part in parts.items()}
        detail |= {"ours, ms": round(1000 * whole[0], 1), "bare, ms": round(1000 * whole[1], 1)}
        busy = max(part.others for part in parts.values())
        stalls = [asyncio.run(_stall(list(ours.values()))) for _ in range(bench.pick(9, 3))]
        idle = asyncio.run(_idle())
    finally:
        decoder.close()
    pauses = {
        "stalls, ms": [round(1000 * one, 1) for one in stalls],
        "without work, ms": round(1000 * idle, 1),
    }
    return {
        "P15": Measured(whole[0] / whole[1], busy, detail),
        "P15 stall": Measured(1000 * median(stalls), others(), pauses),
    }


def _medians(parts: dict[str, Measured], side: str) -> list[float]:
    return [median(part.detail[side]) for part in parts.values()]


def _photographs() -> list[bytes]:
    """As they come from a telephone, from a designer and from the web."""
    noise = Image.effect_noise((1000, 750), 60).filter(ImageFilter.GaussianBlur(3))
    large = Image.merge("RGB", (noise, noise.rotate(180), noise.transpose(Image.Transpose.FLIP_TOP_BOTTOM)))
    found: list[bytes] = []
    for kind, size in (("JPEG", (4000, 3000)), ("PNG", (1400, 1050)), ("WEBP", (1600, 1200))):
        into = io.BytesIO()
        large.resize(size, Image.Resampling.BICUBIC).save(into, kind)
        found.append(into.getvalue())
    return found


def _ours(decoder: Decoder, photographs: list[bytes]) -> dict[str, Work]:
    """What the shop does, past its caches."""
    drawings = [Drawing(HEART, size) for size in SIZES]
    return {
        "decode": lambda: [decoder.decode(one) for one in photographs],
        "badges": lambda: [encode(draw(one, None), one.format, flat=True) for one in drawings],
        "card": lambda: share_image(CARD),
    }


def _theirs(photographs: list[bytes]) -> dict[str, Work]:
    return {
        "decode": lambda: [bare.decode(one) for one in photographs],
        "badges": lambda: [bare.badge_file(size) for size in SIZES],
        "card": lambda: bare.card(FOLDER),
    }


def _seconds(work: Work) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


async def _stall(works: list[Work]) -> float:
    """The longest pause of the loop, in seconds, while all works are done as the shop does them."""
    done = asyncio.gather(*(in_turn(work) for work in works))
    longest = await _longest_pause(done.done)
    await done
    return longest


async def _idle() -> float:
    """The same without any work: what the machine itself does to a loop in a second."""
    end = perf_counter() + 1
    return await _longest_pause(lambda: perf_counter() > end)


async def _longest_pause(over: Callable[[], bool]) -> float:
    longest, last = 0.0, perf_counter()
    while not over():
        await asyncio.sleep(TICK_SECONDS)
        now = perf_counter()
        longest, last = max(longest, now - last - TICK_SECONDS), now
    return longest
