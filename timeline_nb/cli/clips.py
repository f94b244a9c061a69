"""Clips on the command line: JSON objects with a file and a range of it."""

from typing import Any

from timeline_nb.core.near_names import suggestion
from timeline_nb.core.structs import to_builtins
from timeline_nb.errors import TimelineError
from timeline_nb.notebook.opening import open as open_media
from timeline_nb.studio import Studio

__all__ = ["with_clips"]

_FIELDS = ("file", "start", "end")


def with_clips(fields: dict[str, Any], studio: Studio) -> dict[str, Any]:
    """Return the arguments of a command, with clips in place of files and ranges.

    Args:
        fields: The arguments; `clips` may hold objects such as
            `{"file": "bikes.mp4", "start": "1s", "end": "4s"}`.
        studio: Opens the files.

    Raises:
        TimelineError: Such an object has another field.
        MediaError: A file cannot be read.
    """
    given = fields.get("clips")
    if not isinstance(given, list):
        return fields
    return {**fields, "clips": [_clip(own, studio) for own in given]}


def _clip(given: Any, studio: Studio) -> Any:
    if not isinstance(given, dict) or "file" not in given:
        return given
    unknown = [name for name in given if name not in _FIELDS]
    if unknown:
        raise TimelineError(
            f"a clip of a file has no field {unknown[0]!r}"
            f"{suggestion(unknown[0], _FIELDS)}"
        )
    media = open_media(given["file"], studio=studio)
    return to_builtins(media.clip(given.get("start", 0), given.get("end")))
