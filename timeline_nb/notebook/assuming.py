"""Color and field properties assumed of a file, over what it says."""

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
    """Return a probe with assumed properties of its pictures; None keeps one.

    Raises:
        MediaError: The file has no pictures, or a value is none of those known.
    """
    name = Path(info.path).name
    if not info.video:
        raise MediaError(f"{name} has no pictures: there is nothing to assume")
    chosen: dict[str, Any] = {n: word for n, word in given.items() if word is not None}
    for field, word in chosen.items():
        known = get_args(_WORDS[field])
        if word not in known:
            raise MediaError(
                f"{name} cannot be assumed to have {field}={word!r}; "
                f"there are {', '.join(filter(None, known))}"
            )
    return replace(info, assumed=replace(info.assumed, **chosen))
