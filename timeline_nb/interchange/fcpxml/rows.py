"""Rows of stretches of time, in each of which none lies over another."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any, TypeAlias

from timeline_nb.interchange.fcpxml.pieces import CaptionLine, Lane, Piece, plain

__all__ = [
    "Row",
    "joined_by_role",
    "lane_groups",
    "listed",
    "rows_of",
    "rows_of_lines",
    "stacked",
]

Row: TypeAlias = list[Piece]


def free_rows(
    spans: Iterable[tuple[Fraction, Fraction]],
) -> list[int]:
    """Return for each of some ranges, in order of start, the first row free for it."""
    ends: list[tuple[Fraction, int]] = []
    free: list[int] = []
    chosen: list[int] = []
    count = 0
    for low, high in spans:
        while ends and ends[0][0] <= low:
            heappush(free, heappop(ends)[1])
        if free:
            number = heappop(free)
        else:
            number, count = count, count + 1
        chosen.append(number)
        heappush(ends, (high, number))
    return chosen


def rows_of(group: Row) -> list[Row]:
    """Return pieces, in order of start, as rows."""
    rows: list[Row] = []
    numbers = free_rows((piece.low, piece.high) for piece in group)
    for piece, number in zip(group, numbers, strict=True):
        if number == len(rows):
            rows.append([])
        rows[number].append(piece)
    return rows


def rows_of_lines(lines: Iterable[CaptionLine]) -> list[list[CaptionLine]]:
    """Return captions as rows of one role each."""
    by_role: dict[tuple[str, bool], list[CaptionLine]] = {}
    for line in sorted(lines, key=lambda line: line.low):
        by_role.setdefault((line.role, line.enabled), []).append(line)
    rows: list[list[CaptionLine]] = []
    for group in by_role.values():
        first = len(rows)
        numbers = free_rows((line.low, line.high) for line in group)
        rows += [[] for _ in range(max(numbers) + 1)]
        for line, number in zip(group, numbers, strict=True):
            rows[first + number].append(line)
    return rows


def lane_groups(pieces: Iterable[Piece], order: Callable[[Lane], Any]) -> list[Row]:
    """Return pieces by lane, in an order of lanes; disabled ones apart."""
    groups: dict[tuple[Lane, bool], Row] = {}
    for piece in pieces:
        groups.setdefault((plain(piece.lane), piece.enabled), []).append(piece)
    deepest = max((len(lane) for lane, _ in groups), default=0)

    def place(key: tuple[Lane, bool]) -> tuple[Any, bool]:
        lane, is_enabled = key
        return order((*lane, *[0] * (deepest - len(lane)))), not is_enabled

    return [groups[key] for key in sorted(groups, key=place)]


def stacked(lane: Lane) -> Any:
    """Order pictures: lower lanes are behind."""
    return lane


def listed(lane: Lane) -> Any:
    """Order sounds: those of pictures first, then from the primary storyline down."""
    return min(lane, default=0) < 0, [abs(number) for number in lane], lane


def joined_by_role(rows: list[Row]) -> list[Row]:
    """Join rows of sound of one role, where none lies over another."""
    joined: list[Row] = []
    by_role: dict[tuple[str, bool], Row] = {}
    for row in rows:
        roles = {piece.role for piece in row}
        key = (row[0].role, row[0].enabled)
        known = by_role.get(key)
        if len(roles) > 1 or not row[0].role:
            joined.append(row)
        elif known is None or not _is_free(known, row):
            by_role.setdefault(key, row)
            joined.append(row)
        else:
            known += row
            known.sort(key=lambda piece: piece.low)
    return joined


def _is_free(row: Row, more: Row) -> bool:
    """Return whether none of two rows lies over one of the other."""
    both = sorted([*row, *more], key=lambda piece: piece.low)
    return all(one.high <= other.low for one, other in pairwise(both))
