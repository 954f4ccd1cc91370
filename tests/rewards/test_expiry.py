"""How long points last, as a table: every policy, leap years, the ends of periods, and zones whose clocks change."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from facts.dates import day_of
from facts.language import codes, language
from members.programme import ProgrammeInvalid, load
from rewards.expiry import Expiry, doings, ends
from rewards.lasting import lasting
from rewards.terms import expiry_of
from rewards.wording import Wording
from tests.engine.wording import a_programme
from tests.rewards.paper import terms_of

ZONES = ("America/New_York", "Europe/Moscow", "Asia/Riyadh", "Pacific/Auckland", "Asia/Kathmandu")
LAST_DAYS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"kind": "rolling", "months": 12},
     [("2024-02-29", "2025-02-28"), ("2023-02-28", "2024-02-28"), ("2026-03-08", "2027-03-08"),
      ("2026-12-31", "2027-12-31")]),
    ({"kind": "rolling", "months": 1},
     [("2024-01-31", "2024-02-29"), ("2023-01-31", "2023-02-28"), ("2026-02-28", "2026-03-28")]),
    ({"kind": "rolling", "months": 12, "round_to": "month"},
     [("2023-02-10", "2024-02-29"), ("2024-02-29", "2025-02-28"), ("2026-12-31", "2027-12-31"),
      ("2026-11-01", "2027-11-30")]),
    ({"kind": "rolling", "months": 12, "round_to": "quarter"},
     [("2023-01-01", "2024-03-31"), ("2026-06-30", "2027-06-30"), ("2026-07-01", "2027-09-30"),
      ("2026-10-05", "2027-12-31")]),
    ({"kind": "rolling", "months": 12, "round_to": "year"},
     [("2024-01-01", "2025-12-31"), ("2024-02-29", "2025-12-31"), ("2026-12-31", "2027-12-31")]),
    ({"kind": "rolling", "days": 90},
     [("2023-12-01", "2024-02-29"), ("2024-12-01", "2025-03-01"), ("2026-12-31", "2027-03-31")]),
    ({"kind": "rolling", "days": 10, "round_to": "month"},
     [("2026-01-20", "2026-01-31"), ("2026-01-22", "2026-02-28")]),
    ({"kind": "calendar", "dates": ["12-31"]},
     [("2026-01-01", "2026-12-31"), ("2026-12-31", "2026-12-31"), ("2027-01-01", "2027-12-31")]),
    ({"kind": "calendar", "dates": ["12-31"], "days_min": 60},
     [("2026-11-01", "2026-12-31"), ("2026-11-02", "2027-12-31"), ("2026-12-30", "2027-12-31")]),
    ({"kind": "calendar", "dates": ["12-31", "06-30"]},
     [("2026-06-30", "2026-06-30"), ("2026-07-01", "2026-12-31"), ("2026-02-01", "2026-06-30")]),
    ({"kind": "calendar", "dates": ["02-29"]},
     [("2024-02-29", "2024-02-29"), ("2024-03-01", "2025-02-28"), ("2027-03-01", "2028-02-29"),
      ("2099-03-01", "2100-02-28")]),
    ({"kind": "never"}, [("2026-01-01", "")]),
]  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_points_can_be_spent_to_the_end_of_the_last_day_wherever_the_shop_is(zone: str) -> None:
    """To the last microsecond of the day by the shop's clock, and not a moment longer."""
    for policy, days in LAST_DAYS:
        terms = terms_of(a_programme(points=f"  expiry: {json.dumps(policy)}", zone=zone))
        for earned, last in days:
            moment = expiry_of(date.fromisoformat(earned).toordinal(), None, terms)
            found = "" if moment is None else (moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None))
            after = datetime.fromordinal(date.fromisoformat(last).toordinal() + 1) if last else ""
            assert found == after, (policy, earned)


def test_a_day_that_begins_when_clocks_are_put_forward_begins_with_its_first_moment() -> None:
    """In Beirut clocks jump from midnight to one: the 25th is over then, an hour early by the wall."""
    beirut = ZoneInfo("Asia/Beirut")
    policy = Expiry(kind="calendar", dates=["03-30"])
    last = policy.last_day(date(2024, 1, 1).toordinal())
    moment = ends(last, beirut)
    assert moment is not None
    assert moment.isoformat() == "2024-03-30T22:00:00+00:00"
    assert day_of(moment, beirut) == date(2024, 3, 31).toordinal()


def test_rules_own_days_come_before_every_policy() -> None:
    terms = terms_of(a_programme(points='  expiry: {kind: calendar, dates: ["12-31"]}', zone="Asia/Riyadh"))
    moment = expiry_of(date(2026, 12, 30).toordinal(), 5, terms)
    assert moment is not None
    assert moment.isoformat() == "2027-01-04T21:00:00+00:00"


@pytest.mark.parametrize(
    ("policy", "path", "said"),
    [("{kind: rolling, round_to: week}", "points.expiry.round_to", "use month, quarter, year"),
     ("{kind: never, round_to: year}", "points.expiry.round_to", "round_to belongs to rolling"),
     ("{kind: rolling, dates: [12-31]}", "points.expiry.dates", "dates belongs to calendar"),
     ("{kind: calendar}", "points.expiry.dates", 'say on which days, such as ["12-31"]'),
     ("{kind: calendar, dates: [12-31, 31-12]}", "points.expiry.dates[1]", "no day of the year: write 12-31"),
     ("{kind: rolling, months: 6, days: 90}", "points.expiry.days", "say months or days, not both"),
     ("{kind: rolling, mouths: 6}", "points.expiry.mouths", "did you mean “months”?")],
)  # fmt: skip
def test_a_policy_that_does_not_fit_is_refused_with_its_place_and_what_would_be_right(
    policy: str, path: str, said: str
) -> None:
    with pytest.raises(ProgrammeInvalid) as invalid:
        load(a_programme(points=f"  expiry: {policy}"))
    (problem,) = invalid.value.problems
    assert problem.path == path
    assert said in str(problem)


def test_only_what_members_do_keeps_points_alive() -> None:
    known = doings()
    assert known == sorted(known)
    assert {"order.paid", "visit", "redemption.made"} <= set(known)
    assert {"order.placed", "order.delivered", "order.cancelled", "order.refunded"}.isdisjoint(known)
    assert not [kind for kind in known if kind.startswith(("points.", "payment.", "import.", "referral."))]


def test_a_policy_that_was_exported_with_all_its_fields_is_read_again() -> None:
    for policy, _ in LAST_DAYS:
        made = Expiry.model_validate(policy)
        assert Expiry.model_validate(made.model_dump(mode="json")) == made


def test_every_policy_has_its_own_sentence_in_every_language() -> None:
    for code in codes():
        say = Wording(language(code), "USD")
        said = {
            lasting(terms_of(a_programme(points=f"  expiry: {json.dumps(policy)}")).points, say)
            for policy, _ in LAST_DAYS
        }
        assert len(said) == len(LAST_DAYS)
        assert all(one.endswith((".", "؟", "؛")) for one in said)
