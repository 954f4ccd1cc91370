"""What each reward is for one member now: to be had, soon, or later and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from facts.language import N_
from members.cards import RewardCard, icon_of
from members.standing import MemberStanding
from members.views.saying import day, last_day
from rewards import catalogue, occasion
from rewards.allowance import PerPeriod, again, lately
from rewards.catalogue import Holder, Offer, Shelf, Why
from rewards.document import Reward
from rewards.pots import EMPTY, Pot
from rewards.wording import Wording

FEW = 20  # pieces left, from which on we say so


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted: `left` pieces of limited rewards, `taken` of each by this member, points a visit brings.

    `had` is when they were taken, by slug and moment; `pots` are what donations came to; `days` are the last occasions.
    """

    left: Mapping[str, int] = field(default_factory=dict[str, int])
    taken: Mapping[str, int] = field(default_factory=dict[str, int])
    a_visit: int = 0
    had: Sequence[tuple[str, datetime]] = ()
    pots: Mapping[str, Pot] = field(default_factory=dict[str, Pot])
    days: Mapping[str, occasion.Day] = field(default_factory=dict[str, occasion.Day])


def reward_cards(standing: MemberStanding, counted: Counted, say: Wording, now: datetime) -> list[RewardCard]:
    """A card for every reward that is shown, cheapest first."""
    return [_card(one, standing, counted, say, now) for one in _offers(standing, counted, now)]


def _offers(standing: MemberStanding, counted: Counted, now: datetime) -> list[Offer]:
    rewards = standing.version.programme.rewards
    holder = holder_of(standing, counted.taken, counted.had, counted.days, now)
    found = catalogue.offers(rewards, holder, counted.left, now)
    return sorted(found, key=lambda one: (one.price, one.reward.slug))


def holder_of(
    standing: MemberStanding,
    counts: Mapping[str, int],
    had: Sequence[tuple[str, datetime]],
    days: Mapping[str, occasion.Day],
    now: datetime,
) -> Holder:
    """A member as the catalogue needs them; `counts` and `had` are what they took, `days` their last occasions."""
    rewards, zone = standing.version.programme.rewards, standing.version.zone
    open_until = occasion.open_until(rewards, days, now, zone)
    closed = occasion.chosen(rewards, days, had, lambda at: standing.line.at(at).programme.rewards)
    recent = lately(rewards, had, now, zone)
    return Holder(
        standing.level.slug, standing.available, standing.pending, counts, recent, open_until, closed
    )


def in_sight(
    standing: MemberStanding, counted: Counted, say: Wording, now: datetime
) -> tuple[RewardCard, RewardCard | None]:
    """The reward to look forward to (the nearest one out of reach, else the best within it), and the best to be had."""
    offers = _offers(standing, counted, now)
    ready = [one for one in offers if one.shelf is Shelf.NOW]
    reaching = [one for one in offers if one.why is Why.POINTS_SHORT]
    best = _card(ready[-1], standing, counted, say, now) if ready else None
    if reaching:
        return _card(reaching[0], standing, counted, say, now), best
    return best or RewardCard(slug=""), best


def free_now(standing: MemberStanding, counted: Counted, say: Wording, now: datetime) -> str:
    """What can be had for nothing, since it is a day of the member's own: one, or one of several; "" for nothing."""
    free = [one for one in standing.version.programme.rewards if not one.price]
    if not occasion.open_until(free, counted.days, now, standing.version.zone):
        return ""
    offers = (one for one in _offers(standing, counted, now) if one.shelf is Shelf.NOW and not one.price)
    return say.language.listed([say.words(one.reward.name) for one in offers], either=True)


def kind_words(reward: Reward, say: Wording) -> str:
    """What kind of thing it is."""
    return reward.what.says(reward, say)


def pot_words(reward: Reward, pot: Pot, say: Wording) -> str:
    """What all members gave together: money where the shop gives money, points otherwise; "" before the first."""
    if not pot.gifts:
        return ""
    times = say.language.plural("{n} donation", "{n} donations", pot.gifts)
    given = say.money(pot.amount) if pot.amount else say.points(pot.points)
    return say.text("Given together: {given}, in {times}", given=given, times=times)


def _card(
    found: Offer, standing: MemberStanding, counted: Counted, say: Wording, now: datetime
) -> RewardCard:
    reward, name = found.reward, say.words(found.reward.name)
    percent = 100 if not found.short else min(99, max(0, standing.available) * 100 // found.price)
    return RewardCard(
        slug=reward.slug,
        name=name,
        description=say.words(reward.description) if reward.description else "",
        icon=icon_of(reward.icon),
        picture=f"/pictures/{reward.picture}-320.webp" if reward.picture else "",
        kind=kind_words(reward, say),
        price=price_words(found.price, say),
        words=_words(found, standing, counted, say, now),
        stock=say.text("{n} left", n=found.left) if found.left and found.left <= FEW else "",
        percent=percent,
        percent_words=say.language.percent(Decimal(percent) / 100),
        group="later" if found.shelf is Shelf.GONE else str(found.shelf),
        question=_question(found.price, name, say),
        terms=_terms(reward, found.price, standing, say),
        missing=found.why is Why.POINTS_SHORT,
        done=_done(reward, say),
        pot=pot_words(reward, counted.pots.get(reward.slug, EMPTY), say),
    )


def price_words(price: int, say: Wording) -> str:
    """What it costs."""
    return say.points(price) if price else say.text("Free")


def _question(price: int, name: str, say: Wording) -> str:
    if not price:
        return say.text("Choose “{reward}”?", reward=name)
    return say.text("Exchange {points} for “{reward}”?", points=say.points(price), reward=name)


def choice_words(reward: Reward, rewards: Sequence[Reward], say: Wording) -> str:
    """With which others one has to choose; "" for none."""
    names = [say.words(one.name) for one in occasion.others(reward, rewards) if not one.retired]
    return occasion.instead(names, say)


def _done(reward: Reward, say: Wording) -> str:
    """What is said when it is had and there is no code to show."""
    if reward.thanks:
        return say.words(reward.thanks)
    if reward.points:
        return say.text("{points} are yours.", points=say.points(reward.points))
    return say.text("Done. We will have it ready for you at the counter.")


def _words(found: Offer, standing: MemberStanding, counted: Counted, say: Wording, now: datetime) -> str:
    """What it takes, or what stands between the member and the reward."""
    reward = found.reward
    if found.why is Why.POINTS_SHORT:
        return _missing(found.short, counted, say)
    if found.why is Why.OTHER_TIER:
        return say.text("For {tiers}", tiers=say.tier_names(reward.tiers))
    if found.why is Why.NOT_YET and reward.claimable_from:
        return say.text("From {day}", day=day(reward.claimable_from, say, standing.version.zone, now))
    if found.why is Why.LIMIT_FOR_NOW and reward.per_period:
        opens = again(reward.per_period.per, now, standing.version.zone)
        return say.text(
            "You have had yours. Again from {day}", day=day(opens, say, standing.version.zone, now)
        )
    if found.why is Why.SOLD_OUT:
        return say.text("Sold out")
    if found.why is Why.LIMIT_REACHED:
        return say.text("You have had all of yours")
    return _on_occasion(found, standing, say, now) or say.text(
        "Yours for {points}", points=say.points(found.price)
    )


def _on_occasion(found: Offer, standing: MemberStanding, say: Wording, now: datetime) -> str:
    """When it can be had, until when, or that one has chosen; "" for what is had on any day."""
    if found.reward.occasion is None:
        return ""
    if found.why is Why.CHOSEN:
        return say.text("You have made your choice this time")
    if found.until is None:
        return occasion.when(found.reward.occasion, say)
    until = last_day(found.until, say, standing.version.zone, now, short=True)
    if not found.price:
        return say.text("Free until {day}", day=until)
    return say.text("Yours for {points}, until {day}", points=say.points(found.price), day=until)


def _missing(missing: int, counted: Counted, say: Wording) -> str:
    more = say.language.plural("{n} more point", "{n} more points", missing)
    if not counted.a_visit:
        return more
    visits = -(-missing // counted.a_visit)
    if visits == 1:
        return say.text("{points}, about one visit", points=more)
    return say.text("{points}, about {visits}", points=more,
                    visits=say.language.plural("{n} visit", "{n} visits", visits))  # fmt: skip


def _terms(reward: Reward, price: int, standing: MemberStanding, say: Wording) -> str:
    """What the confirmation says besides its question."""
    choice = choice_words(reward, standing.version.programme.rewards, say)
    said = [choice] if choice else []
    after = max(0, standing.available - price)
    said += [say.text("You keep {points}.", points=say.points(after))] if price else []
    said += reward.what.promises(reward, say)
    said += [say.words(reward.terms)] if reward.terms else []
    said += [limit_words(reward.per_period, say)] if reward.per_period else []
    if reward.what.spent_at_once:
        return " ".join(said)
    if reward.fulfilment == "by_staff":
        said.append(
            say.text("It is ready for you at the counter for {days}; after that your points come back.",
                     days=say.days(reward.held_days))
        )  # fmt: skip
        return " ".join(said)
    if not reward.what.lasts:
        said.append(say.text("Your code is good for {days}.", days=say.days(reward.valid_days)))
    if reward.refundable_days and not reward.what.final:
        back = UNSEEN if reward.pooled else N_("Unused, you can give it back for {days}.")
        said.append(say.text(back, days=say.days(reward.refundable_days)))
    return " ".join(said)


UNSEEN = N_("As long as you have not looked at the code, you can give it back for {days}.")
LIMITS = {
    "day": N_("At most {n} a day."),
    "week": N_("At most {n} a week."),
    "month": N_("At most {n} a month."),
    "year": N_("At most {n} a year."),
}


def limit_words(limit: PerPeriod, say: Wording) -> str:
    """How often it can be had, for everybody and for the tiers that have a number of their own."""
    said = [say.text(LIMITS[limit.per], n=limit.most)]
    said += [
        say.text("{tiers}: at most {n}.", tiers=say.tier_names([tier]), n=most)
        for tier, most in limit.tiers.items()
    ]
    return " ".join(said)
