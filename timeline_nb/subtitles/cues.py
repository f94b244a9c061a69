"""What a file of subtitles holds: cues with their looks, and what is odd about it."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from timeline_nb.timebase import MAX_SECONDS

__all__ = ["Cue", "Fault", "Subtitles", "checked_cue"]


@dataclass(frozen=True)
class Cue:
    """A cue of subtitles.

    Args:
        start: Seconds.
        end: Seconds.
        text: Plain, with cue breaks.
        style: Parameters of `title` in which it differs from plain subtitles; `spans`
            tell of parts of the text.
        metadata: What is kept for writing it again: a WebVTT cue's `id`, `settings`,
            `voices` and word times, the `layer`, `name` and style of an ASS event.
    """

    start: Fraction
    end: Fraction
    text: str
    style: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """What is odd about a file, or makes a cue hard to read.

    Args:
        cue: The cue; None where there is none.
        message: What is wrong, with figures, and with the row of a file.
    """

    cue: Cue | None
    message: str


@dataclass(frozen=True)
class Subtitles:
    """A file of subtitles.

    Args:
        cues: In order of time.
        faults: What was odd, left out, or guessed.
        metadata: What is kept of the file as a whole, to write it again.
    """

    cues: list[Cue]
    faults: list[Fault] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)


def checked_cue(cue: Cue, row: int, faults: list[Fault]) -> Cue | None:
    """A cue as far as its times and its text can be shown.

    Args:
        cue: As it was read.
        row: Of the file, from 1; faults name it.
        faults: To which what is odd is added.

    Returns:
        The cue, from 0 on where it began before; None where nothing can be shown.
    """
    told = f"row {row}: {cue.text[:40]!r}"
    if cue.end <= cue.start:
        how = "at" if cue.end == cue.start else "before"
        faults.append(Fault(cue, f"{told} ends {how} its start and is left out"))
        return None
    if cue.end <= 0:
        faults.append(Fault(cue, f"{told} ends before 0 s and is left out"))
        return None
    if cue.end > MAX_SECONDS:
        faults.append(Fault(cue, f"{told} is later than a century and is left out"))
        return None
    if not cue.text:
        faults.append(Fault(cue, f"row {row}: it has no text and is left out"))
        return None
    if cue.start >= 0:
        return cue
    faults.append(Fault(cue, f"{told} begins before 0 s and is shown from 0 s"))
    return Cue(Fraction(0), cue.end, cue.text, cue.style, cue.metadata)
