"""What several kinds of criteria have in common, to be mixed into their dataclasses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from facts.criteria.filters import Filter


class Whole:
    """Counts whole ones."""

    __slots__ = ()

    @property
    def decimals(self) -> int | None:
        """Whole ones."""
        return 0


class UpTo:
    """Is fulfilled from `at_least` on."""

    __slots__ = ()

    at_least: Any

    @property
    def target(self) -> str:
        """From where on."""
        return str(self.at_least)

    @property
    def most(self) -> int | None:
        """There is always more."""
        return None


class Where:
    """Is moved by the facts that `where` means."""

    __slots__ = ()

    where: Filter

    def filters(self) -> Iterator[Filter | str]:
        """One kind of fact."""
        yield self.where
