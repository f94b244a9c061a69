"""Cues: the lines of subtitles with times and styles, and faults of files."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from timeline_nb.core.file_limits import MAX_CUES
from timeline_nb.errors import TimelineError
from timeline_nb.timebase import MAX_SECONDS

__all__ = ["Cue", "Fault", "Subtitles", "check_cue_count", "checked_cue"]


@dataclass(frozen=True)
class Cue:
    """A cue: one line of subtitles.

    Args:
        start: Seconds.
        end: Seconds.
        text: Plain text, with line breaks.
        style: Parameters of `title` that differ from the track's style; `spans` holds
            those of parts of the text.
        metadata: What is needed to write it again: a WebVTT cue's `id`, `settings`,
            `voice` and word times, the `layer`, `name` and style of an ASS event.
    """

    start: Fraction
    end: Fraction
    text: str
    style: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """A fault of a subtitle file, or what makes a cue hard to read.

    Args:
        cue: The cue; None if the fault belongs to none.
        message: What is wrong, with figures and the row of the file.
    """

    cue: Cue | None
    message: str


@dataclass(frozen=True)
class Subtitles:
    """The contents of a subtitle file.

    Args:
        cues: Cues in order of time.
        faults: What was invalid, left out or guessed.
        metadata: What is needed of the whole file to write it again.
    """

    cues: list[Cue]
    faults: list[Fault] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)


def check_cue_count(count: int) -> None:
    """Check how many cues a file has, before they are parsed.

    Raises:
        TimelineError: There are more than `MAX_CUES`.
    """
    if count > MAX_CUES.value:
        raise TimelineError(f"it has {count:,} cues or more, {MAX_CUES.excess}")


def checked_cue(cue: Cue, row: int, faults: list[Fault]) -> Cue | None:
    """Return a cue if it can be shown, and report faults of its times and text.

    Args:
        cue: The cue as it was read.
        row: Row of the file, from 1, which faults name.
        faults: The list that faults are appended to.

    Returns:
        The cue, cut off at 0 if it starts before; None if it cannot be shown.
    """
    named = f"row {row}: it"
    if cue.end <= cue.start:
        how = "at" if cue.end == cue.start else "before"
        faults.append(Fault(cue, f"{named} ends {how} its start and is left out"))
        return None
    if cue.end <= 0:
        faults.append(Fault(cue, f"{named} ends before 0 s and is left out"))
        return None
    if cue.end > MAX_SECONDS:
        faults.append(Fault(cue, f"{named} is later than a century and is left out"))
        return None
    if not cue.text:
        faults.append(Fault(cue, f"row {row}: it has no text and is left out"))
        return None
    if cue.start >= 0:
        return cue
    faults.append(Fault(cue, f"{named} begins before 0 s and is shown from 0 s"))
    return Cue(Fraction(0), cue.end, cue.text, cue.style, cue.metadata)
