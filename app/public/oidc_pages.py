"""The few pages around a provider: it did not work, and why; you are being led on. All without script."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

from sqlmodel import Session

from app import database
from app.door import engine
from app.providers import Provider
from app.public.sheet import sheet
from facts.language import SOURCE, Language
from facts.refusals import Refusal
from members.programme.versions import in_force


def prefix(say: Language) -> str:
    """What addresses in this language begin with."""
    return "" if say.code == SOURCE else f"/{say.code}"


def sign_in(people: str, say: Language) -> str:
    """Where members, or staff, sign in."""
    return f"{prefix(say)}{'/staff/sign-in' if people == 'staff' else '/sign-in'}"


def ways(say: Language) -> str:
    """Where a person's own ways in are."""
    return f"{prefix(say)}/ways"


def shop_name(say: Language) -> str:
    """The shop's name in this language, or in its own. In a worker thread."""
    with database.reading(engine()) as session:
        return shop_of(session, say)


def shop_of(session: Session, say: Language) -> str:
    """The same for who has a session already."""
    try:
        words = in_force(session, datetime.now(UTC)).programme.name
    except Refusal:
        return "Regulars"
    return words.get(say.code) or next(iter(words.values()))


def trouble(say: Language, sentence: str, way_back: str) -> str:
    """What went wrong, in a sentence, and the way back. In a worker thread."""
    title = say.text("You are not signed in")
    back = say.text("Back to signing in")
    body = (
        f'<section class="panel caution" role="alert"><h1>{escape(title)}</h1><p>{escape(sentence)}</p></section>'
        f'<p><a class="go" href="{escape(way_back)}">{escape(back)}</a></p>'
    )
    return sheet(say, title, [body], shop=shop_name(say), path="/sign-in", description=sentence)


def leading_on(say: Language, provider: Provider, address: str) -> str:
    """A page that goes on to the provider by itself, and has a link for browsers that do not. In a worker thread."""
    title = say.text("On to {provider}", provider=provider.label)
    body = (
        f'<meta http-equiv="refresh" content="0;url={escape(address)}"><h1>{escape(title)}</h1>'
        f'<p><a class="go" rel="noreferrer" href="{escape(address)}">{escape(title)}</a></p>'
    )
    return sheet(say, title, [body], shop=shop_name(say), path="/ways", description=title)
