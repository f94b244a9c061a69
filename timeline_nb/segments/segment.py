"""A segment: a run of frames of a film, and how it is made."""

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

__all__ = ["Action", "Copied", "Segment"]

Action: TypeAlias = Literal["copy", "cached", "encode"]


@dataclass(frozen=True)
class Copied:
    """Frames whose packets are copied from a file.

    Args:
        first: The first of them in the film.
        last: The frame after the last.
        path: The file.
        source: The number of the first in the file.
        sets: Sequence and picture parameter sets that they need.
        depth: How many frames a decoder holds back to show them in order.
    """

    first: int
    last: int
    path: str
    source: int
    sets: tuple[bytes, ...] = field(repr=False)
    depth: int = 0


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A run of frames, and how it is made.

    Args:
        number: Its place in the film.
        first: Its first frame.
        last: The frame after its last.
        action: `copy` copies packets of a source; `cached` is in the store;
            `encode` is composed and encoded.
        key: Identifies all that it shows and how it is encoded.
        layers: The clips that are seen, bottom to top.
        why: Why it is not reused; empty where it is.
        uncached: Why it is not kept for later renders; empty where it is.
        cost: Estimated, as the number of frames that cost as much to encode alone.
        copied: Where the packets come from.
        descriptor: Of its frames, which the key is a digest of.
    """

    number: int
    first: int
    last: int
    action: Action = "encode"
    key: str
    layers: tuple[str, ...]
    why: str = ""
    uncached: str = ""
    cost: float = 0.0
    copied: Copied | None = None
    descriptor: Any = field(default=None, repr=False, compare=False)

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return self.last - self.first

    @property
    def label(self) -> str:
        """Its name in messages: `segment 3 (frames 60 to 119)`."""
        return f"segment {self.number} (frames {self.first} to {self.last - 1})"
