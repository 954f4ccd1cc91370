"""A small HTTP/1.1 client that costs little itself: one connection, one request at a time."""

from __future__ import annotations

import asyncio


class Line:
    """A connection that is kept open."""

    def __init__(self, port: int, head: dict[str, str]) -> None:
        self.port = port
        self._head = "".join(f"{name}: {value}\r\n" for name, value in head.items())

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer."""
        head = f"POST {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\nContent-Length: {len(body)}\r\n{self._head}\r\n"
        self._writer.write(head.encode() + body)
        return await self._answer()

    async def get(self, path: str) -> tuple[int, bytes]:
        """The same of a page or a file."""
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\n{self._head}\r\n".encode())
        return await self._answer()

    async def _answer(self) -> tuple[int, bytes]:
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = answer.partition("content-length:")[2].partition("\r\n")[0]
        return int(answer.split(" ", 2)[1]), await self._reader.readexactly(int(length))

    def close(self) -> None:
        """Hang up."""
        self._writer.close()
