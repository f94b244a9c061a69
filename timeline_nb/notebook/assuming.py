"""A file read otherwise than it tells of itself."""

from pathlib import Path
from typing import Any, Final, get_args

from msgspec.structs import replace

from timeline_nb.core.assumption import AssumedColor, AssumedFields, AssumedRange
from timeline_nb.errors import MediaError
from timeline_nb.media.info import MediaInfo

__all__ = ["assuming"]

_WORDS: Final[dict[str, Any]] = {
    "color": AssumedColor,
    "range": AssumedRange,
    "fields": AssumedFields,
}


def assuming(info: MediaInfo, **given: str | None) -> MediaInfo:
    """What a probe told, with what is given assumed of its pictures; None is not given.

    Raises:
        MediaError: The file has no pictures, or there is no such word.
    """
    name = Path(info.path).name
    if not info.video:
        raise MediaError(f"{name} has no pictures to assume anything of")
    told: dict[str, Any] = {n: word for n, word in given.items() if word is not None}
    for field, word in told.items():
        known = get_args(_WORDS[field])
        if word not in known:
            raise MediaError(
                f"{name} cannot be assumed to have {field}={word!r}; "
                f"there are {', '.join(filter(None, known))}"
            )
    return replace(info, assumed=replace(info.assumed, **told))
