"""What a page shows in its reader's language, and the answer that refuses a request."""

from typing import Final, TypeAlias

import msgspec

from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message, message_of
from timeline_nb.widgets.answer import Answer

__all__ = ["Refused", "Said", "Text", "refused", "said"]

# Letters of a text that is shown.
_MOST_SHOWN: Final = 2_000


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message that the browser translates: names in braces stand for its values.

    A message that counts has a template for many, too.
    """

    text: str
    values: dict[str, "Said | str"]
    plural: str | None = None


# A sentence for a person: a message, or what another program or a person wrote.
Text: TypeAlias = Said | str


class Refused(Answer, frozen=True, kw_only=True, tag="refused"):
    """The request was refused; `message` says why, in English.

    `is_gone`: What it is about is not on the timeline any more.
    """

    message: str
    said: Said | None = None
    is_gone: bool = False


def refused(why: str | BaseException) -> Refused:
    """Return the refusal for a reason, to be translated if it is a message."""
    told = said(why)
    is_gone = isinstance(why, TimelineError) and why.is_missing
    if isinstance(told, str):
        return Refused(message=told, is_gone=is_gone)
    return Refused(message=str(why), said=told, is_gone=is_gone)


def said(text: str | BaseException) -> Said | str:
    """Return a message for the browser to translate; any other text as it is.

    Args:
        text: A text, or an error, which is said by its message. Of a long one, which
            may quote a file, both ends are shown.
    """
    if isinstance(text, BaseException):
        text = message_of(text)
    if len(text) > _MOST_SHOWN:
        half = _MOST_SHOWN // 2
        return f"{text[:half]} … {text[-half:]}"
    if not isinstance(text, Message):
        return text
    values = {name: said(value) for name, value in text.values.items()}
    return Said(text.template, values, text.plural or None)
