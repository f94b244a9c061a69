"""What the media bin sends and takes, beside opening and placing media."""

from fractions import Fraction
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.bounds import BinPath, Name, Seconds
from timeline_nb.widgets.refusal import Text
from timeline_nb.widgets.request import Request

__all__ = [
    "AskUsesRequest",
    "Bin",
    "BinItem",
    "BinUses",
    "MatchFrameRequest",
    "MatchedFrame",
    "MediaFrame",
    "MediaFrameRequest",
    "RemoveMediaRequest",
    "UseView",
    "Uses",
    "rate_text",
]


class BinItem(msgspec.Struct, frozen=True, rename="camel"):
    """A media file in the bin; `buffer` numbers its thumbnail, -1 if it has none.

    Args:
        path: The file's.
        name: As it is shown.
        folder: Where it lies.
        kind: What it is.
        duration_s: 0 of a picture.
        rate: In frames a second, as text; empty if it has none.
        size: Width and height, as people write it; empty if it has none.
        has_sound: Whether there is any.
        buffer: The thumbnail's place among the buffers.
        fingerprint: The content; the same wherever the file lies.
        is_offline: Whether the file is not there, not allowed, or no media any more.
    """

    path: str
    name: str
    folder: str
    kind: Literal["video", "audio", "image"]
    duration_s: float
    rate: str
    size: str
    has_sound: bool
    buffer: int
    fingerprint: str
    is_offline: bool = False


class Bin(Answer, frozen=True, kw_only=True, tag="bin"):
    """All media in the bin, and the files that could not be read."""

    items: list[BinItem]
    problems: list[Text]


class BinUses(Answer, frozen=True, kw_only=True, tag="binUses"):
    """How many clips use each file of the edit, by its path."""

    counts: dict[str, int]


class UseView(msgspec.Struct, frozen=True, rename="camel"):
    """A clip that uses a file."""

    item: str
    name: str
    track: str
    start_s: float


class Uses(Answer, frozen=True, kw_only=True, tag="uses"):
    """The clips that use a file, in the order of the timeline."""

    clips: list[UseView]


class MediaFrame(Answer, frozen=True, kw_only=True, tag="mediaFrame"):
    """A small picture of a file of the bin; its JPEG is the buffer."""

    path: str
    at_s: float


class MatchedFrame(Answer, frozen=True, kw_only=True, tag="matchedFrame"):
    """The file, and its time, of the frame that the edit shows."""

    path: str
    at_s: float


class MatchFrameRequest(Request, frozen=True, kw_only=True, tag="matchFrame"):
    """Ask which frame of which file the edit shows at a time; of a clip if named."""

    answered_by = MatchedFrame

    at_s: Seconds
    item: Name | None = None


class RemoveMediaRequest(Request, frozen=True, kw_only=True, tag="removeMedia"):
    """Remove files from the bin, not from the disk; those in use stay."""

    paths: Annotated[list[BinPath], Meta(max_length=1_000)]


class MediaFrameRequest(Request, frozen=True, kw_only=True, tag="askMediaFrame"):
    """Ask for a small picture of a file at a time; the latest that was asked counts."""

    path: BinPath
    at_s: Seconds


class AskUsesRequest(Request, frozen=True, kw_only=True, tag="askUses"):
    """Ask which clips use a file."""

    answered_by = Uses

    path: BinPath


def rate_text(rate: Fraction | None) -> str:
    """Return a frame rate as people write it: 25, 29.97."""
    return f"{float(rate):.4g}" if rate else ""
