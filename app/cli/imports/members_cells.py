"""Cells of a file of people: numbers, days, names, addresses. What is wrong is said with what would be right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from facts.import_shapes import POINTS_MAX
from facts.language import codes
from facts.refusals import Refusal
from members import addresses
from members.actions.own import AGE_MAX, NAME_LENGTH_MAX

FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WHOLE = re.compile(r"(\d{1,12})(?:[.,]0+)?\Z")
_SIGNED = re.compile(r"([+-]?)(\d{1,12})(?:[.,]0+)?\Z")


class WrongCellError(Exception):
    """A cell that cannot be: the problem, and what would be right. A `note` leaves the cell out, not the line."""

    def __init__(self, problem: str, right: str, *, note: bool = False) -> None:
        super().__init__(problem)
        self.problem, self.right, self.note = problem, right, note


def shown(cell: str) -> str:
    """A cell as it may be printed: short, and nothing in it that a terminal would obey."""
    plain = "".join(sign if sign.isprintable() else "\ufffd" for sign in cell)
    return f"“{plain[:40]}{'…' if len(plain) > 40 else ''}”"


def points(cell: str) -> int:
    """Points of a lot: a whole number, 0 or more."""
    found = _WHOLE.match(cell)
    if not cell:
        return 0
    if cell.startswith("="):
        raise WrongCellError(f"{shown(cell)} is a formula", "its result, such as 120")
    if cell.startswith("-"):
        raise WrongCellError(f"{shown(cell)} is below zero, and a debt cannot come over", "0, or more")
    if not found:
        raise WrongCellError(f"{shown(cell)} is no whole number of points", "digits alone, such as 1250")
    return _not_too_many(int(found[1]), cell)


def change(cell: str) -> int:
    """Points that came or went: a whole number with or without a sign."""
    found = _SIGNED.match(cell)
    if not found:
        raise WrongCellError(f"{shown(cell)} is no whole number of points", "such as 50 or -200")
    return _not_too_many(int(found[2]), cell) * (-1 if found[1] == "-" else 1)


def _not_too_many(number: int, cell: str) -> int:
    if number > POINTS_MAX:
        raise WrongCellError(f"{shown(cell)} is more than anybody has", f"at most {POINTS_MAX:,}")
    return number


@dataclass(frozen=True, slots=True)
class Days:
    """Reads days and times: in the given forms, or as ISO 8601; those without a zone are of `zone`."""

    forms: tuple[str, ...]
    zone: ZoneInfo

    def moment(self, cell: str) -> tuple[datetime, bool]:
        """The moment, and whether the file says a time and not just a day."""
        found = {one.isoformat(): one for one in self._read(cell)}
        if not found:
            likes = ", ".join(datetime(2026, 1, 31, 18, 5, tzinfo=UTC).strftime(form) for form in self.forms)
            raise WrongCellError(f"{shown(cell)} is no day", f"such as {likes or '2026-01-31'}")
        if len(found) > 1:
            both = " and ".join(sorted(one.date().isoformat() for one in found.values()))
            raise WrongCellError(
                f"{shown(cell)} is {both}, by two forms of the map", "one form in the map, or 2026-01-31"
            )
        (one,) = found.values()
        timed = ":" in cell
        at = one if one.tzinfo else one.replace(tzinfo=self.zone)
        if not 1900 <= at.year <= 9000:
            raise WrongCellError(f"{shown(cell)} lies in the year {at.year}", "a day that can be")
        return at.astimezone(UTC), timed

    def day(self, cell: str) -> date:
        """The day, in the file's zone."""
        return self.moment(cell)[0].astimezone(self.zone).date()

    def _read(self, cell: str) -> list[datetime]:
        found: list[datetime] = []
        for form in self.forms or ("",):
            try:
                read = datetime.strptime(cell, form) if form else datetime.fromisoformat(cell)  # noqa: DTZ007
            except ValueError:
                continue
            found.append(read)
        return found


def past(at: datetime, cell: str, now: datetime) -> datetime:
    """A moment that is over."""
    if at > now:
        raise WrongCellError(f"{shown(cell)} lies in the future", "a day that is over")
    return at


def email(cell: str) -> str:
    """The identity key of an e-mail address."""
    try:
        return f"email:{addresses.email(cell)}"
    except Refusal:
        raise WrongCellError(
            f"{shown(cell)} is no e-mail address", "such as ann@example.com, or nothing"
        ) from None


def phone(cell: str, region: str) -> str:
    """The identity key of a phone number."""
    try:
        return f"phone:{addresses.phone(cell, region)}"
    except Refusal:
        right = "with + and the country in front, such as +44 20 7946 0958; or say region under [member] in the map"
        raise WrongCellError(f"{shown(cell)} is no phone number", right) from None


def name(cell: str) -> str:
    """A name on one line."""
    plain = " ".join(cell.split())
    if plain.startswith(FORMULA):
        raise WrongCellError(f"{shown(plain)} begins like a formula of a spreadsheet", "the name alone")
    if len(plain) > NAME_LENGTH_MAX or not plain.isprintable():
        raise WrongCellError(
            f"{shown(plain)} is no name", f"one line of at most {NAME_LENGTH_MAX} characters"
        )
    return plain


def birthday(day: date, cell: str, now: datetime) -> str:
    """A birthday with its year; without one (some write a year of long ago) it is left out."""
    if day.year < now.year - AGE_MAX:
        raise WrongCellError(
            f"{shown(cell)} has no year that can be, so the birthday is left out", "", note=True
        )
    if day > now.date():
        raise WrongCellError(f"{shown(cell)} lies in the future", "the day of birth")
    return day.isoformat()


def language(cell: str) -> str:
    """A language that is spoken here; another one is left out."""
    plain = cell.replace("_", "-").partition("-")[0].lower()
    if plain and plain not in codes():
        raise WrongCellError(f"{shown(cell)} is not spoken here, so the shop's own language is used",
                             f"one of {', '.join(codes())}", note=True)  # fmt: skip
    return plain
