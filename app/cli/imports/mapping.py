"""What the columns of a shop's file mean: the mapping file, read from TOML and checked before any row is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from facts.refusals import Refusal

Shape = TypeVar("Shape", bound=BaseModel)
MAPS = Path(__file__).parent / "maps"
_TOKEN = re.compile(
    r"\s*(?:\[(?P<quoted>[^\]]+)\]|(?P<number>\d+(?:\.\d+)?)(?![\w.])|(?P<name>[^\W\d]\w*)|(?P<sign>[*+-]))"
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Factor(_Strict):
    """One factor of a product: a column, or a plain number."""

    column: str = ""
    number: str = ""


class Term(_Strict):
    """A product of factors, added or taken away."""

    sign: Literal[1, -1]
    factors: tuple[Factor, ...]


class Sum(_Strict):
    """A calculation over the columns of one row, such as `price * quantity - discount`.

    A text that is no calculation names one column as it stands, spaces and all; inside a calculation a
    name with spaces goes in square brackets: `[Unit price] * Quantity`.
    """

    text: str
    terms: tuple[Term, ...]

    @property
    def columns(self) -> list[str]:
        """The columns that are read."""
        return [factor.column for term in self.terms for factor in term.factors if factor.column]


def sum_of(text: object) -> object:
    """The calculation written in `text`; anything that is not a text is left to pydantic to refuse."""
    if not isinstance(text, str) or not text.strip():
        return text
    if not re.search(r"[*+\[]|\s-\s", text):
        return Sum(text=text, terms=(Term(sign=1, factors=(Factor(column=text),)),))
    terms: list[Term] = []
    factors: list[Factor] = []
    sign: Literal[1, -1] = 1
    at, wants_value = 0, True
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if not found or wants_value == bool(found["sign"]):
            raise ValueError(f"is no calculation: it stops making sense at “{text[at:].strip()}”")
        at = found.end()
        if found["sign"] in ("+", "-"):
            terms.append(Term(sign=sign, factors=tuple(factors)))
            factors, sign = [], 1 if found["sign"] == "+" else -1
        elif not found["sign"]:
            factors.append(
                Factor(column=found["quoted"] or found["name"] or "", number=found["number"] or "")
            )
        wants_value = bool(found["sign"])
    if wants_value:
        raise ValueError("is no calculation: something is missing at its end")
    return Sum(text=text, terms=(*terms, Term(sign=sign, factors=tuple(factors))))


Calculation = Annotated[Sum, BeforeValidator(sum_of)]


class Words(_Strict):
    """Where a text comes from: a column with something before it, or the same words for every row."""

    column: str = ""
    prefix: str = ""
    value: str = ""
    case: Literal["as is", "sentence", "upper", "lower"] = "as is"

    @model_validator(mode="after")
    def _one_of_two(self) -> Words:
        if bool(self.column) == bool(self.value):
            raise ValueError("needs either a column or a value")
        return self


Cell = Annotated[Words, BeforeValidator(lambda given: {"column": given} if isinstance(given, str) else given)]


class Where(_Strict):
    """A question about one column of a row; it holds when everything given here holds."""

    column: str
    equals: str | None = None
    starts_with: str | None = None
    below: float | None = None
    above: float | None = None
    empty: bool | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Where:
        if all(getattr(self, name) is None for name in ("equals", "starts_with", "below", "above", "empty")):
            raise ValueError("asks nothing: give equals, starts_with, below, above or empty")
        return self


class Skip(Where):
    """Rows to leave out: those where everything holds, unless something else does."""

    unless: Where | None = None


class OrderColumns(_Strict):
    """What is said once an order; it is read from the order's first row."""

    id: str
    time: str
    format: str = ""
    customer: str = ""
    customer_is: Literal["customer", "email", "phone", "card", "member"] = "customer"
    channel: Cell | None = None
    shipping: Calculation | None = None
    tax: Calculation | None = None
    discount: Calculation | None = None


class LineColumns(_Strict):
    """What is said for each line of an order. Without `id`, lines are numbered as they stand: 1, 2, 3."""

    id: str = ""
    sku: str
    quantity: Calculation
    amount: Calculation
    name: Cell | None = None
    brand: Cell | None = None
    category: tuple[Cell, ...] = ()
    tax: Calculation | None = None
    discount: Calculation | None = None


class Join(_Strict):
    """A second file with more columns, beside the first one: what is known of each product, for example."""

    file: str
    on: str


class Cancellation(_Strict):
    """How a row that takes goods back is known; its quantity and amount count without their sign."""

    where: Where


class Csv(_Strict):
    """How a CSV file is written."""

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: str = "utf-8"
    decimal: Literal[".", ","] = "."


def zone_name(name: str) -> str:
    """The name of a time zone, or ""; anything else is refused."""
    if name:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"“{name}” is no time zone; one is Europe/London") from None
    return name


class Map(_Strict):
    """A whole mapping file (see docs/import.md)."""

    source: Annotated[str, Field(min_length=1, max_length=200)]
    type: Literal["order.paid", "order.placed"] = "order.paid"
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""
    currency_column: str = ""
    zone: Annotated[str, AfterValidator(zone_name)] = ""
    csv: Csv = Csv()
    order: OrderColumns
    line: LineColumns
    join: tuple[Join, ...] = ()
    skip: tuple[Skip, ...] = ()
    cancellation: Cancellation | None = None

    @model_validator(mode="after")
    def _one_currency(self) -> Map:
        if bool(self.currency) == bool(self.currency_column):
            raise ValueError("give either currency, such as USD, or currency_column")
        return self

    def columns(self) -> list[str]:
        """Every column that the map reads, each once."""
        order, line = self.order, self.line
        names = [order.id, order.time, order.customer, self.currency_column, line.id, line.sku]
        names += [cell.column for cell in (order.channel, line.name, line.brand, *line.category) if cell]
        sums = (
            order.shipping,
            order.tax,
            order.discount,
            line.quantity,
            line.amount,
            line.tax,
            line.discount,
        )
        names += [name for calculation in sums if calculation for name in calculation.columns]
        names += [where.column for skip in self.skip for where in (skip, skip.unless) if where] + [
            join.on for join in self.join
        ]
        names += [self.cancellation.where.column] if self.cancellation else []
        return list(dict.fromkeys(name for name in names if name))


def read_map(path: Path) -> Map:
    """The map in the TOML file at `path`, or a ready one by its name. Refuses with the place and what is wrong."""
    return read_as(Map, path, MAPS)


def read_as(shape: type[Shape], path: Path, ready: Path) -> Shape:
    """The TOML file at `path`, or one of the folder `ready` by its name, as a shape."""
    named = ready / f"{path}.toml"
    if not path.exists() and path.name == str(path) and named.exists():
        path = named
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = ", ".join(sorted(found.stem for found in ready.glob("*.toml")))
        raise Refusal(
            "map_missing", "There is no map “{file}”. Ready ones are: {known}.", file=str(path), known=known
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal(
            "map_malformed", "{file} is not TOML: {problem}.", file=path.name, problem=str(error)
        ) from None
    try:
        return shape.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the map as a whole"
        problem = first["msg"].removeprefix("Value error, ")
        raise Refusal(
            "map_malformed", "{file}, {place}: {problem}.", file=path.name, place=place, problem=problem
        ) from None
