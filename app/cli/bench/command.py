"""The command itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.terminal import kindly, note, say


def bench_command(
    figures: Annotated[
        list[str] | None, typer.Argument(help="Which ones, such as P1 P2b; all when left out.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Smaller sizes and fewer rounds.")] = False,
) -> None:
    """Measure the figures of speed and scale, print the table, and write bench/results.json."""
    with kindly():
        from app.cli.bench import report
        from app.cli.bench.figures import measure, wanted
        from app.cli.bench.place import Bench, a_folder

        modules = wanted(figures or [])
        failed: list[str] = []
        kept = report.keep(report.RESULTS, {})
        with a_folder() as folder:
            bench = Bench(Path(folder), quick=quick, say=note)
            bench.keep = lambda found: report.keep(report.RESULTS, report.rows(found, quick=quick))
            try:
                for module in modules:
                    note(f"Measuring {module.replace('_', ' ')} …")
                    try:
                        found = measure(module, bench)
                    except Exception as error:  # noqa: BLE001 - one figure that cannot be had does not hide the others
                        failed.append(f"{module}: {error!r}")
                        note(failed[-1])
                        continue
                    kept = report.keep(report.RESULTS, report.rows(found, quick=quick))
            finally:
                bench.close()
        report.show(kept)
        say(f"Written to {report.RESULTS}.")
        if failed:
            raise typer.Exit(1)
