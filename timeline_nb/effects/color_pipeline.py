"""Color changes made of curves and matrices, run in as few passes as possible.

A pipeline is a list of stages over RGB from 0 to 1. Neighboring curves become one
lookup table, neighboring matrices one matrix. Between a curve to linear light and one
from it the colors are floats, so that shadows do not band.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from timeline_nb.effects.picture import Bytes, u8

__all__ = ["ColorPipeline", "Curve", "Matrix", "Stage", "gain", "power"]

Values: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """A function applied to each of red, green and blue.

    Args:
        change: Maps values `(n, 3)` from 0 on.
        span: The largest input value; linear light before tone mapping exceeds 1.
    """

    change: Callable[[Values], Any]
    span: float = 1.0


@dataclass(frozen=True)
class Matrix:
    """A linear combination of red, green, blue and a constant.

    Args:
        rows: `(3, 4)` float64.
    """

    rows: Values


Stage: TypeAlias = Curve | Matrix
_FINE: Final = 65_535


def gain(red: float, green: float, blue: float) -> Curve:
    """Return a curve that multiplies each channel by a factor."""
    factors = np.array([red, green, blue])
    return Curve(lambda values: values * factors)


def power(exponent: float) -> Curve:
    """Return a curve that raises each channel to a power."""
    return Curve(lambda values: np.power(np.clip(values, 0, None), exponent))


class ColorPipeline:
    """Color stages compiled to tables and matrices.

    Args:
        stages: Stages in order.
        deep: Whether the input has 16 bits.
    """

    def __init__(self, stages: Iterable[Stage], *, deep: bool = False) -> None:
        self._stages = _merged(stages)
        fine = deep or any(isinstance(s, Curve) and s.span != 1 for s in self._stages)
        self._steps = [
            _table(
                stage,
                is_first=place == 0 and not deep,
                fine=fine,
                is_last=place == last,
            )
            if isinstance(stage, Curve)
            else stage.rows
            for last in (len(self._stages) - 1,)
            for place, stage in enumerate(self._stages)
        ]
        self._fine = fine

    def run(self, rgb: NDArray[Any]) -> Bytes:
        """Run the stages on `(H, W, 3)` uint8, or uint16 if deep; returns uint8."""
        if not self._fine:
            for stage, step in zip(self._stages, self._steps, strict=True):
                if isinstance(stage, Curve):
                    rgb = u8(cv2.LUT(rgb, step[None]))
                else:
                    rgb = u8(cv2.transform(rgb, _byte_matrix(step)))
            return rgb
        # Bands of 64 rows keep the floats in the CPU's cache.
        out = np.empty(rgb.shape, np.uint8)
        for top in range(0, len(rgb), 64):
            out[top : top + 64] = self._run_fine(rgb[top : top + 64])
        return out

    def _run_fine(self, rgb: NDArray[Any]) -> Bytes:
        values: Any = rgb
        if rgb.dtype == np.uint16:
            values = rgb.astype(np.float32) / _FINE
        for stage, step in zip(self._stages, self._steps, strict=True):
            if isinstance(stage, Matrix):
                if values.dtype == np.uint8:
                    values = values.astype(np.float32) / 255
                values = cv2.transform(values, step)
            elif values.dtype == np.uint8:
                values = cv2.LUT(values, step[None])
            else:
                scale = _FINE / stage.span
                index = np.clip(values * scale + 0.5, 0, _FINE).astype(np.uint16)
                values = np.stack([step[index[..., c], c] for c in range(3)], axis=-1)
        if values.dtype == np.uint8:
            return u8(values)
        return u8(np.clip(values * 255 + 0.5, 0, 255))


def _byte_matrix(rows: Values) -> Values:
    return np.hstack([rows[:, :3], rows[:, 3:] * 255])


def _merged(stages: Iterable[Stage]) -> list[Stage]:
    out: list[Stage] = []
    for stage in stages:
        last = out[-1] if out else None
        if isinstance(stage, Curve) and isinstance(last, Curve):
            out[-1] = _composed(last, stage)
        elif isinstance(stage, Matrix) and isinstance(last, Matrix):
            square = np.vstack([last.rows, [0, 0, 0, 1]])
            out[-1] = Matrix(stage.rows @ square)
        else:
            out.append(stage)
    return out


def _composed(first: Curve, second: Curve) -> Curve:
    def change(values: Values) -> Any:
        return second.change(np.clip(first.change(values), 0, second.span))

    return Curve(change, first.span)


def _table(curve: Curve, *, is_first: bool, fine: bool, is_last: bool) -> Any:
    """Return the table of 256 bytes, or of 65,536 steps up to the span: `(n, 3)`."""
    count = 256 if is_first or not fine else _FINE + 1
    span = 1.0 if is_first else curve.span
    values = np.repeat(np.linspace(0, span, count)[:, None], 3, axis=1)
    changed = np.asarray(curve.change(values), np.float64)
    if not fine or is_last:
        return u8(np.clip(changed * 255 + 0.5, 0, 255))
    return changed.astype(np.float32)
