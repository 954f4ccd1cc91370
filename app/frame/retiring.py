"""A staff page that lists parts of the programme: each is changed against the version that is shown, or retired.

A page takes `Retiring` in and says what it lists: `_names` of what can be retired, by key, and `_retires` by which verb
that is done and what is said then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.staff_visit import StaffVisit, act
from members.programme.versions import Version
from members.roles import Capability, Person

PUBLISH = Capability.PUBLISH_PROGRAMME
Verb = Callable[..., Version]


class Retiring(StaffVisit, mixin=True):
    """The list as of version `_base`. `retiring` is what is asked about, `retiring_name` its name."""

    retiring: str = ""
    retiring_name: str = ""
    _base: int = 0

    @rx.event
    @needs(PUBLISH)
    def ask_retire(self, key: str):
        """Ask whether it is to be retired; "" for not."""
        self.retiring_name = self._names().get(str(key), "")
        self.retiring = str(key) if self.retiring_name else ""

    @rx.event
    @needs(PUBLISH)
    async def retire(self):
        """Retire what was asked about."""
        key, self.retiring = self.retiring, ""
        if key:
            verb, done = self._retires()
            await self._publish(verb, key, done)

    async def _publish(self, verb: Verb, key: str, done: str) -> None:
        """Let `verb` make a version of the programme, and show the list as it is then."""
        base, wanted = self._base, str(key)[:100]

        def work(session: Session, person: Person, now: datetime) -> Any:
            verb(session, wanted, base=base, actor=person.actor, now=now)
            return self._view(session, person, now)

        if await act(self, PUBLISH, work, done):
            self._base = self.card.base

    def _names(self) -> Mapping[str, str]:
        raise NotImplementedError

    def _retires(self) -> tuple[Verb, str]:
        raise NotImplementedError

    def _view(self, session: Session, person: Person, now: datetime) -> Any:
        raise NotImplementedError
