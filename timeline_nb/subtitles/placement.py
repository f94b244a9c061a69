"""Where a cue stands, told again in the words of a file."""

from collections.abc import Mapping
from typing import Any

from timeline_nb.subtitles.cues import Cue
from timeline_nb.subtitles.numpad import numpad_of, placement_of

__all__ = ["is_at_default", "position_of", "style_without_lift"]


def style_without_lift(cue: Cue) -> dict[str, Any]:
    """A cue's style as it was before it made room for another one's rows."""
    style = dict(cue.style)
    lift = cue.metadata.get("lift")
    if lift is None:
        return style
    told = cue.metadata.get("position")
    if told is None:
        del style["position"]
    else:
        style["position"] = told
    return style


def position_of(style: Mapping[str, Any]) -> tuple[float, float]:
    """Shares of the picture, from the left top."""
    x, y = style.get("position") or placement_of(numpad_of(style))["position"]
    return float(x), float(y)


def is_at_default(style: Mapping[str, Any], within: float) -> bool:
    """Whether a cue is about where cues of its anchor stand."""
    usual = placement_of(numpad_of(style))["position"]
    own = position_of(style)
    return all(abs(a - b) <= within for a, b in zip(own, usual, strict=True))
