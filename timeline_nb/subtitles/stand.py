"""Where a line stands, told again in the words of a file."""

from collections.abc import Mapping
from typing import Any

from timeline_nb.subtitles.lines import Cue
from timeline_nb.subtitles.places import pad_of, placed

__all__ = ["own_style", "position_of", "stands_as_usual"]


def own_style(line: Cue) -> dict[str, Any]:
    """A line's style as it was before it made room for another one's rows."""
    style = dict(line.style)
    lift = line.metadata.get("lift")
    if lift is None:
        return style
    told = line.metadata.get("position")
    if told is None:
        del style["position"]
    else:
        style["position"] = told
    return style


def position_of(style: Mapping[str, Any]) -> tuple[float, float]:
    """Shares of the picture, from the left top."""
    x, y = style.get("position") or placed(pad_of(style))["position"]
    return float(x), float(y)


def stands_as_usual(style: Mapping[str, Any], within: float) -> bool:
    """Whether a line is about where lines of its anchor stand."""
    usual = placed(pad_of(style))["position"]
    own = position_of(style)
    return all(abs(a - b) <= within for a, b in zip(own, usual, strict=True))
