"""What can happen: one verb, one function, inside the caller's transaction. Nobody commits here."""

from members.actions.record import Outcome, advance, advance_due, record

__all__ = ["Outcome", "advance", "advance_due", "record"]
