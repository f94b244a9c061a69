"""The choice of a file's audio streams, in clips and in calls."""

from collections.abc import Sequence
from typing import Literal, TypeAlias, cast

from timeline_nb.core.near_names import suggestion

__all__ = ["AudioChoice", "AudioChoiceLike", "audio_choice", "choice_fault"]

# A rule, or indexes among the audio streams in the order of the file, from 0.
# `default` is the stream with the default disposition, or the first; `all` mixes all;
# `dual_mono` puts the first two mono streams left and right.
AudioChoice: TypeAlias = Literal["default", "all", "dual_mono"] | tuple[int, ...]
# What a call takes: an index, several, a rule, or None for the default.
AudioChoiceLike: TypeAlias = int | Sequence[int] | str | None

_RULES = ("default", "all", "dual_mono")


def audio_choice(value: AudioChoiceLike) -> AudioChoice:
    """Return the choice that `0`, `[0, 1]`, `"all"`, `"dual_mono"` or None means.

    Raises:
        ValueError: It is none of these.
    """
    if value is None:
        return "default"
    if isinstance(value, str):
        if value not in _RULES:
            raise ValueError(
                f"audio={value!r} is neither the index of an audio stream nor a rule"
                f"{suggestion(value, _RULES)}"
            )
        return cast("AudioChoice", value)
    indexes = (value,) if isinstance(value, int) else tuple(value)
    fault = choice_fault(indexes)
    if fault:
        raise ValueError(f"audio={value!r}: {fault}")
    return indexes


def choice_fault(choice: AudioChoice) -> str:
    """Return what is wrong with a choice; empty if nothing is."""
    if isinstance(choice, str):
        return "" if choice in _RULES else f"{choice!r} is not a rule"
    if not choice:
        return "it names no stream: to leave the sound out, remove it from the timeline"
    if any(type(n) is not int or n < 0 for n in choice):
        return "the index of an audio stream is a whole number from 0"
    if len(set(choice)) < len(choice):
        return "it names a stream twice"
    return ""
