"""Small pictures that show what a kind of the catalog does."""

from fractions import Fraction
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from timeline_nb.effects.picture import Moment, Picture
from timeline_nb.effects.spec import Spec
from timeline_nb.effects.transitions.run import transition_spec
from timeline_nb.errors import CompositionError

__all__ = ["sample_of", "test_image"]

_WIDE, _HIGH = 240, 136
_SKIES: Final = (((70, 130, 200), (250, 210, 150)), ((40, 30, 90), (230, 110, 90)))


def sample_of(
    spec: Spec, pictures: list[NDArray[np.uint8]], **values: Any
) -> NDArray[np.uint8]:
    """Return a picture with a kind applied, over a checkerboard where it is clear.

    Args:
        spec: Of a picture effect, a transition or a generator.
        pictures: One, or two for a transition, `(H, W, 3) uint8 RGB`; a generator has
            their size.
        values: Parameters in place of the defaults.

    Returns:
        `(H, W, 3) uint8 RGB`.

    Raises:
        CompositionError: It needs a file, and none is given; or it is of sound or time,
            which no picture shows.
    """
    if spec.medium not in {"picture", "transition", "generator"}:
        raise CompositionError(
            f"{spec.kind!r} is of {spec.medium}: no picture shows it"
        )
    for name, parameter in spec.parameters.items():
        if parameter.kind == "file" and name not in values:
            raise CompositionError(f"{spec.kind!r} shows nothing without its {name!r}")
    moment = Moment(Fraction(1), Fraction(1, 25), end=Fraction(10))
    given = [Picture(moment=moment, rgb=rgb) for rgb in pictures]
    if spec.medium == "transition":
        shown = _defaults(transition_spec(spec.kind)) | values
        # At a half some are seen from their edge.
        result = spec.make(*given[:2], 0.4, **shown)
    elif spec.medium == "picture":
        result = spec.make(given[0], **(_defaults(spec) | values))
    else:
        high, wide = pictures[0].shape[:2]
        result = spec.make(moment, (wide, high), **(_defaults(spec) | values))
    return np.asarray(_over_checkerboard(result), np.uint8)


def _defaults(spec: Spec) -> dict[str, Any]:
    return {
        name: parameter.check(parameter.default)
        for name, parameter in spec.parameters.items()
        if parameter.kind != "file" and name != "easing"
    }


def test_image(number: int) -> NDArray[np.uint8]:
    """Return a landscape with a sun: by day (0), or in the evening (1).

    Returns:
        `(136, 240, 3) uint8 RGB`.
    """
    top, low = (np.array(color, np.float32) for color in _SKIES[number])
    share = np.linspace(0, 1, _HIGH, dtype=np.float32)[:, None, None]
    sky = np.broadcast_to(top + (low - top) * share, (_HIGH, _WIDE, 3)).copy()
    picture = sky.astype(np.uint8)
    sun = (180, 40) if number == 0 else (60, 70)
    cv2.circle(picture, sun, 18, (255, 240, 190), -1, cv2.LINE_AA)
    x = np.arange(_WIDE)
    for place, (base, high, color) in enumerate(
        ((80, 26, (70, 90, 110)), (98, 18, (60, 110, 70)), (118, 10, (40, 75, 45)))
    ):
        line = base + high * np.sin(x / (18 + 13 * place) + number * 2 + place)
        corners = np.stack([x, line], axis=1).round().astype(np.int32)
        outline = np.vstack([corners, [[_WIDE, _HIGH], [0, _HIGH]]])
        cv2.fillPoly(picture, [outline], color, cv2.LINE_AA)
    return picture


def _over_checkerboard(picture: Picture) -> NDArray[np.uint8]:
    """Return a picture with a checkerboard behind its transparent parts."""
    if picture.alpha is None:
        return picture.rgb
    y, x = np.mgrid[: picture.height, : picture.width]
    board = np.where((x // 8 + y // 8) % 2, 90, 130).astype(np.float32)[..., None]
    share = picture.alpha.astype(np.float32)[..., None] / 255
    return np.asarray(picture.rgb * share + board * (1 - share), np.uint8)
