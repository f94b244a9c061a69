"""What the kinds of tracks are called in a sentence."""

from typing import Final

from timeline_nb.i18n.message import Message

__all__ = ["KIND_NAMES"]

KIND_NAMES: Final = {
    "video": Message("video"),
    "audio": Message("audio"),
    "subtitle": Message("subtitle"),
}
