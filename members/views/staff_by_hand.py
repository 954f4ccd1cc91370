"""What staff can do by hand for a member as they stand: wallets to change, points that could last longer, tiers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from facts.language import N_
from members import idling
from members.actions.extending import AHEAD_MAX, ALL_OF
from members.actions.pinning import pin_of
from members.programme.versions import Timeline, Version
from members.purses import most
from members.staff_by_hand_cards import ByHandCard, WalletOption
from members.staff_game_cards import OptionCard
from members.views.saying import day, last_day
from members.views.wallets import in_points
from rewards.lots import EARNED, POINTS
from rewards.tables import Lot
from rewards.wording import Wording

LOTS_MAX = 100


def by_hand(session: Session, member_id: UUID, line: Timeline, say: Wording, now: datetime) -> ByHandCard:
    """The choices of the forms, and the tier that holds by hand."""
    version = line.at(now)
    zone = version.zone
    today = now.astimezone(zone).date()
    lots = tuple(_lots(session, member_id, line, say, now))
    idle = idling.moments(session, [member_id], line).get(member_id) if line.keeping else None
    held = pin_of(session, member_id, now)
    words = ""
    if held:
        words = say.text("without an end")
        if held.until:
            words = say.text("until {day}", day=day(held.until, say, zone, now))
    return ByHandCard(
        wallets=tuple(_wallets(version, say)),
        together=_together(version, say),
        lots=(*_whole(lots, version, say, idle=bool(idle)), *(option for _, option in lots)),
        first=(today + timedelta(days=1)).isoformat(),
        last=(now + AHEAD_MAX).astimezone(zone).date().isoformat(),
        tiers=tuple(OptionCard(one.slug, say.words(one.name)) for one in version.programme.tiers.levels[1:]),
        today=today.isoformat(),
        pinned=say.tiers.get(held.tier, held.tier) if held else "",
        pinned_words=words,
        pinned_reason=held.reason if held else "",
    )


def _together(version: Version, say: Wording) -> str:
    """What of each wallet weighs as much as the limit of points; "" where there are points alone."""
    limit = version.points.adjustment_limit
    as_much = [
        say.text("{amount} of “{wallet}”", amount=say.of(slug).points(most(wallet, limit, version)),
                 wallet=say.purses[slug].name)
        for slug, wallet in version.wallets.items()
    ]  # fmt: skip
    if not as_much:
        return ""
    return say.text("All wallets count together, and as much as that is {amounts}.",
                    amounts=say.language.listed(as_much, either=True))  # fmt: skip


def _wallets(version: Version, say: Wording) -> Iterator[WalletOption]:
    points = [WalletOption(POINTS, say.text("Points"))] if version.wallets else []
    first = in_points(version)
    if first:
        yield from points
    for slug, wallet in version.wallets.items():
        purse = say.purses[slug]
        unit, digits = (version.currency, version.digits) if wallet.spendable else (purse.unit, 0)
        yield WalletOption(slug, f"{purse.name} ({unit})", digits)
    if not first:
        yield from points


def _whole(
    lots: Sequence[tuple[str, OptionCard]], version: Version, say: Wording, *, idle: bool
) -> Iterator[OptionCard]:
    """All of points, and all of each wallet beside them, where something of it ends."""
    found = {wallet for wallet, _ in lots}
    if idle or POINTS in found:
        every = (
            N_("All points that end before that day")
            if version.wallets
            else N_("All that end before that day")
        )
        yield OptionCard("", say.text(every))
    for slug in version.wallets:
        if slug in found:
            name = say.purses[slug].name
            yield OptionCard(
                f"{ALL_OF}{slug}", say.text("All of “{wallet}” that ends before that day", wallet=name)
            )


def _lots(
    session: Session, member_id: UUID, line: Timeline, say: Wording, now: datetime
) -> Iterator[tuple[str, OptionCard]]:
    """The member's open lots with a last day, soonest first, and the wallet of each."""
    version = line.at(now)
    zone, wallets = version.zone, [POINTS, *version.wallets]
    mine = (
        col(Lot.member_id) == member_id,
        col(Lot.kind) == EARNED,
        col(Lot.wallet).in_(wallets),
        col(Lot.remaining) > 0,
    )
    query = (
        select(col(Lot.cause), col(Lot.remaining), col(Lot.at), col(Lot.expires_at), col(Lot.wallet))
        .where(*mine)
        .where(col(Lot.expires_at) > now)
        .order_by(col(Lot.expires_at), col(Lot.rank))
        .limit(LOTS_MAX)
    )
    for cause, amount, since, end, wallet in session.execute(query).all():
        assert end is not None
        until = say.text("until {day}", day=last_day(end, say, zone, now))
        given = say.text("from {day}", day=day(since, say, zone, now))
        yield wallet, OptionCard(cause, " · ".join((say.of(wallet).points(amount), until, given)))
