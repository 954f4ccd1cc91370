"""The command line: `regulars`, with everything that is done from a terminal."""

from __future__ import annotations

import typer

from app.cli.backups import backup_command, restore_command
from app.cli.bench.command import bench_command
from app.cli.exports import export_command
from app.cli.imports import imports_app
from app.cli.issuer import issuer_app
from app.cli.keys import keys_app
from app.cli.laws import prove_command, simulate_command
from app.cli.members import members_app
from app.cli.programme import programme_app
from app.cli.serving import demo_command, serve_command, worker_command
from app.cli.staff import staff_app

main = typer.Typer(
    name="regulars",
    help="Regulars: a loyalty programme that a shop runs itself.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
main.command("serve")(serve_command)
main.command("worker")(worker_command)
main.command("demo")(demo_command)
main.add_typer(imports_app, name="import")
main.add_typer(programme_app, name="programme")
main.command("simulate")(simulate_command)
main.command("export")(export_command)
main.command("prove")(prove_command)
main.command("backup")(backup_command)
main.command("restore")(restore_command)
main.add_typer(keys_app, name="keys")
main.add_typer(members_app, name="members")
main.add_typer(issuer_app, name="issuer")
main.add_typer(staff_app, name="staff")
main.command("bench")(bench_command)
