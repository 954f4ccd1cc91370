"""What is below what is seen at once: made when the browser has nothing else to do, and in small steps."""

from __future__ import annotations

import reflex as rx
from reflex_base.components.component import Component

_CODE = """
function Later({ children }) {
  const [waiting, content] = Children.toArray(children);
  const [there, setThere] = useState(false);
  useEffect(() => {
    const make = () => startTransition(() => setThere(true));
    if (!window.requestIdleCallback) {
      const timer = setTimeout(make, 200);
      return () => clearTimeout(timer);
    }
    const asked = requestIdleCallback(make, { timeout: 2000 });
    return () => cancelIdleCallback(asked);
  }, []);
  return there ? content : waiting;
}
"""


class Later(Component):
    """Its first child until the browser is idle, then its second."""

    tag = "Later"

    def add_imports(self) -> dict[str, list[str]]:
        """What the code below uses."""
        return {"react": ["Children", "startTransition", "useEffect", "useState"]}

    def add_custom_code(self) -> list[str]:
        """The component itself."""
        return [_CODE]


def later(waiting: rx.Component, content: rx.Component) -> rx.Component:
    """`content` once the page has come to rest, until then `waiting`, which has its shape.

    A phone makes what is seen first without what is further down. React makes it as a transition, in steps that are
    shorter than a touch can notice.
    """
    return Later.create(rx.el.div(waiting, class_name="contents"), rx.el.div(content, class_name="contents"))
