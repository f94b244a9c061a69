"""Frames that were found not to decode, noted for the other process."""

from collections.abc import Iterable
from pathlib import Path

from timeline_nb.media.damage_log import DamageLog

__all__ = ["DamageNotes"]


class DamageNotes(DamageLog):
    """A log that writes no file: the process that asked keeps it.

    Args:
        known: The frames that are known not to decode.
    """

    def __init__(self, known: Iterable[int]) -> None:
        super().__init__(Path())
        self._known = frozenset(known)
        self._fresh: list[int] = []

    def frames(self, fingerprint: str) -> frozenset[int]:  # noqa: ARG002 - of one file
        """Return the frames that were known when the file was opened."""
        return self._known

    def add(self, fingerprint: str, numbers: Iterable[int]) -> None:  # noqa: ARG002
        """Note that frames do not decode."""
        self._fresh += numbers

    def taken(self) -> tuple[tuple[int, int], ...]:
        """Return what was noted since, as ranges of frames."""
        numbers, self._fresh = sorted(set(self._fresh)), []
        ranges: list[tuple[int, int]] = []
        for number in numbers:
            if ranges and ranges[-1][1] == number:
                ranges[-1] = (ranges[-1][0], number + 1)
            else:
                ranges.append((number, number + 1))
        return tuple(ranges)
