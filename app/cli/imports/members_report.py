"""What an import did, or would do: in words for whoever sits there, and line by line as a file."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from app.cli.imports.members_cells import FORMULA
from app.cli.imports.members_check import Checked
from app.cli.imports.members_file import Trouble
from app.cli.terminal import note
from facts.refusals import Refusal
from members.moving import ADD, CREATE, ERROR, KEPT, SAME, UPDATE, Finding

COLUMNS = ("file", "line", "outcome", "changes", "points", "column", "problem", "right")
SHOWN = 20
WORDS = {
    CREATE: "new drafts",
    ADD: "added to accounts that are here",
    UPDATE: "changed",
    SAME: "as they were",
    KEPT: "left as they are",
    ERROR: "errors",
}
_PARTS = {
    "about": "name and addresses",
    "balance": "balance",
    "tier": "tier",
    "consents": "consents",
    "history": "past",
}


def lines(file: str, checked: Checked, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """A row for each person and each trouble, in the order of the file."""
    found: list[dict[str, Any]] = []
    for one in findings:
        parts = ", ".join(_PARTS[part] for part in one.parts) if one.did == UPDATE else ""
        found.append(
            _row(file, one.newcomer.line, one.did, parts, one.newcomer.points, "", one.problem, one.right)
        )
    for trouble in checked.troubles:
        outcome = "note" if trouble.note else ERROR
        where = trouble.file or file
        found.append(
            _row(where, trouble.line, outcome, "", 0, trouble.column, trouble.problem, trouble.right)
        )
    return sorted(found, key=lambda row: (row["file"] != file, row["line"]))


def _row(*values: Any) -> dict[str, Any]:
    return dict(zip(COLUMNS, values, strict=True))


def write(path: Path, found: Sequence[dict[str, Any]], columns: Sequence[str] = COLUMNS) -> None:
    """The rows as JSON, or as CSV that a spreadsheet reads and does not run."""
    if path.suffix == ".json":
        path.write_text(json.dumps(list(found), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    elif path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([[_harmless(str(row[name])) for name in columns] for row in found])
    else:
        raise Refusal("report_unknown", "{file}: a report is a .csv or a .json file.", file=path.name)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def counts(checked: Checked, findings: Sequence[Finding]) -> Counter[str]:
    """How many lines became what."""
    found = Counter(one.did for one in findings)
    found[ERROR] += checked.errors
    return found


def tell(file: str, checked: Checked, findings: Sequence[Finding], title: str) -> None:
    """What was (or would be) done, and the first troubles by line."""
    table = Table(title, "lines", box=None)
    table.columns[1].justify = "right"
    found = counts(checked, findings)
    for did, words in WORDS.items():
        if found[did] or did in (CREATE, UPDATE, ERROR):
            table.add_row(words, f"{found[did]:,}")
    if checked.skipped:
        table.add_row("left out by the map", f"{checked.skipped:,}")
    Console().print(table)
    troubles = checked.troubles + [
        Trouble(one.newcomer.line, "", one.problem, one.right, one.did == KEPT)
        for one in findings
        if one.problem
    ]
    troubles.sort(key=lambda one: (one.file, one.line))
    for trouble in troubles[:SHOWN]:
        note(_said(file, trouble))
    if len(troubles) > SHOWN:
        note(f"… and {len(troubles) - SHOWN:,} more: --report FILE.csv writes all of them down.")


def _said(file: str, trouble: Trouble) -> str:
    column = f", column {trouble.column}" if trouble.column else ""
    right = f" Right would be: {trouble.right}." if trouble.right else ""
    return f"{trouble.file or file}, line {trouble.line}{column}: {trouble.problem}.{right}"
