"""The picture that effects process: planes in the canvas's colors, or RGB."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final, Self, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Bytes",
    "Floats",
    "Moment",
    "Picture",
    "color_of",
    "luma_of",
    "u8",
]

Bytes: TypeAlias = NDArray[np.uint8]
Floats: TypeAlias = NDArray[np.float32]

# ITU-R BT.709 in limited range, from full-range RGB from 0 to 255 and 1.
_RED, _BLUE = 0.2126, 0.0722
_GREEN = 1 - _RED - _BLUE
_FROM_RGB: Final = np.array(
    [
        [219 / 255 * _RED, 219 / 255 * _GREEN, 219 / 255 * _BLUE, 16],
        [
            -112 / 255 * _RED / (1 - _BLUE),
            -112 / 255 * _GREEN / (1 - _BLUE),
            112 / 255,
            128,
        ],
        [
            112 / 255,
            -112 / 255 * _GREEN / (1 - _RED),
            -112 / 255 * _BLUE / (1 - _RED),
            128,
        ],
    ]
)
_INVERSE = np.linalg.inv(_FROM_RGB[:, :3])
_TO_RGB: Final = np.hstack([_INVERSE, -_INVERSE @ _FROM_RGB[:, 3:]])


def u8(values: Any) -> Bytes:
    """Type the result of OpenCV as uint8."""
    return np.asarray(values, np.uint8)


def color_of(text: str) -> tuple[float, float, float, float]:
    """Return red, green, blue and opacity, 0 to 1, of `#rrggbb` or `#rrggbbaa`."""
    digits = text[1:].ljust(8, "f")
    red, green, blue, alpha = (int(digits[n : n + 2], 16) / 255 for n in range(0, 8, 2))
    return red, green, blue, alpha


def luma_of(rgb: tuple[float, float, float]) -> tuple[int, int, int]:
    """Return the values of the three planes for a color, 0 to 1."""
    y, u, v = _FROM_RGB @ [*(255 * part for part in rgb), 1]
    return round(y), round(u), round(v)


@dataclass(frozen=True)
class Moment:
    """The moment at which a picture is shown.

    Args:
        time: Seconds of the owner's own time.
        duration: Seconds from one frame of the timeline to the next.
        seed: Seed of the random generator, the same in every preview and render.
        start: The time at which the owner begins.
        end: The time at which it ends.
        upstream: Returns the effect's input at another time.
        moves: Whether what is drawn moves; if not, it may snap to whole pixels.
    """

    time: Fraction
    duration: Fraction
    seed: int = 0
    start: Fraction = Fraction(0)
    end: Fraction = Fraction(0)
    upstream: "Callable[[Fraction], Picture] | None" = None
    moves: bool = False

    @property
    def number(self) -> int:
        """The number of the timeline's frame, counted from time 0."""
        return int(self.time / self.duration + Fraction(1, 2))

    def random(self, *salt: int) -> np.random.Generator:
        """Return a random generator that is deterministic for each frame and salt."""
        return np.random.default_rng([self.seed, self.number & 0xFFFFFFFF, *salt])


class Picture:
    """An upright picture of square pixels and even sides, with or without opacity.

    It holds planes or RGB and converts when the other form is read, so that effects on
    the same form need no conversion between them. Effects must not write into its
    arrays.

    Args:
        planes: Luma `(H, W)`, blue and red difference `(H / 2, W / 2)`, all uint8, in
            BT.709 and limited range.
        rgb: `(H, W, 3) uint8`, full range; either planes or RGB must be given.
        alpha: `(H, W) uint8`; None if everything is opaque.
        deep: `(H, W, 3) uint16`, full range, of sources with more than 8 bits; for
            the first effect.
        moment: The moment at which it is shown.
    """

    def __init__(
        self,
        *,
        moment: Moment,
        planes: tuple[Bytes, Bytes, Bytes] | None = None,
        rgb: Bytes | None = None,
        alpha: Bytes | None = None,
        deep: NDArray[np.uint16] | None = None,
    ) -> None:
        self._planes = planes
        self._rgb = rgb
        self.alpha = alpha
        self.deep = deep
        self.moment = moment
        whole = planes[0] if planes is not None else rgb
        assert whole is not None  # noqa: S101 - one of the two is given
        self.height: int = whole.shape[0]
        self.width: int = whole.shape[1]

    @property
    def planes(self) -> tuple[Bytes, Bytes, Bytes]:
        """Luma `(H, W)`, blue and red difference `(H / 2, W / 2)`, uint8."""
        if self._planes is None:
            assert self._rgb is not None  # noqa: S101 - one of the two is there
            whole = cv2.transform(self._rgb, _FROM_RGB)
            luma, blue, red = cv2.split(whole)
            half = (self.width // 2, self.height // 2)
            self._planes = (
                u8(luma),
                u8(cv2.resize(blue, half, interpolation=cv2.INTER_AREA)),
                u8(cv2.resize(red, half, interpolation=cv2.INTER_AREA)),
            )
        return self._planes

    @property
    def rgb(self) -> Bytes:
        """`(H, W, 3) uint8`, full range."""
        if self._rgb is None:
            assert self._planes is not None  # noqa: S101 - one of the two is there
            luma, blue, red = self._planes
            size = (self.width, self.height)
            blue, red = (cv2.resize(p, size) for p in (blue, red))  # type: ignore[assignment]
            self._rgb = u8(cv2.transform(cv2.merge([luma, blue, red]), _TO_RGB))
        return self._rgb

    @property
    def opacity(self) -> Bytes:
        """`(H, W) uint8`, even if everything is opaque."""
        if self.alpha is not None:
            return self.alpha
        return np.full((self.height, self.width), 255, np.uint8)

    def with_planes(self, luma: Any, blue: Any, red: Any) -> Self:
        """Return the picture with other planes and the same `alpha`."""
        planes = (u8(luma), u8(blue), u8(red))
        return type(self)(moment=self.moment, planes=planes, alpha=self.alpha)

    def with_luma(self, luma: Any) -> Self:
        """Return the picture with another luma plane."""
        return self.with_planes(luma, *self.planes[1:])

    def with_rgb(self, rgb: Any) -> Self:
        """Return the picture with other RGB and the same `alpha`."""
        return type(self)(moment=self.moment, rgb=u8(rgb), alpha=self.alpha)

    def with_alpha(self, alpha: Any) -> Self:
        """Return the picture with another opacity, `(H, W) uint8`; None for opaque."""
        return type(self)(
            moment=self.moment,
            planes=self._planes,
            rgb=self._rgb,
            alpha=None if alpha is None else u8(alpha),
        )

    def masked(self, mask: Any) -> Self:
        """Return the picture with its opacity multiplied by a mask, `(H, W) uint8`."""
        if self.alpha is None:
            return self.with_alpha(mask)
        return self.with_alpha(cv2.multiply(self.alpha, u8(mask), scale=1 / 255))

    def at(self, moment: Moment) -> Self:
        """Return the picture at another moment."""
        return type(self)(
            moment=moment,
            planes=self._planes,
            rgb=self._rgb,
            alpha=self.alpha,
            deep=self.deep,
        )

    def map_planes(self, change: Callable[[Bytes, float], Any]) -> Self:
        """Return the picture with a function applied to each plane, opacity included.

        Args:
            change: Called with a plane and its scale: 1, or 0.5 for chroma.
        """
        luma, blue, red = self.planes
        changed = self.with_planes(
            change(luma, 1.0), change(blue, 0.5), change(red, 0.5)
        )
        if self.alpha is None:
            return changed
        return changed.with_alpha(change(self.alpha, 1.0))

    def mixed(self, other: "Picture", share: float) -> Self:
        """Return a mix with another picture: 0 is this one, 1 is the other."""
        if share <= 0:
            return self
        pairs = zip(self.planes, other.planes, strict=True)
        mixed = self.with_planes(
            *(cv2.addWeighted(a, 1 - share, b, share, 0) for a, b in pairs)
        )
        if self.alpha is None and other.alpha is None:
            return mixed
        return mixed.with_alpha(
            cv2.addWeighted(self.opacity, 1 - share, other.opacity, share, 0)
        )

    def mixed_where(self, other: "Picture", mask: Any) -> Self:
        """Return this picture where a mask is 0 and another where it is 1.

        Args:
            other: A picture of the same size.
            mask: `(H, W)` from 0 to 1.
        """
        mask = np.asarray(mask, np.float32)
        half = cv2.resize(
            mask, (self.width // 2, self.height // 2), interpolation=cv2.INTER_AREA
        )
        luma, blue, red = (
            _blended(a, b, share)
            for a, b, share in zip(
                self.planes, other.planes, (mask, half, half), strict=True
            )
        )
        joined = self.with_planes(luma, blue, red)
        if self.alpha is None and other.alpha is None:
            return joined
        return joined.with_alpha(_blended(self.opacity, other.opacity, mask))

    def later(self, by: Fraction) -> "Picture":
        """Return this effect's input at a later time; earlier if `by` is negative."""
        if self.moment.upstream is None:
            return self
        time = min(max(self.moment.time + by, self.moment.start), self._last)
        return self.moment.upstream(time).at(replace(self.moment, time=time))

    @property
    def _last(self) -> Fraction:
        return max(self.moment.start, self.moment.end - self.moment.duration)


def _blended(below: Bytes, above: Bytes, share: Any) -> Bytes:
    weights = np.asarray(share, np.float32)
    return u8(cv2.blendLinear(below, above, 1 - weights, weights))
