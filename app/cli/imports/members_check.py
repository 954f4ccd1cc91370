"""A file of people checked as a whole: who is in it, who is in it twice, and what happened to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.cli.imports.mapping import Where
from app.cli.imports.members_file import Row, Trouble, rows
from app.cli.imports.members_rows import Decoder
from facts.import_shapes import LOTS_MAX
from facts.refusals import Refusal
from members.moving import Newcomer

KINDS = {"email": "e-mail address", "phone": "phone number", "customer": "customer number"}


@dataclass(slots=True)
class Checked:
    """Who can come over, in the order of the file, what is wrong, and how many rows the map leaves out."""

    people: list[Newcomer] = field(default_factory=list[Newcomer])
    troubles: list[Trouble] = field(default_factory=list[Trouble])
    skipped: int = 0

    @property
    def errors(self) -> int:
        """How many lines are kept back."""
        return len({(one.file, one.line) for one in self.troubles if not one.note})


def check(path: Path, history: Path | None, decoder: Decoder, advance: Callable[[], object]) -> Checked:
    """Read both files once."""
    mapping, found = decoder.mapping, Checked()
    by_key: dict[str, Newcomer] = {}
    for row in rows(path, mapping.csv, mapping.columns, mapping.may_lack):
        advance()
        if isinstance(row, Trouble):
            decoder.trouble(row)
        elif any(_holds(where, row) for where in mapping.skip):
            found.skipped += 1
        elif (one := decoder.newcomer(row)) and not _again(one, by_key, decoder):
            by_key |= dict.fromkeys(one.keys, one)
            found.people.append(one)
    if history is not None:
        _read_past(history, decoder, by_key, advance)
    found.troubles = sorted(decoder.troubles, key=lambda one: (one.file, one.line))
    return found


def _holds(where: Where, row: Row) -> bool:
    cell = row.cells.get(where.column, "")
    if where.below is not None or where.above is not None:
        raise Refusal("map_malformed", "A row of people is left out by equals, starts_with or empty.")
    held = where.equals is None or cell == where.equals
    held = held and (where.starts_with is None or cell.startswith(where.starts_with))
    return held and (where.empty is None or where.empty == (not cell))


def _again(one: Newcomer, by_key: dict[str, Newcomer], decoder: Decoder) -> bool:
    """Whether somebody is there already: another lot of theirs where the map says so, else a second line."""
    meets = {key: by_key[key] for key in one.keys if key in by_key}
    if not meets:
        return False
    key, first = next(iter(meets.items()))
    if decoder.mapping.several_rows and set(one.keys) == set(first.keys):
        if len(first.lots_at(decoder.now)) + len(one.lots_at(decoder.now)) > LOTS_MAX:
            decoder.trouble(
                Trouble(one.line, "", f"more than {LOTS_MAX:,} lots of one member", "fewer, added up")
            )
        else:
            first.lots += one.lots
        return True
    what = KINDS[key.partition(":")[0]]
    right = "one line for each member"
    if one.name_there == first.name_there and not decoder.mapping.several_rows:
        right += "; or say several_rows = true in the map when each line is a lot"
    decoder.trouble(Trouble(one.line, "", f"the {what} is that of line {first.line}", right))
    return True


def _read_past(
    path: Path, decoder: Decoder, by_key: dict[str, Newcomer], advance: Callable[[], object]
) -> None:
    asked = decoder.mapping.history
    if asked is None:
        raise Refusal(
            "history_unmapped", "The map does not say what {file} means: it has no [history].", file=path.name
        )
    known = (
        {one.name_there.removeprefix("id:"): one for one in by_key.values()}
        if asked.member_is == "id"
        else by_key
    )
    seen: dict[tuple[int, str], int] = {}
    for row in rows(path, decoder.mapping.csv, asked.columns, decoder.mapping.may_lack):
        advance()
        if isinstance(row, Trouble):
            decoder.trouble(Trouble(row.line, row.column, row.problem, row.right, file=path.name))
            continue
        told = decoder.past(row, path.name)
        if told is None:
            continue
        whose, entry = told
        one = known.get(whose)
        if one is None:
            right = "an id of the first file, in a line that comes over"
            decoder.trouble(
                Trouble(row.line, asked.member, "nobody of the first file is meant", right, file=path.name)
            )
            continue
        count = seen[id(one), entry.name] = seen.get((id(one), entry.name), 0) + 1
        if count > 1 and asked.id:
            decoder.trouble(
                Trouble(row.line, asked.id, "it is there twice", "each entry once", file=path.name)
            )
        else:
            name = entry.name if count == 1 else f"{entry.name}#{count}"
            one.entries.append(type(entry)(name, entry.at, entry.points, entry.reason))
