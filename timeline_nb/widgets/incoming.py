"""Read what a page sends: requests within their bounds, states that are not huge."""

from typing import Any, Final

import msgspec

from timeline_nb.widgets.any_request import AnyRequest
from timeline_nb.widgets.bounds import Count, ViewName

__all__ = ["UnreadableError", "check_state", "read_request", "sender_of"]

# What the page may set at once: the ids of a selection, and more than that.
_MOST_STATE_BYTES: Final = 1_000_000
# An error may quote the message.
_MOST_CHARS: Final = 200
# What reading a foreign message raises: another type, a size out of bounds, a text that
# is no Unicode, a value that is no JSON, or one that is nested too deep.
_FOREIGN: Final = (ValueError, TypeError, OverflowError, RecursionError)


class UnreadableError(ValueError):
    """A message of the page is none, or goes beyond its bounds; the text says how."""

    def __init__(self, reason: object) -> None:
        text = str(reason)
        super().__init__(f"{text[:_MOST_CHARS]}…" if text[_MOST_CHARS:] else text)


class _Sender(msgspec.Struct):
    """The fields of a message by which it is answered."""

    id: Count
    view: ViewName


def read_request(content: Any) -> Any:
    """Return a message as a request.

    Raises:
        UnreadableError: It is none, or one of its fields is beyond its bounds.
    """
    try:
        request = msgspec.convert(content, type=AnyRequest)
        # Half a surrogate pair could neither be stored nor sent back.
        msgspec.json.encode(request)
    except _FOREIGN as error:
        raise UnreadableError(error) from error
    return request


def sender_of(content: Any) -> tuple[int, str]:
    """Return the id and view of a message, unreadable as it may be.

    Raises:
        UnreadableError: They are not there, or are none.
    """
    fields = content if isinstance(content, dict) else {}
    try:
        sender = msgspec.convert(
            {"id": fields.get("id"), "view": fields.get("view")}, type=_Sender
        )
        msgspec.json.encode(sender)
    except _FOREIGN as error:
        raise UnreadableError(error) from error
    return sender.id, sender.view


def check_state(state: Any) -> None:
    """Check the size of what the page sets.

    Raises:
        UnreadableError: It is too large, or no JSON.
    """
    try:
        size = len(msgspec.json.encode(state))
    except _FOREIGN as error:
        raise UnreadableError(error) from error
    if size > _MOST_STATE_BYTES:
        raise UnreadableError(f"{size} bytes are set at once: set less")
