"""How far a member is on every track, as it is kept: each track's memory is a text of its own.

An event moves a few of many tracks. What nobody asks for is neither read nor written anew, and what is asked and stays
as it was is not written either, which is most of the work of a programme with hundreds of criteria.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from json import encoder
from typing import Any, cast

from badges.awards import Walked

_plain = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def _writer() -> Callable[[Any], str]:
    """`_plain.encode`, which makes its writer in C anew for each text; made once it takes half as long."""
    make = cast("Any", encoder).c_make_encoder
    if make is None:
        return _plain.encode
    whole = make(None, _plain.default, encoder.encode_basestring, None, ":", ",", False, False, True)
    return lambda value: "".join(whole(value, 0))


_said = _writer()
_heard: Callable[[str, int], tuple[Any, int]] = cast("Any", json.JSONDecoder()).scan_once


class Tracks(Mapping[str, Walked]):
    """The tracks by their keys, read when they are asked for."""

    def __init__(self, kept: Mapping[str, str | list[Any]] | None = None) -> None:
        """`kept` is what `told` said; earlier versions of this program kept lists instead of texts."""
        self._kept = dict(kept or {})
        self._read: dict[str, Walked] = {}
        self._as_read: dict[str, tuple[Any, ...]] = {}

    def __getitem__(self, key: str) -> Walked:
        walked = self._read.get(key)
        if walked is None:
            kept = self._kept[key]
            walked = self._read[key] = Walked.of(_heard(kept, 0)[0] if isinstance(kept, str) else kept)
            self._as_read[key] = walked.parts()
        return walked

    def get(self, key: str, default: Any = None) -> Any:
        """The track, or `default` when nothing is known of it."""
        return self[key] if key in self._read or key in self._kept else default

    def __setitem__(self, key: str, walked: Walked) -> None:
        self._read[key] = walked

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._kept.keys() | self._read.keys()))

    def __len__(self) -> int:
        return len(self._kept.keys() | self._read.keys())

    def told(self) -> dict[str, str]:
        """As JSON, in the order of the keys, without tracks of which there is nothing to say."""
        told = {key: kept if isinstance(kept, str) else _said(kept) for key, kept in self._kept.items()}
        for key, walked in self._read.items():
            if self._as_read.get(key) == walked.parts():
                continue
            parts = walked.told()
            if len(parts) > 1:
                told[key] = _said(parts)
            else:
                told.pop(key, None)
        return dict(sorted(told.items()))
