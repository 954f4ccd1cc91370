"""What each reward is for one member now: to be had, soon, or later and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from members.cards import RewardCard, icon_of
from members.standing import MemberStanding
from members.views.saying import day
from rewards.document import Reward
from rewards.wording import Wording

SOON_PERCENT = 50


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is counted: `left` pieces of limited rewards, `had` of each by this member, points a visit brings."""

    left: Mapping[str, int] = field(default_factory=dict[str, int])
    had: Mapping[str, int] = field(default_factory=dict[str, int])
    a_visit: int = 0


def offers(standing: MemberStanding, shelf: Shelf, say: Wording, now: datetime) -> list[RewardCard]:
    """A card for every reward in the window, cheapest first."""
    tier = standing.level.slug
    shown = [reward for reward in standing.version.programme.rewards if reward.visible(now)]
    shown.sort(key=lambda reward: (reward.price_for(tier), reward.slug))
    return [_offer(reward, standing, shelf, say, now) for reward in shown]


def closest(cards: list[RewardCard]) -> RewardCard:
    """The reward to look forward to: the nearest one out of reach, else the best one within it."""
    reaching = [card for card in cards if card.missing]
    if reaching:
        return reaching[0]
    ready = [card for card in cards if card.group == "now"]
    return ready[-1] if ready else RewardCard(slug="")


def kind_words(reward: Reward, say: Wording) -> str:
    """What kind of thing it is."""
    if reward.kind == "percent":
        return say.text("{percent} off", percent=say.language.percent(Decimal(reward.value) / 100))
    if reward.kind == "fixed":
        return say.text("{money} off", money=say.decimal(reward.value))
    return say.text("Free delivery") if reward.kind == "free_delivery" else say.text("A product")


def _offer(reward: Reward, standing: MemberStanding, shelf: Shelf, say: Wording, now: datetime) -> RewardCard:
    price = reward.price_for(standing.level.slug)
    missing = max(0, price - standing.available)
    percent = 100 if not missing else min(99, max(0, standing.available) * 100 // price)
    obstacle = _obstacle(reward, standing, shelf, say, now)
    if obstacle:
        group, words = "later", obstacle
    elif missing:
        group, words = ("soon" if percent >= SOON_PERCENT else "later"), _missing(missing, shelf, say)
    else:
        group, words = "now", say.text("Yours for {points}", points=say.points(price))
    left = shelf.left.get(reward.slug)
    name = say.words(reward.name)
    return RewardCard(
        slug=reward.slug,
        name=name,
        description=say.words(reward.description) if reward.description else "",
        icon=icon_of(reward.icon),
        picture=f"/pictures/{reward.picture}" if reward.picture else "",
        kind=kind_words(reward, say),
        price=say.points(price),
        words=words,
        stock=say.text("{n} left", n=left) if left is not None and 0 < left <= 20 else "",
        percent=percent,
        percent_words=say.language.percent(Decimal(percent) / 100),
        group=group,
        question=say.text("Exchange {points} for “{reward}”?", points=say.points(price), reward=name),
        terms=_terms(reward, standing.available - price, say),
        missing=bool(missing) and not obstacle,
    )


def _missing(missing: int, shelf: Shelf, say: Wording) -> str:
    more = say.language.plural("{n} more point", "{n} more points", missing)
    if not shelf.a_visit:
        return more
    visits = -(-missing // shelf.a_visit)
    if visits == 1:
        return say.text("{points}, about one visit", points=more)
    return say.text("{points}, about {visits}", points=more,
                    visits=say.language.plural("{n} visit", "{n} visits", visits))  # fmt: skip


def _obstacle(reward: Reward, standing: MemberStanding, shelf: Shelf, say: Wording, now: datetime) -> str:
    """What stands between the member and the reward besides points, or ""."""
    if reward.tiers and standing.level.slug not in reward.tiers:
        return say.text("For {tiers}", tiers=say.tier_names(reward.tiers))
    if reward.claimable_from and reward.claimable_from > now:
        when = day(reward.claimable_from, say, standing.version.terms.zone, now)
        return say.text("From {day}", day=when)
    if shelf.left.get(reward.slug) == 0:
        return say.text("Sold out")
    if reward.per_member is not None and shelf.had.get(reward.slug, 0) >= reward.per_member:
        return say.text("You have had all of yours")
    return ""


def _terms(reward: Reward, after: int, say: Wording) -> str:
    """What the confirmation says besides its question."""
    said = [say.text("You keep {points}.", points=say.points(max(0, after)))]
    if reward.fulfilment == "by_staff":
        said.append(say.text("We will have it ready for you at the counter."))
    else:
        said.append(say.text("Your code is good for {days}.", days=say.days(reward.valid_days)))
    if reward.refundable_days:
        said.append(
            say.text("Unused, you can give it back for {days}.", days=say.days(reward.refundable_days))
        )
    return " ".join(said)
