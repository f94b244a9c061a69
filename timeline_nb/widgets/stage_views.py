"""The clips on the picture, as views receive them."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timeline_nb.compose.on_picture import PlacedClip, placed_clips
from timeline_nb.effects.catalog import find
from timeline_nb.effects.distort import homography
from timeline_nb.effects.spec import values_of
from timeline_nb.effects.titles.text_place import TextPlace
from timeline_nb.errors import CompositionError
from timeline_nb.media.info import MediaInfo
from timeline_nb.timeline.model import Effect, Subtitle, Timeline, Track
from timeline_nb.timeline.queries import find as place_of
from timeline_nb.widgets.stage_answers import Corners, Matrix, StageLayer, StageText
from timeline_nb.widgets.stage_edits import moves_by_style, text_of

__all__ = ["layers_of"]

_UNIT = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
_PINS = ("left_top", "right_top", "right_bottom", "left_bottom")
_SIDES = ("left", "top", "right", "bottom")


def layers_of(
    timeline: Timeline, time: Fraction, probe: Callable[[str], MediaInfo]
) -> list[StageLayer]:
    """Return the clips seen at a timeline time, bottom to top, adjustments left out."""
    return [_layer(timeline, placed) for placed in placed_clips(timeline, time, probe)]


def _layer(timeline: Timeline, placed: PlacedClip) -> StageLayer:
    clip, matrix = placed.clip, placed.spot.matrix
    track, is_subtitle = _track_of(timeline, clip.id)
    crop, pin, pins_after = _effects_at(placed)
    problem = False
    text: TextPlace | None = None
    try:
        text = text_of(placed, timeline.size)
    except CompositionError:
        # A font or letter is missing: it is a clip without letters.
        problem = True
    corners = _visible(placed, crop, pin if pins_after else _UNIT)
    to_picture = None
    scale, rotation = placed.transform.scale, placed.transform.rotation_deg
    place: NDArray[np.float64] = np.array(placed.spot.middle)
    if text is not None:
        to_picture = _through(matrix, timeline.size, text.matrix)
        corners = _mapped(to_picture, _UNIT * text.box)
        if moves_by_style(placed):
            place = _mapped(matrix, np.array([text.values["position"]]))[0]
            scale, rotation = text.letters, text.values["rotation_deg"]
    is_text = text is not None or problem
    return StageLayer(
        item=clip.id,
        name=clip.name,
        track=track.name,
        type="subtitle" if is_subtitle else "title" if is_text else "clip",
        locked=track.locked,
        matrix=_row(matrix),
        corners=_corners(corners),
        place=(float(place[0]), float(place[1])),
        scale=float(scale),
        rotation_deg=float(rotation),
        crop=crop,
        pin=_corners(pin),
        takes_effects=not is_subtitle,
        text=None if text is None or to_picture is None else _text(text, to_picture),
    )


def _track_of(timeline: Timeline, item: str) -> tuple[Track, bool]:
    place = place_of(timeline, item)
    track = timeline.tracks[place.track]
    return track, isinstance(track.items[place.item], Subtitle)


def _values_at(effect: Effect, own: Fraction) -> dict[str, Any]:
    try:
        return values_of(find(effect.kind, "picture"), effect).at(own)
    except CompositionError:
        return {}


def _effects_at(
    placed: PlacedClip,
) -> tuple[tuple[float, float, float, float], NDArray[np.float64], bool]:
    """Return what is cropped, where the corners lie, and whether that is done last."""
    crop, pin = (0.0, 0.0, 0.0, 0.0), _UNIT
    order = []
    for effect in placed.clip.effects:
        if effect.kind in {"crop", "perspective"} and effect.enabled:
            values = _values_at(effect, placed.own)
            if values and effect.kind == "crop":
                left, top, right, bottom = (float(values[side]) for side in _SIDES)
                crop = (left, top, right, bottom)
            elif values:
                pin = np.array([values[name] for name in _PINS], np.float64)
            order.append(effect.kind)
    return crop, pin, order[-1:] != ["crop"]


def _visible(
    placed: PlacedClip,
    crop: tuple[float, float, float, float],
    pin: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the corners of what is seen of a clip, on the picture."""
    left, top, wide, high = placed.spot.crop
    near = np.maximum([left, top], crop[:2])
    far = np.minimum([left + wide, top + high], 1 - np.array(crop[2:]))
    inside = near + _UNIT * np.maximum(far - near, 0)
    if not np.array_equal(pin, _UNIT):
        inside = _pinned(inside, pin)
    return _mapped(placed.spot.matrix, inside)


def _pinned(
    points: NDArray[np.float64], pin: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return where shares of a picture lie once its corners have moved."""
    pairs = [[(float(x), float(y)) for x, y in corners] for corners in (_UNIT, pin)]
    try:
        matrix = homography(pairs[0], pairs[1])
    except ValueError:
        return pin
    whole = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(whole[:, :2] / whole[:, 2:])


def _through(
    matrix: NDArray[np.float64], size: tuple[int, int], inner: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the matrix from pixels within a generated frame to the picture."""
    rows = matrix / [*size, 1]
    return np.asarray(rows @ np.vstack([inner, [0, 0, 1]]))


def _mapped(
    matrix: NDArray[np.float64], points: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2])


def _row(matrix: NDArray[np.float64]) -> Matrix:
    a, b, c, d, e, f = (float(part) for part in matrix.ravel())
    return a, b, c, d, e, f


def _corners(points: NDArray[np.float64]) -> Corners:
    one, two, three, four = ((float(x), float(y)) for x, y in points)
    return one, two, three, four


def _text(text: TextPlace, matrix: NDArray[np.float64]) -> StageText:
    values = text.values
    return StageText(
        text=values["text"],
        font=values["font"],
        size=values["size"],
        bold=values["bold"],
        italic=values["italic"],
        underline=values["underline"],
        color=values["color"],
        align=values["align"],
        matrix=_row(matrix),
        box_px=text.box,
        letters_px=text.letters,
        line_px=text.line,
        high_px=text.high,
        pad_px=text.pad,
        wrap_px=text.wrap,
    )
