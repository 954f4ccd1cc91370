"""A refusal: something that was asked for and kindly declined, as a value with a sentence.

Anything else that is raised is a bug; a `Refusal` never is. The sentence is an English msgid that the
gettext catalogues translate, so a member reads it in their own language.
"""

from __future__ import annotations

from typing import Any, Protocol


class Speaks(Protocol):
    """The one thing a refusal needs of a language (see `facts.language`)."""

    def text(self, msgid: str, **params: Any) -> str:
        """The sentence of `msgid` with its `params`."""
        ...


class Refusal(Exception):
    """Declined: `code` for programs, `msgid` with `params` for people, `path` into the input when known.

    `keeps`: what was written until then stays (the wrong answer was counted); otherwise nothing does.
    """

    def __init__(
        self, code: str, msgid: str, *, path: str = "", status: int = 422, keeps: bool = False, **params: Any
    ) -> None:
        super().__init__(code, msgid, params)
        self.code = code
        self.msgid = msgid
        self.path = path
        self.status = status
        self.keeps = keeps
        self.params = params

    def __reduce__(self) -> tuple[Any, ...]:
        """For another process of ours: made again from the same words."""
        return _again, (type(self), self.code, self.msgid, self.params, self.path, self.status, self.keeps)

    def sentence(self, language: Speaks | None = None) -> str:
        """The sentence to show, in `language`, or in English without one."""
        if language is not None:
            return language.text(self.msgid, path=self.path, **self.params)
        return self.msgid.format(path=self.path, **self.params)

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence()}" if self.path else self.sentence()


def _again(
    kind: type[Refusal], code: str, msgid: str, params: dict[str, Any], path: str, status: int, keeps: bool
) -> Refusal:
    return kind(code, msgid, path=path, status=status, keeps=keeps, **params)
