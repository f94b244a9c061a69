"""Blend modes and alpha compositing of one picture over another.

The formulas are those of W3C Compositing and Blending, level 1, on full-range RGB.
"""

from collections.abc import Callable
from typing import Any, Final

import cv2
import numpy as np

from timeline_nb.core.near_names import suggestion
from timeline_nb.effects.picture import Bytes, Picture, u8
from timeline_nb.errors import CompositionError

__all__ = ["MODES", "blended", "check_blend_mode", "crossed", "laid_over"]


def _product(a: Any, b: Any) -> Any:
    return cv2.multiply(a, b, scale=1 / 255)


def _screen(a: Any, b: Any) -> Any:
    return 255 - _product(255 - a, 255 - b)


def _hard_light(below: Any, above: Any) -> Any:
    dark = cv2.multiply(below, above, scale=2 / 255)
    light = 255 - cv2.multiply(255 - below, 255 - above, scale=2 / 255)
    return np.where(above < 128, dark, light)


def _soft_light(below: Any, above: Any) -> Any:
    b, s = below.astype(np.float32) / 255, above.astype(np.float32) / 255
    d = np.where(b <= 0.25, ((16 * b - 12) * b + 4) * b, np.sqrt(b))
    made = np.where(s <= 0.5, b - (1 - 2 * s) * b * (1 - b), b + (2 * s - 1) * (d - b))
    return np.clip(made * 255 + 0.5, 0, 255)


def _dodge(below: Any, above: Any) -> Any:
    left = np.maximum(255 - above.astype(np.int32), 1)
    made = np.minimum(255, below.astype(np.int32) * 255 // left)
    return np.where(below == 0, 0, np.where(above == 255, 255, made))


def _burn(below: Any, above: Any) -> Any:
    share = np.maximum(above.astype(np.int32), 1)
    made = 255 - np.minimum(255, (255 - below.astype(np.int32)) * 255 // share)
    return np.where(below == 255, 255, np.where(above == 0, 0, made))


MODES: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "normal": lambda below, above: above,  # noqa: ARG005 - all modes take both
    "multiply": _product,
    "screen": _screen,
    "overlay": lambda below, above: _hard_light(above, below),
    "darken": cv2.min,
    "lighten": cv2.max,
    "add": cv2.add,
    "subtract": cv2.subtract,
    "difference": cv2.absdiff,
    "exclusion": lambda below, above: cv2.subtract(
        cv2.add(below, above, dtype=cv2.CV_16U),
        cv2.multiply(below, above, scale=2 / 255, dtype=cv2.CV_16U),
        dtype=cv2.CV_8U,
    ),
    "hard_light": _hard_light,
    "soft_light": _soft_light,
    "color_dodge": _dodge,
    "color_burn": _burn,
}


def check_blend_mode(mode: str) -> str:
    """Return the name of a blend mode, if it is one of `MODES`.

    Raises:
        CompositionError: It is none; the nearest names are given.
    """
    if mode not in MODES:
        raise CompositionError(
            f"there is no blend mode {mode!r}{suggestion(mode, MODES)}"
        )
    return mode


def blended(below: Picture, above: Picture, mode: str) -> Picture:
    """Blend a picture over an opaque one by a blend mode.

    Raises:
        CompositionError: There is no such mode.
    """
    check_blend_mode(mode)
    if mode == "normal":
        return laid_over(below, above)
    joined = below.with_rgb(MODES[mode](below.rgb, above.rgb))
    if above.alpha is None:
        return joined
    return below.mixed_where(joined, _share(above.alpha))


def laid_over(below: Picture, above: Picture) -> Picture:
    """Composite a picture over another; both may be transparent in places."""
    if above.alpha is None:
        return above.at(below.moment)
    if below.alpha is None:
        return below.mixed_where(above.with_alpha(None), _share(above.alpha))
    own, under = _share(above.alpha), _share(below.alpha)
    whole = own + under * (1 - own)
    share = np.divide(own, whole, out=np.zeros_like(own), where=whole > 0)
    joined = below.with_alpha(None).mixed_where(above.with_alpha(None), share)
    return joined.with_alpha(_bytes(whole))


def crossed(a: Picture, b: Picture, t: float) -> Picture:
    """Cross-fade two pictures, at share `t`; both may be transparent in places."""
    if a.alpha is None and b.alpha is None:
        return a.mixed(b, t)
    first, second = _share(a.opacity) * (1 - t), _share(b.opacity) * t
    whole = first + second
    share = np.divide(second, whole, out=np.zeros_like(whole), where=whole > 0)
    joined = a.with_alpha(None).mixed_where(b.with_alpha(None), share)
    return joined.with_alpha(_bytes(whole))


def _share(alpha: Bytes) -> Any:
    return alpha.astype(np.float32) / 255


def _bytes(share: Any) -> Bytes:
    return u8(np.clip(share * 255 + 0.5, 0, 255))
