"""Which of a file's streams of sound are heard: told by clips, asked of files."""

from collections.abc import Sequence
from typing import Literal, TypeAlias, cast

__all__ = ["AudioChoice", "AudioChoiceLike", "audio_choice", "choice_fault"]

# A rule, or places among the streams of sound in the order of the file, from 0.
# `default` is the stream that the file's dispositions name, or the first of them;
# `all` adds up all; `dual_mono` has the first two of one channel left and right.
AudioChoice: TypeAlias = Literal["default", "all", "dual_mono"] | tuple[int, ...]
# What a person writes: a place, several, a rule, or None for the default.
AudioChoiceLike: TypeAlias = int | Sequence[int] | str | None

_RULES = ("default", "all", "dual_mono")


def audio_choice(told: AudioChoiceLike) -> AudioChoice:
    """What a person means by `0`, `[0, 1]`, `"all"`, `"dual_mono"` or None.

    Raises:
        ValueError: It is none of these.
    """
    if told is None:
        return "default"
    if isinstance(told, str):
        if told not in _RULES:
            raise ValueError(
                f"audio={told!r} is none of {', '.join(map(repr, _RULES))}, and no "
                "place among the streams of sound"
            )
        return cast("AudioChoice", told)
    places = (told,) if isinstance(told, int) else tuple(told)
    fault = choice_fault(places)
    if fault:
        raise ValueError(f"audio={told!r}: {fault}")
    return places


def choice_fault(choice: AudioChoice) -> str:
    """What is wrong with a choice; empty if nothing is."""
    if isinstance(choice, str):
        return "" if choice in _RULES else f"{choice!r} is no rule"
    if not choice:
        return "it names no stream: leave the sound out by its track or its clip"
    if any(type(n) is not int or n < 0 for n in choice):
        return "a place among the streams of sound is a whole number from 0"
    if len(set(choice)) < len(choice):
        return "it names a stream twice"
    return ""
