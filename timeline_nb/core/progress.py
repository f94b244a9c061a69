"""Progress of long work, as a value that signals carry."""

from dataclasses import dataclass

__all__ = ["Progress"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a piece of work has come.

    Args:
        stage: What is being done, in a word: `"index"`, `"detect"`, `"encode"` ...
        done: Units finished (frames, files).
        total: Units in all, or None while unknown.
        elapsed_s: Wall seconds since the stage began.
        unit: What is counted.
        message: What a person might want to know, or empty.

    Example:
        >>> progress = tl.Progress("encode", done=50, total=200, elapsed_s=2.0)
        >>> progress.percent, progress.per_second, progress.remaining_s
        (25.0, 25.0, 6.0)
        >>> progress.fraction
        0.25
    """

    stage: str
    done: int
    total: int | None
    elapsed_s: float
    unit: str = "frame"
    message: str = ""

    @property
    def fraction(self) -> float | None:
        """The share that is done, 0 to 1, or None while the total is unknown."""
        if self.total is None:
            return None
        return self.done / self.total if self.total else 1.0

    @property
    def percent(self) -> float | None:
        """The share that is done, 0 to 100, or None while the total is unknown."""
        return None if self.fraction is None else 100 * self.fraction

    @property
    def per_second(self) -> float | None:
        """Units finished a second, or None before the first."""
        return self.done / self.elapsed_s if self.done and self.elapsed_s else None

    @property
    def remaining_s(self) -> float | None:
        """Seconds still to go at the pace so far, or None while unknown."""
        pace = self.per_second
        if self.total is None or pace is None:
            return None
        return (self.total - self.done) / pace
