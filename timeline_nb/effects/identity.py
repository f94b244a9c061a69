"""What identifies an effect in caches of its pictures."""

from dataclasses import dataclass

__all__ = ["Identity"]


@dataclass(frozen=True)
class Identity:
    """What a function is, for a cache of its results.

    Args:
        digest: Hexadecimal; equal for functions that do the same.
        why: Why results cannot be known by it; empty where they can.
    """

    digest: str = ""
    why: str = ""
