"""All tables of Regulars in one metadata: the modules that define them are named here."""

from __future__ import annotations

from importlib import import_module

from sqlalchemy import MetaData
from sqlmodel import SQLModel

TABLE_MODULES = (
    "rewards.tables",
    "badges.tables",
    "badges.board_tables",
    "badges.credentials.tables",
    "members.tables",
    "members.case_tables",
    "members.way_tables",
    "members.own_tables",
    "members.referral_tables",
    "members.import_tables",
    "members.suspicion_tables",
    "members.funnel_tables",
    "rewards.payment_tables",
    "rewards.gift_tables",
    "rewards.pool_tables",
    "badges.goal_tables",
)


def metadata() -> MetaData:
    """The tables as the code wants them."""
    for name in TABLE_MODULES:
        import_module(name)
    return SQLModel.metadata
