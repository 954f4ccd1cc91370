"""A dialog over the page: the browser's own, so that focus stays inside, Escape closes and focus comes back."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.event import no_args_event_spec
from reflex_base.components.component import Component

_CODE = """
function ModalDialog({ open, onDismiss, children, ...rest }) {
  const ref = useRef(null);
  useEffect(() => {
    const dialog = ref.current;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);
  const dismiss = (event) => { event.preventDefault(); if (onDismiss) onDismiss(event); };
  const outside = (event) => { if (event.target === ref.current) dismiss(event); };
  return createElement("dialog", { ...rest, ref, onCancel: dismiss, onClick: outside }, children);
}
"""


class ModalDialog(Component):
    """`<dialog>`, shown as a modal while `open`; `on_dismiss` on Escape and on a touch beside it."""

    tag = "ModalDialog"

    open: rx.Var[bool]
    on_dismiss: rx.EventHandler[no_args_event_spec]

    def add_imports(self) -> dict[str, list[str]]:
        """What the code below uses."""
        return {"react": ["createElement", "useEffect", "useRef"]}

    def add_custom_code(self) -> list[str]:
        """The dialog itself."""
        return [_CODE]


def modal(*children: Any, open: rx.Var[bool], on_dismiss: Any, label: Any) -> rx.Component:  # noqa: A002 - as in HTML
    """A sheet from the bottom on a phone, in the middle on a wide screen. `label` is what it is about."""
    return ModalDialog.create(
        rx.el.div(*children, class_name="flex flex-col gap-4 p-5"),
        open=open,
        on_dismiss=on_dismiss,
        custom_attrs={"aria-label": label},
        class_name="rises m-0 mx-auto mt-auto w-full max-w-none rounded-t-card border-0 bg-raised p-0 "
        "text-ink "
        "sm:my-auto sm:max-w-md sm:rounded-card",
    )
