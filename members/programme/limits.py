"""Limits of rules that give nothing themselves: there is nothing that they could limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from facts.said import Said
from members.programme.problems import Problem
from rewards.earning import AnyRule, Rule

if TYPE_CHECKING:
    from members.programme.document import Programme

OF_WHAT_IS_GIVEN = ("cap_per_day", "promotional", "pending_days", "expires_days")
"""What a rule says of what it gives, beside the limits that its own model refuses."""


def idle_limits(rules: Sequence[Rule]) -> Iterator[Problem]:
    """Limits that limit nothing."""
    for i, rule in enumerate(rules):
        for name in _idle(rule):
            yield Problem.at(
                ("earning", i, name), Said("“{name}” does nothing here", name=name),
                Said("this kind gives no points itself: limit a rule that does, and leave {name} out", name=name),
            )  # fmt: skip


def without_idle_limits(programme: Programme) -> Programme:
    """A stored programme without limits that limit nothing: there were some before they were refused."""
    if not any(_idle(rule) for rule in programme.earning):
        return programme
    rules: list[AnyRule] = []
    for rule in programme.earning:
        plain = type(rule).model_fields
        rules.append(rule.model_copy(update={name: plain[name].default for name in _idle(rule)}))
    return programme.model_copy(update={"earning": rules})


def _idle(rule: Rule) -> list[str]:
    if rule.grants:
        return []
    plain = type(rule).model_fields
    return [name for name in OF_WHAT_IS_GIVEN if getattr(rule, name) != plain[name].default]
