"""The answer to a request that cannot be done: why, in words that are translated."""

import msgspec

from timeline_nb.i18n import Message
from timeline_nb.widgets.answer import Answer

__all__ = ["Refused", "Said", "refused", "said"]


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
    told = said(why)
    return Refused(message=str(why), said=told if isinstance(told, Said) else None)


def said(text: str) -> Said | str:
    """Return a message for the browser to translate; any other text as it is."""
    if not isinstance(text, Message):
        return text
    values = {name: said(value) for name, value in text.values.items()}
    return Said(text.template, values)
