"""The streams of a media file as a table, and the choice of audio streams."""

from fractions import Fraction
from typing import TYPE_CHECKING

from timeline_nb.core.audio_choice import AudioChoice, AudioChoiceLike, audio_choice
from timeline_nb.errors import MediaError
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.streams import list_streams, sounding

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["choice_of", "streams_table"]


def streams_table(info: MediaInfo) -> "pd.DataFrame":
    """Return one row per stream, in the order of the file.

    Columns: `kind` (`video`, `cover`, `audio`, `subtitle`, `data`, `attachment`),
    `number` (its place among its kind, from 0: what `clip(audio=...)` takes), `index`
    (its number in the file), `codec`, `language`, `title`, `default` (whether the file
    marks it as the default), `used` (whether clips use it if no other is chosen),
    `rate` (frames or samples per second), `layout` (channels, or the size), `start_s`
    (of the file's time stamps) and `duration_s`; NaN where the file does not say.

    Raises:
        MediaError: The file does not open.
    """
    import pandas as pd

    used = {stream.index for stream in info.video[:1]}
    used |= {stream.index for stream in info.audio[:1]}
    rows = [
        {
            "kind": stream.kind,
            "number": stream.number,
            "index": stream.index,
            "codec": stream.codec,
            "language": stream.language,
            "title": stream.title,
            "default": stream.default,
            "used": stream.index in used,
            "rate": _float(stream.rate),
            "layout": stream.layout,
            "start_s": _float(stream.start),
            "duration_s": _float(stream.duration),
        }
        for stream in list_streams(info.path)
    ]
    return pd.DataFrame(rows)


def choice_of(info: MediaInfo, given: AudioChoiceLike) -> AudioChoice:
    """Check a choice of audio streams.

    Raises:
        MediaError: The file does not have them.
    """
    try:
        choice = audio_choice(given)
    except (TypeError, ValueError) as error:
        raise MediaError(f"{info.path}: {error}") from error
    if choice != "default":
        sounding(info, choice)
    return choice


def _float(value: Fraction | None) -> float:
    return float("nan") if value is None else float(value)
