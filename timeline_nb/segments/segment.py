"""A segment: a run of frames of a film, and how it comes about."""

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

__all__ = ["Action", "Copied", "Segment"]

Action: TypeAlias = Literal["copy", "cached", "encode"]


@dataclass(frozen=True)
class Copied:
    """Frames that are taken over from a file.

    Args:
        first: The first of them in the film.
        last: The frame after the last.
        path: The file.
        source: The number of the first in the file.
        sets: Sequence and picture parameter sets that they need.
        depth: How many frames a decoder holds back so as to show them in task.
    """

    first: int
    last: int
    path: str
    source: int
    sets: tuple[bytes, ...] = field(repr=False)
    depth: int = 0


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A run of frames, and how it comes about.

    Args:
        number: Its place in the film.
        first: Its first frame.
        last: The frame after its last.
        action: `copy` takes packets of a source over; `cached` is known from before;
            `encode` is composed and encoded.
        key: Stands for all that it shows and how it is encoded.
        layers: The clips that are seen, bottom to top.
        why: Why it is not reused; empty where it is.
        cost: Estimated, in frames that are only encoded.
        copied: Where the packets come from.
        shows: The telling behind the key.
    """

    number: int
    first: int
    last: int
    action: Action = "encode"
    key: str
    layers: tuple[str, ...]
    why: str = ""
    cost: float = 0.0
    copied: Copied | None = None
    shows: Any = field(default=None, repr=False, compare=False)

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return self.last - self.first

    @property
    def label(self) -> str:
        """How messages name the segment: `segment 3 (frames 60 to 119)`."""
        return f"segment {self.number} (frames {self.first} to {self.last - 1})"
