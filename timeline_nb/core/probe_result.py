"""The result of a probe: whether an encoder or a device works here."""

from dataclasses import dataclass

__all__ = ["ProbeResult"]


@dataclass(frozen=True)
class ProbeResult:
    """Whether an encoder or a device works.

    Args:
        name: FFmpeg's.
        works: Whether it encoded or decoded a frame.
        verdict: `works`, or why not.
    """

    name: str
    works: bool
    verdict: str
