"""The demo's badges and challenges on real shopping: holders and orders as pandas computes them on its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app import database
from badges.tables import Award
from members.programme import load
from members.programme.presets import games
from rewards.tables import Entry
from tests.databases import Postgres
from tests.imports.conftest import JOURNEY, JOURNEY_NOW, filled
from tests.imports.shop import members
from tests.oracle.badges import awards, tier_awards
from tests.oracle.parameters import GROCER, GROCER_DOCUMENT
from tests.oracle.shopping import complete_journey

SOURCE = "shop.example/orders"
WON = "\nrewards: [{slug: croissant, kind: product, name: Two croissants, price: 600}]\n"
DOCUMENT = (
    GROCER_DOCUMENT.replace("currency:", "languages: [en, ru, ar]\ncurrency:", 1) + WON + games("grocery")
)
SCARCE = {"bouquet": 25}


@pytest.fixture
def played(database_kind: str, postgres: Postgres | None, journey_tenth: Path) -> Iterator[Engine]:
    """A tenth of the Complete Journey, with the demo's games."""
    yield from filled(
        database_kind, "journey_played", postgres, DOCUMENT, JOURNEY_NOW, journey_tenth, "complete_journey"
    )


@pytest.fixture
def played_full(database_kind: str, postgres: Postgres | None) -> Iterator[Engine]:
    """The whole of it."""
    path = JOURNEY / "transactions.parquet"
    yield from filled(
        database_kind, "journey_played_full", postgres, DOCUMENT, JOURNEY_NOW, path, "complete_journey"
    )


def rows(session: Session) -> list[Award]:
    found = session.exec(select(Award)).all()
    assert {row.revoked_at for row in found} == {None}
    return list(found)


def assert_as_computed(engine: Engine, lines: pd.DataFrame) -> None:
    expected = awards(lines, GROCER.zone) | tier_awards(lines, GROCER, JOURNEY_NOW)
    with database.reading(engine) as session:
        names = {member_id: name for name, member_id in members(session, SOURCE).items()}
        given, paid = rows(session), prizes_paid(session)
    found = {(names[row.member_id], row.slug, row.level, row.fact_id) for row in given}
    for slug in sorted({one[1] for one in expected | found} - set(SCARCE) - {"harvest"}):
        wanted = {one for one in expected if one[1] == slug}
        assert {one for one in found if one[1] == slug} == wanted, slug
    assert {"gold", "silver-month"} <= {one[1] for one in expected}
    moments = dict(zip(lines.order_id, lines["at"], strict=True))
    assert all(row.awarded_at == moments[row.fact_id] for row in given)
    for slug, edition in SCARCE.items():
        holders, could = {one for one in found if one[1] == slug}, {one for one in expected if one[1] == slug}
        assert holders <= could
        assert len(holders) == min(edition, len(could))
    numbers = sorted(row.edition for row in given if row.slug == "bouquet")
    assert numbers == list(range(1, len(numbers) + 1))
    assert_prizes(given, paid)
    _harvest_stops_with_its_budget(found, expected)


def prizes_paid(session: Session) -> dict[str, int]:
    """Points by slug, from the ledger."""
    found: dict[str, int] = {}
    for entry in session.exec(select(Entry).where(Entry.kind == "earned")):
        if entry.cause.startswith("prize|"):
            slug = entry.cause.split("|")[3].split(":")[1]
            found[slug] = found.get(slug, 0) + entry.amount
    return found


PROGRAMME = load(DOCUMENT)
GAMES = {game.slug: game for game in [*PROGRAMME.badges, *PROGRAMME.challenges]}


def assert_prizes(given: list[Award], paid: dict[str, int]) -> None:
    """Each award is paid once, and nothing else is."""
    owed: dict[str, int] = {}
    for row in given:
        prize = GAMES[row.slug].prize(row.level)
        if prize and prize.points:
            owed[row.slug] = owed.get(row.slug, 0) + prize.points
    assert paid == owed


def _harvest_stops_with_its_budget(
    found: set[tuple[str, str, int, str]], expected: set[tuple[str, str, int, str]]
) -> None:
    given = {one for one in found if one[1] == "harvest"}
    could = {one for one in expected if one[1] == "harvest"}
    assert given <= could
    assert len(given) == min(20_000 // 100, len(could))


@pytest.mark.feature(58)
@pytest.mark.feature(69)
def test_badges_of_the_complete_journey_as_computed_independently(
    played: Engine, journey_tenth: Path
) -> None:
    lines = complete_journey(journey_tenth.parent, GROCER.zone)
    assert_as_computed(played, lines)


@pytest.mark.full
def test_badges_of_the_whole_complete_journey(played_full: Engine) -> None:
    lines = complete_journey(JOURNEY, GROCER.zone)
    assert_as_computed(played_full, lines)
