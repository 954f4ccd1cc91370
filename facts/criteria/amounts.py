"""How measures and streaks are told: how many, how much, how many different ones, the largest, how many in a row."""

from __future__ import annotations

from facts.criteria.filters import ORDER
from facts.criteria.measures import Count, Distinct, Largest, Sum
from facts.criteria.nouns import DIFFERENT, LINES, Noun, noun_of
from facts.criteria.qualifiers import filtered, windowed
from facts.criteria.streaks import Streak
from facts.criteria.told import Told, joined, many, what
from facts.language import N_

SAME = {
    "review_id": N_("for one and the same review"),
    "order_id": N_("for one and the same order"),
    "sku": N_("for one and the same product"),
    "page": N_("on one and the same page"),
    "network": N_("in one and the same network"),
}


class Counting:
    """How many."""

    def _noun(self, criterion: Count) -> Noun:
        return LINES if criterion.of == "lines" else noun_of(criterion.where.type)

    def sentence(self, criterion: Count, goal: int, told: Told) -> str:
        """At least 3 orders in Bakery within 30 days."""
        which = filtered(criterion.where, told.language, told.currency)
        when = windowed(criterion.window, told.language)
        return joined(many(self._noun(criterion), goal, told), which, when)

    def progress(self, criterion: Count, value: int, goal: int, told: Told) -> str:
        """2 of 3 orders."""
        return self._noun(criterion).of(told.language, value, goal)


class Adding:
    """How much."""

    def sentence(self, criterion: Sum, goal: int, told: Told) -> str:
        """At least $100 spent in Bakery."""
        say = told.language
        if criterion.of == "amount":
            head = say.text("at least {money} spent", money=told.money(goal))
        else:
            n, amount = told.quantity(goal)
            head = say.plural(
                "at least {amount} item bought", "at least {amount} items bought", n, amount=amount
            )
        which = filtered(criterion.where, say, told.currency, "money")
        return joined(head, which, windowed(criterion.window, say))

    def progress(self, criterion: Sum, value: int, goal: int, told: Told) -> str:
        """$80 of $100."""
        if criterion.of == "amount":
            return _money_of(value, goal, told)
        n, amount = told.quantity(goal)
        done = told.quantity(value)[1]
        return told.language.plural(
            "{done} of {amount} item", "{done} of {amount} items", n, done=done, amount=amount
        )


def _money_of(value: int, goal: int, told: Told) -> str:
    return told.language.text("{done} of {goal}", done=told.money(value), goal=told.money(goal))


class Collecting:
    """How many different ones."""

    def _noun(self, criterion: Distinct) -> Noun:
        return DIFFERENT[
            "department" if criterion.of == "category" and criterion.level == 1 else criterion.of
        ]

    def sentence(self, criterion: Distinct, goal: int, told: Told) -> str:
        """7 of 9 departments; 5 different products in Bakery; 3 different days, each with an order."""
        say, where, noun = told.language, criterion.where, self._noun(criterion)
        among = tuple(dict.fromkeys(criterion.among))
        head = noun.of(say, goal, len(among)) if among else noun.many(say, goal)
        if 0 < len(among) <= 5:
            named = [say.category(name) if criterion.of == "category" else name for name in among]
            head = f"{head} ({say.listed(named)})"
        when = windowed(criterion.window, say)
        if criterion.of == "day" or where.type != ORDER:
            return joined(say.text("{things}, each with {what}", things=head, what=what(where, told)), when)
        return joined(head, filtered(where, say, told.currency, "money"), when)

    def progress(self, criterion: Distinct, value: int, goal: int, told: Told) -> str:
        """4 of 7 departments."""
        return self._noun(criterion).of(told.language, value, goal)


class Topping:
    """The largest single one."""

    def sentence(self, criterion: Largest, goal: int, told: Told) -> str:
        """A single order of $140 or more; at least 10 times “review helpful” for one and the same review."""
        say, where = told.language, criterion.where
        when = windowed(criterion.window, say)
        if criterion.of == "amount":
            head = say.text("a single order of {money} or more", money=told.money(goal))
            return joined(head, filtered(where, say, told.currency, "money"), when)
        same = say.text(SAME[criterion.per]) if criterion.per in SAME else ""
        same = same or say.text("with one and the same “{name}”", name=criterion.per.replace("_", " "))
        return joined(many(noun_of(where.type), goal, told), filtered(where, say, told.currency), same, when)

    def progress(self, criterion: Largest, value: int, goal: int, told: Told) -> str:
        """$80 of $140; 4 of 10 reviews."""
        if criterion.of == "amount":
            return _money_of(value, goal, told)
        return noun_of(criterion.where.type).of(told.language, value, goal)


class Lasting:
    """Periods in a row."""

    def sentence(self, criterion: Streak, goal: int, told: Told) -> str:
        """4 weeks in a row with an order."""
        say, where = told.language, criterion.where
        count = noun_of(where.type).many(say, criterion.times)
        which = (
            joined(count, filtered(where, say, told.currency)) if criterion.times > 1 else what(where, told)
        )
        if criterion.every == "day":
            return say.plural(
                "{n} day in a row with {what}", "{n} days in a row with {what}", goal, what=which
            )
        if criterion.every == "week":
            return say.plural(
                "{n} week in a row with {what}", "{n} weeks in a row with {what}", goal, what=which
            )
        return say.plural(
            "{n} month in a row with {what}", "{n} months in a row with {what}", goal, what=which
        )

    def progress(self, criterion: Streak, value: int, goal: int, told: Told) -> str:
        """3 of 4 weeks in a row."""
        say = told.language
        if criterion.every == "day":
            return say.plural("{done} of {n} day in a row", "{done} of {n} days in a row", goal, done=value)
        if criterion.every == "week":
            return say.plural("{done} of {n} week in a row", "{done} of {n} weeks in a row", goal, done=value)
        return say.plural("{done} of {n} month in a row", "{done} of {n} months in a row", goal, done=value)
