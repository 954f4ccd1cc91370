"""Aliases: the names under which members stand on boards. Pure: what one may be, and a few to choose from."""

from __future__ import annotations

import re
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
_LOOKS = (  # what looks like a Latin letter; l, I and 1 are one
    str.maketrans("аеёорсухіјкмтвнѕһԁԛԝӏ", "aeeopcyxijkmtbhshdqwi")  # Cyrillic
    | str.maketrans("αβεζηικμνορτυχ", "abezhikmnoptux")  # Greek
    | str.maketrans("ıɑɡᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "iagabcdeghijkimnoprstuvwyz")  # small capitals
    | str.maketrans("01l", "oii")
)
MARKS_MAX = 2  # accents and vowel signs on one letter: a shadda with its vowel, Vietnamese before NFC
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")  # letters and marks that show nothing
_VARIANTS = (
    range(0x180B, 0x1810),
    range(0xFE00, 0xFE10),
    range(0xE0100, 0xE01F0),
)  # marks that only ask for a shape
_TOGETHER: dict[str, str] = dict.fromkeys(("CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC"), "JAPANESE")


def folded(alias: str) -> str:
    """The form by which two aliases are the same: case, spaces, accents and look-alikes do not count."""
    plain = unicodedata.normalize("NFKD", alias).casefold()
    return "".join(one for one in plain if unicodedata.category(one)[0] in "LN").translate(_LOOKS)


def sounds_like_ours(said: str) -> bool:
    """Whether a name sounds like the shop's own people, or like an address."""
    plain = folded(said)
    return any(word in plain for ours in OURS if (word := folded(ours))) or plain.startswith("www")


def accepted(alias: str) -> str:
    """An alias as it will be shown; refuses what names a person, an address or the shop."""
    said = " ".join(unicodedata.normalize("NFC", alias).split())
    if not SHORTEST <= len(said) <= LONGEST or len(folded(said)) < SHORTEST:
        raise _refusal(N_("An alias has from {least} to {most} characters."), least=SHORTEST, most=LONGEST)
    if any(unicodedata.category(one)[0] not in "LMN" and one not in MARKS for one in said):
        raise _refusal(N_("Letters, digits, spaces and hyphens only: no e-mail and no address."))
    if any(is_unseen(one) for one in said) or _piled(said):
        raise _refusal(N_("Letters, digits, spaces and hyphens only: no e-mail and no address."))
    if any(len(_scripts(word)) > 1 for word in re.split(f"[{re.escape(MARKS)}]", said)):
        raise _refusal(N_("A word is written in one alphabet."))
    if sum(one.isdigit() for one in said) > DIGITS_MAX:
        raise _refusal(N_("At most {most} digits: nobody should find your number here."), most=DIGITS_MAX)
    if sounds_like_ours(said):
        raise _refusal(N_("That sounds like the shop's own people. Choose another alias."))
    return said


def is_unseen(one: str) -> bool:
    """Whether a sign shows nothing, or goes around what stands before it."""
    return one in _UNSEEN or any(ord(one) in some for some in _VARIANTS) or unicodedata.category(one) == "Me"


def _piled(said: str) -> bool:
    """Whether more marks sit on a letter than a script needs, or some on nothing."""
    run = MARKS_MAX  # a mark needs a letter before it
    for one in unicodedata.normalize("NFC", said):
        run = run + 1 if unicodedata.category(one)[0] == "M" else 0 if one not in MARKS else MARKS_MAX
        if run > MARKS_MAX:
            return True
    return False


def _scripts(word: str) -> set[str]:
    """The alphabets of a word, by the first word of the letters' names in Unicode."""
    letters = (
        one
        for one in unicodedata.normalize("NFKC", word)
        if unicodedata.category(one) in {"Lu", "Ll", "Lt", "Lo"}
    )
    first = (unicodedata.name(one, "UNKNOWN").split()[0] for one in letters)
    return {_TOGETHER.get(script, script) for script in first}


def _refusal(sentence: str, *, least: int = 0, most: int = 0) -> Refusal:
    return Refusal("alias_malformed", sentence, path="alias", status=422, least=least, most=most)


def suggested(code: str, chance: bytes) -> Iterator[str]:
    """A few aliases in a language; `chance` decides which, two bytes for each."""
    adjectives, animals = WORDS.get(code, WORDS["en"])
    for i in range(SUGGESTED):
        one, other = adjectives[chance[2 * i] % len(adjectives)], animals[chance[2 * i + 1] % len(animals)]
        yield f"{other} {one}" if code == "ar" else f"{one} {other}"
