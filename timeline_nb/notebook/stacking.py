"""Lines that are shown at once and would stand in one place, put over one another."""

from dataclasses import replace
from typing import Any, Final

from timeline_nb.effects.titles.checks import text_height
from timeline_nb.subtitles.cues import Cue
from timeline_nb.subtitles.numpad import numpad_of
from timeline_nb.subtitles.placement import position_of

__all__ = ["stacked"]

# Beyond this many at once there is no room in a picture; they stay where they are.
_MOST_SHOWN: Final = 100


def stacked(lines: list[Cue], base: dict[str, Any], size: tuple[int, int]) -> list[Cue]:
    """Lines that make room for those that are already shown where they would stand.

    As in players: a line at the bottom goes above those that came before it, one at
    the top or in the middle goes below. The place it had is kept in its metadata.

    Args:
        lines: In any order; those with a place of their own stay in it.
        base: What a line looks like that says nothing.
        size: Of the picture, in pixels.
    """
    shown: list[tuple[Cue, float, float]] = []
    found = []
    for line in sorted(lines, key=lambda own: own.start):
        shown = [own for own in shown if own[0].end > line.start]
        if len(shown) >= _MOST_SHOWN:
            found.append(line)
            continue
        style = {**base, **line.style}
        height = text_height(line.text, style, size)
        rivals = [own for own in shown if _same_place(own[0], line)]
        lift = _free(sorted((low, high) for _, low, high in rivals), height)
        shown.append((line, lift, lift + height))
        found.append(_moved(line, style, lift) if lift else line)
    return found


def _same_place(one: Cue, other: Cue) -> bool:
    """Whether two lines begin at the same place: anchor and position are the same."""
    keys = ("anchor", "position")
    layers = [line.metadata.get("ass", {}).get("layer", 0) for line in (one, other)]
    if layers[0] != layers[1] or "\\pos" in _raw(one) + _raw(other):
        return False
    return all(one.style.get(key) == other.style.get(key) for key in keys)


def _raw(line: Cue) -> str:
    return str(line.metadata.get("ass", {}).get("text", ""))


def _free(taken: list[tuple[float, float]], height: float) -> float:
    """How far from its place there is room for so much."""
    at = 0.0
    for low, high in taken:
        if at + height <= low:
            break
        at = max(at, high)
    return at


def _moved(line: Cue, style: dict[str, Any], lift: float) -> Cue:
    x, y = position_of(style)
    way = -1 if numpad_of(style) <= 3 else 1
    # A line that would leave the picture stays where it is seen.
    place = [x, round(min(max(y + way * lift, 0.02), 0.98), 4)]
    kept = {**line.metadata, "lift": round(lift, 4)}
    if "position" in line.style:
        kept["position"] = line.style["position"]
    moved = {**line.style, "position": place}
    return replace(line, style=moved, metadata=kept)
