"""People out of rows: each line decoded into a newcomer, or into what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from app.cli.imports import members_cells as cells
from app.cli.imports.members_cells import Days, WrongCellError, shown
from app.cli.imports.members_file import Row, Trouble
from app.cli.imports.members_map import ConsentColumns, LotColumns, MemberMap
from facts.dates import midnight
from members.moving import Newcomer, PastEntry, Said

T = TypeVar("T")


@dataclass(slots=True)
class Decoder:
    """Reads rows by a map. `tiers` are the programme's slugs by what a file may call them, `zone` is its zone.

    `errors` counts the troubles that keep their line back.
    """

    mapping: MemberMap
    tiers: Mapping[str, str]
    zone: ZoneInfo
    now: datetime
    troubles: list[Trouble] = field(default_factory=list[Trouble])
    errors: int = 0

    def trouble(self, trouble: Trouble) -> None:
        """Something is wrong."""
        self.troubles.append(trouble)
        self.errors += not trouble.note

    def newcomer(self, row: Row) -> Newcomer | None:
        """Whom a row is about; None when something is wrong, which is noted."""
        line, failed = _Line(self, row), self.errors
        who = self.mapping.member
        days = Days(who.dates, ZoneInfo(self.mapping.zone) if self.mapping.zone else self.zone)
        there = row.cells.get(who.id, "") if who.id else ""
        address = line.cell(who.email, cells.email, "")
        number = line.cell(who.phone, lambda cell: cells.phone(cell, who.region), "")
        if who.id and not there:
            line.wrong(who.id, "it is empty", "what this customer is called in your shop")
        elif len(there) > 150 or not there.isprintable():
            line.wrong(who.id, f"{shown(there)} is no customer number", "at most 150 characters")
        elif not (there or address or number) and self.errors == failed:
            line.wrong(who.email or who.phone, "nobody is named", "an e-mail address or a phone number")
        customer = f"customer:{self.mapping.source or f'import:{self.mapping.name}'}:{there}" if there else ""
        keys = tuple(key for key in (customer, address, number) if key)
        one = Newcomer(
            row.line, f"id:{there}" if there else (keys[0] if keys else ""), keys, read_at=self.now
        )
        one.name = " ".join(said for column in who.names if (said := line.cell(column, cells.name, "")))
        one.birthday = line.cell(who.birthday, lambda cell: self._birthday(cell, days), "")
        one.language = line.cell(who.language, cells.language, "")
        joined: datetime | None = None
        one.joined = line.cell(
            who.joined, lambda cell: cells.past(days.moment(cell)[0], cell, self.now), joined
        )
        one.lots = [found for lot in self.mapping.lot if (found := self._lot(line, lot, days))]
        self._tier(line, one, days)
        one.consents = [said for asked in self.mapping.consent if (said := self._consent(line, asked, days))]
        return one if self.errors == failed else None

    def _birthday(self, cell: str, days: Days) -> str:
        try:
            day = days.day(cell)
        except WrongCellError:
            if cell[:2] == "10" and cell[4:5] == "-":  # the year 1004 stands for none
                day = date(1, 1, 1)
            else:
                raise
        return cells.birthday(day, cell, self.now)

    def _lot(self, line: _Line, lot: LotColumns, days: Days) -> dict[str, Any] | None:
        count = line.cell(lot.points, cells.points, 0)
        if not count:
            return None
        found: dict[str, Any] = {"points": count}
        if lot.promotional:
            found["promotional"] = True
        nobody: datetime | None = None
        since = line.cell(lot.since, lambda cell: cells.past(days.moment(cell)[0], cell, self.now), nobody)
        if since:
            found["since"] = since.isoformat()
        ends = line.cell(lot.expires, lambda cell: self._end(cell, days), nobody)
        if ends and ends <= self.now:
            line.note(
                lot.expires,
                f"{count:,} points are over since {ends.date().isoformat()}, so they are left out",
            )
        if ends:
            found["expires_at"] = ends.isoformat()
        elif lot.lasts:
            found["lasts"] = True
        return found

    def _end(self, cell: str, days: Days) -> datetime:
        """When points are gone: after the day that is said, or at the very time."""
        at, timed = days.moment(cell)
        return at if timed else midnight(days.day(cell).toordinal() + 1, self.zone).astimezone(UTC)

    def _tier(self, line: _Line, one: Newcomer, days: Days) -> None:
        asked = self.mapping.tier
        said = line.row.cells.get(asked.name, "") if asked else ""
        if not asked or not said or said in asked.none:
            return
        slug = asked.names.get(said) or self.tiers.get(said.casefold(), "")
        if slug not in self.tiers.values():
            known = ", ".join(dict.fromkeys(self.tiers.values()))
            line.wrong(
                asked.name,
                f"there is no tier {shown(said)} here",
                f"one of {known}; or [tier.names] in the map",
            )
            return
        nothing: date | None = None
        until = line.cell(asked.until, days.day, nothing)
        if until and until < self.now.astimezone(self.zone).date():
            line.wrong(
                asked.until, f"the tier ended on {until.isoformat()}", "a day that is to come, or no tier"
            )
        one.tier, one.until = slug, until.isoformat() if until else ""

    def _consent(self, line: _Line, asked: ConsentColumns, days: Days) -> Said | None:
        said = line.row.cells.get(asked.given, "").casefold()
        if said in asked.no:
            return None
        if said not in asked.yes:
            line.wrong(
                asked.given,
                f"{shown(said)} is neither yes nor no",
                f"one of {', '.join((*asked.yes, *asked.no))}",
            )
            return None
        at = line.row.cells.get(asked.at, "")
        version = asked.version or line.row.cells.get(asked.version_column, "")
        if not at or not version:
            what = "when they agreed" if not at else "to which text they agreed"
            line.note(
                asked.at if not at else asked.version_column,
                f"it is not said {what}, so nothing was agreed to",
            )
            return None
        nothing: datetime | None = None
        given = line.cell(asked.at, lambda cell: cells.past(days.moment(cell)[0], cell, self.now), nothing)
        return Said(asked.purpose, asked.channel, True, given, version[:100], asked.text) if given else None

    def past(self, row: Row, file: str) -> tuple[str, PastEntry] | None:
        """Whose a row of the second file is, and what came or went; None when something is wrong, which is noted."""
        asked = self.mapping.history
        assert asked is not None
        failed, line = self.errors, _Line(self, row, file)
        days = Days(asked.dates or self.mapping.member.dates, ZoneInfo(self.mapping.zone or self.zone.key))
        nothing: datetime | None = None
        at = line.cell(asked.at, lambda cell: cells.past(days.moment(cell)[0], cell, self.now), nothing)
        count = line.cell(asked.points, cells.change, 0)
        whose = line.row.cells.get(asked.member, "")
        if asked.member_is == "email":
            whose = line.cell(asked.member, cells.email, "")
        if not at and self.errors == failed:
            line.wrong(asked.at, "it is empty", "the day on which it happened")
        if self.errors > failed or at is None:
            return None
        reason = " ".join(line.row.cells.get(asked.reason, "").split())[:200]
        reason = "".join(sign for sign in reason if sign.isprintable()).lstrip("".join(cells.FORMULA))
        name = line.row.cells.get(asked.id, "") or f"{at.isoformat()}|{count}|{reason}"
        return whose, PastEntry(name, at, count, reason)


@dataclass(slots=True)
class _Line:
    """One row while it is read."""

    decoder: Decoder
    row: Row
    file: str = ""

    def cell(self, column: str, read: Callable[[str], T], empty: T) -> T:
        """What a cell says; `empty` for an empty one, and for one that is wrong, which is noted."""
        said = self.row.cells.get(column, "") if column else ""
        if not said:
            return empty
        try:
            return read(said)
        except WrongCellError as wrong:
            self.decoder.trouble(
                Trouble(self.row.line, column, wrong.problem, wrong.right, wrong.note, self.file)
            )
            return empty

    def wrong(self, column: str, problem: str, right: str) -> None:
        """Something that keeps the whole line back."""
        self.decoder.trouble(Trouble(self.row.line, column, problem, right, file=self.file))

    def note(self, column: str, problem: str) -> None:
        """Something that is left out."""
        self.decoder.trouble(Trouble(self.row.line, column, problem, note=True, file=self.file))
