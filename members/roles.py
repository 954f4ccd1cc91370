"""Who may do what: roles are sets of capabilities, and nothing else in the programme asks for a role."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from facts.ids import MemberId


class Capability(StrEnum):
    """One thing that a person may do. The first four are a member's own; the others are staff's."""

    SEE_OWN = "see_own"
    REDEEM_OWN = "redeem_own"
    PLAY_OWN = "play_own"
    OWN_DATA = "own_data"
    ENTER_STAFF = "enter_staff"
    SEE_MEMBERS = "see_members"
    ADJUST_POINTS = "adjust_points"
    AWARD_IN_BULK = "award_in_bulk"
    SEE_CATALOGUE = "see_catalogue"
    EDIT_CATALOGUE = "edit_catalogue"
    PUBLISH_PROGRAMME = "publish_programme"
    USE_CODES = "use_codes"
    SEE_CASES = "see_cases"
    DECIDE_CASES = "decide_cases"
    SEE_AUDIT = "see_audit"
    SEE_TEAM = "see_team"
    EDIT_TEAM = "edit_team"
    ASK_SECOND = "ask_second"
    APPROVE = "approve"
    EXPORT_DATA = "export_data"
    MERGE_MEMBERS = "merge_members"
    SERVE_COUNTER = "serve_counter"
    EDIT_KEYS = "edit_keys"


MEMBER = "member"
_OWN = frozenset({Capability.SEE_OWN, Capability.REDEEM_OWN, Capability.PLAY_OWN, Capability.OWN_DATA})
_STAFF = frozenset(Capability) - _OWN

ROLES: dict[str, frozenset[Capability]] = {
    MEMBER: _OWN,
    "owner": _STAFF,
    "marketer": frozenset(
        {
            Capability.ENTER_STAFF,
            Capability.SEE_CATALOGUE,
            Capability.EDIT_CATALOGUE,
            Capability.PUBLISH_PROGRAMME,
        }
    ),
    "support": frozenset(
        {
            Capability.ENTER_STAFF,
            Capability.SEE_MEMBERS,
            Capability.ADJUST_POINTS,
            Capability.ASK_SECOND,
            Capability.MERGE_MEMBERS,
            Capability.SEE_CATALOGUE,
            Capability.SEE_CASES,
            Capability.DECIDE_CASES,
            Capability.SERVE_COUNTER,
        }
    ),
    "cashier": frozenset(
        {Capability.ENTER_STAFF, Capability.SEE_MEMBERS, Capability.USE_CODES, Capability.SERVE_COUNTER}
    ),
    "analyst": frozenset(
        {
            Capability.ENTER_STAFF,
            Capability.SEE_CATALOGUE,
            Capability.SEE_CASES,
            Capability.SEE_AUDIT,
            Capability.EXPORT_DATA,
        }
    ),
}
STAFF_ROLES = tuple(role for role in ROLES if role != MEMBER)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who came through the door: a member (`id` is their member id) or one of the staff (a name)."""

    id: str
    role: str

    @property
    def is_member(self) -> bool:
        """Whether this is a member, not staff."""
        return self.role == MEMBER

    @property
    def member_id(self) -> MemberId:
        """The member's own id; asking it of staff is a mistake in the program."""
        if not self.is_member:
            raise LookupError("staff have no member id: take the member from what staff looked up")
        return MemberId(UUID(self.id))

    @property
    def actor(self) -> str:
        """How the audit and the facts name this person."""
        return f"{self.role}:{self.id}"

    def may(self, capability: Capability) -> bool:
        """Whether the role has the capability; a role that is no more has none."""
        return capability in ROLES.get(self.role, frozenset())
