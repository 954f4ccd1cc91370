"""What each reward is for one member now: to be had, soon, or later and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from members.cards import RewardCard, icon_of
from members.standing import MemberStanding
from members.views.saying import day
from rewards import catalogue
from rewards.catalogue import Holder, Offer, Shelf, Why
from rewards.document import Reward
from rewards.wording import Wording

FEW = 20  # pieces left, from which on we say so


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted: `left` pieces of limited rewards, `taken` of each by this member, points a visit brings."""

    left: Mapping[str, int] = field(default_factory=dict[str, int])
    taken: Mapping[str, int] = field(default_factory=dict[str, int])
    a_visit: int = 0


def reward_cards(standing: MemberStanding, counted: Counted, say: Wording, now: datetime) -> list[RewardCard]:
    """A card for every reward that is shown, cheapest first."""
    return [_card(one, standing, counted, say, now) for one in _offers(standing, counted, now)]


def _offers(standing: MemberStanding, counted: Counted, now: datetime) -> list[Offer]:
    holder = Holder(standing.level.slug, standing.available, standing.pending, counted.taken)
    found = catalogue.offers(standing.version.programme.rewards, holder, counted.left, now)
    return sorted(found, key=lambda one: (one.price, one.reward.slug))


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


def kind_words(reward: Reward, say: Wording) -> str:
    """What kind of thing it is."""
    if reward.kind == "percent":
        return say.text("{percent} off", percent=say.language.percent(Decimal(reward.value) / 100))
    if reward.kind == "fixed":
        return say.text("{money} off", money=say.decimal(reward.value))
    return say.text("Free delivery") if reward.kind == "free_delivery" else say.text("A product")


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
        price=say.points(found.price),
        words=_words(found, standing, counted, say, now),
        stock=say.text("{n} left", n=found.left) if found.left and found.left <= FEW else "",
        percent=percent,
        percent_words=say.language.percent(Decimal(percent) / 100),
        group="later" if found.shelf is Shelf.GONE else str(found.shelf),
        question=say.text("Exchange {points} for “{reward}”?", points=say.points(found.price), reward=name),
        terms=_terms(reward, standing.available - found.price, say),
        missing=found.why is Why.POINTS_SHORT,
    )


def _words(found: Offer, standing: MemberStanding, counted: Counted, say: Wording, now: datetime) -> str:
    """What it takes, or what stands between the member and the reward."""
    reward = found.reward
    if found.why is Why.POINTS_SHORT:
        return _missing(found.short, counted, say)
    if found.why is Why.OTHER_TIER:
        return say.text("For {tiers}", tiers=say.tier_names(reward.tiers))
    if found.why is Why.NOT_YET and reward.claimable_from:
        return say.text("From {day}", day=day(reward.claimable_from, say, standing.version.zone, now))
    if found.why is Why.SOLD_OUT:
        return say.text("Sold out")
    if found.why is Why.LIMIT_REACHED:
        return say.text("You have had all of yours")
    return say.text("Yours for {points}", points=say.points(found.price))


def _missing(missing: int, counted: Counted, say: Wording) -> str:
    more = say.language.plural("{n} more point", "{n} more points", missing)
    if not counted.a_visit:
        return more
    visits = -(-missing // counted.a_visit)
    if visits == 1:
        return say.text("{points}, about one visit", points=more)
    return say.text("{points}, about {visits}", points=more,
                    visits=say.language.plural("{n} visit", "{n} visits", visits))  # fmt: skip


def _terms(reward: Reward, after: int, say: Wording) -> str:
    """What the confirmation says besides its question."""
    said = [say.text("You keep {points}.", points=say.points(max(0, after)))]
    if reward.fulfilment == "by_staff":
        said.append(
            say.text("It is ready for you at the counter for {days}; after that your points come back.",
                     days=say.days(reward.held_days))
        )  # fmt: skip
        return " ".join(said)
    said.append(say.text("Your code is good for {days}.", days=say.days(reward.valid_days)))
    if reward.refundable_days:
        said.append(
            say.text("Unused, you can give it back for {days}.", days=say.days(reward.refundable_days))
        )
    return " ".join(said)
