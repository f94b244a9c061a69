"""Stack subtitle lines that are shown at once in the same place."""

from dataclasses import replace
from typing import Any, Final

from timeline_nb.effects.titles.checks import text_height
from timeline_nb.subtitles.cues import Cue
from timeline_nb.subtitles.numpad import numpad_of
from timeline_nb.subtitles.placement import position_of

__all__ = ["stacked"]

# More lines than this at once fit in no frame; further ones keep their position.
_MOST_SHOWN: Final = 100


def stacked(lines: list[Cue], base: dict[str, Any], size: tuple[int, int]) -> list[Cue]:
    """Move lines that would cover lines already shown at the same position.

    As in players: a line at the bottom goes above those that came before it, one at
    the top or in the middle goes below. Its own position is kept in its metadata.

    Args:
        lines: In any order; those with a position of their own keep it.
        base: The style of a line that sets nothing.
        size: Width and height of the frame, in pixels.

    Returns:
        The lines in order of their starts.
    """
    shown: list[tuple[Cue, float, float]] = []
    placed = []
    for line in sorted(lines, key=lambda own: own.start):
        shown = [own for own in shown if own[0].end > line.start]
        if len(shown) >= _MOST_SHOWN:
            placed.append(line)
            continue
        style = {**base, **line.style}
        height = text_height(line.text, style, size)
        rivals = [own for own in shown if _same_place(own[0], line)]
        lift = _free(sorted((low, high) for _, low, high in rivals), height)
        shown.append((line, lift, lift + height))
        placed.append(_moved(line, style, lift) if lift else line)
    return placed


def _same_place(one: Cue, other: Cue) -> bool:
    """Return whether two lines have the same anchor, position and layer."""
    keys = ("anchor", "position")
    layers = [line.metadata.get("ass", {}).get("layer", 0) for line in (one, other)]
    if layers[0] != layers[1] or "\\pos" in _raw(one) + _raw(other):
        return False
    return all(one.style.get(key) == other.style.get(key) for key in keys)


def _raw(line: Cue) -> str:
    return str(line.metadata.get("ass", {}).get("text", ""))


def _free(taken: list[tuple[float, float]], height: float) -> float:
    """Return the shift at which a height is free, in shares of the frame's height."""
    shift = 0.0
    for low, high in taken:
        if shift + height <= low:
            break
        shift = max(shift, high)
    return shift


def _moved(line: Cue, style: dict[str, Any], lift: float) -> Cue:
    x, y = position_of(style)
    sign = -1 if numpad_of(style) <= 3 else 1
    # A line that would leave the frame stays at its edge.
    position = [x, round(min(max(y + sign * lift, 0.02), 0.98), 4)]
    kept = {**line.metadata, "lift": round(lift, 4)}
    if "position" in line.style:
        kept["position"] = line.style["position"]
    moved = {**line.style, "position": position}
    return replace(line, style=moved, metadata=kept)
