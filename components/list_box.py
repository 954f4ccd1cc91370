"""A box out of which a list grows: Enter, or leaving the box, hands over what was typed and empties it."""

from __future__ import annotations

import reflex as rx
from reflex_base.components.component import Component

_CODE = """
function ListBox({ onAdd, ...rest }) {
  const take = (event) => {
    if (event.target.value.trim() && onAdd) onAdd(event.target.value);
    event.target.value = "";
  };
  const typed = (event) => {
    if (event.key === "Enter") { event.preventDefault(); take(event); }
  };
  return createElement("input", { ...rest, type: "text", autoComplete: "off", onBlur: take, onKeyDown: typed });
}
"""


class ListBox(Component):
    """`<input>`; `on_add` gets each text that was typed."""

    tag = "ListBox"

    on_add: rx.EventHandler[rx.event.passthrough_event_spec(str)]

    def add_imports(self) -> dict[str, list[str]]:
        """What the code below uses."""
        return {"react": ["createElement"]}

    def add_custom_code(self) -> list[str]:
        """The box itself."""
        return [_CODE]


list_box = ListBox.create
