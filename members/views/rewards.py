"""The rewards page: what can be had now, soon and later, and what the member has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import segno
from sqlalchemy import select
from sqlmodel import Session, col

from facts.language import N_, Language
from members.actions.vouchers import usable_prize
from members.cards import RewardsCard, VoucherCard, icon_of
from members.prizes import won_with
from members.programme.versions import Version, versions
from members.referral_vouchers import KIND
from members.standing import MemberStanding, standing_of
from members.taken import accounts, days_of, taken
from members.views.entries import EntryRow
from members.views.history import COLUMNS
from members.views.home import a_visit
from members.views.offers import Counted, reward_cards
from members.views.saying import day, last_day, shop, wording
from members.views.standing import unknown
from members.views.wallets import balance_words, worth_words
from rewards import pool
from rewards.document import Reward
from rewards.pots import pots
from rewards.redemption import State, first_state, lapsed, returnable_until
from rewards.tables import Entry, Redemption, RewardStock
from rewards.wording import Wording

PAST = 10
RECENT = 6
STATES = ("reserved", "issued")
STATE_WORDS = {
    "reserved": N_("Set aside"),
    "issued": N_("Yours"),
    "used": N_("Used"),
    "expired": N_("Its time is over"),
    "cancelled": N_("Given back"),
}

Unseal = Callable[[Redemption], str]


def rewards_first(session: Session, member_id: UUID, now: datetime, language: Language) -> RewardsCard:
    """The card of the rewards page as a document may hold it: without any code."""
    return rewards(session, member_id, now, language, lambda _: "")


def rewards(
    session: Session, member_id: UUID, now: datetime, language: Language, unseal: Unseal
) -> RewardsCard:
    """The card of the rewards page. `unseal` gives the code of a redemption, "" where it has none."""
    line = versions(session)
    standing = standing_of(session, member_id, now, line)
    if standing is None:
        raise unknown()
    say = wording(standing.version, language)
    had = _redemptions(session, member_id)
    moments = [(one.reward, one.reserved_at) for one in had if one.state != "cancelled" and not one.won]
    catalogue = standing.version.programme.rewards
    whose = accounts(session, member_id, catalogue)
    moments += _had_before(session, member_id, whose)
    counts = Counter(slug for slug, _ in moments)
    left = _left(session, member_id, catalogue)
    given, days = pots(session, catalogue), days_of(session, whose, catalogue)
    counted = Counted(left, counts, _a_visit(session, member_id), moments, given, days)
    cards = reward_cards(standing, counted, say, now)
    mine = [_voucher(one, line.numbered(one.version), say, now, unseal) for one in had if one.state in STATES]
    past = [
        _voucher(one, line.numbered(one.version), say, now, None) for one in had if one.state not in STATES
    ]
    return replace(
        _head(standing, say),
        now=tuple(card for card in cards if card.group == "now"),
        soon=tuple(card for card in cards if card.group == "soon"),
        later=tuple(card for card in cards if card.group == "later"),
        mine=tuple(mine),
        none=not cards,
        past=tuple(past[:PAST]),
    )


def _head(standing: MemberStanding, say: Wording) -> RewardsCard:
    return RewardsCard(
        shop=shop(standing.version, say.language),
        balance=balance_words(standing, say),
        worth=worth_words(standing, say),
        turns_at=standing.turns_at,
    )


def _redemptions(session: Session, member_id: UUID) -> list[Redemption]:
    newest = col(Redemption.reserved_at).desc()
    mine = select(Redemption).where(col(Redemption.member_id) == member_id).order_by(newest)
    return list(session.execute(mine).scalars())


def _had_before(session: Session, member_id: UUID, whose: Sequence[UUID]) -> list[tuple[str, datetime]]:
    """What counts towards limits of what was had by accounts that became part of this one."""
    others = [one for one in whose if one != member_id]
    return taken(session, others) if others else []


def _left(session: Session, member_id: UUID, rewards: Sequence[Reward]) -> dict[str, int]:
    """What is left by reward; the code that this member gave back unseen is there for them, though for nobody else."""
    left = {row[0]: row[1] for row in session.execute(select(col(RewardStock.slug), col(RewardStock.left)))}
    gone = {one.slug for one in rewards if one.pooled and left.get(one.slug) == 0}
    if gone:
        left |= {slug: 1 for slug, _ in pool.waiting(session, member_id) if slug in gone}
    return left


def _a_visit(session: Session, member_id: UUID) -> int:
    newest = (
        select(*COLUMNS)
        .where(col(Entry.member_id) == member_id)
        .order_by(col(Entry.seq).desc())
        .limit(RECENT)
    )
    return a_visit([EntryRow(*row) for row in session.execute(newest)])


def _voucher(
    one: Redemption, version: Version, say: Wording, now: datetime, unseal: Unseal | None
) -> VoucherCard:
    reward = version.programme.reward(one.reward)
    code = unseal(one) if unseal else ""
    back = _returnable(one, reward, say, version, now) if reward and not one.won else ""
    won = bool(reward and first_state(reward) is State.ISSUED and usable_prize(one, now))
    issued = one.state == State.ISSUED
    hidden = bool(issued and reward and reward.pooled and one.used_at is None)
    button = "Code" if issued else "Take it" if won else "Details" if back else ""
    return VoucherCard(
        key=str(one.redemption_id),
        name=say.words(reward.name) if reward else one.reward,
        icon=icon_of(reward.icon) if reward else "gift",
        picture=f"/pictures/{reward.picture}-320.webp" if reward and reward.picture else "",
        state=one.state,
        words=_won(one, reward, say, version, now) if one.won else _words(one, reward, say, version, now),
        code=code,
        qr=qr(code) if code else "",
        open=one.state in STATES,
        won=won,
        issued=issued,
        button=say.text(button) if button else "",
        returnable=back != "",
        back=back,
        hidden=hidden,
        hint=say.text(reward.what.hint) if reward else "",
        terms=about(reward, say) if reward else "",
        link=reward.link if reward and one.state in STATES else "",
    )


def about(reward: Reward, say: Wording) -> str:
    """What its holder has to know: to what a pass is, and the terms."""
    return " ".join(say.words(words) for words in (reward.access, reward.terms) if words)


def _returnable(one: Redemption, reward: Reward, say: Wording, version: Version, now: datetime) -> str:
    """Until when it can be given back, or ""."""
    until = returnable_until(reward, State(one.state), one.reserved_at, one.expires_at, one.used_at)
    if until is None or until <= now:
        return ""
    if one.state == State.RESERVED:
        return say.text("You can give it back while we get it ready.")
    return say.text("You can give it back until {day}.", day=last_day(until, say, version.zone, now))


def _words(one: Redemption, reward: Reward | None, say: Wording, version: Version, now: datetime) -> str:
    zone = version.zone
    if reward and reward.thanks:
        return say.words(reward.thanks) + " · " + day(one.reserved_at, say, zone, now)
    if reward and reward.points:
        return (
            say.text("{points} for you", points=say.points(reward.points))
            + " · "
            + day(one.reserved_at, say, zone, now)
        )
    if one.state == "reserved" and one.expires_at:
        until = last_day(one.expires_at, say, zone, now, short=True)
        return say.text("Yours at the counter until {day}; your points are set aside.", day=until)
    if one.state == "issued" and one.expires_at:
        good = N_("Active until {day}") if reward and reward.what.lasts else N_("Good until {day}")
        return say.text(good, day=last_day(one.expires_at, say, zone, now, short=True))
    if one.state == "used" and one.used_at:
        return say.text("Used on {day}", day=day(one.used_at, say, zone, now))
    if lapsed(State(one.state), one.expires_at, one.closed_at):
        return say.text("It was not fetched in time; your {points} are back.", points=say.points(one.price))
    return say.text(STATE_WORDS.get(one.state, one.state))


def _won(one: Redemption, reward: Reward | None, say: Wording, version: Version, now: datetime) -> str:
    """What is said of a reward that was won: with what, and until when it waits."""
    if lapsed(State(one.state), one.expires_at, one.closed_at):
        return say.text("You won it, and its time is over.")
    if one.state == State.CANCELLED:
        return say.text("It went back with what it was won for.")
    kind, slug = won_with(one.request_id) or ("", "")
    name = _won_with(kind, slug, say)
    if one.state != State.RESERVED or one.expires_at is None:
        return say.text("Won with “{name}”", name=name) + " · " + _words(one, reward, say, version, now)
    until = last_day(one.expires_at, say, version.zone, now, short=True)
    if reward and first_state(reward) is State.RESERVED:
        return say.text("Won with “{name}”. Yours at the counter until {day}", name=name, day=until)
    return say.text("Won with “{name}”. Take it until {day}", name=name, day=until)


def _won_with(kind: str, slug: str, say: Wording) -> str:
    if kind == KIND:
        return say.text("Bring a friend")
    return say.tiers.get(slug, slug) if kind == "tier" else say.prizes.get(f"{kind}:{slug}", slug)


def qr(code: str) -> str:
    """The code as a QR picture: an SVG in an address of data. Medium correction, so that a scratched screen reads."""
    return segno.make(code, error="m", micro=False).svg_data_uri(
        scale=4, border=2, dark="#000", light="#fff", nl=False
    )
