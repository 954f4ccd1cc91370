"""`regulars import`: a shop's own files in, through the same door as everything else."""

from app.cli.imports.commands import imports_app
from app.cli.imports.members import list_command, members_command, undo_command

imports_app.command("members")(members_command)
imports_app.command("undo")(undo_command)
imports_app.command("list")(list_command)

__all__ = ["imports_app"]
