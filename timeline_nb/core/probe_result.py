"""A trial: whether something works on this machine, found out by doing it."""

from dataclasses import dataclass

__all__ = ["ProbeResult"]


@dataclass(frozen=True)
class ProbeResult:
    """How an encoder or a device did.

    Args:
        name: FFmpeg's.
        works: Whether it did what it is there for.
        verdict: `works`, or why not.
    """

    name: str
    works: bool
    verdict: str
