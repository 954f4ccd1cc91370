"""One of the shop's languages: texts from gettext catalogues, numbers, money and dates by CLDR (Babel).

English sentences are the keys. `locales/<code>.po` translates them, and is read when a process
first speaks that language: there is no compiled file to forget. Arabic shows Arabic-Indic digits, which Babel
does not write: all of them come from `_DIGITS` here; `ar-u-nu-latn` (BCP 47) keeps Latin ones.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent

from facts.money import minor_digits
from facts.said import Said

LOCALES = Path(__file__).parent.parent / "locales"
SOURCE = "en"
LATIN = "-u-nu-latn"
_DIGITS = str.maketrans("0123456789%", "٠١٢٣٤٥٦٧٨٩٪")
_DATES = {
    "en": "en_GB"
}  # "31 December", as the shop's pictures write it, with prices as in the United States

Style = Literal["day", "short", "medium", "long", "month", "time", "full"]
_SKELETONS = {"day": "MMMMd", "short": "MMMd", "medium": "yMMMd", "month": "yMMMM", "time": "Hm"}


def N_(msgid: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Mark a text for translation where it is defined; it is translated where it is shown."""
    return msgid


@cache
def codes() -> tuple[str, ...]:
    """The languages there are: English, and one for each catalogue."""
    return (SOURCE, *sorted(path.stem for path in LOCALES.glob("*.po")))


def language(code: str) -> Language:
    """The language of a code such as `ru`; English for one that nobody has translated to."""
    plain = code.removesuffix(LATIN)
    if plain not in codes():
        return _language(SOURCE, latin_digits=False)
    return _language(plain, latin_digits=plain != code)


@cache
def _language(code: str, *, latin_digits: bool) -> Language:
    return Language(code, latin_digits=latin_digits)


class Language:
    """Says things in one language. Immutable; get it from `language`."""

    def __init__(self, code: str, *, latin_digits: bool = False) -> None:
        self.code = code
        self.locale = Locale.parse(code)
        self.dir: Literal["ltr", "rtl"] = "rtl" if self.locale.text_direction == "rtl" else "ltr"
        self.arabic_digits = code == "ar" and not latin_digits
        self._system = "arab" if self.arabic_digits else "latn"
        self._dates = Locale.parse(_DATES.get(code, code))
        self._categories: Mapping[str, str] = {}

    @cached_property
    def _catalogue(self) -> gettext.NullTranslations:
        return _catalogue(self.code)

    def calling(self, categories: Mapping[str, str]) -> Language:
        """The same language in a shop that has names for categories of its till: `PRODUCE` is fruit and vegetables."""
        other = copy(self)
        other._categories = categories
        return other

    def category(self, name: str) -> str:
        """What a category of the shop's systems is called."""
        return self._categories.get(name) or spelt(name)

    @property
    def name(self) -> str:
        """What speakers call it."""
        name = self.locale.get_display_name(self.code) or self.code
        return name[:1].upper() + name[1:]

    def digits(self, text: str) -> str:
        """`text` in the digits of this language: the one place where they are mapped."""
        return text.translate(_DIGITS) if self.arabic_digits else text

    def text(self, msgid: str, **params: Any) -> str:
        """The text in this language. Numbers and days among the parameters are written as it does."""
        return self._filled(self._catalogue.gettext(msgid), params)

    def plural(self, one: str, many: str, n: int, **params: Any) -> str:
        """The text for `n` things by the language's plural rules; `{n}` in it is the number."""
        return self._filled(self._catalogue.ngettext(one, many, n), {"n": n, **params})

    def _filled(self, said: str, params: dict[str, Any]) -> str:
        if not params:
            return said.replace("{{", "{").replace("}}", "}")
        return said.format(**{name: self._shown(value) for name, value in params.items()})

    def _shown(self, value: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            return self.number(value)
        if type(value) is date:
            return self.date(value, "long")
        if isinstance(value, Said):
            return value.sentence(self)
        return self.isolated(str(value))

    def isolated(self, text: str) -> str:
        """A name inside a sentence, kept from turning round its neighbours (Unicode UAX #9, isolates)."""
        return f"\u2068{text}\u2069" if self.dir == "rtl" and text.isascii() and text else text

    def number(self, n: int | Decimal, *, signed: bool = False) -> str:
        """A number with this language's separators; `signed` says + as well (U+2212 for minus)."""
        said = self.digits(_decimal(abs(n), self.locale, self._system))
        sign = "\u2212" if n < 0 else "+" if signed and n else ""
        return f"\u200e{sign}{said}" if sign and self.dir == "rtl" else f"{sign}{said}"

    def money(self, minor: int, currency: str, *, short: bool = False) -> str:
        """An amount in minor units of `currency`; `short` leaves out decimals that are all zero."""
        amount = Decimal(minor).scaleb(-minor_digits(currency))
        whole = short and amount == amount.to_integral_value()
        pattern = self.locale.currency_formats["standard"].pattern.replace(".00", "") if whole else None
        said = _currency(amount, currency, pattern, self.locale, self._system)
        return self.digits(said.replace("US$", "$") if currency == "USD" else said)

    def percent(self, share: Decimal | float, *, tenths: bool = False, exact: bool = False) -> str:
        """A share of one as a whole percentage, with `tenths` (or `exact`) with up to one (three) decimals."""
        return self.digits(_percent(share, self.locale, 3 if exact else int(tenths), self._system))

    def listed(self, items: list[str], *, either: bool = False) -> str:
        """Names one after another: `A, B and C`, or with `either` `A, B or C`."""
        style = "or" if either else "standard"
        return format_list([self.isolated(item) for item in items], style, locale=self.locale)

    def joined(self, items: Iterable[str]) -> str:
        """Values one after another, parted by the comma of the language, with no word before the last."""
        return self.text(N_(", ")).join(self.isolated(item) for item in items)

    def factor(self, millionths: int) -> str:
        """A multiplier such as 1.25, from millionths."""
        return self.number(Decimal(millionths).scaleb(-6).normalize() + 0)

    def date(self, moment: date | datetime, style: Style = "medium", zone: tzinfo | None = None) -> str:
        """A day (or time of day) as people write it. A moment is taken to `zone`, UTC without one."""
        if isinstance(moment, datetime):
            moment = moment.astimezone(zone or UTC)
        if style in ("long", "full"):
            return self.digits(format_date(moment, style, locale=self._dates))
        if isinstance(moment, datetime):
            return self.digits(format_skeleton(_SKELETONS[style], moment, locale=self._dates))
        return self.digits(_day(_SKELETONS[style], moment, self._dates))

    def place(self, zone: ZoneInfo) -> str:
        """The city that a time zone is named after."""
        return get_timezone_location(zone, locale=self.locale, return_city=True)

    def bold(self, msgid: str, n: int | None = None, many: str = "", **params: Any) -> tuple[str, str, str]:
        """A text in three parts, the middle one (between `[` and `]` in it) to be shown strong."""
        said = self.text(msgid, **params) if n is None else self.plural(msgid, many, n, **params)
        before, _, rest = said.partition("[")
        strong, _, after = rest.partition("]")
        return before, strong, after


@lru_cache(maxsize=20_000)
def _decimal(n: int | Decimal, locale: Locale, system: str) -> str:
    return format_decimal(n, locale=locale, numbering_system=system)


@lru_cache(maxsize=20_000)
def _currency(amount: Decimal, currency: str, pattern: str | None, locale: Locale, system: str) -> str:
    return format_currency(
        amount, currency, pattern, locale=locale, currency_digits=pattern is None, numbering_system=system
    )


@lru_cache(maxsize=20_000)
def _day(skeleton: str, day: date, locale: Locale) -> str:
    return format_skeleton(skeleton, day, locale=locale)


@lru_cache(maxsize=1_000)
def _percent(share: Decimal | float, locale: Locale, places: int, system: str) -> str:
    pattern, more = locale.percent_formats[None].pattern, "0." + "#" * places
    pattern = pattern.replace("0%", f"{more}%").replace("0\xa0%", f"{more}\xa0%") if places else None
    return format_percent(share, pattern, locale=locale, numbering_system=system)


class _English(gettext.NullTranslations):
    """The keys themselves."""


class _Translated(gettext.NullTranslations):
    """The texts of a catalogue as they are read; those that are doubtful or missing are said in English."""

    def __init__(self, code: str) -> None:
        super().__init__()
        from babel.messages.pofile import read_po

        with (LOCALES / f"{code}.po").open("rb") as file:
            read = read_po(file, locale=code)
        self._form = gettext.c2py(read.plural_expr)
        self._texts: dict[str, str] = {}
        self._plurals: dict[str, tuple[str, ...]] = {}
        for message in read:
            said: Any = message.string
            if not message.id or message.context or message.fuzzy or not said:
                continue
            if isinstance(message.id, str):
                self._texts[message.id] = said
            elif all(said):
                self._plurals[message.id[0]] = tuple(said)

    def gettext(self, message: str) -> str:
        """The text, which may be known as one of several forms only."""
        forms = self._plurals.get(message)
        return self._texts.get(message) or (forms[self._form(1)] if forms else message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form for `n` things."""
        forms = self._plurals.get(msgid1)
        return forms[self._form(n)] if forms else msgid1 if n == 1 else msgid2


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    if code == SOURCE:
        return _English()
    return _Translated(code)


def spoken() -> Iterator[Language]:
    """Every language, English first."""
    for code in codes():
        yield language(code)


def spelt(name: str) -> str:
    """A name as shops' systems shout it, said calmly: `PRODUCE` is Produce."""
    return name.capitalize() if name.isupper() else name
