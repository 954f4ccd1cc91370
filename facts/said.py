"""A text that is said in English, and can be said in any other language: what is wrong with a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, cast

if TYPE_CHECKING:
    from facts.refusals import Speaks


class Said(str):
    """An English text that still knows its `msgid` and what was put into it, other such texts among them.

    Numbers stay in the digits of the document: they are what people write into it.
    """

    msgid: str
    params: dict[str, Any]

    def __new__(cls, msgid: str = "", /, **params: Any) -> Self:
        """The text with its parameters."""
        said = super().__new__(cls, msgid.format(**params) if params else msgid)
        said.msgid, said.params = msgid, params
        return said

    def sentence(self, language: Speaks | None = None) -> str:
        """The text in a language; in English without one."""
        if language is None:
            return str(self)
        return language.text(
            self.msgid, **{name: _in(value, language) for name, value in self.params.items()}
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """For another process of ours: made again from the same words."""
        return _again, (self.msgid, self.params)


NOTHING = Said()


def _in(value: Any, language: Speaks) -> str:
    return value.sentence(language) if isinstance(value, Said) else str(value)


def _again(msgid: str, params: dict[str, Any]) -> Said:
    return Said(msgid, **params)


def kept(value: Any) -> Any:
    """Parameters of a text as JSON can hold them; `told` reads them again."""
    if isinstance(value, Said):
        return {"said": value.msgid, "with": kept(value.params)}
    if isinstance(value, Mapping):
        return {str(name): kept(one) for name, one in cast("Mapping[Any, Any]", value).items()}
    return value if value is None or isinstance(value, str | int | float) else str(value)


def told(value: Any) -> Any:
    """What `kept` wrote."""
    if not isinstance(value, dict):
        return value
    found = {name: told(one) for name, one in cast("dict[str, Any]", value).items()}
    if found.keys() != {"said", "with"}:
        return found
    msgid = found["said"]
    return Said(msgid, **found["with"])
