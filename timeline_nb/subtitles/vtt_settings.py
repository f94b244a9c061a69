"""Settings of WebVTT cues and regions, and the positions that they give.

Parsing is sections 6.2 and 6.3 of https://www.w3.org/TR/webvtt1/, positions section
7.2. Vertical text is not supported: such cues are shown horizontally.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from timeline_nb.subtitles.numpad import MARGIN

__all__ = ["CueSettings", "Region", "parse_region", "place", "settings"]

_PERCENT: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)%")
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")
_SPACE: Final = re.compile(r"[ \t\n\f\r]+")
_ALIGNS: Final = {"start", "center", "end", "left", "right"}
# All settings of a cue or a region take fewer.
_MOST_LETTERS: Final = 1_000
# A line is 5.33 % of the height: text of 5 % with its leading (section 7.2).
_LINE: Final = 0.0533


@dataclass(frozen=True)
class Region:
    """A region; shares are in percent.

    Args:
        id: Its name.
        width: Width, in percent of the picture's.
        lines: Height, in lines.
        anchor: The point of the region that lies at `viewport`, in percent.
        viewport: The point of the picture, in percent.
        scrolls: Whether lines move up as new ones appear.
    """

    id: str = ""
    width: float = 100.0
    lines: int = 3
    anchor: tuple[float, float] = (0.0, 100.0)
    viewport: tuple[float, float] = (0.0, 100.0)
    scrolls: bool = False


@dataclass(frozen=True)
class CueSettings:
    """A cue's settings, named as in the specification; None is auto."""

    region: Region | None = None
    vertical: str = ""
    line: float | None = None
    snaps: bool = True
    line_align: str = "start"
    position: float | None = None
    position_align: str | None = None
    size: float = 100.0
    align: str = "center"


def settings(text: str, regions: Mapping[str, Region]) -> CueSettings:
    """Return a cue's settings; what is invalid is ignored."""
    own = CueSettings()
    for part in filter(None, _SPACE.split(text[:_MOST_LETTERS])):
        name, colon, value = part.partition(":")
        if colon and name and value:
            own = replace(own, **_setting(name, value, regions))
    if own.line is not None or own.size != 100 or own.vertical:
        own = replace(own, region=None)
    return own


def _setting(name: str, value: str, regions: Mapping[str, Region]) -> dict[str, Any]:
    if name == "region":
        return {"region": regions.get(value)}
    if (name == "vertical" and value in {"rl", "lr"}) or (
        name == "align" and value in _ALIGNS
    ):
        return {name: value}
    if name == "size":
        share = _percent(value)
        return {} if share is None else {"size": share}
    if name == "line":
        return _line(value)
    if name == "position":
        return _position(value)
    return {}


def _line(value: str) -> dict[str, Any]:
    where, comma, align = value.partition(",")
    if comma and align not in {"start", "center", "end"}:
        return {}
    share = _percent(where)
    alignment = {"line_align": align} if comma else {}
    if share is not None:
        return {"line": share, "snaps": False, **alignment}
    if _NUMBER.fullmatch(where):
        return {"line": float(where), "snaps": True, **alignment}
    return {}


def _position(value: str) -> dict[str, Any]:
    where, comma, align = value.partition(",")
    share = _percent(where)
    if share is None or (comma and align not in {"line-left", "center", "line-right"}):
        return {}
    return {"position": share, **({"position_align": align} if comma else {})}


def _percent(text: str) -> float | None:
    found = _PERCENT.fullmatch(text)
    share = float(found[1]) if found else -1.0
    return share if 0 <= share <= 100 else None


def parse_region(body: str) -> Region:
    """Return the region of the settings of a block."""
    region = Region()
    for part in filter(None, _SPACE.split(body[:_MOST_LETTERS])):
        name, colon, value = part.partition(":")
        if colon and name and value:
            region = replace(region, **_region_setting(name, value))
    return region


def _region_setting(name: str, value: str) -> dict[str, Any]:
    if name == "id":
        return {"id": value}
    if name == "width":
        share = _percent(value)
        return {} if share is None else {"width": share}
    if name == "lines" and re.fullmatch(r"[0-9]{1,6}", value):
        return {"lines": int(value)}
    if name in {"regionanchor", "viewportanchor"}:
        x, y = (_percent(part) for part in [*value.split(","), ""][:2])
        if x is None or y is None or value.count(",") != 1:
            return {}
        return {"anchor" if name == "regionanchor" else "viewport": (x, y)}
    return {"scrolls": True} if (name, value) == ("scroll", "up") else {}


def place(own: CueSettings) -> dict[str, Any]:
    """Return parameters of `title` for the position of settings; empty for defaults."""
    if own.vertical or own == CueSettings():
        return {}
    if own.region is not None:
        return _in_region(own, own.region)
    side, x, width = _across(own)
    height, y = _down(own)
    found: dict[str, Any] = {"position": [round(x, 4), round(y, 4)]}
    found["anchor"] = " ".join(filter(None, (height, side))) or "middle"
    if side:
        found["align"] = side
    if own.size != 100:
        found["width"] = round(max(width, 0.05), 4)
    return found


def _across(own: CueSettings) -> tuple[str, float, float]:
    """Return the side that text is aligned with, its x, and the width of its box."""
    sides = {"start": "left", "left": "left", "end": "right", "right": "right"}
    side = sides.get(own.align, "")
    at = own.position
    if at is None:
        at = {"left": 0.0, "right": 100.0}.get(side, 50.0)
    hold = own.position_align or {"left": "line-left", "right": "line-right"}.get(
        side, "center"
    )
    most = {
        "line-left": 100 - at,
        "line-right": at,
        "center": 2 * min(at, 100 - at),
    }[hold]
    size = min(own.size, most)
    left = {"line-left": at, "line-right": at - size, "center": at - size / 2}[hold]
    x = {"left": left, "right": left + size}.get(side, left + size / 2) / 100
    return side, min(max(x, MARGIN / 2), 1 - MARGIN / 2), size / 100


def _down(own: CueSettings) -> tuple[str, float]:
    """Return the edge of the text that is fixed, and its y."""
    if own.line is None:
        return "bottom", 1 - MARGIN
    if not own.snaps:
        edge = {"start": "top", "center": "", "end": "bottom"}[own.line_align]
        return edge, own.line / 100
    if own.line < 0:
        return "bottom", max(1 - MARGIN + (own.line + 1) * _LINE, MARGIN)
    return "top", min(MARGIN + own.line * _LINE, 1 - MARGIN)


def _in_region(own: CueSettings, region: Region) -> dict[str, Any]:
    """Return the position at the bottom of a region, where lines appear."""
    width, height = region.width / 100, region.lines * _LINE
    left = region.viewport[0] / 100 - region.anchor[0] / 100 * width
    bottom = region.viewport[1] / 100 + (1 - region.anchor[1] / 100) * height
    side, x, _ = _across(own)
    return {
        "position": [
            round(left + x * width, 4),
            round(min(max(bottom, MARGIN), 1 - MARGIN), 4),
        ],
        "anchor": f"bottom {side}".strip(),
        "width": round(max(width, 0.05), 4),
        **({"align": side} if side else {}),
    }
