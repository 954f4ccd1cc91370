"""What the engine's figures mean, said to people: the tools with which rules and whys put themselves into words.

A kind of rule says its own sentences (`Rule.sentence`, `Rule.because`), so adding one stays one file. Here are
the parts that sentences are made of, and the sentences of entries that no rule makes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from facts.guards import Within
from facts.language import N_, Language
from facts.money import minor, minor_digits

if TYPE_CHECKING:
    from rewards.earning.rule import Where

DIGITS = re.compile(r"\d[\d.,٫٬]*")
PATH_SHOWN = 4  # categories named before the rest is counted


@dataclass(frozen=True, slots=True)
class Purse:
    """A wallet beside points as people know it: its name, and what its whole steps are called; "" for money."""

    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a programme speaks in one language. `tiers` and `rewards` are names by slug, in that language.

    `prizes` are names of badges, challenges and boards, by `badge:<slug>`, `challenge:<slug>` and `board:<slug>`;
    `deeds` are names of the shop's own facts, by type. `purses` are the wallets beside points, by slug; where one is
    `counted`, it is what amounts are told in.
    """

    language: Language
    currency: str
    own_language: str = "en"
    tiers: Mapping[str, str] = field(default_factory=dict[str, str])
    rewards: Mapping[str, str] = field(default_factory=dict[str, str])
    prizes: Mapping[str, str] = field(default_factory=dict[str, str])
    deeds: Mapping[str, str] = field(default_factory=dict[str, str])
    purses: Mapping[str, Purse] = field(default_factory=dict[str, Purse])
    counted: Purse | None = None

    def text(self, msgid: str, **params: Any) -> str:
        """A text in the language."""
        return self.language.text(msgid, **params)

    def words(self, words: Mapping[str, str]) -> str:
        """A text that staff wrote: in the language, or in the shop's own, or in whichever there is."""
        return words.get(self.language.code) or words.get(self.own_language) or next(iter(words.values()))

    def of(self, wallet: str | None) -> Wording:
        """The same words for what is in a wallet; one that the programme does not have is told in points."""
        return replace(self, counted=self.purses.get(wallet)) if wallet and wallet in self.purses else self

    def points(self, n: int) -> str:
        """`62 points`; `€0.62` or `62 XP` of a wallet beside them."""
        if self.counted is None:
            return self.language.plural("{n} point", "{n} points", n)
        return self._amount(n, signed=False)

    def signed(self, n: int) -> str:
        """`+62`; `+€0.62` or `+62 XP` of a wallet beside points."""
        return self.language.number(n, signed=True) if self.counted is None else self._amount(n, signed=True)

    def _amount(self, n: int, *, signed: bool) -> str:
        assert self.counted is not None
        if self.counted.unit:
            return f"{self.language.number(n, signed=signed)}\u00a0{self.counted.unit}"
        said = self.language.money(abs(n), self.currency)
        sign = "\u2212" if n < 0 else "+" if signed and n else ""
        if sign and self.language.dir == "rtl":  # the sign before the digits, the currency where it always is
            return DIGITS.sub(lambda found: f"\u2066{sign}{found[0]}\u2069", said, count=1)
        return f"{sign}{said}"

    def days(self, n: int) -> str:
        """`14 days`."""
        return self.language.plural("{n} day", "{n} days", n)

    def span(self, span: Within) -> str:
        """`2 days and 1 hour`."""
        plural = self.language.plural
        parts = [(span.days, plural("{n} day", "{n} days", span.days)),
                 (span.hours, plural("{n} hour", "{n} hours", span.hours)),
                 (span.minutes, plural("{n} minute", "{n} minutes", span.minutes))]  # fmt: skip
        return self.language.listed([said for n, said in parts if n])

    def money(self, amount: int) -> str:
        """Minor units as an amount; whole ones without decimals."""
        return self.language.money(amount, self.currency, short=True)

    def decimal(self, text: str) -> str:
        """A decimal string of the document as an amount."""
        return self.money(minor(text, minor_digits(self.currency)))

    def listed(self, items: list[str]) -> str:
        """`A, B and C`."""
        return self.language.listed(items)

    def deed(self, kind: str) -> str:
        """A fact of the shop's own, by its name."""
        return self.deeds.get(kind) or kind.removeprefix("x.")

    def tier_names(self, slugs: list[str]) -> str:
        """The tiers by name."""
        return self.listed([self.tiers.get(slug, slug) for slug in slugs])

    def products(self, where: Where) -> str:
        """The products that a rule means, or "" for all of them."""
        named = (
            [self.language.category(path[-1]) for path in where.categories]
            + where.brands
            + where.tags
            + where.skus
        )
        if len(named) > PATH_SHOWN:
            rest = len(named) - PATH_SHOWN + 1
            named = [*named[: PATH_SHOWN - 1], self.language.plural("{n} other", "{n} others", rest)]
        return self.listed(named)


def because(why: Mapping[str, Any], say: Wording) -> str:
    """Why an entry that no rule made has its amount."""
    kind = why["k"]
    reward = say.rewards.get(why.get("reward", ""), why.get("reward", ""))
    if kind in ("spent", "chosen"):
        return _spent(why, reward, say)
    if kind == "held":
        return _held(why, reward, say)
    if kind in ("expired", "extended", "restored"):
        return _ending(why, say)
    if kind == "adjusted":
        said = (
            N_("The shop changed it: {reason}")
            if say.counted
            else N_("The shop changed your points: {reason}")
        )
        return say.text(said, reason=why.get("reason", ""))
    if kind in ("transferred", "imported", "past", "given", "received"):
        return _moved(why, say)
    if kind in ("prize", "tier_entry", "tier_order"):
        return _prize(why, say) if kind == "prize" else _of_tier(why, reward, say)
    if kind == "referral":
        return _referral(why, say)
    if kind == "forgiven":
        return say.text(
            "More was taken back than you had; we let {points} go.", points=say.points(why["points"])
        )
    return say.text("Your points changed by {points}.", points=say.points(abs(int(why.get("points", 0)))))


def _spent(why: Mapping[str, Any], reward: str, say: Wording) -> str:
    """What points were spent on, and what was chosen on an occasion."""
    points = say.points(why["points"])
    if why["k"] == "chosen":
        return say.text("You chose “{reward}”: {points}.", reward=reward, points=points)
    if reward and not why["points"]:
        return say.text("You chose “{reward}”.", reward=reward)
    if reward:
        return say.text("You exchanged {points} for “{reward}”.", points=points, reward=reward)
    return say.text("You paid with {points} in order {order}.", points=points, order=why.get("order", ""))


def _ending(why: Mapping[str, Any], say: Wording) -> str:
    """Which points are lost, or last longer, and why."""
    if why["k"] == "expired":
        return say.text("{points} were not used in time.", points=say.points(why["points"]))
    if why["k"] == "restored":
        return say.text("{points} came back when their time was over, so they last a while longer.",
                        points=say.points(why["points"]))  # fmt: skip
    until, reason = say.language.date(date.fromisoformat(why["until"]), "long"), why.get("reason", "")
    if not why["points"] and say.counted is None:  # those that end by inactivity have no number of their own
        return say.text("The shop keeps your points to {day}: {reason}", day=until, reason=reason)
    return say.text("The shop lets {points} last to {day}: {reason}", points=say.points(why["points"]), day=until,
                    reason=reason)  # fmt: skip


def _held(why: Mapping[str, Any], reward: str, say: Wording) -> str:
    """What points are set aside for."""
    points = say.points(why["points"])
    if why.get("gift"):
        return say.text("{points} are set aside for somebody, until they take your gift.", points=points)
    if why.get("order"):
        return say.text("{points} are set aside for your order {order}.", points=points, order=why["order"])
    return say.text("{points} are set aside for “{reward}” until you get it.", points=points, reward=reward)


def _moved(why: Mapping[str, Any], say: Wording) -> str:
    """What came from elsewhere, or went there: another account, another person, the programme before."""
    if why["k"] in ("given", "received"):
        return _gift(why, say)
    if why["k"] == "transferred":
        return say.text("Two accounts of yours became one.")
    if why["k"] == "imported":
        points = say.points(why["points"])
        return say.text("{points} came over from the programme before this one.", points=points)
    points = say.points(abs(int(why["then"])))
    if why["then"] < 0:
        return say.text("{points} went, in the programme before this one. The balance that came over has it in it.",
                        points=points)  # fmt: skip
    return say.text("{points} came, in the programme before this one. The balance that came over has it in it.",
                    points=points)  # fmt: skip


def _gift(why: Mapping[str, Any], say: Wording) -> str:
    """That points went to somebody, or came from them; not to whom, and not from whom."""
    points = say.points(why["points"])
    if why["k"] == "given":
        return say.text("You gave {points} to somebody, and they took them.", points=points)
    return say.text("Somebody gave you {points}. They last as long as they did before.", points=points)


def _prize(why: Mapping[str, Any], say: Wording) -> str:
    """What a prize was for."""
    name = say.prizes.get(f"{why['for']}:{why['slug']}", why["slug"])
    if why["for"] == "challenge":
        return say.text("For a step of the challenge “{name}”.", name=name)
    if why["for"] == "goal":
        return say.text("We reached “{name}” together.", name=name)
    if why["for"] == "board":
        return say.text("For place {place} on the board “{name}”.", place=why["level"], name=name)
    return say.text("For the badge “{name}”.", name=name)


def _referral(why: Mapping[str, Any], say: Wording) -> str:
    """Whose step it was for."""
    if "friends" in why:
        return say.language.plural(
            "You have brought {n} friend.", "You have brought {n} friends.", why["friends"]
        )
    if why["side"] == "friend":
        return say.text("You came on a friend's invitation.")
    return say.text("A friend came on your invitation.")


def _of_tier(why: Mapping[str, Any], reward: str, say: Wording) -> str:
    """What a tier gives: to whoever comes there for the first time, and for each order."""
    tier = say.tier_names([why["tier"]])
    if why["k"] == "tier_order":
        return say.text(
            "As {tier} you get {points} more with each order.", tier=tier, points=say.points(why["points"])
        )
    if reward:
        return say.text("Welcome to {tier}: “{reward}” waits for you.", tier=tier, reward=reward)
    return say.text("Welcome to {tier}.", tier=tier)


CAPS = {
    "rule_day": N_("Limited for the day: {points} were still possible."),
    "member_day": N_("Limited for the day: {points} were still possible."),
    "rule_week": N_("Limited for the week: {points} were still possible."),
    "member_week": N_("Limited for the week: {points} were still possible."),
    "rule_month": N_("Limited for the month: {points} were still possible."),
    "member_month": N_("Limited for the month: {points} were still possible."),
    "pause": N_("This was too soon after the last time."),
    "budget": N_("All points of this campaign have been given."),
}
"""What stood in the way of an amount, by the name of the reason in its why."""
BUDGET_BESIDE = N_("All that this campaign had to give has been given.")
"""That a budget of a wallet beside points is gone."""


def capped(why: Mapping[str, Any], say: Wording, earned: int) -> str:
    """What stood in the way of an amount, and how much of what was `earned` was not given; or ""."""
    if not why.get("caps"):
        return ""
    name, left = min(why["caps"], key=lambda cap: cap[1])
    lost = say.text("Not given: {points}.", points=say.points(earned - left))
    said = stopped(say) if name == "budget" else say.text(CAPS[name], points=say.points(left))
    return " ".join([said, lost])


def stopped(say: Wording) -> str:
    """That the budget of a rule is gone; `say` counts in what the rule gives."""
    return say.text(BUDGET_BESIDE if say.counted else CAPS["budget"])
