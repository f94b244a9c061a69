"""The picture that effects work on: planes in the canvas's colors, or RGB of them."""

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

# ITU-R BT.709 in limited range: full-range RGB, in 0 to 255, of luma, blue, red and 1.
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
    """What OpenCV gives back, as what it is."""
    return np.asarray(values, np.uint8)


def color_of(text: str) -> tuple[float, float, float, float]:
    """Red, green, blue and opacity, 0 to 1, of `#rrggbb` or `#rrggbbaa`."""
    digits = text[1:].ljust(8, "f")
    red, green, blue, alpha = (int(digits[n : n + 2], 16) / 255 for n in range(0, 8, 2))
    return red, green, blue, alpha


def luma_of(rgb: tuple[float, float, float]) -> tuple[int, int, int]:
    """A color, 0 to 1, as the values of the three planes."""
    y, u, v = _FROM_RGB @ [*(255 * part for part in rgb), 1]
    return round(y), round(u), round(v)


@dataclass(frozen=True)
class Moment:
    """When a picture is seen.

    Args:
        time: Seconds of the owner's own time.
        duration: Seconds from one frame of the timeline to the next.
        seed: A number that a moment keeps, whenever and wherever it is drawn.
        start: The time at which the owner begins.
        end: The time at which it ends.
        upstream: The picture as it was before the effect at another time.
        moves: Whether what is drawn moves: then it is not put on whole pixels.
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
        """How many frames of the timeline have passed since time 0."""
        return int(self.time / self.duration + Fraction(1, 2))

    def random(self, *salt: int) -> np.random.Generator:
        """Chance that falls alike at this moment in every preview and render."""
        return np.random.default_rng([self.seed, self.number & 0xFFFFFFFF, *salt])


class Picture:
    """An upright picture of square pixels and even sides, with or without opacity.

    It is held as planes or as RGB, and becomes the other when that is asked for;
    effects that work on the same kind pass it on without a conversion. No effect may
    write into the arrays that it is given.

    Args:
        planes: Luma `(H, W)`, blue and red difference `(H / 2, W / 2)`, all uint8, in
            BT.709 and limited range.
        rgb: `(H, W, 3) uint8`, full range; one of the two is enough.
        alpha: `(H, W) uint8`; None where all is opaque.
        deep: `(H, W, 3) uint16`, full range: what a source has beyond eight bits, for
            the first effect.
        moment: When it is seen.
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
        """Luma, blue and red difference."""
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
        """`(H, W) uint8`, also where all is opaque."""
        if self.alpha is not None:
            return self.alpha
        return np.full((self.height, self.width), 255, np.uint8)

    def with_planes(self, luma: Any, blue: Any, red: Any) -> Self:
        """The same with other planes; `alpha` stays."""
        planes = (u8(luma), u8(blue), u8(red))
        return type(self)(moment=self.moment, planes=planes, alpha=self.alpha)

    def with_luma(self, luma: Any) -> Self:
        """The same with another luma."""
        return self.with_planes(luma, *self.planes[1:])

    def with_rgb(self, rgb: Any) -> Self:
        """The same with other colors; `alpha` stays."""
        return type(self)(moment=self.moment, rgb=u8(rgb), alpha=self.alpha)

    def with_alpha(self, alpha: Any) -> Self:
        """The same with another opacity, `(H, W) uint8`; None for all opaque."""
        return type(self)(
            moment=self.moment,
            planes=self._planes,
            rgb=self._rgb,
            alpha=None if alpha is None else u8(alpha),
        )

    def masked(self, mask: Any) -> Self:
        """The same, seen only through a mask: `(H, W) uint8`."""
        if self.alpha is None:
            return self.with_alpha(mask)
        return self.with_alpha(cv2.multiply(self.alpha, u8(mask), scale=1 / 255))

    def at(self, moment: Moment) -> Self:
        """The same, seen at another moment."""
        return type(self)(
            moment=moment,
            planes=self._planes,
            rgb=self._rgb,
            alpha=self.alpha,
            deep=self.deep,
        )

    def map_planes(self, change: Callable[[Bytes, float], Any]) -> Self:
        """The same with each plane changed alike, opacity too.

        Args:
            change: Given a plane, and its scale: 1, or 0.5 for chroma.
        """
        luma, blue, red = self.planes
        changed = self.with_planes(
            change(luma, 1.0), change(blue, 0.5), change(red, 0.5)
        )
        if self.alpha is None:
            return changed
        return changed.with_alpha(change(self.alpha, 1.0))

    def mixed(self, other: "Picture", share: float) -> Self:
        """A mix of this picture and another: 0 is all this, 1 all the other."""
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
        """This picture where a mask is 0, another where it is 1.

        Args:
            other: Of the same size.
            mask: `(H, W)` 0 to 1.
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
        """The picture as it was given to this effect, so much later (or earlier)."""
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
