"""What the fields of the audit's details are called, beside those that the programme document has too."""

from __future__ import annotations

from facts.language import N_, Language
from members.programme.plan import FIELDS

OWN_FIELDS = frozenset({
    N_("action"), N_("agreed by"), N_("amount"), N_("asked by"), N_("award"), N_("balance"), N_("board"), N_("case"),
    N_("changes"), N_("code"), N_("digest"), N_("effective from"), N_("fact"), N_("for"), N_("found"), N_("from"),
    N_("gift"), N_("goal"), N_("good"), N_("guard"), N_("in points"), N_("into"), N_("invited by"), N_("issuer"),
    N_("key"), N_("left"), N_("lot"), N_("member"), N_("members"), N_("object"), N_("of"), N_("offer"),
    N_("parts"), N_("period"), N_("place"), N_("problem"), N_("provider"), N_("query"), N_("referral"), N_("request"),
    N_("role"), N_("row"), N_("scopes"), N_("signs"), N_("slug"), N_("source"), N_("state"), N_("status"), N_("taken"),
    N_("tier"), N_("to"), N_("total"), N_("version"), N_("weighs"), N_("width"),
})  # fmt: skip


def called(field: str, say: Language) -> str:
    """What a field is called; one that has no words by its name in the row."""
    words = field.replace("_", " ")
    return say.text(words) if words in OWN_FIELDS or words in FIELDS else words
