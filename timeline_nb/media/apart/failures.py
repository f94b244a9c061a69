"""Errors to messages and back."""

from typing import Final

from timeline_nb import errors
from timeline_nb.errors import AccessError, MediaError, TimelineNbError
from timeline_nb.i18n import Message, message_of
from timeline_nb.media.apart.messages import Failed, SaidText

__all__ = ["OUT_OF_MEMORY", "error_of", "failure"]

OUT_OF_MEMORY: Final = "MemoryError"
# What FFmpeg says where the system gives it no memory.
_NO_MEMORY: Final = "Cannot allocate memory"
_KINDS: Final = {
    kind.__name__: kind
    for kind in (
        errors.MediaError,
        errors.DamagedFrameError,
        errors.UnsafeMediaError,
        errors.AccessError,
        errors.TimelineNbError,
    )
}
_MOST_LETTERS: Final = 4000


def failure(
    error: Exception,
    *,
    number: int = -1,
    damaged: tuple[tuple[int, int], ...] = (),
) -> Failed:
    """Return the message of an error.

    Args:
        error: What was raised.
        number: The frame that does not decode.
        damaged: Ranges of frames that were found not to decode.
    """
    text = message_of(error)
    if isinstance(error, MemoryError) or _NO_MEMORY in text:
        return Failed(kind=OUT_OF_MEMORY, message=SaidText(b""))
    if not isinstance(error, TimelineNbError):
        text = f"{type(error).__name__}: {text}"
    return Failed(
        kind=type(error).__name__,
        message=_said(text),
        number=number,
        damaged=damaged,
    )


def error_of(failed: Failed, path: str) -> TimelineNbError:
    """Return the error of a message.

    Args:
        failed: The message.
        path: The file, which the error names.
    """
    text = _heard(failed.message)
    kind = _KINDS.get(failed.kind)
    if kind is None:
        return MediaError(Message("{path} cannot be read: {why}", path=path, why=text))
    if kind is errors.AccessError and " cannot be opened: " in text:
        return AccessError(text, text.partition(" cannot be opened: ")[2])
    return kind(text)


def _said(text: str) -> SaidText:
    if not isinstance(text, Message) or len(text) > _MOST_LETTERS:
        return SaidText(_bytes_of(text[:_MOST_LETTERS]))
    values = {name: _said(value) for name, value in text.values.items()}
    return SaidText(_bytes_of(text), text.template, text.plural, values)


def _heard(said: SaidText) -> str:
    text = said.text.decode(errors="surrogateescape")
    if not said.template:
        return text
    values = {name: _heard(value) for name, value in said.values.items()}
    return Message.again(text, said.template, said.plural, values)


def _bytes_of(text: str) -> bytes:
    return text.encode(errors="surrogateescape")
