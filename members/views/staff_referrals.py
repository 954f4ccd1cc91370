"""Bringing friends as staff sees it: the offers, the funnel by channel, what a customer costs, and who brings most."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, func, select

from facts.dates import day_of
from facts.language import N_
from facts.money import Rounding, minor, ratio
from members.channels import ALL
from members.funnel import ALL_OFFERS
from members.funnel_tables import Advocate, FunnelCount
from members.merged import latest_of
from members.programme.versions import Version
from members.roles import Capability, Person
from members.staff_game_cards import FigureCard, OptionCard
from members.staff_referral_cards import AdvocateRow, ChannelRow, StepRow
from members.tables import Member
from members.views.friends import alias
from rewards.wording import Wording

STEPS = {
    "shared": N_("Links sent"),
    "clicked": N_("Links opened"),
    "joined": N_("New members"),
    "bought": N_("First purchases"),
    "again": N_("Second purchases"),
}
CHANNELS = {
    "telegram": N_("Telegram"), "whatsapp": N_("WhatsApp"), "vk": N_("VK"), "mail": N_("E-mail"),
    "sheet": N_("The phone's own way to share"), "copy": N_("Copied link"), "qr": N_("QR code"),
    "poster": N_("Poster"), "link": N_("Bare link"), "code": N_("Code typed in"), "till": N_("Code at the till"),
}  # fmt: skip
PERIODS = (7, 30, 90, 365)
ADVOCATES = 10
ERASED = "erased"

Figures = Counter[tuple[str, str]]


def counted(session: Session, offer: str, days: int, zone_day: int) -> Figures:
    """How often each step happened, by channel, in the last `days` up to the day `zone_day`; of all offers for ""."""
    query = (
        select(FunnelCount.channel, FunnelCount.step, func.sum(FunnelCount.amount))
        .where(FunnelCount.day > zone_day - days, FunnelCount.day <= zone_day)
        .group_by(col(FunnelCount.channel), col(FunnelCount.step))
    )
    if offer:
        query = query.where(FunnelCount.offer == offer)
    return Counter({(channel, step): int(amount) for channel, step, amount in session.exec(query)})


def total(found: Figures, step: str) -> int:
    """A step over all channels."""
    return sum(amount for (_, what), amount in found.items() if what == step)


def steps(found: Figures, say: Wording) -> tuple[StepRow, ...]:
    """The funnel over all channels. Its first three steps are counted by themselves, the others of those who joined."""
    sums = {step: total(found, step) for step in STEPS}
    most, rows, before = max([*sums.values(), 1]), list[StepRow](), ""
    for step, label in STEPS.items():
        words = ""
        if before and 0 < sums[step] <= sums[before]:
            share = say.language.percent(Decimal(sums[step]) / sums[before])
            words = say.text("{percent} of the step before", percent=share)
        percent = 100 * max(0, sums[step]) // most
        rows.append(StepRow(step, say.text(label), say.language.number(sums[step]), words, percent))
        before = step
    return tuple(rows)


def channels(found: Figures, say: Wording) -> tuple[ChannelRow, ...]:
    """Each channel by which anything happened, the one with most who bought first."""
    there = [name for name in ALL if any(found[name, step] for step in STEPS)]
    best = sorted(
        there, key=lambda name: [-found[name, step] for step in ("bought", "joined", "clicked", "shared")]
    )
    return tuple(
        ChannelRow(
            name,
            say.text(CHANNELS[name]),
            tuple(
                FigureCard(say.text(label), say.language.number(found[name, step]))
                for step, label in STEPS.items()
            ),
        )
        for name in best
    )


def worth(points: int, version: Version) -> int:
    """Points in minor units, at what the programme says that they are worth."""
    value = version.points.value
    return ratio(points * minor(value.money, version.digits), value.points, Rounding.HALF_UP)


def cost(found: Figures, version: Version, say: Wording) -> tuple[str, str]:
    """What each friend who bought has cost, and how that is worked out; "" and why not when nobody bought yet."""
    points, money, bought = total(found, "points"), total(found, "money"), total(found, "bought")
    if bought <= 0:
        return "", say.text("As soon as a friend has bought, it is said here what each of them has cost.")
    spent = worth(points, version) + money
    each = say.money(ratio(spent, bought, Rounding.HALF_UP))
    friends = say.language.plural("{n} friend who bought", "{n} friends who bought", bought)
    how = [say.text("{points} were given to both sides, worth {money}.", points=say.points(points),
                    money=say.money(worth(points, version)))]  # fmt: skip
    if money:
        how.append(say.text("Vouchers were given for {money}.", money=say.money(money)))
    how.append(say.text("Shared among {friends}, that is {each} for each.", friends=friends, each=each))
    how.append(say.text("What went back with a purchase is taken off; what still waits is in it."))
    if version.programme.referrals.milestones:
        how.append(say.text("Milestones are not in it: they belong to no offer."))
    return each, " ".join(how)


def advocates(session: Session, offer: str, person: Person, say: Wording) -> tuple[AdvocateRow, ...]:
    """Who has brought most friends who bought, by name for staff who may see members, by an alias for others."""
    query = select(Advocate).where(Advocate.offer == (offer or ALL_OFFERS), Advocate.joined > 0)
    best = query.order_by(col(Advocate.bought).desc(), col(Advocate.joined).desc(), col(Advocate.member_id))
    sums: dict[UUID, Counter[str]] = {}
    for row in session.exec(best.limit(2 * ADVOCATES)):
        mine = sums.setdefault(latest_of(session, row.member_id), Counter())
        mine.update(joined=row.joined, bought=row.bought, again=row.again, points=row.points)
    people = session.exec(select(Member).where(col(Member.member_id).in_(list(sums)))).all()
    members = {one.member_id: one for one in people if one.status != ERASED}
    order = sorted(sums.items(), key=lambda one: (-one[1]["bought"], -one[1]["joined"], one[0]))
    found = [(who, mine) for who, mine in order if who in members][:ADVOCATES]
    may = person.may(Capability.SEE_MEMBERS)
    return tuple(
        AdvocateRow(
            key=str(who) if may else str(place),
            name=called(members[who], say) if may else alias(who, say.language),
            words=_brought(mine, say),
            path=f"/staff/member?id={who}" if may else "",
        )
        for place, (who, mine) in enumerate(found, 1)
    )


def called(member: Member, say: Wording) -> str:
    """A member's name."""
    return member.name or say.text("A member without a name")


def _brought(mine: Counter[str], say: Wording) -> str:
    said = [say.language.plural("{n} friend bought", "{n} friends bought", mine["bought"])]
    said.append(say.text("{n} joined", n=mine["joined"]))
    if mine["again"]:
        said.append(say.text("{n} bought again", n=mine["again"]))
    said.append(say.points(mine["points"]))
    return " · ".join(said)


def periods(say: Wording) -> tuple[OptionCard, ...]:
    """The stretches of time to look at."""
    return tuple(OptionCard(str(n), say.text("The last {days}", days=say.days(n))) for n in PERIODS)


def today(version: Version, now: datetime) -> int:
    """The day in the programme's zone."""
    return day_of(now, version.zone)


def since(version: Version, now: datetime, days: int) -> datetime:
    """When the stretch that is looked at began."""
    return now - timedelta(days=days)
