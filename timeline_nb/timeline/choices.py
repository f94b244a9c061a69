"""Choices: the fields of the model that take one of a few words."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final, Literal, TypeAlias

from timeline_nb.core.near_names import quoted

__all__ = [
    "BlendMode",
    "Fit",
    "Interpolation",
    "SyncLock",
    "TrackKind",
    "choice_hint",
]

_MOST_LETTERS: Final = 60

TrackKind: TypeAlias = Literal["video", "audio", "subtitle"]
# What a track does when an edit on another takes time out or puts time in.
SyncLock: TypeAlias = Literal["auto", "on", "off"]
Fit: TypeAlias = Literal["fit", "fill", "stretch", "none"]
# W3C Compositing and Blending, level 1, with add and subtract.
BlendMode: TypeAlias = Literal[
    "normal",
    "multiply",
    "screen",
    "overlay",
    "darken",
    "lighten",
    "add",
    "subtract",
    "difference",
    "exclusion",
    "hard_light",
    "soft_light",
    "color_dodge",
    "color_burn",
]
Interpolation: TypeAlias = Literal[
    "hold", "linear", "bezier", "ease", "ease_in", "ease_out", "ease_in_out"
]


# Words of other programs, and what they are here.
_OTHER_WORDS: Final = {
    "cover": "fill",
    "contain": "fit",
    "letterbox": "fit",
    "crop": "fill",
    "constant": "hold",
    "step": "hold",
}


def choice_hint(value: object, allowed: Iterable[str]) -> str:
    """Return what to give in place of a word that is not allowed.

    Args:
        value: What was given.
        allowed: The words; an empty one stands for nothing.
    """
    words = [word for word in allowed if word]
    plain = quoted(value)[:_MOST_LETTERS].strip("'").replace("-", "_").lower()
    other = _OTHER_WORDS.get(plain)
    near = [other] if other in words else get_close_matches(plain, words, 1, 0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}it is one of {', '.join(map(repr, words))}"
