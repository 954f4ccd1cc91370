"""`regulars staff`: the first owner's link, invitations, and what whoever runs the machine may do alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table
from sqlmodel import Session, col, select

from app import database, settings
from app.cli.terminal import STAFF, kindly, note, opened, say, stop
from members import addresses, approving
from members.actions import approvals, team
from members.roles import STAFF_ROLES
from members.way_tables import Approval
from members.way_tables import Staff as StaffRow

staff_app = typer.Typer(help="The shop's staff: owners, and whoever they work with.", no_args_is_help=True)


def start_link(token: str) -> str:
    """The address that makes somebody one of the staff."""
    return f"{settings.current().public_url}/staff/start/{token}"


@staff_app.command("owner")
def owner() -> None:
    """Make the link for the first owner, good once and for 24 hours. A link made before stops working."""
    with kindly():
        now = datetime.now(UTC)
        token = database.attempt(opened(), lambda session: team.first_owner(session, now, STAFF))
        if token is None:
            stop("There is an owner already: `regulars staff invite EMAIL --role owner` makes another one.")
        note("Whoever opens it first is the owner of this shop:")
        say(start_link(token))


@staff_app.command("invite")
def invite(
    email: Annotated[str, typer.Argument(help="Whose address it is.")],
    role: Annotated[str, typer.Option(help=f"One of {', '.join(STAFF_ROLES)}.")] = "cashier",
) -> None:
    """Make a link that makes EMAIL one of the staff, good once and for three days."""
    with kindly():
        now = datetime.now(UTC)
        token = database.attempt(
            opened(), lambda session: team.invite(session, email, role, STAFF, now, agreed_by=STAFF)
        )
        say(start_link(token))


@staff_app.command("list")
def list_() -> None:
    """Who the staff are."""
    with kindly():
        with database.reading(opened()) as session:
            rows = session.exec(select(StaffRow).order_by(col(StaffRow.created_at))).all()
        table = Table("name", "e-mail", "role", "since", "gone", box=None)
        for row in rows:
            gone = f"{row.gone_at:%Y-%m-%d}" if row.gone_at else ""
            table.add_row(row.name, row.email, row.role, f"{row.created_at:%Y-%m-%d}", gone)
        Console().print(table)


@staff_app.command("remove")
def remove(email: Annotated[str, typer.Argument(help="Whose address it is.")]) -> None:
    """Let somebody go: all their sessions end, and no way in is left."""
    with kindly():
        now = datetime.now(UTC)

        def work(session: Session) -> None:
            known = addresses.email(email)
            row = session.exec(select(StaffRow).where(StaffRow.email == known)).first()
            team.remove(session, row.staff_id if row else "", STAFF, now)

        database.attempt(opened(), work)
        say(f"{email} is not one of the staff any more.")


@staff_app.command("waiting")
def waiting() -> None:
    """What waits for a second person."""
    with kindly():
        now = datetime.now(UTC)
        with database.reading(opened()) as session:
            mine = (Approval.status == approving.WAITING, Approval.expires_at > now)
            rows = session.exec(select(Approval).where(*mine).order_by(col(Approval.asked_at))).all()
        for row in rows:
            until = f"{row.expires_at:%Y-%m-%d %H:%M}"
            say(
                f"{row.approval_id}  {row.action} of {row.object}, asked by {row.asked_by}, good until {until}"
            )
            note(f"  {row.reason} {row.detail}")


@staff_app.command("agree")
def agree(request: Annotated[UUID, typer.Argument(help="Its id, from `regulars staff waiting`.")]) -> None:
    """Be the second person, as whoever runs the machine: for a shop with one owner."""
    with kindly():
        now = datetime.now(UTC)
        row = database.attempt(opened(), lambda session: approvals.agree(session, request, STAFF, now))
        say(f"Agreed and done: {row.action} of {row.object}.")
