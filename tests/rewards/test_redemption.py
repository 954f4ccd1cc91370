"""Redeeming on both databases: once, never beyond the balance, never beyond the stock; and giving back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, col, func, select

from facts.language import language
from facts.refusals import Refusal
from members.actions.record import record
from members.actions.redeem import cancel, code_of, redeem
from members.actions.staff import adjust, publish_reward, retire_reward, set_stock
from members.actions.vouchers import expire_unused, hand_over, issue, lapse, unfetched, use_code
from members.programme import versions
from members.prove import prove
from members.standing import standing_of
from members.tables import Audit
from members.views.history import history
from members.views.rewards import rewards as rewards_view
from rewards import stock
from rewards.document import Reward
from rewards.redemption import State
from rewards.tables import Entry, Redemption
from tests.builders import NOW, PROGRAMME, an_order, days, in_force, open_lots
from tests.builders import standing_of as row_of

SECRET = b"a secret of thirty-two characters"
REWARDS = """rewards:
  - {slug: coffee, kind: product, name: Coffee, price: 40, valid_days: 30, refundable_days: 10}
  - {slug: mug, kind: product, name: Mug, price: 50, fulfilment: by_staff, held_days: 10, stock: 1, per_member: 1}
  - {slug: bag, kind: product, name: Bag, price: 10, stock: 5}
  - {slug: five, kind: fixed, name: Five off, price: 30, value: "5.00", per_member: 1, prices: {silver: 20}}
  - {slug: tasting, kind: product, name: Tasting, price: 10, tiers: [gold]}
  - {slug: later, kind: product, name: Later, price: 10, claimable_from: "2027-01-01T00:00:00Z"}
  - {slug: hidden, kind: product, name: Hidden, price: 10, visible_from: "2027-01-01T00:00:00Z"}
"""


def a_shop(session: Session, spent: str = "90.00", customer: str = "1") -> UUID:
    """A shop in which a customer has spent so much, and has as many points."""
    in_force(session, PROGRAMME.replace("rewards: []\n", REWARDS))
    record(session, [an_order("o1", spent, at=NOW, subject=f"customer:{customer}")], NOW)
    return row_of(session, customer).member_id


def available(session: Session, member_id: UUID, now: datetime) -> int:
    standing = standing_of(session, member_id, now)
    assert standing
    return standing.available


@pytest.mark.feature(54)
def test_a_reward_at_once_is_issued_with_a_code_and_used_once(session: Session) -> None:
    me = a_shop(session)
    now = NOW + days(1)
    made = redeem(session, me, "coffee", now, "tap-1", SECRET)
    assert (made.state, made.price, made.expires_at) == (State.ISSUED, 40, now + days(30))
    assert available(session, me, now) == 50
    code = code_of(made, SECRET)
    assert code
    assert redeem(session, me, "coffee", now + days(1), "tap-1", SECRET).redemption_id == made.redemption_id
    assert available(session, me, now) == 50

    used = use_code(session, code.lower(), "till-7:991", now + days(2), SECRET)
    assert (used.state, used.used_in) == (State.USED, "till-7:991")
    assert use_code(session, code, "till-7:991", now + days(2), SECRET).state == State.USED
    with pytest.raises(Refusal, match="cannot be used"):
        use_code(session, code, "till-8:4", now + days(2), SECRET)
    assert code_of(used, SECRET) is None


@pytest.mark.feature(53)
def test_every_wrong_code_is_refused_in_the_same_words(session: Session) -> None:
    me = a_shop(session)
    over = code_of(redeem(session, me, "coffee", NOW, "a", SECRET), SECRET) or ""
    given = redeem(session, me, "five", NOW, "b", SECRET)
    back = code_of(given, SECRET) or ""
    cancel(session, me, given.redemption_id, NOW + days(1), f"member:{me}")
    said = set()
    for wrong in (over, back, "", "7XKQ-2M9D-VB40-HT3WE", "'; DROP TABLE reward_code", "0" * 17, "\x00" * 17):
        with pytest.raises(Refusal) as caught:
            use_code(session, wrong, "till", NOW + days(40), SECRET)
        said.add((caught.value.code, str(caught.value), caught.value.status))
    assert len(said) == 1


@pytest.mark.feature(54)
def test_what_staff_hands_over_holds_its_points_meanwhile(session: Session) -> None:
    me = a_shop(session)
    made = redeem(session, me, "mug", NOW, "tap", SECRET)
    assert made.state == State.RESERVED
    standing = standing_of(session, me, NOW)
    assert standing
    assert (standing.available, standing.held) == (40, 50)
    assert row_of(session).balance == 90  # held points are set aside, not spent
    done = hand_over(session, me, made.redemption_id, "cashier:ann", NOW + days(1))
    assert done.state == State.USED
    assert row_of(session).balance == 40
    with pytest.raises(Refusal, match="not waiting"):
        hand_over(session, me, made.redemption_id, "cashier:ann", NOW + days(1))
    assert (
        session.exec(select(Audit.action).order_by(col(Audit.seq).desc())).first() == "redemption.handed_over"
    )


def test_what_is_reserved_can_be_issued_with_a_code(session: Session) -> None:
    me = a_shop(session)
    made = redeem(session, me, "mug", NOW, "tap", SECRET)
    issued = issue(session, me, made.redemption_id, "cashier:ann", NOW + days(2), SECRET)
    assert (issued.state, issued.expires_at) == (State.ISSUED, NOW + days(92))
    assert use_code(session, code_of(issued, SECRET) or "", "till", NOW + days(3), SECRET).state == State.USED


@pytest.mark.feature(54)
@pytest.mark.parametrize("slug", ["coffee", "mug"])
def test_given_back_the_points_return_to_their_very_lots(session: Session, slug: str) -> None:
    me = a_shop(session)
    before = open_lots(session, row_of(session))
    made = redeem(session, me, slug, NOW, "tap", SECRET)
    cancel(session, me, made.redemption_id, NOW + days(9), f"member:{me}")
    again = cancel(session, me, made.redemption_id, NOW + days(9), f"member:{me}")
    assert again.state == State.CANCELLED
    assert open_lots(session, row_of(session)) == before
    assert available(session, me, NOW + days(9)) == 90


@pytest.mark.feature(54)
def test_too_late_or_used_it_is_final(session: Session) -> None:
    me = a_shop(session)
    late = redeem(session, me, "coffee", NOW, "a", SECRET)
    with pytest.raises(Refusal, match="given back"):
        cancel(session, me, late.redemption_id, NOW + days(10), f"member:{me}")
    use_code(session, code_of(late, SECRET) or "", "till", NOW + days(1), SECRET)
    with pytest.raises(Refusal, match="given back"):
        cancel(session, me, late.redemption_id, NOW + days(1), f"member:{me}")
    with pytest.raises(Refusal, match="no such redemption"):
        cancel(session, UUID(int=7), late.redemption_id, NOW, "member:7")


@pytest.mark.feature(54)
def test_unused_it_expires_once_and_the_shelf_gets_it_back(session: Session) -> None:
    me = a_shop(session)
    redeem(session, me, "bag", NOW, "a", SECRET)
    redeem(session, me, "coffee", NOW, "b", SECRET)
    assert stock.left_of(session, "bag") == 4
    assert expire_unused(session, NOW + days(29)) == 0
    assert expire_unused(session, NOW + days(200)) == 2
    assert expire_unused(session, NOW + days(200)) == 0
    assert stock.left_of(session, "bag") == 5
    assert set(session.exec(select(Redemption.state))) == {State.EXPIRED}
    assert row_of(session).balance == 40  # the points were spent


@pytest.mark.feature(54)
def test_what_nobody_fetches_lapses_and_its_points_return_to_their_lots(session: Session) -> None:
    me = a_shop(session)
    before = open_lots(session, row_of(session))
    made = redeem(session, me, "mug", NOW, "tap", SECRET)
    assert made.expires_at == NOW + days(10)
    assert stock.left_of(session, "mug") == 0
    assert unfetched(session, NOW + days(10) - timedelta(seconds=1)) == []
    with pytest.raises(Refusal, match="not waiting"):
        hand_over(session, me, made.redemption_id, "cashier:ann", NOW + days(10))

    late = NOW + days(20)
    assert unfetched(session, late) == [me]
    assert lapse(session, [me], late) == 1
    assert (unfetched(session, late), lapse(session, [me], late)) == ([], 0)
    assert (made.state, made.closed_at) == (State.CANCELLED, late)
    assert open_lots(session, row_of(session)) == before
    assert available(session, me, late) == 90
    assert stock.left_of(session, "mug") == 1
    told = rewards_view(session, me, late, language("en"), lambda _: "")
    assert [card.words for card in told.past] == ["It was not fetched in time; your 50 points are back."]
    said = history(session, me, late, language("en")).entries[0]
    assert (said.title, said.why) == (
        "Taken back: Mug",
        "“Mug” was given back, or not fetched in time, so its 50 points are yours again.",
    )
    assert (
        redeem(session, me, "mug", late, "again", SECRET).state == State.RESERVED
    )  # it counts towards no limit
    assert prove(session).flaws == []


@pytest.mark.feature(51)
@pytest.mark.parametrize(
    ("slug", "code"),
    [
        ("tasting", "reward_other_tier"),
        ("later", "reward_not_yet"),
        ("hidden", "reward_hidden"),
        ("nothing-such", "reward_hidden"),
        ("'; --", "reward_hidden"),
    ],
)
def test_what_is_not_offered_is_refused(session: Session, slug: str, code: str) -> None:
    me = a_shop(session)
    with pytest.raises(Refusal) as caught:
        redeem(session, me, slug, NOW, "tap", SECRET)
    assert caught.value.code == code
    assert session.exec(select(func.count()).select_from(Redemption)).one() == 0


@pytest.mark.feature(49)
def test_limits_count_what_was_not_given_back(session: Session) -> None:
    me = a_shop(session)
    made = redeem(session, me, "five", NOW, "a", SECRET)
    with pytest.raises(Refusal) as caught:
        redeem(session, me, "five", NOW, "b", SECRET)
    assert caught.value.code == "reward_limit_reached"
    cancel(session, me, made.redemption_id, NOW, f"member:{me}")
    assert redeem(session, me, "five", NOW, "c", SECRET).state == State.ISSUED


def test_the_price_is_that_of_the_tier(session: Session) -> None:
    me = a_shop(session, spent="150.00")
    assert row_of(session).tier == "silver"
    assert redeem(session, me, "five", NOW + days(1), "a", SECRET).price == 20


def test_pending_points_buy_nothing(session: Session) -> None:
    waiting = PROGRAMME.replace("expiry:", "pending_days: 14\n  expiry:").replace("rewards: []\n", REWARDS)
    in_force(session, waiting)
    record(session, [an_order("o1", "90.00", at=NOW)], NOW)
    me = row_of(session).member_id
    with pytest.raises(Refusal, match="40 more points"):
        redeem(session, me, "coffee", NOW + days(13), "a", SECRET)
    assert redeem(session, me, "coffee", NOW + days(15), "b", SECRET).state == State.ISSUED


# --- staff --------------------------------------------------------------------------------------------------


@pytest.mark.feature(35)
def test_an_adjustment_has_a_reason_a_limit_and_an_audit(session: Session) -> None:
    me = a_shop(session)
    done = adjust(session, me, 25, "Broken eggs", "support:kim", NOW + days(1), request_id="r1")
    assert (done.status, done.points) == ("recorded", 25)
    assert (
        adjust(session, me, 25, "Broken eggs", "support:kim", NOW + days(1), request_id="r1").status
        == "duplicate"
    )
    assert available(session, me, NOW + days(1)) == 115
    last = session.exec(select(Audit).order_by(col(Audit.seq).desc())).first()
    assert last
    assert (last.actor, last.action, last.object) == ("support:kim", "points.adjusted", f"member:{me}")
    entry = session.exec(select(Entry).where(Entry.kind == "adjusted")).one()
    assert "Broken eggs" in entry.why
    refused = [
        (10_001, "Too much", "adjustment_needs_second"),
        (-10_001, "Too little", "adjustment_needs_second"),
        (5, " a ", "reason_missing"),
        (0, "Nothing", "adjustment_empty"),
    ]
    for points, reason, code in refused:
        with pytest.raises(Refusal) as caught:
            adjust(session, me, points, reason, "support:kim", NOW + days(1))
        assert caught.value.code == code


@pytest.mark.feature(48)
def test_staff_publish_change_and_retire_a_reward(session: Session) -> None:
    me = a_shop(session)
    tea = Reward.model_validate({"slug": "tea", "kind": "product", "name": "Tea", "price": 15, "stock": 2})
    first = publish_reward(session, tea, base=1, actor="marketer:bo", now=NOW + days(1))
    assert (first.number, stock.left_of(session, "tea")) == (2, 2)
    with pytest.raises(Refusal) as caught:
        publish_reward(
            session, tea.model_copy(update={"price": 9}), base=1, actor="marketer:bo", now=NOW + days(1)
        )
    assert caught.value.code == "programme_stale"
    redeem(session, me, "tea", NOW + days(1), "a", SECRET)
    more = tea.model_copy(update={"stock": 10})
    publish_reward(session, more, base=2, actor="marketer:bo", now=NOW + days(2))
    assert stock.left_of(session, "tea") == 9
    set_stock(session, "tea", 4, "marketer:bo", NOW + days(2))
    assert stock.left_of(session, "tea") == 4
    retire_reward(session, "tea", base=3, actor="marketer:bo", now=NOW + days(3))
    with pytest.raises(Refusal, match="no such reward"):
        redeem(session, me, "tea", NOW + days(3), "b", SECRET)
    assert versions(session).latest.number == 4
