"""What is done before a shop opens: tables up to date, nobody left inside from the demo; and what is said then."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import Session

from app import database, mail
from app.cli.staff import start_link
from app.cli.terminal import opened
from app.settings import Settings
from facts.refusals import Refusal
from members import demo, sessions
from members.actions import team
from members.programme import versions
from members.takeover import DEMO


def prepared(chosen: Settings) -> list[str]:
    """Make the database ready; gives the links. No connection stays open: the workers fork after this."""
    engine = opened()
    try:
        if not chosen.demo:
            close_demo(engine)
        return links_of(chosen, engine)
    finally:
        engine.dispose()
        database.shared.cache_clear()


def close_demo(engine: database.Engine) -> None:
    """Who came in by the demo's entrances does not stay when the shop opens in earnest over the same database."""
    now = datetime.now(UTC)
    database.attempt(engine, lambda session: sessions.end_way(session, DEMO, now))


def links_of(chosen: Settings, engine: database.Engine) -> list[str]:
    """Where to go: the block that is printed when the pages answer."""
    public = chosen.public_url
    with database.reading(engine) as session:
        name, entrances = _shop(session)
    token = None if chosen.demo else _first_owner(engine)
    lines = ["", f"{name} is open.", f"  Members' page    {public}/"]
    if chosen.demo:
        titles = {"new": "as a new member", "middling": "as a middling one", "top": "as a top-tier one"}
        lines += [
            f"    {title:<20} {public}/demo/enter/{key}" for key, title in titles.items() if key in entrances
        ]
        lines.append(f"  Staff            {public}/demo/enter/staff")
    else:
        lines.append(f"  Staff            {public}/staff/")
        if token:
            lines.append(
                "  Nobody looks after this shop yet. Whoever opens this first, within 24 hours, is its owner:"
            )
            lines.append(f"    {start_link(token)}")
        if not mail.senders(chosen):
            lines.append(
                "  No letters can be sent (REGULARS_SMTP_URL): nobody can join or sign in with an address."
            )
    lines.append(f"  API              {public}/api/v1/openapi.json")
    if not entrances and chosen.demo:
        lines.append("  There are no members yet: `regulars demo` brings some.")
    return [*lines, "Stop with Ctrl-C.", ""]


def _first_owner(engine: database.Engine) -> str | None:
    """The token of the first owner's link, while there is no owner."""
    now = datetime.now(UTC)
    return database.attempt(engine, lambda session: team.first_owner(session, now))


def _shop(session: Session) -> tuple[str, set[str]]:
    try:
        document = versions(session).latest.programme
    except Refusal:
        return "The shop (without a programme yet: `regulars programme apply FILE`)", set()
    return document.words(document.name, "en"), set(demo.chosen(session))
