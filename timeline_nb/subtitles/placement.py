"""Positions of cues, for writing them to files."""

from collections.abc import Mapping
from typing import Any

from timeline_nb.subtitles.cues import Cue
from timeline_nb.subtitles.numpad import numpad_of, placement_of

__all__ = ["is_at_default", "position_of", "style_without_lift"]


def style_without_lift(cue: Cue) -> dict[str, Any]:
    """Return a cue's style as it was before it was moved off an overlapping cue."""
    style = dict(cue.style)
    lift = cue.metadata.get("lift")
    if lift is None:
        return style
    position = cue.metadata.get("position")
    if position is None:
        del style["position"]
    else:
        style["position"] = position
    return style


def position_of(style: Mapping[str, Any]) -> tuple[float, float]:
    """Return the position of a style, in shares from the picture's left top."""
    x, y = style.get("position") or placement_of(numpad_of(style))["position"]
    return float(x), float(y)


def is_at_default(style: Mapping[str, Any], within: float) -> bool:
    """Return whether a style is within a distance of the default position."""
    usual = placement_of(numpad_of(style))["position"]
    own = position_of(style)
    return all(abs(a - b) <= within for a, b in zip(own, usual, strict=True))
