"""A page that remembers for whom it was filled: what every State of ours takes in, by `Visit` or `StaffVisit`."""

from __future__ import annotations

import reflex as rx


class Bound(rx.State, mixin=True):
    """`_filled_for` is the digest of the session, in hexadecimal; "" for nobody's (`app.frame.anew` sees to it)."""

    _filled_for: str = ""
