"""Make references and clips of media files."""

from fractions import Fraction
from typing import Final

from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.sequence import title_of
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Clip, MediaReference

__all__ = ["clip_of_media", "reference_of"]

# The duration of a still, by default.
_STILL_S: Final = Fraction(5)


def reference_of(info: MediaInfo, library: MediaLibrary) -> MediaReference:
    """Return the reference to a file that a clip keeps."""
    is_still = info.kind == "image"
    rate = library.index(info).rate if info.kind == "video" else None
    return MediaReference(
        path=info.path,
        fingerprint=info.fingerprint,
        available_range=None if is_still else library.range(info),
        rate=rate,
        size=info.video[0].display_size if info.video else None,
        has_audio=bool(info.audio),
        assumed=info.assumed,
    )


def clip_of_media(info: MediaInfo, library: MediaLibrary) -> Clip:
    """Return a clip of a whole file; five seconds of a still."""
    reference = reference_of(info, library)
    whole = reference.available_range or TimeRange(Fraction(0), _STILL_S)
    return Clip(name=title_of(info.path), media=reference, source_range=whole)
