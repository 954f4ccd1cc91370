"""A shop into which people move: a map of its own, a file in a line or two, and the whole database to compare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import select
from typer.testing import Result

from app import database
from app.migrations.tables import metadata
from facts.events import Fact
from members.actions.record import record
from members.import_tables import ImportBatch
from members.prove import prove
from members.tables import Identity, Member, Standing
from rewards.tables import Lot
from tests.imports.shop import open_shop, run

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SOURCE = "tea.example/orders"
HEADER = "id,mail,phone,name,born,lang,since,points,ends,more,more_ends,level,level_ends,news,news_at\n"
MAP = f"""
name = "oldshop"
source = "{SOURCE}"

[member]
id = "id"
email = "mail"
phone = "phone"
region = "GB"
name = "name"
birthday = "born"
language = "lang"
joined = "since"

[[lot]]
points = "points"
expires = "ends"

[[lot]]
points = "more"
expires = "more_ends"
promotional = true

[tier]
name = "level"
until = "level_ends"
none = ["-"]

[tier.names]
"Old Gold" = "gold"

[[consent]]
purpose = "offers"
channel = "email"
given = "news"
at = "news_at"
version = "2024-05"
text = "Send me offers."

[history]
member = "customer"
id = "number"
at = "day"
points = "change"
reason = "what"
"""
PROGRAMME = """
regulars: 1
name: Tea Shop
currency: USD
timezone: America/New_York
languages: [en, ru]
joining: {look_back_days: 100}
points:
  value: {points: 100, money: "1.00"}
  expiry: {kind: rolling, months: 12}
earning:
  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}
tiers:
  basis: points_earned
  window: {kind: calendar_year}
  levels:
    - {slug: member, name: Member, threshold: 0}
    - {slug: silver, name: Silver, threshold: 100, multiplier: 1.5}
    - {slug: gold, name: {en: Gold Leaf, ru: Золото}, threshold: 300, multiplier: 2}
rewards: []
"""
ANN = (
    "900,Ann@Example.com,020 7946 0958,Ann Bell,1990-02-28,en-GB,2021-03-04,1200,2027-05-31,300,2026-12-31,"
    "gold leaf,2027-06-30,yes,2024-06-01T10:00:00+00:00\n"
)
BEN = "901,ben@example.com,,Ben Dunn,,,,50,,,,-,,no,\n"
CEM = "902,,+44 20 7946 0991,Cem,,,,0,,,,Old Gold,,,\n"


@dataclass
class Person:
    """A member, how they stand, and their lots."""

    member: Member
    stand: Standing
    lots: list[Lot]

    @property
    def points(self) -> int:
        """The balance."""
        return self.stand.balance


@dataclass
class House:
    """The shop, on one database."""

    engine: Engine
    url: str
    folder: Path

    def run(self, *words: str, now: datetime = NOW) -> Result:
        """A command, as if it were `now`."""
        return run(self.url, now, *words)

    def move(self, text: str, *more: str, map_: str = MAP, now: datetime = NOW) -> Result:
        """Import a file of people."""
        path = self.folder / "people.csv"
        path.write_text(text, encoding="utf-8", newline="")
        (self.folder / "map.toml").write_text(map_)
        return self.run(
            "import", "members", str(path), "--map", str(self.folder / "map.toml"), *more, now=now
        )

    def person(self, key: str) -> Person:
        """Whoever is found by an identity key."""
        with database.reading(self.engine) as session:
            member = session.get_one(Member, session.get_one(Identity, key).member_id)
            stand = session.get_one(Standing, member.member_id)
            query = select(Lot).where(Lot.member_id == member.member_id, Lot.remaining > 0)
            return Person(member, stand, sorted(session.exec(query), key=lambda lot: lot.cause))

    def found_by(self) -> set[str]:
        """All identity keys there are."""
        with database.reading(self.engine) as session:
            return set(session.exec(select(Identity.key)))

    def batches(self) -> list[ImportBatch]:
        """All batches."""
        with database.reading(self.engine) as session:
            return list(session.exec(select(ImportBatch)))

    def record(self, *facts: Fact, now: datetime = NOW) -> list[str]:
        """What became of facts of the shop."""
        with database.transaction(self.engine) as session:
            return [one.status for one in record(session, facts, now)]

    def proven(self) -> None:
        """Every law holds."""
        with database.reading(self.engine) as session:
            assert prove(session).flaws == []


def a_house(engine: Engine, url: str, folder: Path, policy: str = "", expiry: str = "rolling") -> House:
    """An open shop with nobody in it; `policy` says what becomes of points that were spent and are taken back."""
    more = f"points:\n  negative_balance: {{policy: {policy}}}\n" if policy else "points:\n"
    text = PROGRAMME.replace("kind: rolling", f"kind: {expiry}")
    open_shop(url, text.replace("points:\n", more, 1), NOW.replace(year=2020))
    return House(engine, url, folder)


def whole(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table there is."""
    with engine.connect() as connection:
        return {
            table.name: sorted(str(tuple(row)) for row in connection.execute(table.select()))
            for table in metadata().sorted_tables
        }
