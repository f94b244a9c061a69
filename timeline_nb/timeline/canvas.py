"""The canvas of an edit as people write it: `"1080p"`, `"1280x720"`, `"fill"`."""

import operator
import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final, TypeAlias, get_args

from timeline_nb.core.near_names import kind_of
from timeline_nb.errors import TimelineError
from timeline_nb.timeline.choices import Fit, choice_hint

__all__ = ["SIZES", "SizeLike", "parse_fit", "parse_size"]

SizeLike: TypeAlias = str | Sequence[int]

# Customary names of 16:9 sizes; 480 lines of 16:9 are 853.3 wide, and even is 854.
SIZES: Final = {
    "360p": (640, 360),
    "480p": (854, 480),
    "720p": (1280, 720),
    "1080p": (1920, 1080),
    "1440p": (2560, 1440),
    "2160p": (3840, 2160),
    "4k": (3840, 2160),
}
MAX_SIZE_PX: Final = 16_384
_PAIR: Final = re.compile(r"(\d+)\s*[x\u00d7]\s*(\d+)")


def parse_size(value: SizeLike) -> tuple[int, int]:
    """Read the size of a canvas.

    Args:
        value: Width and height in pixels, as `(1280, 720)` or `"1280x720"`; or one of
            `360p`, `480p`, `720p`, `1080p`, `1440p`, `2160p` and `4k`.

    Returns:
        Width and height in pixels, both even and at most 16,384.

    Raises:
        TimelineError: `value` is none of these, or a side is odd, not whole, or out
            of range.
    """
    if isinstance(value, str):
        return _checked(value, _from_text(value))
    try:
        width, height = value
    except (TypeError, ValueError) as error:
        raise TimelineError(
            f"size={value!r} is not a width and a height: write (1280, 720) or '720p'"
        ) from error
    return _checked(value, (_whole(value, width), _whole(value, height)))


def _from_text(text: str) -> tuple[int, int]:
    name = text.strip().lower()
    if name in SIZES:
        return SIZES[name]
    pair = _PAIR.fullmatch(name)
    if pair and len(name) < 20:
        return int(pair[1]), int(pair[2])
    near = get_close_matches(name, SIZES, 1, 0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise TimelineError(
        f"size={text!r} is not a size: {hint}write (1280, 720), '1280x720' or one of "
        f"{', '.join(SIZES)}"
    )


def _whole(value: Any, side: Any) -> int:
    try:
        # Booleans are whole numbers to Python, and not sizes.
        if isinstance(side, bool):
            raise TypeError(side)  # noqa: TRY301 - reported like any other type
        return operator.index(side)
    except TypeError as error:
        raise TimelineError(
            f"size={value!r} holds {side!r}, {kind_of(side)}: give whole pixels"
        ) from error


def _checked(value: Any, size: tuple[int, int]) -> tuple[int, int]:
    for side in size:
        if not 2 <= side <= MAX_SIZE_PX:
            raise TimelineError(
                f"size={value!r}: {side} px is not between 2 and {MAX_SIZE_PX:,}"
            )
    if any(side % 2 for side in size):
        even = tuple(side + side % 2 for side in size)
        raise TimelineError(
            f"size={value!r} is odd, and video has even sides: give {even}"
        )
    return size


def parse_fit(value: str) -> Fit:
    """Read how a picture is brought to the canvas: `fit`, `fill`, `stretch`, `none`.

    Raises:
        TimelineError: `value` is none of these; the nearest one is named.
    """
    known: tuple[Fit, ...] = get_args(Fit)
    for fit in known:
        if value == fit:
            return fit
    raise TimelineError(f"fit={value!r}: {choice_hint(value, known)}")
