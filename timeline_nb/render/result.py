"""The result of a render."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from timeline_nb.core.jobs import Reporter
from timeline_nb.media.info import MediaInfo
from timeline_nb.render.verify import Check
from timeline_nb.segments.plan import Plan

__all__ = ["RenderResult", "RenderWork"]


@dataclass(frozen=True)
class RenderResult:
    """A finished film.

    Args:
        path: Its path; of a sequence, the pattern.
        frames: Number of frames.
        info: The probed film; of a sequence, its first picture.
        warnings: Messages about what was left out or may be wrong.
        notes: Messages about encoders and devices chosen.
        checks: Properties asked for, with those found.
        plan: Of the pictures; None where there are none.
        lock: The lock that was written beside it; None without.

    Example:
        >>> film = cut.render("film.mp4", end="1s").wait()
        >>> film.path.name, film.frames, film.warnings
        ('film.mp4', 25, ())
        >>> film.info.duration
        Fraction(1, 1)
    """

    path: Path
    frames: int
    info: MediaInfo
    warnings: tuple[str, ...]
    notes: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    plan: Plan | None = None
    lock: Path | None = None

    def __repr__(self) -> str:
        parts = [f"{self.frames} frames"] if self.info.video else []
        if self.info.video:
            width, height = self.info.video[0].display_size
            parts.insert(0, f"{width}x{height}")
        if self.info.kind != "image":
            parts.append(f"{float(self.info.duration):.2f} s")
        parts.append(f"{self.info.size_bytes / 1e6:.1f} MB")
        count = len(self.warnings)
        if count:
            parts.append(f"{count} warning{'s' * (count != 1)}")
        return f"<RenderResult {self.path.name!r} {', '.join(parts)}>"


# Renders a film: what a job does, and what may be wrapped by more that is done with it.
RenderWork: TypeAlias = Callable[[Reporter], RenderResult]
