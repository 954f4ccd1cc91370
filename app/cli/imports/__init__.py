"""`regulars import`: a shop's own files in, through the same door as everything else."""

from app.cli.imports.commands import imports_app

__all__ = ["imports_app"]
