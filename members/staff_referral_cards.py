"""What the staff's pages of bringing friends are shown: frozen, finished texts; never a table row."""

from __future__ import annotations

from dataclasses import dataclass

from members.staff_cards import FieldCard, TickCard
from members.staff_game_cards import DraftRow, FigureCard, OptionCard

NO_FIELD = FieldCard()


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer in the list: what both get, when it is made, and how many links keep it, or older terms of it."""

    key: str = ""
    name: str = ""
    state: str = ""
    tone: str = "plain"
    gives: str = ""
    words: str = ""
    links: str = ""
    old: str = ""
    edit: str = ""
    may_first: bool = False
    may_retire: bool = False


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of the funnel: how many, and which part of the step before that is (`percent` is a bar's length)."""

    key: str = ""
    label: str = ""
    value: str = ""
    words: str = ""
    percent: int = 0


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One channel: its name, and a figure for each step."""

    key: str = ""
    name: str = ""
    figures: tuple[FigureCard, ...] = ()


@dataclass(frozen=True, slots=True)
class AdvocateRow:
    """Somebody who brings friends; `path` leads to who they are, "" where staff may not see it."""

    key: str = ""
    name: str = ""
    words: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class FriendRow:
    """A friend of a member, or who brought them: how far it is, since when and by which way."""

    key: str = ""
    name: str = ""
    status: str = ""
    tone: str = "plain"
    words: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class FriendsOfCard:
    """Who brought a member (`by` has one row, or none), and whom they have brought; `words` sum that up."""

    by: tuple[FriendRow, ...] = ()
    brought: tuple[FriendRow, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class ReferralsCard:
    """Offers, and how bringing friends went: of `offer` ("" all) in the last `days`."""

    version: str = ""
    base: int = 0
    offers: tuple[OfferRow, ...] = ()
    drafts: tuple[DraftRow, ...] = ()
    choices: tuple[OptionCard, ...] = ()
    periods: tuple[OptionCard, ...] = ()
    offer: str = ""
    days: str = "30"
    steps: tuple[StepRow, ...] = ()
    channels: tuple[ChannelRow, ...] = ()
    cost: str = ""
    cost_how: str = ""
    advocates: tuple[AdvocateRow, ...] = ()
    files: tuple[OptionCard, ...] = ()
    may_edit: bool = False


@dataclass(frozen=True, slots=True)
class SideCard:
    """What the sharer reads of an offer, and what the friend does, in one language; `picture` is the messenger's."""

    language: str = ""
    dir: str = "ltr"
    headline: str = ""
    rules: tuple[str, ...] = ()
    title: str = ""
    text: str = ""
    friend_rules: tuple[str, ...] = ()
    picture: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class OfferCard:
    """An offer on the workbench, and beside it what people will read and what publishing would change."""

    title: str = ""
    stage: str = ""
    draft: str = ""
    fresh: bool = True
    slug: FieldCard = NO_FIELD
    names: tuple[FieldCard, ...] = ()
    sharer: tuple[FieldCard, ...] = ()
    friend: tuple[FieldCard, ...] = ()
    burns: tuple[TickCard, ...] = ()
    rewards: tuple[OptionCard, ...] = ()
    sharer_reward: str = ""
    friend_reward: str = ""
    reward_problem: str = ""
    paid: str = "first_order"
    terms: tuple[FieldCard, ...] = ()
    per: str = "ever"
    times: tuple[FieldCard, ...] = ()
    zone: str = ""
    links: tuple[str, ...] = ()
    preview: SideCard = SideCard()
    languages: tuple[TickCard, ...] = ()
    changes: tuple[str, ...] = ()
    behind: str = ""
    wrong: str = ""
    ready: bool = False
    stale: bool = False
    retired: bool = False
    planned: str = ""
    problem: str = ""
    may_publish: bool = False
