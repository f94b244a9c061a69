"""Containers by the suffix of a film, and their codecs."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import RenderError
from timeline_nb.i18n import Message
from timeline_nb.media.sequence import has_place, numbered

__all__ = ["CONTAINERS", "Container", "container_of"]

_MOST_NAME_BYTES: Final = 255
# A % before a space or at the end is part of the name; before anything else it may be
# meant for a place.
_OTHER_PLACE: Final = re.compile(r"%(?!\s|$|(?:0[0-9]{1,2})?d)")
# Of a century at a million frames a second.
_LAST_FRAME: Final = 3_155_760_000_000_000


@dataclass(frozen=True)
class Container:
    """A kind of file.

    Args:
        format: FFmpeg's name of the muxer.
        video: Video codecs it takes, the default first.
        audio: Audio codecs it takes, the default first.
        subtitles: FFmpeg's name of its timed text codec; empty without.
        streams: Whether it plays while it is downloaded, if its index is at the
            front.
        chapters: Whether it has chapters.
        draws_ids: Whether FFmpeg draws ids of the file and its streams by chance,
            unless bitexact is set.
        most_rate: Most frames a second that browsers play it at; 0 if there is no
            such limit.
    """

    format: str
    video: tuple[str, ...] = ()
    audio: tuple[str, ...] = ()
    subtitles: str = ""
    streams: bool = False
    chapters: bool = False
    draws_ids: bool = False
    most_rate: int = 0


_MP4: Final = Container(
    "mp4",
    ("h264", "h265", "av1", "vp9"),
    ("aac", "opus", "mp3", "flac", "alac"),
    "mov_text",
    streams=True,
    chapters=True,
)
CONTAINERS: Final[dict[str, Container]] = {
    ".mp4": _MP4,
    ".m4v": _MP4,
    ".mov": Container(
        "mov",
        ("h264", "h265", "prores", "dnxhr", "mjpeg"),
        ("aac", "pcm", "pcm24", "alac"),
        "mov_text",
        streams=True,
        chapters=True,
    ),
    ".mkv": Container(
        "matroska",
        ("h264", "h265", "av1", "vp9", "ffv1", "prores", "mjpeg"),
        ("aac", "opus", "flac", "mp3", "pcm", "pcm24", "alac"),
        "srt",
        chapters=True,
        draws_ids=True,
    ),
    ".webm": Container(
        "webm", ("vp9", "av1"), ("opus",), chapters=True, draws_ids=True
    ),
    ".avi": Container("avi", ("mjpeg", "ffv1"), ("pcm", "mp3")),
    # Browsers show frames of 10 ms or less for 100 ms; GIF counts in
    # hundredths of a second, WebP in thousandths.
    ".gif": Container("gif", ("gif",), most_rate=50),
    ".webp": Container("webp", ("webp",), most_rate=90),
    ".png": Container("sequence", ("png",)),
    ".jpg": Container("sequence", ("mjpeg",)),
    ".jpeg": Container("sequence", ("mjpeg",)),
    ".wav": Container("wav", (), ("pcm", "pcm24")),
    ".mp3": Container("mp3", (), ("mp3",)),
    ".flac": Container("flac", (), ("flac",)),
    ".opus": Container("opus", (), ("opus",), draws_ids=True),
    ".m4a": Container("ipod", (), ("aac", "alac"), chapters=True),
}


def container_of(path: Path) -> Container:
    """Return the container of a film by its suffix.

    Raises:
        RenderError: There is none of this suffix, or a sequence has no number.
    """
    found = CONTAINERS.get(path.suffix.lower())
    if found is None:
        hint = suggestion(path.suffix.lower(), CONTAINERS)
        raise RenderError(
            Message(
                "{path}: the suffix of a film selects its container, and "
                "{suffix} is not known{hint}",
                path=path,
                suffix=repr(path.suffix or "none"),
                hint=hint,
            )
        )
    if found.format == "sequence":
        if not has_place(path.name) or _OTHER_PLACE.search(path.name):
            raise RenderError(
                Message(
                    "path={path}: a sequence of pictures is named with one place of "
                    "its number, of up to 99 digits, and without another, as "
                    "'frames/%05d.png'",
                    path=repr(str(path)),
                )
            )
        longest = len(os.fsencode(numbered(path.name, _LAST_FRAME)))
        if longest > _MOST_NAME_BYTES:
            raise RenderError(
                Message(
                    "path={path}: its pictures would have names of {longest} bytes, "
                    "and file systems take {most_name_bytes}",
                    path=repr(str(path)),
                    longest=longest,
                    most_name_bytes=_MOST_NAME_BYTES,
                )
            )
    return found
