"""Columns of a batch as exact values: texts, decimals and questions answered, with every bad cell noted.

Everything here is set-based: a batch of rows goes in as Arrow arrays and comes out as Arrow arrays. Numbers are
decimals with six places from the first step on, so nothing is ever added or multiplied as a float.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.cli.imports.mapping import Sum, Where, Words
from app.cli.imports.reading import Problem

EXACT = pa.decimal128(18, 6)
INTEGER = pa.decimal128(25, 6)
ZERO = pa.scalar(Decimal(0), EXACT)
TOO_BIG = 10**12
WIDE = pa.decimal256(50, 18)  # a product of three numbers is still exact
NUMBER = r"^[+-]?(\d{1,12}(\.\d{0,6}0*)?|\.\d{1,6})$"

Array = Any  # pyarrow's compute functions are untyped
Note = Callable[[Array, str, str], None]


class Batch:
    """Some rows of a file: their columns by name, their numbers in the file, and what is wrong with them."""

    def __init__(self, columns: dict[str, Array], rows: np.ndarray, decimal: str) -> None:
        self.columns = columns
        self.rows = rows
        self.decimal = decimal
        self.problems: list[Problem] = []
        self._texts: dict[str, Array] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def keep(self, mask: Array) -> Batch:
        """Only the rows where `mask` holds."""
        columns = {name: array.filter(mask) for name, array in self.columns.items()}
        kept = Batch(columns, self.rows[mask.to_numpy(zero_copy_only=False)], self.decimal)
        kept.problems = self.problems
        return kept

    def note(self, bad: Array, column: str, text: str) -> None:
        """Remember a problem for each row where `bad` holds; `{}` in the text is the cell."""
        for index in np.flatnonzero(bad.to_numpy(zero_copy_only=False)):
            cell = self.text(column)[int(index)].as_py() if "{}" in text else ""
            self.problems.append(Problem(int(self.rows[index]), column, text.format(cell)))

    def text(self, column: str) -> Array:
        """A column as trimmed text; null where the cell is empty. 17850.0 reads as 17850."""
        if column not in self._texts:
            self._texts[column] = as_text(self.columns[column])
        return self._texts[column]

    def needed(self, column: str, longest: int = 200) -> Array:
        """A column as text that every row must have."""
        text = self.text(column)
        self.note(text.is_null(), column, "the cell is empty")
        self.note(
            pc.fill_null(pc.greater(pc.utf8_length(text), longest), False),
            column,
            f"“{{}}” is longer than {longest}",
        )
        return text

    def words(self, cell: Words) -> Array:
        """The text that a cell of the map describes; null where there is none."""
        if cell.value:
            return pa.repeat(pa.scalar(cell.value), len(self))
        text = self.text(cell.column)
        if cell.case != "as is":
            text = {"sentence": pc.utf8_capitalize, "upper": pc.utf8_upper, "lower": pc.utf8_lower}[
                cell.case
            ](text)
        if cell.prefix:
            text = pc.binary_join_element_wise(cell.prefix, text, "")
        return pc.utf8_slice_codeunits(text, 0, 200)

    def number(self, column: str, *, needed: bool) -> Array:
        """A column as decimals; an empty cell is a problem when `needed`, else zero."""
        array = self.columns[column]
        if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
            array = (
                self.text(column)
                if self.decimal == "."
                else pc.replace_substring(self.text(column), self.decimal, ".")
            )
            fine = pc.fill_null(pc.match_substring_regex(array, NUMBER), True)
            numbers = pc.if_else(fine, array, "0").cast(EXACT)
        elif pa.types.is_integer(array.type) or pa.types.is_floating(array.type):
            fine = pc.fill_null(pc.and_(pc.less(array, TOO_BIG), pc.greater(array, -TOO_BIG)), True)
            numbers = pc.if_else(fine, array, pa.scalar(0).cast(array.type))
            numbers = (numbers.cast(INTEGER) if pa.types.is_integer(array.type) else numbers).cast(EXACT)
        elif pa.types.is_decimal(array.type):
            fine = pc.fill_null(pc.equal(pc.round(array, ndigits=6), array), True)
            numbers = array.cast(EXACT, safe=False)
        else:
            fine, numbers = pc.is_null(array), pa.nulls(len(self), EXACT)
        self.note(pc.invert(fine), column, "“{}” is not a number of at most 12 digits and 6 decimals")
        if needed:
            self.note(numbers.is_null(), column, "the cell is empty")
        return pc.fill_null(numbers, ZERO)

    def total(self, calculation: Sum, digits: int, *, needed: bool) -> Array:
        """What a calculation gives for each row, rounded half up to `digits` places.

        When it is `needed`, so are the cells of its first term; what is added or taken off after it may be empty.
        """
        total: Array = None
        for place, term in enumerate(calculation.terms):
            value: Array = None
            for factor in term.factors:
                if factor.column:
                    read = self.number(factor.column, needed=needed and not place)
                else:
                    read = pa.repeat(pa.scalar(Decimal(factor.number), EXACT), len(self))
                value = read if value is None else pc.multiply(value, read).cast(WIDE, safe=False)
            if term.sign < 0:
                value = pc.negate(value)
            total = (
                value if total is None else pc.add(total.cast(WIDE), value.cast(WIDE)).cast(WIDE, safe=False)
            )
        rounded = pc.round(total, ndigits=digits, round_mode="half_towards_infinity")
        return rounded.cast(pa.decimal128(38, digits), safe=False)

    def answer(self, where: Where) -> Array:
        """True for the rows where everything holds that `where` asks."""
        text = self.text(where.column)
        holds = pa.repeat(pa.scalar(True), len(self))
        if where.empty is not None:
            holds = pc.and_(holds, text.is_null() if where.empty else text.is_valid())
        if where.equals is not None:
            holds = pc.and_(holds, pc.fill_null(pc.equal(text, where.equals), False))
        if where.starts_with is not None:
            holds = pc.and_(holds, pc.fill_null(pc.starts_with(text, where.starts_with), False))
        if where.below is not None or where.above is not None:
            number = self.number(where.column, needed=False).cast(pa.float64())
            if where.below is not None:
                holds = pc.and_(holds, pc.less(number, where.below))
            if where.above is not None:
                holds = pc.and_(holds, pc.greater(number, where.above))
        return holds


def as_text(array: Array) -> Array:
    """Any column as trimmed text, with null for nothing."""
    if isinstance(array, pa.DictionaryArray):
        array = array.dictionary_decode()
    kind = array.type
    if pa.types.is_floating(kind):
        whole = pc.fill_null(pc.equal(pc.floor(array), array), True)
        if bool(pc.all(whole).as_py() in (True, None)) and bool(
            pc.all(pc.is_finite(array)).as_py() in (True, None)
        ):
            array = array.cast(pa.int64())
        elif array.null_count < len(array):
            parts = pc.if_else(whole, array, None)
            finite = pc.if_else(pc.is_finite(parts), parts, None)
            array = pc.coalesce(finite.cast(pa.int64()).cast(pa.string()), array.cast(pa.string()))
    text = array if array.type == pa.string() else array.cast(pa.string())
    text = pc.utf8_trim_whitespace(text)
    return pc.if_else(pc.equal(text, ""), None, text)


def plain(numbers: Array) -> list[str]:
    """Decimals as texts without needless places: 2.500000 is "2.5", 3.000000 is "3"."""
    text = pc.utf8_rtrim(numbers.cast(pa.string()), "0")
    return pc.utf8_rtrim(text, ".").to_pylist()
