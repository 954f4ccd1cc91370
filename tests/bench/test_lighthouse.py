"""What the bench makes of Lighthouse: a run that fails is told and done again, and hides no other page's figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli.bench.lighthouse import BLANK, Unmeasured, figures, run, scores_in

SCORES = {"performance": 0.97, "lcp": 1300.0, "cls": 0.0, "tbt": 40.0}
FAILS_ONCE = """
const fs = require("fs");
if (!fs.existsSync(MARK)) {
  fs.writeFileSync(MARK, "");
  console.error("Runtime error encountered: no trace. (NO_NAVSTART)");
  process.exit(1);
}
console.log(REPORT);
"""


def report(**more: Any) -> str:
    """As much of Lighthouse's report as is read."""
    audits = {
        "largest-contentful-paint": SCORES["lcp"],
        "cumulative-layout-shift": SCORES["cls"],
        "total-blocking-time": SCORES["tbt"],
    }
    told = {"categories": {"performance": {"score": SCORES["performance"]}},
            "audits": {name: {"numericValue": value} for name, value in audits.items()}}  # fmt: skip
    return json.dumps(told | more)


def program(folder: Path, text: str) -> Path:
    """A program in the place of Lighthouse's own."""
    made = folder / "program.cjs"
    mark, said = json.dumps(str(folder / "mark")), json.dumps(report())
    made.write_text(text.replace("MARK", mark).replace("REPORT", said))
    return made


def test_a_run_that_fails_is_told_with_its_reason_and_done_again(tmp_path: Path) -> None:
    told: list[str] = []
    assert run(program(tmp_path, FAILS_ONCE), 1, "http://localhost:1/streaks", told.append) == SCORES
    assert len(told) == 1
    assert all(word in told[0] for word in ("/streaks", "exit 1", "NO_NAVSTART"))


def test_what_fails_again_is_given_up_with_what_lighthouse_said(tmp_path: Path) -> None:
    always = program(tmp_path, 'console.error("no browser there"); process.exit(3)')
    told: list[str] = []
    with pytest.raises(Unmeasured, match=r"exit 3\) no browser there"):
        run(always, 1, "http://localhost:1/", told.append)
    assert len(told) == 2


def test_a_report_without_figures_is_none() -> None:
    assert scores_in(report()) == SCORES
    with pytest.raises(Unmeasured, match="NO_LCP: nothing was painted"):
        scores_in(report(runtimeError={"code": "NO_LCP", "message": "nothing was painted"}))
    with pytest.raises(Unmeasured, match="without lcp, cls, tbt"):
        scores_in(json.dumps({"categories": {"performance": {"score": 1}},
                              "audits": {"largest-contentful-paint": {}, "cumulative-layout-shift": {},
                                         "total-blocking-time": {}}}))  # fmt: skip


def test_a_page_without_figures_leaves_those_of_the_others() -> None:
    found = {BLANK: [SCORES], "/": [SCORES, SCORES | {"tbt": 90.0}, SCORES | {"tbt": 60.0}], "/streaks": []}
    told = figures(found, [0.0])
    assert told["P12 TBT"].value == 60.0
    assert told["P12 LCP"].value == 1.0
    assert set(told["P12 performance"].detail) == {BLANK, "/"}
    assert figures({BLANK: [], "/": [SCORES]}, [0.0]) == {}
