"""What the modules of formats are asked, and what they answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from timeline_nb.interchange.addresses import path_of_address
from timeline_nb.interchange.report import Report
from timeline_nb.timeline.model import MediaReference, Timeline

__all__ = [
    "FoundMedia",
    "ReadRequest",
    "WriteRequest",
    "Written",
    "not_found",
]


@dataclass(frozen=True)
class FoundMedia:
    """The media that a file names.

    Args:
        reference: With the path that was found, and what a probe says of it; with the
            path as it was named, if it is offline.
        timecode: Of the first frame, in seconds, where the file carries one.
        is_there: Whether it was found and probed.
    """

    reference: MediaReference
    timecode: Fraction | None = None
    is_there: bool = False


def not_found(path: str) -> FoundMedia:
    """Return the offline media of a path."""
    return FoundMedia(MediaReference(path=path_of_address(path)))


def _nothing() -> None:
    pass


def _no_timecode(_: str) -> Fraction | None:
    return None


def _no_channels(_: str) -> int:
    return 0


@dataclass(frozen=True, kw_only=True)
class ReadRequest:
    """What is read.

    Args:
        data: All of the file.
        name: Of the file, for messages.
        path: The file; of what is no file, its name alone.
        report: Gets what is not carried over.
        find: Finds media by a path, an address (`file://`) or a bare name, as the file
            has it: there, beside the file, or in a folder that is allowed.
        check: Called several times a second meanwhile; what it raises ends the work.
    """

    data: bytes
    name: str
    path: Path
    report: Report
    find: Callable[[str], FoundMedia] = not_found
    check: Callable[[], object] = _nothing


@dataclass(frozen=True, kw_only=True)
class WriteRequest:
    """What is written.

    Args:
        timeline: The edit. Paths of media below the file's folder are relative to it;
            others are absolute, or names alone.
        path: The file.
        report: Gets what is not carried over.
        timecode_of: Returns the timecode of the first frame of media, in seconds, by
            its path in the timeline; None where it is not known.
        channels_of: Returns how many channels the sound of media has, by their path;
            0 where it is not known.
        bake: `look`: put color effects into tables (.cube) where the format can name
            one. With `effects`, the edit names media that are rendered for it.
        check: Called several times a second meanwhile; what it raises ends the work.
    """

    timeline: Timeline
    path: Path
    report: Report
    timecode_of: Callable[[str], Fraction | None] = _no_timecode
    channels_of: Callable[[str], int] = _no_channels
    bake: str | None = None
    check: Callable[[], object] = _nothing


@dataclass(frozen=True)
class Written:
    """What a format makes of an edit.

    Args:
        data: The file.
        beside: Further files of the same folder, by name: `film_V2.edl`, `look.cube`.
    """

    data: bytes
    beside: Mapping[str, bytes] = field(default_factory=dict)
