"""A widget's wire, held by a test in place of a browser."""

import re
from typing import Any

import pytest
from states import until

from timeline_nb.widgets.channel import Channel


def in_words(text: Any) -> str:
    """What a page in English shows of a text that the kernel sends."""
    if isinstance(text, str):
        return text
    values = {name: in_words(value) for name, value in text["values"].items()}
    template = text["text"]
    if "plural" in text and values["count"] != "1":
        template = text["plural"]
    return re.sub(r"\{(\w+)\}", lambda name: values.get(name[1], name[0]), template)


class Wire:
    """Asks as a view does, and keeps what the widget says.

    Args:
        widget: What is asked.
        patch: Puts the wire in the browser's place.
        view: The name of the view.
    """

    def __init__(
        self, widget: Channel, patch: pytest.MonkeyPatch, view: str = "v"
    ) -> None:
        self.widget = widget
        self.view = view
        self.told: list[tuple[dict[str, Any], list[Any]]] = []
        patch.setattr(widget, "send", self._send)

    def _send(self, content: dict[str, Any], buffers: list[Any]) -> None:
        self.told.append((content, buffers))

    def ask(
        self, kind: str, *, view: str | None = None, **fields: Any
    ) -> dict[str, Any]:
        """Send a request, and give the answer that has its id."""
        number = len(self.told) + 1000
        request = {"kind": kind, "id": number, "view": view or self.view, **fields}
        self.widget._receive(self.widget, request, [])
        found = [content for content, _ in self.told if content["id"] == number]
        return found[-1] if found else {}

    def last(self, kind: str) -> tuple[dict[str, Any], list[Any]]:
        """The last message of a kind, once there is one: threads send, too."""
        return until(lambda: [one for one in self.told if one[0]["kind"] == kind])[-1]

    def hello(self, view: str | None = None) -> dict[str, Any]:
        """Say hello."""
        return self.ask("hello", view=view)
