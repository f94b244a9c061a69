"""The flat media of a file that was found, as a probe says it."""

from fractions import Fraction

from timeline_nb.interchange.flat import FlatMedia
from timeline_nb.interchange.requests import FoundMedia

__all__ = ["media_found"]


def media_found(found: FoundMedia, name: str, timecode: Fraction | None) -> FlatMedia:
    """Return media that are there.

    Args:
        found: The media.
        name: As the foreign file calls them.
        timecode: Of the first frame, in seconds, as the foreign file has it.
    """
    own = found.reference
    return FlatMedia(
        path=own.path,
        name=name,
        rate=own.rate,
        size=own.size,
        has_video=own.size is not None,
        has_audio=own.has_audio,
        available=own.available_range,
        timecode=timecode,
        fingerprint=own.fingerprint,
    )
