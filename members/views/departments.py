"""What the calculator of the rules page offers, and for whom it reckons."""

from __future__ import annotations

from facts.criteria.filters import ORDER
from members.cards import DepartmentCard
from members.programme.versions import Version
from rewards.earning.criterion_bonus import CriterionBonus
from rewards.wording import Wording


def department_cards(version: Version, say: Wording) -> tuple[DepartmentCard, ...]:
    """The departments to choose from, each by its name."""
    return tuple(DepartmentCard(path, _called(path, say)) for path in departments(version))


def reckoned_for(version: Version, say: Wording) -> str:
    """That a first order is reckoned, where rules remember the ones before; else nothing."""
    if any(
        rule.about == ORDER and (rule.numbered or isinstance(rule, CriterionBonus)) for rule in version.rules
    ):
        return say.text("Reckoned as a first order. A later one may bring more or less.")
    return ""


def _called(path: str, say: Wording) -> str:
    name = say.language.category(path.split(" > ")[-1])
    return name[:1].upper() + name[1:]


def departments(version: Version) -> list[str]:
    """The departments that rules and ceilings treat in their own way, as paths.

    The calculator offers them besides the rest.
    """
    programme = version.programme
    meant = [getattr(rule, "where", None) for rule in version.rules]
    for terms in (programme.paying, *(one.paying for one in programme.wallets.values())):
        meant += [ceiling.where for ceiling in terms.ceilings] if terms.share else []
    paths = (path for where in meant for path in getattr(where, "categories", ()))
    return list(dict.fromkeys(" > ".join(path) for path in paths))
