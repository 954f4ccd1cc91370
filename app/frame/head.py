"""The head of every document: what phones are told about it, and its signs."""

from __future__ import annotations

import reflex as rx


def head() -> list[rx.Component]:
    """Links and metas that are the same in every language."""
    return [
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="apple-touch-icon", href="/icon-maskable.png"),
        rx.el.meta(
            name="theme-color", content="#faf7f2", custom_attrs={"media": "(prefers-color-scheme: light)"}
        ),
        rx.el.meta(
            name="theme-color", content="#15120e", custom_attrs={"media": "(prefers-color-scheme: dark)"}
        ),
        rx.el.meta(name="format-detection", content="telephone=no"),
    ]
