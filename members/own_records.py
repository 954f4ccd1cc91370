"""All that is kept of one member, for themselves: section by section, as plain columns and rows.

It is theirs whole (facts as they came, every entry with its why). What only guards their account is left out: digests
of sessions and devices, keys, codes of vouchers, and what is sealed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlmodel import Session, SQLModel

from badges.board_tables import LeagueSeat
from badges.credentials.tables import Credential
from badges.tables import Award, BadgePage, Player
from members.merged import parts_of
from members.own_tables import Card, Consent, Device, Profile, Reminder
from members.referral_tables import Brought, MilestonesSaid, Referral, ReferralCode
from members.roles import MEMBER
from members.sets import table_of
from members.suspicion_tables import Sign, Suspicion
from members.tables import BrowserSession, Claim, FactRow, Identity, Member, Standing
from members.way_tables import Letter, Login, Passkey
from rewards.gift_tables import Gift, GiftTaken
from rewards.payment_tables import Payment
from rewards.tables import Entry, Lot, Redemption, TierChange

Row = dict[str, Any]
STRETCH = 1000
_JSON = frozenset({"data", "why", "lots"})

SECTIONS: dict[str, tuple[type[SQLModel], tuple[str, ...], tuple[str, ...]]] = {
    "member": (Member, ("member_id", "status", "name", "language", "zone", "created_at"), ("member_id",)),
    "profile": (Profile, ("birthday", "skipped", "paused_at", "left_at", "letters_to"), ("member_id",)),
    "identities": (Identity, ("key", "since"), ("key",)),
    "consents": (Consent, ("purpose", "channel", "given", "at", "version", "language", "text", "way"),
                 ("at", "purpose", "channel", "seq")),
    "standing": (Standing, ("balance", "debt", "held", "tier", "tier_since", "tier_until"), ("member_id",)),
    "facts": (FactRow, ("source", "fact_id", "type", "occurred_at", "recorded_at", "data"),
              ("occurred_at", "source", "fact_id")),
    "entries": (Entry, ("seq", "wallet", "kind", "amount", "at", "recorded_at", "active_from", "expires_at", "cause",
                        "rule", "version", "why"), ("seq",)),
    "lots": (Lot, ("wallet", "kind", "amount", "remaining", "at", "active_from", "expires_at", "cause"),
             ("at", "cause")),
    "tiers": (TierChange, ("at", "tier", "before", "reason"), ("at",)),
    "awards": (Award, ("kind", "slug", "instance", "level", "awarded_at", "expires_at", "revoked_at", "reason",
                       "by_hand", "edition"), ("awarded_at", "kind", "slug", "instance", "level")),
    "redemptions": (Redemption, ("redemption_id", "reward", "price", "state", "reserved_at", "issued_at", "used_at",
                                 "expires_at", "closed_at", "used_in"), ("redemption_id",)),
    "payments": (Payment, ("payment_id", "source", "order_id", "wallet", "points", "money", "state", "held_at", "until",
                           "closed_at"), ("payment_id",)),
    "gifts_given": (Gift, ("gift_id", "points", "lots", "state", "given_at", "until", "closed_at"), ("given_at",)),
    "gifts_taken": (GiftTaken, ("gift_id", "points", "taken_at"), ("taken_at",)),
    "boards": (Player, ("alias", "calm", "shown", "told"), ("member_id",)),
    "leagues": (LeagueSeat, ("board", "period", "division", "circle"), ("board",)),
    "shared_badges": (BadgePage, ("slug", "name", "language", "since"), ("slug", "token")),
    "credentials": (Credential, ("credential_id", "issued_at", "revoked_at", "reason", "document"), ("credential_id",)),
    "card": (Card, ("number", "created_at"), ("member_id",)),
    "devices": (Device, ("label", "first_at", "seen_at", "trusted_at"), ("first_at",)),
    "reminders": (Reminder, ("day", "stage", "at", "channel"), ("at", "day")),
    "invitations": (ReferralCode, ("code", "offer", "created_at", "clicked", "shared", "named"), ("created_at",)),
    "friends": (Referral, ("referral_id", "offer", "way", "channel", "came_at", "counts_at", "sure_at", "earned",
                           "reason"), ("came_at", "referral_id")),
    "friends_milestones": (MilestonesSaid, ("said",), ("member_id",)),
    "looked_at": (Suspicion, ("referral_id", "status", "opened_at", "decided_at", "appeal", "appealed_at"),
                  ("referral_id",)),
    "signs": (Sign, ("kind", "first_at", "seen_at"), ("kind", "first_at")),
    "invited_by": (Brought, ("came_at",), ("came_at",)),
}  # fmt: skip
"""By section: the table, the columns that are given, and their order. All rows of the member."""


def sections(session: Session, member_id: UUID) -> Iterator[tuple[str, tuple[str, ...], Iterator[Row]]]:
    """Name, columns and rows of each section; accounts that became part of this one are in it."""
    accounts = [member_id, *parts_of(session, member_id)]
    for name, (model, columns, order) in SECTIONS.items():
        at = table_of(model).c
        theirs: Any = at.member_id.in_(accounts)
        if (
            model is Suspicion
        ):  # what was never held is nobody's business yet, and would teach what is looked for
            theirs = and_(theirs, at.status != "")
        yield name, columns, _rows(session, model, columns, theirs, order)
    person = str(member_id)
    for name, model, columns in (
        ("sessions", BrowserSession, ("created_at", "expires_at", "revoked_at", "way", "label", "seen_at")),
        ("logins", Login, ("issuer", "subject", "created_at", "used_at")),
        ("passkeys", Passkey, ("name", "created_at", "used_at")),
    ):
        at = table_of(model).c
        yield (
            name,
            columns,
            _rows(session, model, columns, and_(at.person == person, at.role == MEMBER), ("created_at",)),
        )
    yield from _by_address(session, member_id)


def _by_address(session: Session, member_id: UUID) -> Iterator[tuple[str, tuple[str, ...], Iterator[Row]]]:
    """Letters to their addresses, and purchases that still wait for one of them."""
    one = table_of(Identity).c
    keys = [str(key) for key in session.execute(select(one.key).where(one.member_id == member_id)).scalars()]
    addresses = [key.partition(":")[2] for key in keys if key.startswith(("email:", "phone:"))]
    sent, waits = table_of(Letter).c, table_of(Claim).c
    columns = ("channel", "address", "subject", "created_at", "sent_at")
    theirs = or_(sent.person == str(member_id), sent.address.in_(addresses))
    yield "letters", columns, _rows(session, Letter, columns, theirs, ("created_at",))
    columns = ("source", "key", "waiting_for", "envelope")
    waiting = and_(waits.waiting_for.in_([*keys, f"member:{member_id}"]), waits.envelope.is_not(None))
    yield "waiting", columns, _rows(session, Claim, columns, waiting, ("source", "key"))


def _rows(
    session: Session, model: type[SQLModel], columns: Sequence[str], which: Any, order: Sequence[str]
) -> Iterator[Row]:
    at = table_of(model).c
    query: Select[Any] = (
        select(*(at[name] for name in columns)).where(which).order_by(*(at[name] for name in order))
    )
    result = session.execute(query.execution_options(yield_per=STRETCH))
    for stretch in result.partitions():
        for row in stretch:
            yield {name: _plain(name, value) for name, value in zip(columns, row, strict=True)}


def _plain(name: str, value: Any) -> Any:
    """JSON stays JSON; moments as ISO 8601, ids as text. A salt is nobody's data."""
    if name in _JSON and value:
        return json.loads(value, object_hook=_unsalted)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _unsalted(kept: dict[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in kept.items() if key != "salt"}
