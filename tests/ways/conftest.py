"""A shop with its doors, over HTTP; and its post, read as whoever owns the addresses would."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from sqlmodel import col, select
from starlette.applications import Starlette

from app import database, door, limits
from app.public import coming_in, demo_post, entrances, own_addresses, own_ways
from members.way_tables import Letter
from tests.builders import PROGRAMME, in_force

WELCOME = """
  - {kind: fixed_points, slug: welcome, name: Welcome, on: member.signed_up, points: 200}
tiers:"""
SITE = "http://shop.test"
Visit = Callable[[], httpx.AsyncClient]


@pytest.fixture
def shop(house: Path) -> Iterator[Starlette]:
    """The routes of joining and signing in, of a shop with a welcome of 200 points."""
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME.replace("\ntiers:", WELCOME, 1))
    limits.forget()
    yield Starlette(
        routes=[
            *entrances.routes(),
            *coming_in.routes(),
            *demo_post.routes(),
            *own_ways.routes(),
            *own_addresses.routes(),
        ]
    )
    limits.forget()


@pytest.fixture
def visit(shop: Starlette) -> Visit:
    """A new browser."""
    return lambda: httpx.AsyncClient(transport=httpx.ASGITransport(shop), base_url=SITE)


def posted(address: str = "") -> list[Letter]:
    """The letters, the newest first."""
    with database.reading(door.engine()) as session:
        query = select(Letter).order_by(col(Letter.created_at).desc(), col(Letter.letter_id).desc())
        return [one for one in session.exec(query).all() if address in one.address]


def newest_code(address: str = "") -> str:
    """The code in the newest letter."""
    return re.findall(r"\b\d{6}\b", posted(address)[0].text)[0]


def newest_link(address: str = "") -> str:
    """The path of the one-time link in the newest letter."""
    return re.findall(r"https?://[^/\s]+(/\S+)", posted(address)[0].text)[0]
