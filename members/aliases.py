"""Aliases: the names under which members stand on boards. Pure: what one may be, and a few to choose from."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from facts.language import N_
from facts.refusals import Refusal
from members.alias_words import WORDS

SHORTEST, LONGEST = 3, 24
DIGITS_MAX = 4  # a year or a lucky number; more would be a telephone or a card
SUGGESTED = 8
MARKS = " -'’"
OURS = (
    "admin", "staff", "support", "moderator", "manager", "owner", "cashier", "official", "regulars", "админ",
    "поддержка", "модератор", "менеджер", "владелец", "кассир", "сотрудник", "официальн", "ادارة", "مشرف", "دعم",
    "موظف", "مدير", "رسمي",
)  # fmt: skip
_LOOKS = str.maketrans("аеёорсухіјкмтвн", "aeeopcyxijkmtbh")  # Cyrillic letters that look like Latin ones


def folded(alias: str) -> str:
    """The form by which two aliases are the same: case, spaces, accents and look-alikes do not count."""
    plain = unicodedata.normalize("NFKD", alias).casefold()
    return "".join(one for one in plain if unicodedata.category(one)[0] in "LN").translate(_LOOKS)


def accepted(alias: str) -> str:
    """An alias as it will be shown; refuses what names a person, an address or the shop."""
    said = " ".join(unicodedata.normalize("NFC", alias).split())
    if not SHORTEST <= len(said) <= LONGEST or len(folded(said)) < SHORTEST:
        raise _refusal(N_("An alias has from {least} to {most} characters."), least=SHORTEST, most=LONGEST)
    if any(unicodedata.category(one)[0] not in "LMN" and one not in MARKS for one in said):
        raise _refusal(N_("Letters, digits, spaces and hyphens only: no e-mail and no address."))
    if sum(one.isdigit() for one in said) > DIGITS_MAX:
        raise _refusal(N_("At most {most} digits: nobody should find your number here."), most=DIGITS_MAX)
    plain = folded(said)
    if any(word in plain for ours in OURS if (word := folded(ours))) or plain.startswith("www"):
        raise _refusal(N_("That sounds like the shop's own people. Choose another alias."))
    return said


def _refusal(sentence: str, **params: int) -> Refusal:
    return Refusal("alias_malformed", sentence, path="alias", status=422, **params)


def suggested(code: str, chance: bytes) -> Iterator[str]:
    """A few aliases in a language; `chance` decides which, two bytes for each."""
    adjectives, animals = WORDS.get(code, WORDS["en"])
    for i in range(SUGGESTED):
        one, other = adjectives[chance[2 * i] % len(adjectives)], animals[chance[2 * i + 1] % len(animals)]
        yield f"{other} {one}" if code == "ar" else f"{one} {other}"
