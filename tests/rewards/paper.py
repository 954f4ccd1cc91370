"""The engine on paper: facts folded in memory, no database, and the terms of a programme written as YAML."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from facts.events import Fact
from facts.history import events
from members.programme import load
from rewards.earning.rule import in_order
from rewards.fold import Fold
from rewards.lots import LotState
from rewards.terms import Terms, TermsLine
from tests.engine.wording import a_programme

ALWAYS = datetime(1, 1, 2, tzinfo=UTC)
ONE_LEVEL = "  levels:\n    - {slug: member, name: Member, threshold: 0}\n"


def terms_of(text: str = "", number: int = 1, since: datetime = ALWAYS) -> Terms:
    """The terms in a programme document."""
    programme = load(text or a_programme())
    return Terms(number, since, programme.points, programme.tiers, in_order(list(programme.earning)),
                 programme.zone, programme.currency, programme.digits, wallets=programme.wallets)  # fmt: skip


def line_of(*texts: str | tuple[str, datetime]) -> TermsLine:
    """Versions one after the other; all but the first with the moment from which they hold."""
    made = [(text, ALWAYS) if isinstance(text, str) else text for text in texts or ("",)]
    return TermsLine([terms_of(text, number, since) for number, (text, since) in enumerate(made, 1)])


def folded(line: TermsLine, facts: Iterable[Fact], now: datetime | None = None) -> Fold:
    """What the engine makes of a whole history; up to `now`, when it is given."""
    fold = Fold(line)
    for event in events(facts):
        fold.apply(event)
    if now is not None:
        fold.advance(now)
    return fold


def left(fold: Fold) -> dict[str, int]:
    """What is left of each lot, by its cause without the shop's name."""
    return {short(lot.cause): lot.remaining for lot in fold.lots.values() if lot.remaining}


def lot(fold: Fold, cause: str) -> LotState:
    """The lot with this short cause."""
    (found,) = [one for one in fold.lots.values() if short(one.cause) == cause]
    return found


def short(cause: str) -> str:
    """`earn paid-A base`."""
    return cause.replace("shop.example/orders|", "").replace("|", " ")


def posted(fold: Fold) -> list[tuple[str, int]]:
    """Causes and amounts in the order in which they were posted."""
    return [(short(posting.cause), posting.amount) for posting in fold.postings]
