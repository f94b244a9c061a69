"""The answer to a request that cannot be done: why, in words that are translated."""

import msgspec

from timeline_nb.i18n import Message
from timeline_nb.widgets.answer import Answer

__all__ = ["Refused", "Said", "refused"]


class Said(msgspec.Struct, frozen=True):
    """A message that the browser translates: names in braces stand for its values."""

    text: str
    values: dict[str, "Said | str"] = {}


class Refused(Answer, frozen=True, kw_only=True, tag="refused"):
    """The request was refused; `message` says why, in English."""

    message: str
    said: Said | None = None


def refused(why: str) -> Refused:
    """Return the refusal for a reason, to be translated if it is a message."""
    said = _said(why) if isinstance(why, Message) else None
    return Refused(message=str(why), said=said)


def _said(message: Message) -> Said:
    values = {
        name: _said(value) if isinstance(value, Message) else value
        for name, value in message.values.items()
    }
    return Said(message.template, values)
