"""Names for what rows of the audit are about. The audit itself has ids alone: who was erased has no name any more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlmodel import Session, col, select

from facts.language import Language, codes
from members.programme.plan import MOMENT
from members.programme.versions import Version
from members.tables import Audit, Member
from members.views.audit_fields import called as field_name
from members.views.audit_words import named
from members.views.saying import wording
from members.views.staff_keys import scope_name
from members.views.team import called, moment, role_name
from members.way_tables import Staff

OF_MEMBERS = ("member", "into", "from", "members")
"""Fields of a row's detail that name members."""
THINGS = ("object", "for")
"""Fields that hold what rows are about, such as `member:<id>`."""
ACTORS = ("asked_by", "agreed_by", "invited_by")
AMOUNTS = ("amount", "balance")
"""Fields that are of the wallet that the row names; money of one is a text with its currency."""
NAMES_MAX = 8
DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Names:
    """What members (for who may see them), colleagues and things of the programme are called now."""

    def __init__(
        self, session: Session, rows: Iterable[Audit], version: Version, language: Language, *, members: bool
    ) -> None:
        self.say, self.counted, found = wording(version, language), False, set[UUID]()
        self.zone, programme = version.zone, version.programme
        more = [("guard", one.slug, one.name) for one in programme.guards]
        more += [("offer", one.slug, one.name) for one in programme.referrals.offers]
        more += [("rule", one.slug, one.name) for one in programme.earning if one.name]
        self.others = {f"{kind}:{slug}": programme.words(name, language.code) for kind, slug, name in more}
        self.actors = called(session, {one for row in rows for one in _actors_in(row)}, language)
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
        if kind == "key":
            return rest
        if kind == "case":
            who, guard, *_ = *rest.split(" "), ""
            return " · ".join(one for one in (self.people.get(who), self.others.get(f"guard:{guard}")) if one)
        if kind == "wallet":
            return self.say.purses[rest].name if rest in self.say.purses else ""
        plain: dict[str, Mapping[str, str]] = {
            "member": self.people,
            "staff": self.staff,
            "reward": self.say.rewards,
            "tier": self.say.tiers,
        }
        if kind in plain:
            return plain[kind].get(rest, "")
        key = f"{kind}:{rest}"
        return self.say.prizes.get(key) or self.others.get(key, "")

    def field(self, name: str) -> str:
        """What a field of the detail is called."""
        return field_name(name, self.say.language)

    def told(self, field: str, value: Any) -> Any:
        """The value of a field of the detail in words, with names in the place of ids, where there are any."""
        say = self.say.language
        if isinstance(value, bool):
            return say.text("yes") if value else say.text("no")
        if isinstance(value, int):
            return self.say.points(value) if self.counted and field in AMOUNTS else say.number(value)
        if isinstance(value, list):
            return self._listed(field, cast("list[Any]", value))
        if isinstance(value, dict):
            words = cast("dict[str, Any]", value)
            return self.say.words(words) if words and words.keys() <= set(codes()) else words
        return self._word(field, value) if isinstance(value, str) else value

    def _word(self, field: str, value: str) -> str:
        say = self.say.language
        if field in THINGS:
            return self.of(value) or value
        if field in ACTORS:
            return self.actors.get(value, value)
        if field == "action":
            return named(value, say)
        if field == "role":
            return role_name(value, say)
        if field == "scopes":
            return " · ".join(scope_name(one, say) for one in value.split())
        return self.of(f"{'member' if field in OF_MEMBERS else field}:{value}") or self._day(value)

    def _day(self, text: str) -> str:
        """A day or a moment as people write it; any other text as it is."""
        say = self.say.language
        try:
            if DAY.fullmatch(text):
                return say.date(date.fromisoformat(text), "medium")
            if MOMENT.fullmatch(text):
                at = datetime.fromisoformat(text)
                return moment(at, say, self.zone) if at.year > 1 else ""
        except ValueError:
            pass
        return text

    def _listed(self, field: str, values: list[Any]) -> Any:
        """Names one after another, and how many more there are; of other lists each value as it is said."""
        say, most = self.say.language, NAMES_MAX if field in OF_MEMBERS else len(values)
        said = [self.told(field, one) for one in values[:most]]
        if not all(isinstance(one, str) for one in said):
            return values
        rest = len(values) - most
        return say.joined([*said, say.plural("and {n} more", "and {n} more", rest)] if rest > 0 else said)


def _actors_in(row: Audit) -> Iterator[str]:
    """The actors whom the detail of a row names."""
    detail: dict[str, Any] = json.loads(row.detail)
    return (detail[field] for field in ACTORS if isinstance(detail.get(field), str) and detail[field])


def _members_in(row: Audit) -> Iterator[UUID]:
    """The members that a row names."""
    kind, _, rest = row.object.partition(":")
    detail: dict[str, Any] = json.loads(row.detail)
    found: list[Any] = [rest.partition(" ")[0]] if kind in ("member", "case") else []
    for field in OF_MEMBERS:
        value = detail.get(field)
        found += cast("list[Any]", value) if isinstance(value, list) else [value]
    for field in THINGS:
        of, _, which = str(detail.get(field, "")).partition(":")
        found += [which] if of == "member" else []
    for one in found:
        try:
            yield UUID(one)
        except (ValueError, TypeError, AttributeError):
            continue
