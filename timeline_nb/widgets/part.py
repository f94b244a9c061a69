"""Parts of a widget, each of which handles some requests of its views."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from timeline_nb.core.turns import Turns
from timeline_nb.widgets.answers import Answer
from timeline_nb.widgets.requests import Request

__all__ = ["Buffer", "Handler", "Part", "Reply", "SendAnswer"]

Buffer: TypeAlias = bytes | memoryview
SendAnswer: TypeAlias = Callable[..., None]


@dataclass(frozen=True)
class Reply:
    """An answer to a request, with the buffers that travel beside it."""

    answer: Answer
    buffers: Sequence[Buffer] = ()


Handler: TypeAlias = Callable[[Any], Answer | Reply | None]


class Part:
    """The base class of a widget's parts, each of which handles some requests.

    What a part sends of a state that several threads change is computed and posted in
    its `_turns`, so that the latest is sent last.

    Args:
        post: Sends an answer, and buffers beside it, to the browser.
    """

    def __init__(self, post: SendAnswer) -> None:
        self._post = post
        # By what is sent, and the view it goes to; empty for all.
        self._turns: Turns[tuple[str, str]] = Turns("an answer to the browser")

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the function that handles each request; None is answered by `Done`."""
        return {}

    def start(self) -> None:
        """Acquire what is needed: the first view has opened."""

    def on_view_opened(self, view: str) -> None:
        """Send a new view everything it shows."""

    def on_view_closed(self, view: str) -> None:
        """Drop what is kept for a view."""

    def stop(self) -> None:
        """Release what is not needed without a view: the last one has closed."""
