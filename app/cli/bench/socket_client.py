"""A page's socket without a page: enough of WebSocket, Engine.IO 4 and Socket.IO 5 to be one of 500 open pages."""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
import struct
from time import perf_counter

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
NAMESPACE = "/_event"


class Page:
    """One open socket. `event` is set whenever the server has sent this page an event."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie
        self.event = asyncio.Event()
        self.last = 0.0
        self.events = 0
        self._joined = asyncio.Event()

    async def open(self, frames: list[str]) -> None:
        """Connect and send what a browser sends when it opens the page."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        key = base64.b64encode(os.urandom(16)).decode()
        head = (
            f"GET {NAMESPACE}/?token={secrets.token_hex(16)}&EIO=4&transport=websocket HTTP/1.1",
            f"Host: localhost:{self.port}", "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13", f"Origin: http://localhost:{self.port}", f"Cookie: {self.cookie}",
        )  # fmt: skip
        self._writer.write(("\r\n".join(head) + "\r\n\r\n").encode())
        answer = await self._reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in answer.split(b"\r\n")[0] + b" ":
            raise ValueError(f"The socket was refused: {answer.splitlines()[0].decode()}")
        self._task = asyncio.create_task(self._listen())
        join, *rest = frames
        self.send(join)
        await asyncio.wait_for(self._joined.wait(), 60)
        for frame in rest:
            self.send(frame)

    def send(self, text: str, kind: int = TEXT) -> None:
        """One frame, masked as a client must (RFC 6455, §5.3)."""
        body = text.encode()
        size = len(body)
        head = bytes([0x80 | kind])
        if size < 126:
            head += bytes([0x80 | size])
        else:
            head += bytes([0x80 | 126]) + struct.pack(">H", size)
        self._writer.write(head + b"\0\0\0\0" + body)

    async def ask(self, frame: str, seconds: float = 20.0) -> float:
        """Milliseconds from an event that is sent until the server's next event for this page."""
        self.event.clear()
        start = perf_counter()
        self.send(frame)
        await asyncio.wait_for(self.event.wait(), seconds)
        return (self.last - start) * 1000

    async def _listen(self) -> None:
        try:
            while True:
                kind, body = await self._frame()
                if kind == CLOSE:
                    return
                if kind == PING:
                    self.send("", PONG)
                elif body.startswith(b"2"):
                    self.send("3")
                elif body.startswith(b"40"):
                    self._joined.set()
                elif body.startswith(b"42"):
                    self.last = perf_counter()
                    self.events += 1
                    self.event.set()
        except (asyncio.IncompleteReadError, ConnectionError):
            return

    async def _frame(self) -> tuple[int, bytes]:
        first, second = await self._reader.readexactly(2)
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack(">H", await self._reader.readexactly(2))
        elif size == 127:
            (size,) = struct.unpack(">Q", await self._reader.readexactly(8))
        return first & 0x0F, await self._reader.readexactly(size)

    def close(self) -> None:
        """Hang up."""
        self._task.cancel()
        self._writer.close()
