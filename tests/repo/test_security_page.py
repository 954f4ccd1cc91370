"""What docs/security.md promises: each threat names tests that are there, and the figures are those of the code."""

from __future__ import annotations

import re

import pytest

from app.frame.gate import FORM_BYTES_MAX
from app.frame.line import LINES_MAX
from app.limits import EVENTS_AT_ONCE, EVENTS_PER_SECOND, RATES
from app.oidc.discovery import KEYS_MAX
from app.oidc.fetching import BYTES_MAX, SECONDS_MAX
from members.actions.codes import PER_DAY_MAX, TRIES_MAX
from members.actions.reminding import PAUSE_DAYS
from members.actions.uploading_codes import CODES_BYTES_MAX, CODES_MAX
from members.ways_back import UNDO_DAYS
from tests.repo.sources import ROOT

PAGE = (ROOT / "docs/security.md").read_text()
THREATS = [
    line for line in PAGE.partition("## Where personal data lies")[0].splitlines() if line.startswith("| ")
][1:]
WORDS = {5: "five", 6: "six", 20: "twenty", 1000: "thousand"}


def of(name: str, period: str) -> str:
    """How often something may be done in a minute, an hour or a day."""
    rates = dict(one.strip().split("/")[::-1] for one in RATES[name].split(";"))
    return f"{int(rates[period]):,}"


SAID = [
    f"{of('codes_typed', 'minute')} a minute and {of('codes_typed', 'day')} a day from one network",
    f"{of('codes_tried', 'minute')} a minute for a session, and {TRIES_MAX} for a code",
    f"voucher codes {of('codes_used', 'minute')} a minute for a key of the API and for its network",
    f"{of('redeem', 'minute')} redemptions a minute for a member",
    f"{of('verify', 'minute')} badges a minute for an address",
    f"{of('clicked', 'minute')} times a minute and {of('clicked', 'day')} a day it is counted",
    f"{of('invited', 'minute')} times a minute, {of('invited', 'hour')} an hour and {of('invited', 'day')} a day",
    f"opened {of('gift_opened', 'minute')} times a minute and {of('gift_opened', 'hour')} an hour",
    f"pressed {of('gift', 'minute')} times a minute and {of('gift', 'day')} a day in a session",
    f"{of('card', 'minute')} looks a minute and {of('card', 'hour')} an hour",
    f"{WORDS[int(of('claim', 'minute'))]} tries a minute and {WORDS[int(of('claim', 'day'))]} a day for an account",
    f"{WORDS[int(of('own_data', 'day'))]} a day at most",
    f"bucket of {EVENTS_AT_ONCE} tokens, and {EVENTS_PER_SECOND:.0f} new ones a second",
    f"A {WORDS[LINES_MAX]} lines an address",
    f"{FORM_BYTES_MAX // 1024} kB for a form",
    f"{SECONDS_MAX:.0f} s, {BYTES_MAX // 1024} kB, {KEYS_MAX} keys",
    f"{WORDS[PER_DAY_MAX]} a day for an address",
    f"never twice within {WORDS[PAUSE_DAYS]} days",
    f"undone within {UNDO_DAYS} days only",
    f"{CODES_BYTES_MAX // 10**6} MB and {CODES_MAX:,} codes at most",
]


@pytest.mark.parametrize("said", SAID)
def test_a_figure_is_that_of_the_code(said: str) -> None:
    assert said in PAGE


def test_every_threat_has_a_control_and_a_test_that_is_there() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split(" |")] for line in THREATS]
    assert len(rows) > 60
    assert [row[0] for row in rows if len(row) != 4 or not row[0] or not row[1]] == []
    shown = {row[0]: re.findall(r"`(tests/[^`]+)`", row[2]) for row in rows}
    assert [threat for threat, named in shown.items() if not named] == []
    assert [one for named in shown.values() for one in named if not (ROOT / one).exists()] == []
    assert len(shown) == len(rows), "no threat stands there twice"
