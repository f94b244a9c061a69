"""A constant-velocity Kalman filter for many boxes at once.

Noise and motion are independent in each of a box's four numbers (center and size), so
the usual filter of eight states separates into four of two, position and velocity,
which are a few array operations for all boxes.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Motion", "predicted", "to_boxes", "to_middles", "updated"]

# Standard deviations of place and speed, relative to the box size: those of DeepSORT
# and its successors.
_PLACE: Final = 1 / 20
_SPEED: Final = 1 / 160


class Motion(NamedTuple):
    """Place and speed of boxes, and their variances; each `(n, 4) float64`.

    Args:
        place: Middle x, middle y, width, height.
        speed: The same, a frame.
        place_var: Variance of the place.
        both_var: Covariance of place and speed.
        speed_var: Variance of the speed.
    """

    place: NDArray[np.float64]
    speed: NDArray[np.float64]
    place_var: NDArray[np.float64]
    both_var: NDArray[np.float64]
    speed_var: NDArray[np.float64]

    @staticmethod
    def starting(place: NDArray[np.float64]) -> "Motion":
        """Start at boxes, at rest, with a large variance of the speed."""
        size = _sizes(place)
        return Motion(
            place.copy(),
            np.zeros_like(place),
            (2 * _PLACE * size) ** 2,
            np.zeros_like(place),
            (10 * _SPEED * size) ** 2,
        )

    def take(self, rows: NDArray[Any]) -> "Motion":
        """Return the chosen boxes."""
        return Motion(*(part[rows] for part in self))

    def put(self, rows: NDArray[Any], other: "Motion") -> None:
        """Replace the state of some of the boxes."""
        for part, new in zip(self, other, strict=True):
            part[rows] = new

    def joined(self, other: "Motion") -> "Motion":
        """Return these boxes, followed by others."""
        pairs = zip(self, other, strict=True)
        return Motion(*(np.concatenate(pair) for pair in pairs))


def _sizes(place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the scale of the noise: width, height, width, height of each box."""
    return np.maximum(place[:, [2, 3, 2, 3]], 1.0)


def predicted(motion: Motion, steps: float | NDArray[np.float64]) -> Motion:
    """Predict the state some frames later; `steps` is a number, or `(n, 1)`."""
    size = _sizes(motion.place)
    place_noise, speed_noise = (_PLACE * size) ** 2, (_SPEED * size) ** 2
    place = motion.place + steps * motion.speed
    place[:, 2:] = np.maximum(place[:, 2:], 1.0)
    return Motion(
        place,
        motion.speed,
        motion.place_var
        + 2 * steps * motion.both_var
        + steps * steps * motion.speed_var
        + steps * place_noise,
        motion.both_var + steps * motion.speed_var,
        motion.speed_var + steps * speed_noise,
    )


def updated(motion: Motion, seen: NDArray[np.float64]) -> Motion:
    """Return what is believed once boxes `(n, 4)` were seen there."""
    off = seen - motion.place
    total = motion.place_var + (_PLACE * _sizes(motion.place)) ** 2
    gain, speed_gain = motion.place_var / total, motion.both_var / total
    return Motion(
        motion.place + gain * off,
        motion.speed + speed_gain * off,
        motion.place_var * (1 - gain),
        motion.both_var * (1 - gain),
        motion.speed_var - speed_gain * motion.both_var,
    )


def to_middles(boxes: NDArray[Any]) -> NDArray[np.float64]:
    """Return boxes `(n, 4)` xyxy as middle and size."""
    near, far = boxes[:, :2].astype(np.float64), boxes[:, 2:].astype(np.float64)
    return np.concatenate([(near + far) / 2, far - near], axis=1)


def to_boxes(middles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return middle and size as boxes `(n, 4)` xyxy."""
    half = middles[:, 2:] / 2
    return np.concatenate([middles[:, :2] - half, middles[:, :2] + half], axis=1)
