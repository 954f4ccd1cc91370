"""Which version governs a moment, and how long points last."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from rewards.terms import TermsLine, expiry_of
from tests.engine.wording import a_programme
from tests.rewards.paper import line_of, terms_of

SECOND, THIRD = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def test_the_first_version_reaches_back_for_ever_and_each_begins_at_its_moment() -> None:
    line = line_of("", ("", SECOND), ("", THIRD))
    moments = [datetime(1, 1, 1, tzinfo=UTC), SECOND - MOMENT, SECOND, THIRD - MOMENT, THIRD, THIRD + MOMENT]
    assert [line.at(moment).number for moment in moments] == [1, 1, 2, 2, 3, 3]


def test_versions_are_put_in_order() -> None:
    line = line_of("", ("", SECOND), ("", THIRD))
    turned = TermsLine(list(reversed(line.versions)))
    assert [terms.number for terms in turned.versions] == [1, 2, 3]
    assert turned.at(SECOND).number == 2


def test_a_programme_has_at_least_one_version() -> None:
    with pytest.raises(ValueError, match=r"^a programme has at least one version$"):
        TermsLine([])


@pytest.mark.parametrize(
    ("expiry", "days", "until"),
    [("{kind: rolling, months: 1}", None, "2026-03-01T05:00"),
     ("{kind: rolling, months: 12}", None, "2027-02-01T05:00"),
     ("{kind: never}", None, None), ("{kind: never}", 1, "2026-02-02T05:00"),
     ("{kind: rolling, months: 1}", 60, "2026-04-02T04:00")],
)  # fmt: skip
def test_points_can_be_spent_to_the_end_of_their_last_day(
    expiry: str, days: int | None, until: str | None
) -> None:
    terms = terms_of(a_programme(points=f"  expiry: {expiry}"))
    day = date(2026, 1, 31).toordinal()
    moment = datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None
    assert expiry_of(day, days, terms) == moment
