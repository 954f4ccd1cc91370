"""Where somebody can be reached: an e-mail address or a phone number, as typed, becomes the key of a person."""

from __future__ import annotations

import re
import unicodedata

import idna
import phonenumbers
from babel.core import get_global

from facts.language import N_
from facts.refusals import Refusal

EMAIL_LENGTH_MAX = 254  # RFC 5321, 4.5.3.1.3
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)\Z")


def subject_of(typed: str, region: str = "") -> str:
    """`email:…` or `phone:+…` for what somebody typed; refuses, kindly, what is neither.

    `region` (ISO 3166) is where a number that does not begin with + is dialled.
    """
    plain = unicodedata.normalize("NFKC", typed).strip()
    if not plain:
        raise Refusal("address_missing", N_("Type your e-mail address or your phone number."), path="address")
    return f"email:{email(plain)}" if "@" in plain else f"phone:{phone(plain, region)}"


def region_of(timezone: str) -> str:
    """Where a shop with this time zone dials (CLDR), so that its customers need not type their country."""
    return str(get_global("zone_territories").get(timezone, ""))


def email(typed: str, *, path: str = "address") -> str:
    """An address in small letters, its domain as it is looked up. Dots and plus signs are the owner's affair.

    `path` is the box that a refusal is about.
    """
    local, _, domain = unicodedata.normalize("NFKC", typed).strip().rpartition("@")
    domain = _looked_up(domain)
    labels = domain.split(".")
    fits = len(local) <= 64 and len(local) + len(domain) < EMAIL_LENGTH_MAX and len(labels) > 1
    if not fits or not _LOCAL.match(local) or not all(_LABEL.match(label) for label in labels):
        raise Refusal("address_malformed", N_("This is no e-mail address: look at it once more."), path=path)
    return f"{local.lower()}@{domain}"


def _looked_up(domain: str) -> str:
    """A domain as IDNA 2008 writes it (RFC 5891, UTS 46), so that ß is not somebody else's ss; "" for none."""
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode().lower()
    except UnicodeError:
        return ""


def known_email(value: str) -> str:
    """What another program calls an e-mail address, as it is known here; what is none is only in small letters."""
    try:
        return email(value)
    except Refusal:
        return value.strip().lower()


def phone(typed: str, region: str = "") -> str:
    """A number in the form of E.164: `+4915112345678`."""
    try:
        number = phonenumbers.parse(typed, region or None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Refusal(
            "phone_malformed",
            N_("This is no phone number: begin with + and the country, such as +44."),
            path="address",
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def veiled(subject: str) -> str:
    """An address as it may be shown to who typed it or owns it: `a…a@example.com`, `+44…89`."""
    kind, _, value = subject.partition(":")
    if kind == "email":
        local, _, domain = value.partition("@")
        return f"{local[0]}…{local[-1]}@{domain}" if len(local) > 2 else f"{local[0]}…@{domain}"
    return f"{value[:3]}…{value[-2:]}"
