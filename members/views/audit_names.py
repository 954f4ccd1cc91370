"""Names for what rows of the audit are about. The audit itself has ids alone: who was erased has no name any more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from typing import Any, cast
from uuid import UUID

from sqlmodel import Session, col, select

from members.tables import Audit, Member
from members.way_tables import Staff
from rewards.wording import Wording

OF_MEMBERS = ("member", "into", "members")
"""Fields of a row's detail that name members."""
AMOUNTS = ("amount", "balance")
"""Fields that are of the wallet that the row names; money of one is a text with its currency."""


class Names:
    """What members (for who may see them), colleagues and things of the programme are called now."""

    def __init__(self, session: Session, rows: Iterable[Audit], say: Wording, *, members: bool) -> None:
        self.say, self.counted, found = say, False, set[UUID]()
        staff = {one.object.partition(":")[2] for one in rows if one.object.startswith("staff:")}
        if members:
            found = {one for row in rows for one in _members_in(row)}
        query = select(Member.member_id, Member.name).where(
            col(Member.member_id).in_(found), Member.name != ""
        )
        self.people = {str(member_id): name for member_id, name in session.exec(query)} if found else {}
        who = select(Staff.staff_id, Staff.name).where(col(Staff.staff_id).in_(staff))
        self.staff = dict(session.exec(who).all()) if staff else {}

    def within(self, wallet: Any) -> Names:
        """The same where amounts are of a wallet, if the row names one."""
        if not isinstance(wallet, str) or wallet not in self.say.purses:
            return self
        found = copy(self)
        found.say, found.counted = self.say.of(wallet), True
        return found

    def of(self, thing: str) -> str:
        """The name of a thing, such as `reward:coffee`; "" for one that has none."""
        kind, _, rest = thing.removeprefix("draft:").partition(":")
        if kind == "wallet":
            return self.say.purses[rest].name if rest in self.say.purses else ""
        plain: dict[str, Mapping[str, str]] = {
            "member": self.people,
            "staff": self.staff,
            "reward": self.say.rewards,
            "tier": self.say.tiers,
        }
        return plain[kind].get(rest, "") if kind in plain else self.say.prizes.get(f"{kind}:{rest}", "")

    def told(self, field: str, value: Any) -> Any:
        """The value of a field of the detail with names in the place of ids, where there are any."""
        if self.counted and field in AMOUNTS and isinstance(value, int):
            return self.say.points(value)
        if isinstance(value, list) and field in OF_MEMBERS:
            return self.say.language.joined(str(self.told(field, one)) for one in cast("list[Any]", value))
        if not isinstance(value, str):
            return cast("Any", value)
        return self.of(f"{'member' if field in OF_MEMBERS else field}:{value}") or value


def _members_in(row: Audit) -> Iterator[UUID]:
    """The members that a row names."""
    kind, _, rest = row.object.partition(":")
    detail: dict[str, Any] = json.loads(row.detail)
    named: list[Any] = [rest] if kind == "member" else []
    for field in OF_MEMBERS:
        value = detail.get(field)
        named += cast("list[Any]", value) if isinstance(value, list) else [value]
    for one in named:
        try:
            yield UUID(one)
        except (ValueError, TypeError, AttributeError):
            continue
