"""The criterion's part of the studio: boxes of each question, named in words, with what it says so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from facts.criteria.filters import ORDER
from facts.criteria.qualifiers import FIELDS
from facts.criteria.saying import sentence
from facts.language import N_
from members.programme.document import Programme
from members.staff_cards import TickCard
from members.staff_game_cards import OptionCard
from members.staff_studio_cards import BoxCard, PartCard
from members.studio.asked import Asked, Form, boxes, data_fields, parts, to_add
from members.studio.criterion import Problems, Read
from members.studio.shape import COMBINED, SIMPLE, Box
from members.views.staff_studio_words import CHOICES, FACTS, HINTS, KINDS, LABELS, TOGETHER, WINDOWS
from rewards.wording import Wording

Known = Mapping[str, Sequence[str]]

INPUTS = {Box.NUMBER: "number", Box.MONEY: "money", Box.TEXT: "text", Box.DATE: "date", Box.CHOICE: "choice"}
SUGGESTED = {"where.categories": "category", "where.brands": "brand", "where.tags": "tag", "where.channels": "channel",
             "where.partners": "partner", "where.skus": "sku"}  # fmt: skip

ASKED, UNTIL, CHOOSE = N_("What is asked"), N_("until this hour"), N_("Choose …")
IS, VALUE = N_("It"), N_("What it must be")


@dataclass(frozen=True, slots=True)
class Boxes:
    """Makes boxes of a form. `epoch` goes into their keys; problems are shown once they were `told`."""

    form: Form
    problems: Problems
    say: Wording
    programme: Programme
    epoch: int = 0
    told: bool = False
    known: Known = field(default_factory=dict[str, Sequence[str]])

    def problem(self, name: str) -> str:
        """What is wrong with a box, beside which it is said as soon as something stands in it."""
        if name not in self.problems or not (self.told or self.form.get(name)):
            return ""
        msgid, params = self.problems[name]
        return self.say.text(msgid, **params)

    def box(self, name: str, label: str, box: str = "text", *, hint: str = "", options: Sequence[OptionCard] = (),
            default: str = "", remove: str = "") -> BoxCard:  # fmt: skip
        """One box; label and hint are msgids."""
        return BoxCard(
            key=f"{self.epoch}:{name}",
            name=name,
            label=self.say.text(label) if label else "",
            box=box,
            value=self.form.get(name, default),
            hint=self.say.text(hint) if hint else "",
            problem=self.problem(name),
            options=tuple(options),
            remove=remove,
        )

    def options(self, words: Mapping[str, str], chosen: Sequence[str] | None = None) -> list[OptionCard]:
        """What can be chosen, in words; what has none is called as it is."""
        return [
            OptionCard(one, self.say.text(words[one]) if one in words else one)
            for one in (words if chosen is None else chosen)
        ]

    # --- one question ----------------------------------------------------------------------------------------

    def parts(self, read: Read) -> tuple[PartCard, ...]:
        """All questions."""
        there = parts(self.form)
        return tuple(self._part(part, i, len(there), read) for i, part in enumerate(there, 1))

    def together(self) -> tuple[BoxCard, ...]:
        """How several questions go together; nothing for one."""
        if len(parts(self.form)) < 2:
            return ()
        how = self.box(
            "together", "", "choice", options=self.options(TOGETHER, list(COMBINED)), default="all"
        )
        if self.form.get("together") != "n_of":
            return (how,)
        return (how, self.box("together.at_least", LABELS["at_least"], "number"))

    def _part(self, part: str, number: int, count: int, read: Read) -> PartCard:
        kind = self.box(f"{part}.kind", ASKED, "choice", options=self.options(KINDS, list(SIMPLE)))
        found = [kind]
        for asked in boxes(self.form, part):
            found += self._asked(asked, part)
        one = read.parts.get(part)
        said = sentence(one, self.say.language, self.say.currency, tiers=self.say.tiers) if one else ""
        return PartCard(
            key=part,
            title=self.say.text("Question {n}", n=number) if count > 1 else "",
            sentence=(said[:1].upper() + said[1:]) if count > 1 else "",
            boxes=tuple(found),
            conditions=tuple(self.options(
                {name: LABELS[f"where.{name}"] for name in to_add(self.form, part)})),
            may_drop=count > 1,
        )  # fmt: skip

    def _asked(self, asked: Asked, part: str) -> list[BoxCard]:
        label, hint = LABELS[asked.what], HINTS.get(asked.what, "")
        remove = asked.name if asked.optional else ""
        if asked.shape.box is Box.HOURS:
            return self._hours(asked, label)
        if asked.shape.box is Box.FIELDS:
            return self._field(asked, f"{part}.where")
        card = self.box(asked.name, label, INPUTS.get(asked.shape.box, asked.shape.box.value), hint=hint,
                        options=self._choices(asked), default=asked.shape.default, remove=remove)  # fmt: skip
        if asked.shape.box is Box.LIST:
            return [_listed(card, self._suggested(asked, part))]
        if asked.shape.box is Box.TICKS:
            chosen = card.value.split()
            ticks = tuple(
                TickCard(f"{asked.name} {one.key}", one.label, one.key in chosen) for one in card.options
            )
            return [replace(card, ticks=ticks, options=())]
        return [card]

    def _choices(self, asked: Asked) -> list[OptionCard]:
        if asked.what == "tier":
            return [
                OptionCard(level.slug, self.say.words(level.name)) for level in self.programme.tiers.levels
            ]
        if asked.what == "window":
            return self.options(WINDOWS, asked.shape.options)
        if asked.what == "where.type":
            return self.options(FACTS, asked.shape.options)
        return self.options(CHOICES.get(asked.what, {}), asked.shape.options)

    def _suggested(self, asked: Asked, part: str) -> Sequence[str]:
        of = self.form.get(f"{part}.of", "") if asked.what == "among" else SUGGESTED.get(asked.what, "")
        return self.known.get(of, ())

    def _hours(self, asked: Asked, label: str) -> list[BoxCard]:
        clock = [OptionCard(str(hour), self.say.language.digits(f"{hour:02}:00")) for hour in range(25)]
        first = self.box(f"{asked.name}.0", label, "choice", options=clock[:24], remove=asked.name)
        until = self.box(f"{asked.name}.1", UNTIL, "choice", options=clock[1:])
        return [replace(first, problem=self._wrong(asked.name)), until]

    def _field(self, asked: Asked, where: str) -> list[BoxCard]:
        kind = self.form.get(f"{where}.type", ORDER)
        known = data_fields(kind)
        of = known.get(self.form.get(f"{asked.name}.name", ""))
        names = [OptionCard("", self.say.text(CHOOSE)), *self.options(FIELDS, list(known))] if known else []
        name = self.box(f"{asked.name}.name", LABELS["where.fields"], "choice" if known else "text", options=names,
                        remove=asked.name)  # fmt: skip
        name = replace(name, problem=self._wrong(asked.name))
        if of is bool:
            yes = [OptionCard("", self.say.text(CHOOSE)), *self.options(CHOICES["yes"])]
            return [name, self.box(f"{asked.name}.value", IS, "choice", options=yes)]
        value = self.box(f"{asked.name}.value", VALUE, "number" if of is int else "text")
        if of is str:
            return [name, value]
        return [
            name,
            self.box(f"{asked.name}.how", IS, "choice", options=self.options(CHOICES["how"])),
            value,
        ]

    def _wrong(self, name: str) -> str:
        if name not in self.problems or not self.told:
            return ""
        msgid, params = self.problems[name]
        return self.say.text(msgid, **params)


def _listed(card: BoxCard, hints: Sequence[str]) -> BoxCard:
    items = [line for line in card.value.split("\n") if line]
    return replace(
        card, chosen=tuple(items), hints=tuple(one for one in hints if one not in items)[:60], value=""
    )
