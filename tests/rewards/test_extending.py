"""More time for points: what moves, what a replay begins with, and what comes of it in the end."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from facts.events import OWN_SOURCE, Fact
from facts.history import events
from facts.language import codes, language
from members.books import fold_of, state_of
from rewards.why import amount_of
from rewards.wording import Wording, because
from tests.builders import SHOP, a_fact, an_order
from tests.engine.wording import a_programme
from tests.rewards.paper import ONE_LEVEL, folded, left, line_of, lot, posted

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # in New York
MONTH = a_programme(points="  expiry: {kind: rolling, months: 1}", levels=ONE_LEVEL)
APRIL_3 = datetime(2026, 4, 3, 4, tzinfo=UTC)  # when points of 2 March are gone
A = f"earn|{SHOP}|paid-A|base"


def day(count: float) -> datetime:
    return NOON + timedelta(days=count)


def longer(until: str, at: datetime, lot: str = "", name: str = "x") -> Fact:
    data = {"extension_id": name, "until": until, "reason": "we were closed", "actor": "owner:ada"}
    return a_fact("points.extended", data | ({"lot": lot} if lot else {}), at=at, id=name, source=OWN_SOURCE,
                  internal=True)  # fmt: skip


def orders() -> list[Fact]:
    return [an_order("A", "30.00", at=NOON), an_order("B", "7.00", at=day(1))]


def test_one_lot_lasts_to_the_end_of_its_new_day_and_the_others_do_not() -> None:
    facts = [*orders(), longer("2026-04-20", day(10), A)]
    ends = datetime(2026, 4, 21, 4, tzinfo=UTC)
    fold = folded(line_of(MONTH), facts, ends - timedelta(microseconds=1))
    assert left(fold) == {"earn paid-A base": 30}
    posting = fold.postings[2]
    assert (posting.kind, posting.amount, posting.cause) == ("extended", 0, f"extend|{OWN_SOURCE}|x")
    why = json.loads(posting.why)
    assert why == {"k": "extended", "points": 30, "until": "2026-04-20", "reason": "we were closed"}
    assert amount_of(why) == 0
    fold.advance(ends)
    assert (left(fold), posted(fold)[-1]) == ({}, ("expire earn paid-A base@20260421", -30))


def test_all_lots_that_would_end_before_it_last_and_none_is_made_shorter() -> None:
    facts = [*orders(), longer("2026-04-03", day(10))]
    fold = folded(line_of(MONTH), facts, day(11))
    assert json.loads(fold.postings[-1].why)["points"] == 30, "B lasts to 3 April and a day in any case"
    later = folded(line_of(MONTH), [*facts, longer("2026-04-01", day(12), name="y")], day(13))
    assert {one: lot(later, one).expires_at for one in left(later)} == {
        one: lot(fold, one).expires_at for one in left(fold)}  # fmt: skip
    assert json.loads(later.postings[-1].why)["points"] == 0


def test_what_has_ended_stays_ended_and_what_was_spent_meanwhile_stays_spent() -> None:
    paid, early = an_order("C", "1.00", at=day(5), points_paid="0.34"), an_order("Z", "4.00", at=day(-1))
    fold = folded(line_of(MONTH), [early, *orders(), paid, longer("2026-05-10", day(31.7))], day(50))
    assert left(fold) == {"earn paid-B base": 7}
    assert ("expire earn paid-Z base", -4) not in posted(fold), "it was spent first"
    ended = folded(line_of(MONTH), [early, *orders(), longer("2026-05-10", day(31.7))], day(50))
    assert left(ended) == {"earn paid-B base": 7}
    assert [one for one in posted(ended) if one[1] < 0] == [
        ("expire earn paid-Z base", -4), ("expire earn paid-A base", -30)]  # fmt: skip


def test_a_replay_begins_with_the_day_that_a_lot_had_then() -> None:
    facts = [*orders(), longer("2026-04-20", day(10), A), longer("2026-05-20", day(20), A, "y")]
    held = lot(folded(line_of(MONTH), facts, day(25)), "earn paid-A base")
    ends = [one.expires_at for moment in (day(5), day(10), day(15), day(25)) if (one := held.as_of(moment))]
    assert ends == [
        APRIL_3,
        APRIL_3,
        datetime(2026, 4, 21, 4, tzinfo=UTC),
        datetime(2026, 5, 21, 4, tzinfo=UTC),
    ]
    before = held.as_of(day(15))
    assert before is not None
    assert (before.remaining, before.closed_at, len(before.draws)) == (30, None, 1)


def test_what_comes_late_is_extended_as_if_it_had_been_there() -> None:
    facts = [*orders(), longer("2026-04-20", day(10))]
    assert left(folded(line_of(MONTH), facts, day(45))) == {"earn paid-A base": 30, "earn paid-B base": 7}
    gone = a_fact("order.cancelled", {"order_id": "A"}, at=day(12), id="gone")
    assert left(folded(line_of(MONTH), [*facts, gone], day(45))) == {"earn paid-B base": 7}


def test_points_that_end_by_inactivity_are_kept_together_and_an_order_keeps_them_longer() -> None:
    idle = a_programme(points="  expiry: {kind: inactivity, days: 30}", levels=ONE_LEVEL)
    kept = folded(
        line_of(idle), [*orders(), longer("2026-05-01", day(10))], datetime(2026, 5, 2, 3, tzinfo=UTC)
    )
    assert left(kept) == {"earn paid-A base": 30, "earn paid-B base": 7}
    kept.advance(datetime(2026, 5, 2, 4, tzinfo=UTC))
    assert left(kept) == {}
    busy = folded(
        line_of(idle), [*orders(), longer("2026-04-05", day(10)), an_order("C", "1.00", at=day(28))], day(50)
    )
    assert left(busy) == {"earn paid-A base": 30, "earn paid-B base": 7, "earn paid-C base": 1}


def test_an_extension_of_all_is_known_to_a_version_that_comes_later() -> None:
    """What was written down while no points ended by inactivity is what a replay would write down."""
    idle = a_programme(points="  expiry: {kind: inactivity, days: 30}", levels=ONE_LEVEL)
    facts, order = [*orders(), longer("2026-12-31", day(2))], an_order("C", "5.00", at=day(20))
    before = folded(line_of(MONTH), facts)
    after = fold_of(state_of(before), line := line_of(MONTH, (idle, day(10))))
    after.lots = before.lots
    for event in events([order]):
        after.apply(event)
    whole = folded(line, [*facts, order], day(90))
    after.advance(day(90))
    assert (
        left(after) == left(whole) == {"earn paid-A base": 30, "earn paid-B base": 7, "earn paid-C base": 5}
    )


def test_the_member_reads_until_when_and_why_in_every_language() -> None:
    for code in codes():
        say = Wording(language(code), "USD")
        for points in (0, 30):
            why = {"k": "extended", "points": points, "until": "2026-04-20", "reason": "we were closed"}
            assert "we were closed" in because(why, say)


def test_all_of_a_wallet_last_longer_and_its_entry_is_of_that_wallet() -> None:
    purse = (
        "wallets:\n  cash: {kind: cashback, name: Cash, value: {money: '1', pays: '1'}, "
        "expiry: {kind: rolling, days: 20}}\n"
    )
    cash = Fact(OWN_SOURCE, "c", "points.adjusted", NOON, "customer:1",
                {"adjustment_id": "c", "points": 9, "reason": "eggs", "actor": "ann", "wallet": "cash"})  # fmt: skip
    more = longer("2026-05-20", day(10))
    more.data["wallet"] = "cash"
    fold = folded(line_of(MONTH + purse), [*orders(), cash, more], datetime(2026, 5, 1, tzinfo=UTC))
    (extended,) = [one for one in fold.postings if one.kind == "extended"]
    assert (extended.wallet, extended.version, json.loads(extended.why)["points"]) == ("cash", 1, 9)
    assert left(fold) == {f"adjust {OWN_SOURCE} c": 9}, "the points of the orders are gone"
