"""Decoding under guard: a picture goes to a child process that can be killed, and comes back as WebP or not at all."""

from __future__ import annotations

import struct
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from facts.language import N_
from facts.refusals import Refusal

BYTES_MAX = 8 * 2**20
SECONDS_MAX = 10.0
WAIT_SECONDS_MAX = 30.0
PICTURES_PER_CHILD_MAX = 200  # a decoder that leaks does not leak for long
SIZES = 2
EMBLEM_SIDE_MIN = 96  # as in child.py
Purpose = Literal["photograph", "emblem"]
CHILD = Path(__file__).with_name("child.py")

_REASONS = {
    b"b": ("picture_broken", N_("This picture cannot be read. Is it whole?")),
    b"l": ("picture_too_large", N_("This picture has too many pixels.")),
    b"f": ("picture_format", N_("Only PNG, JPEG and WebP pictures can be used.")),
    b"v": (
        "picture_svg",
        N_(
            "An SVG can carry programs, so it is not taken. Save the picture as PNG or WebP, "
            "512 pixels wide or more."
        ),
    ),
    b"s": (
        "picture_too_small",
        N_("This emblem is too small to stay crisp: its longer side needs {side} pixels or more."),
    ),
}


@dataclass(frozen=True, slots=True)
class Made:
    """A picture as we keep it: WebP without metadata."""

    width: int
    height: int
    content: bytes


class Decoder:
    """One child process, started at the first picture, and started anew when it had to be killed."""

    def __init__(self, seconds_max: float = SECONDS_MAX) -> None:
        self.seconds_max = seconds_max
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._done = 0

    def decode(self, content: bytes, purpose: Purpose = "photograph") -> list[Made]:
        """The picture in our sizes, the large one first. Refuses what is no picture, or too much of one.

        An emblem loses its clear margins, and is refused when it is too small to be drawn crisp.
        """
        if len(content) > BYTES_MAX:
            raise too_heavy()
        if not self._lock.acquire(timeout=WAIT_SECONDS_MAX):
            raise Refusal(
                "pictures_busy", N_("Many pictures are being worked on. Please try again."), status=503
            )
        try:
            return self._ask(content, purpose[:1].encode())
        finally:
            self._lock.release()

    def _ask(self, content: bytes, purpose: bytes) -> list[Made]:
        child = self._ready()
        assert child.stdin is not None
        killer = threading.Timer(self.seconds_max, child.kill)
        killer.start()
        try:
            child.stdin.write(purpose + struct.pack(">I", len(content)))
            child.stdin.write(content)
            child.stdin.flush()
            status = self._read(child, 1)
            if status in _REASONS:
                code, sentence = _REASONS[status]
                raise Refusal(code, sentence, path="picture", side=EMBLEM_SIDE_MIN)
            return [self._made(child) for _ in range(SIZES)]
        except (BrokenPipeError, EOFError):
            self._end(child)
            code, sentence = _REASONS[b"b"]
            raise Refusal(code, sentence, path="picture") from None
        finally:
            killer.cancel()

    def _made(self, child: subprocess.Popen[bytes]) -> Made:
        width, height, length = struct.unpack(">III", self._read(child, 12))
        return Made(width, height, self._read(child, length))

    @staticmethod
    def _read(child: subprocess.Popen[bytes], count: int) -> bytes:
        assert child.stdout is not None
        found = child.stdout.read(count)
        if len(found) < count:
            raise EOFError
        return found

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._child and (self._child.poll() is not None or self._done >= PICTURES_PER_CHILD_MAX):
            self._end(self._child)
        if self._child is None:
            self._child = subprocess.Popen(  # noqa: S603 - our own file, no shell, nothing from outside
                [sys.executable, "-I", str(CHILD)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
            )
            self._done = 0
        self._done += 1
        return self._child

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._child = None

    def close(self) -> None:
        """End the child, if there is one."""
        with self._lock:
            if self._child:
                self._end(self._child)


def too_heavy() -> Refusal:
    """What is said of a file over the limit."""
    most = BYTES_MAX // 2**20
    return Refusal(
        "picture_too_heavy",
        N_("A picture may have {most} MB at most."),
        path="picture",
        status=413,
        most=most,
    )


decoder = Decoder()
