"""`regulars prove` and `regulars simulate`: what is so, and what would be so."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine
from sqlmodel import Session

from app import database, settings
from app.cli.against import not_any_more
from app.cli.imports.events import check_events, events
from app.cli.terminal import bar, kindly, many, note, opened, say, stop
from facts.money import decimal_text
from facts.refusals import Refusal
from members import audit, programme
from members.prove import Proof, Sums, prove
from members.rebuilding import not_given, rebuild_all
from members.simulation import simulate
from rewards.lots import POINTS

EVENTS_MAX = 20_000
SHOWN_MAX = 20
OTHERWISE = (
    "Where the facts come to something else, somebody changed a row, or an earlier release weighed it otherwise. "
    "`regulars programme backfill --only-given` weighs every history again and posts the difference; with --preview it "
    "says what that is."
)


def prove_command(
    expect: Annotated[
        list[str], typer.Option(help="A head of the audit that was noted before: is it still there?")
    ] = [],  # noqa: B006
    against: Annotated[
        Path | None,
        typer.Option(help="A backup: is everything that it knew still in the ledger and the audit?"),
    ] = None,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild",
            help="Also weigh every history again: are lots, tiers and entries what the facts come to?",
        ),
    ] = False,
    sign: Annotated[
        bool,
        typer.Option(
            "--sign", help="When all holds, sign the audit's head anew: after a change of the secret."
        ),
    ] = False,
) -> None:
    """Check every law of the ledger, row by row, and name the first row that breaks one. Reads only, but for --sign."""
    with kindly():
        engine, secret = opened(), settings.secret(settings.current())
        with database.reading(engine) as session, bar() as progress:
            task = progress.add_task("Proving", total=None)
            proof = prove(session, lambda count: progress.advance(task, count))
            left = not_given(session) if rebuild else []
            chains = [
                f"{key}: it counts from the beginning, and was not given to everybody; before, nothing is rebuilt"
                for key in left
            ]
            chains += broken_chains(session, None if sign else secret)
            chains += [
                f"audit: {note} is not in it any more" for note in expect if not audit.had(session, note)
            ]
            if against:
                chains += not_any_more(session, against)
            noted = audit.noted(session)
        known = len(proof.flaws)
        if rebuild and not left:
            _rebuild(engine, proof)
        tell(proof, chains)
        if len(proof.flaws) > known:
            note(OTHERWISE)
        if proof.flaws or chains:
            raise typer.Exit(1)
        if sign:
            noted = database.attempt(engine, lambda session: audit.sign(session, secret))
        if noted:
            say(f"The audit ends with {noted} - note it elsewhere: `regulars prove --expect {noted}`.")


def _rebuild(engine: Engine, proof: Proof) -> None:
    """Add the flaws that only the facts tell, of members of whom nothing is said yet."""
    broken = {flaw.member_id for flaw in proof.flaws}
    with bar() as progress:
        task = progress.add_task("Weighing again", total=None)
        proof.flaws += rebuild_all(
            lambda: database.reading(engine),
            datetime.now(UTC),
            lambda count: progress.advance(task, count),
            broken,
        )


def broken_chains(session: Session, secret: bytes | None = None) -> list[str]:
    """A sentence for each chain beside the ledger that is broken: the audit's, and the programme's versions.

    With the `secret` the signature of the audit's head is looked at.
    """
    said = [sentence for sentence in [audit.broken(session, secret)] if sentence]
    number = programme.first_broken(session)
    if number is not None:
        said.append(f"programme version {number}: it is not as it was written")
    return said


def _sums(of: Sums) -> str:
    return (
        f"issued {of.issued:,} = outstanding {of.outstanding:,} + spent {of.spent:,} + expired {of.expired:,}"
    )


def tell(proof: Proof, chains: list[str]) -> None:
    """The sums, and what is wrong."""
    entries = many(proof.entries, "entry", more="entries")
    say(f"{many(proof.members, 'member')}, {entries}: {_sums(proof.points)}.")
    for wallet, sums in sorted(proof.wallets.items()):
        say(f"{wallet}: {_sums(sums)}.")
    for flaw in proof.flaws[:SHOWN_MAX]:
        note(f"member {flaw.member_id}, {flaw.row}: {flaw.problem}")
    for sentence in chains:
        note(sentence)
    if len(proof.flaws) > SHOWN_MAX:
        note(f"… and {len(proof.flaws) - SHOWN_MAX:,} more.")
    broken = len(proof.flaws) + len(chains)
    said = f"{many(broken, 'law is', more='laws are')} broken."
    say(said if broken else "Every law holds.")


def simulate_command(
    file: Annotated[Path, typer.Argument(help="CloudEvents, one a line; .gz too.", show_default=False)],
) -> None:
    """Say what the events in FILE would do, as JSON lines. Writes nothing."""
    with kindly():
        checked = check_events(file)
        for problem in checked.problems[:SHOWN_MAX]:
            note(problem)
        if checked.problems:
            stop("Nothing was tried.")
        if checked.events > EVENTS_MAX:
            raise Refusal("file_too_long", "Simulate at most {limit} events at once.", limit=EVENTS_MAX)
        facts = list(islice(events(file), EVENTS_MAX))
        engine, now = opened(), datetime.now(UTC)
        with database.transaction(engine) as session:
            done, version = simulate(session, facts, now), programme.versions(session).at(now)
        for fact, outcome in zip(facts, done.outcomes, strict=True):
            said: dict[str, object] = {"id": fact.id, "source": fact.source, "status": str(outcome.status)}
            if outcome.refusal:
                said["problem"] = outcome.refusal.sentence()
            typer.echo(json.dumps(said, ensure_ascii=False))
        table = Table("member", "kind", "wallet", "amount", "rule", "counts at", box=None)
        for entry in done.entries[:SHOWN_MAX]:
            row = (
                str(entry.member_id),
                entry.kind,
                entry.wallet,
                in_units(entry.wallet, entry.amount, version),
                entry.rule,
                f"{entry.at:%Y-%m-%d %H:%M}",
            )
            table.add_row(*row)
        Console(stderr=True).print(table)
        sums = Counter({POINTS: 0})
        for entry in done.entries:
            sums[entry.wallet] += entry.amount
        told = [
            f"{in_units(wallet, amount, version)} of {wallet}"
            for wallet, amount in sums.items()
            if wallet != POINTS
        ]
        total = ", ".join([many(sums[POINTS], "point", "+,"), *told])
        entries = many(len(done.entries), "entry", more="entries")
        note(f"{entries}, {total} in all. Nothing was written.")


def in_units(wallet: str, amount: int, version: programme.Version) -> str:
    """What goes into a wallet, or out of it: `+62`, or `+2.50 USD` of one that the shop's money is in."""
    if wallet not in version.wallets or not version.wallets[wallet].spendable:
        return f"{amount:+,}"
    sign = "+" if amount >= 0 else ""
    return f"{sign}{decimal_text(amount, version.digits)} {version.currency}"
