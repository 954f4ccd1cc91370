"""What `regulars programme backfill` says, of one and of many."""

from __future__ import annotations

import pytest

from tests.engine.till import Till
from tests.engine.wording import a_programme

LATE = """
badges:
  - slug: late
    name: Late
    counts: from_beginning
    criterion: {kind: count, at_least: 1}
    prizes: [{points: 1}]
"""


@pytest.mark.feature(63)
@pytest.mark.parametrize(("many", "before", "there", "undone"), [
    (1, "1 member: 1 award would be given and 0 taken back; +1 point.",
     "1 member: 1 award was given and 0 taken back; +1 point.",
     "1 member: 0 awards were given and 1 taken back; -1 point."),
    (2, "2 members: 2 awards would be given and 0 taken back; +2 points.",
     "2 members: 2 awards were given and 0 taken back; +2 points.",
     "2 members: 0 awards were given and 2 taken back; -2 points."),
])  # fmt: skip
def test_a_back_fill_speaks_of_one_and_of_many(
    till: Till, many: int, before: str, there: str, undone: str
) -> None:
    till.open(a_programme())
    till.post(*(till.order(f"o{n}", "1.00", customer=str(n)) for n in range(many)))
    till.later(days=40).open(a_programme() + LATE)
    assert before in till.run("programme", "backfill", "--preview").stdout
    assert there in till.run("programme", "backfill").stdout
    till.later(days=1).open(a_programme() + LATE.replace("from_beginning", "from_now"))
    assert undone in till.run("programme", "backfill").stdout
