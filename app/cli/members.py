"""`regulars members`: what is done about single accounts from a terminal."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

import typer
from sqlmodel import Session

from app import database
from app.cli.terminal import STAFF, kindly, note, opened, say
from facts.refusals import Refusal
from members.actions import claiming, extending, merging, pinning
from members.actions.erase import erase
from members.merged import latest_of
from members.tables import Identity, Member
from rewards.codes import CHANCE_BYTES

members_app = typer.Typer(
    help="Single accounts: claim codes, more time for points, merges, tiers by hand, erasure.",
    no_args_is_help=True,
)
Who = Annotated[
    str, typer.Argument(help="A member id, or email:…, phone:…, card:…, customer:<source>:<number>.")
]


def found(session: Session, who: str) -> UUID:
    """The account that somebody means."""
    key = session.get(Identity, who)
    if key:
        return key.member_id
    try:
        member_id = UUID(who)
    except ValueError:
        member_id = None
    if member_id is None or session.get(Member, member_id) is None:
        raise Refusal("member_unknown", "There is no such member.", status=404)
    return member_id


@members_app.command("claim-code")
def claim_code(who: Who) -> None:
    """Make the code with which a person makes a draft their own. It is good once, for 90 days."""
    with kindly():
        now = datetime.now(UTC)
        chance = secrets.token_bytes(CHANCE_BYTES)
        code = database.attempt(
            opened(), lambda session: claiming.make_code(session, found(session, who), chance, STAFF, now)
        )
        note("They type it on their page “About me”:")
        say(code)


@members_app.command("extend")
def extend(who: Who, until: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The new last day.")],
           reason: Annotated[str, typer.Option(help="Why: the member reads it.")],
           lot: Annotated[str, typer.Option(help="The cause of one lot, as `regulars export entries` has it; "
                                                 "without it all points are meant.")] = "",
           wallet: Annotated[str, typer.Option(help="A wallet beside points, all of which is meant.")] = "",
           ) -> None:  # fmt: skip
    """Give points, or what is in a wallet, more time: what would end before that day lasts to its end, audited."""
    with kindly():
        if lot and wallet:
            raise Refusal("extension_twice", "Name a lot, or a wallet; a lot knows its own.")
        now = datetime.now(UTC)
        day = date(until.year, until.month, until.day)

        def work(session: Session) -> None:
            one = latest_of(session, found(session, who))
            named = extending.lot_of(session, one, lot) if lot else ""
            named = named or (f"{extending.ALL_OF}{wallet}" if wallet else "")
            extending.extend(session, one, day, reason, STAFF, now, lot=named, agreed_by=STAFF)

        database.attempt(opened(), work)
        say(f"They last to {day} now, and the member reads why.")


@members_app.command("merge")
def merge(who: Who, into: Annotated[str, typer.Argument(help="The account that stays.")],
          reason: Annotated[str, typer.Option(help="Why.")] = "") -> None:  # fmt: skip
    """Close an account and give what it has to another one of the same person."""
    with kindly():
        now = datetime.now(UTC)

        def work(session: Session) -> None:
            one, other = found(session, who), latest_of(session, found(session, into))
            merging.merge(session, one, other, reason, STAFF, now)

        database.attempt(opened(), work)
        say(f"They are one account now. For {merging.UNDO_DAYS} days `regulars members unmerge` undoes it.")


@members_app.command("unmerge")
def unmerge(who: Annotated[str, typer.Argument(help="The id of the account that was closed.")]) -> None:
    """Make two accounts of one again."""
    with kindly():
        now = datetime.now(UTC)
        database.attempt(opened(), lambda session: merging.undo(session, found(session, who), STAFF, now))
        say("They are two accounts again.")


@members_app.command("pin-tier")
def pin_tier(who: Who, tier: Annotated[str, typer.Argument(help="The slug of a tier.")],
             reason: Annotated[str, typer.Option(help="Why. The member may read it.")],
             until: Annotated[str, typer.Option(help="Its last day, such as 2026-12-31; none for no end.")] = "",
             ) -> None:  # fmt: skip
    """Give a tier by hand, in the place of one given before. What is earned goes on beside it."""
    with kindly():
        now = datetime.now(UTC)
        database.attempt(
            opened(),
            lambda session: pinning.pin(
                session, found(session, who), tier, until, reason, STAFF, now, agreed_by=STAFF
            ),
        )
        say("Given.")


@members_app.command("unpin-tier")
def unpin_tier(who: Who, reason: Annotated[str, typer.Option(help="Why. The member may read it.")]) -> None:
    """Take off a tier that was given by hand: the member has what is earned."""
    with kindly():
        now = datetime.now(UTC)
        database.attempt(
            opened(), lambda session: pinning.unpin(session, found(session, who), reason, STAFF, now)
        )
        say("Taken off.")


@members_app.command("erase")
def erase_command(
    who: Who, sure: Annotated[bool, typer.Option("--sure", help="Yes, for good.")] = False
) -> None:
    """Erase a person for good, with all accounts that became one: what is personal goes, the sums of the books stay."""
    with kindly():
        if not sure:
            raise Refusal("not_sure", "This cannot be undone. Say --sure when you are.")
        now = datetime.now(UTC)

        def work(session: Session) -> None:
            erase(session, latest_of(session, found(session, who)), STAFF, now)

        database.attempt(opened(), work)
        database.fold_in(opened())
        say("They are erased.")
