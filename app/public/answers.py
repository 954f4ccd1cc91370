"""What the verify page answers, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from badges.credentials.reading import Why
from facts.language import N_, SOURCE, Language
from members.views.credentials import Finding, Seen, Verdict

HEADLINES = {
    Finding.VALID: N_("This badge is valid"),
    Finding.EXPIRED: N_("This badge has expired"),
    Finding.REVOKED: N_("This badge was revoked"),
    Finding.TAMPERED: N_("This badge was changed"),
    Finding.WITHDRAWN: N_("This badge needs a new signature"),
    Finding.FOREIGN: N_("This badge is not ours"),
    Finding.UNKNOWN: N_("We do not know this badge"),
}
SENTENCES = {
    Finding.VALID: N_("{shop} signed it, and nothing in it was changed."),
    Finding.EXPIRED: N_("{shop} signed it, and it was valid until {until}."),
    Finding.REVOKED: N_("{shop} signed it, and took it back on {revoked}."),
    Finding.TAMPERED: N_("It is not as {shop} signed it. Do not rely on it."),
    Finding.WITHDRAWN: N_(
        "It was signed with a key that {shop} has taken back. Its holder can get it signed again."
    ),
    Finding.FOREIGN: N_("It names {issuer} as its issuer: only they can say whether it is good."),
    Finding.UNKNOWN: N_("It bears the signature of {shop}, but we have no record of it. Do not rely on it."),
}
UNREADABLE = {
    Why.NOTHING: N_("There was nothing to check. Paste a credential, or choose a file."),
    Why.NO_CREDENTIAL: N_(
        "There is no credential in this picture. Perhaps a website has made a new picture of it."
    ),
    Why.NO_PICTURE: N_("This picture is damaged, or no badge: it cannot be read."),
    Why.TOO_LONG: N_("This is too long to be a badge."),
    Why.NOT_ONE: N_("This is no badge credential that we can read."),
}
SIGNS = {Finding.VALID: "✓"}


@dataclass(frozen=True, slots=True)
class Shown:
    """How answers are written: in which language, under which name of the shop, with days in which zone."""

    say: Language
    shop: str
    zone: str

    def day(self, when: datetime | None) -> str:
        """A day as people write it."""
        return self.say.date(when, "long", ZoneInfo(self.zone)) if when else ""


def unreadable_panel(shown: Shown, why: Why) -> str:
    """What was sent is nothing that can be checked."""
    return _panel("caution", "!", shown.say.text("This cannot be checked"), [shown.say.text(UNREADABLE[why])])


def answer_panel(shown: Shown, verdict: Verdict, email: str) -> str:
    """The answer, and what the badge says where that may be believed."""
    say, seen = shown.say, verdict.seen
    sentence = say.text(
        SENTENCES[verdict.finding],
        shop=seen.issuer if seen else shown.shop,
        issuer=verdict.foreign_issuer or say.text("somebody else"),
        until=shown.day(seen.expires_at if seen else None),
        revoked=shown.day(verdict.revoked_at),
    )
    good = verdict.finding is Finding.VALID
    said = [sentence]
    if seen and email.strip():
        said.append(_whose(say, seen, email.strip()))
    panel = _panel("good" if good else "caution", SIGNS.get(verdict.finding, "!"),
                   say.text(HEADLINES[verdict.finding]), said)  # fmt: skip
    if seen:
        return panel + _badge(shown, seen)
    return panel + (_original(say, verdict) if verdict.original else "")


def _whose(say: Language, seen: Seen, email: str) -> str:
    if seen.belongs_to(email):
        return say.text("It was given to {email}.", email=email)
    return say.text("It was not given to {email}.", email=email)


def _panel(look: str, sign: str, headline: str, sentences: list[str]) -> str:
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    return (
        f'<section class="panel {look}" role="status"><h2><span aria-hidden="true">{sign}</span> '
        f"{escape(headline)}</h2>{said}</section>"
    )


def _badge(shown: Shown, seen: Seen) -> str:
    say = shown.say
    picture = f'<img src="{escape(seen.picture)}" alt="" width="96" height="96">' if seen.picture else ""
    words = f' lang="{escape(seen.language)}" dir="auto"'
    rows = [
        (say.text("What it is for"), seen.description, words),
        (say.text("How it is earned"), seen.criteria, words),
        (say.text("Issued by"), seen.issuer, ""),
        (say.text("Awarded on"), shown.day(seen.awarded_at), ""),
        (say.text("Valid until"), shown.day(seen.expires_at), ""),
        (say.text("Edition"), say.digits(seen.edition), ' dir="ltr"'),
    ]
    told = "".join(
        f"<div><dt>{escape(name)}</dt><dd><bdi{more}>{escape(value)}</bdi></dd></div>"
        for name, value, more in rows
        if value
    )
    return (
        f'<section class="panel"><div class="badge">{picture}<h2{words}>{escape(seen.title)}</h2></div>'
        f"<dl>{told}</dl></section>"
    )


def _original(say: Language, verdict: Verdict) -> str:
    prefix = "" if say.code == SOURCE else f"/{say.code}"
    said = escape(say.text("See the badge as we signed it"))
    return f'<p><a href="{prefix}/credentials/{verdict.original}">{said}</a></p>'
