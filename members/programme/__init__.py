"""The programme as a whole: one versioned document, the only truth for what things are worth.

`load` and `validate` read YAML, `plan` says what would change, `apply` makes the next version, and
`versions(session).at(moment)` is what the engine goes by.
"""

from __future__ import annotations

from members.programme.document import Programme
from members.programme.plan import Change, plan
from members.programme.problems import Problem, ProgrammeInvalid
from members.programme.reading import load, validate
from members.programme.text import write as dump
from members.programme.versions import Timeline, Version, apply, first_broken, in_force, versions

__all__ = [
    "Change", "Problem", "Programme", "ProgrammeInvalid", "Timeline", "Version", "apply", "dump",
    "first_broken", "in_force", "load", "plan", "validate", "versions",
]  # fmt: skip
