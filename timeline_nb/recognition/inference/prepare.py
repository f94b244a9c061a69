"""Pictures into a network's input, and what it found back into the picture."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timeline_nb.errors import RecognitionError
from timeline_nb.media.frame import Frame, Planes
from timeline_nb.recognition.layouts.candidates import Candidates
from timeline_nb.recognition.models.spec import Fit, Pixels

try:
    import cv2
except ImportError as error:
    raise RecognitionError(
        f"OpenCV cannot be loaded ({error}): on Debian and Ubuntu, "
        "apt-get install libgl1 libglib2.0-0"
    ) from error

__all__ = ["InputImage", "Window", "fill_input", "picture_of", "window_on"]


@dataclass(frozen=True)
class Window:
    """The placement of a part of a frame in a model's input.

    Args:
        area: Left, top, width and height of the part, in pixels of the picture.
        inner: Left, top, width and height it has in the input.
    """

    area: tuple[int, int, int, int]
    inner: tuple[int, int, int, int]

    @property
    def scale(self) -> tuple[float, float]:
        """Model pixels per picture pixel, across and down."""
        return self.inner[2] / self.area[2], self.inner[3] / self.area[3]

    def to_picture(
        self, found: Candidates, limit: tuple[int, int, int, int]
    ) -> Candidates:
        """Map candidates from model pixels to the frame, and clip boxes to `limit`.

        Args:
            found: In model pixels.
            limit: Left, top, right and bottom of the picture.
        """

        def mapped(points: NDArray[Any]) -> NDArray[np.float32]:
            shift = np.array(self.inner[:2], np.float32)
            factor = np.array(self.scale, np.float32)
            origin = np.array(self.area[:2], np.float32)
            return np.asarray((points - shift) / factor + origin, np.float32)

        boxes = mapped(found.boxes.reshape(-1, 2, 2)).reshape(-1, 4)
        least, most = np.tile(limit[:2], 2), np.tile(limit[2:], 2)
        keypoints, corners = found.keypoints, found.corners
        if keypoints is not None:
            spots = mapped(keypoints[..., :2])
            keypoints = np.concatenate([spots, keypoints[..., 2:]], axis=-1)
        return found._replace(
            boxes=np.clip(boxes, least, most).astype(np.float32),
            keypoints=keypoints,
            corners=None if corners is None else mapped(corners),
        )


def window_on(
    area: tuple[int, int, int, int], side: tuple[int, int], fit: Fit
) -> Window:
    """Compute the placement of a part of a frame in an input of `side`.

    Args:
        area: Left, top, width and height of the part.
        side: Width and height of the input.
        fit: How the aspect is kept.
    """
    if fit == "stretch":
        return Window(area, (0, 0, *side))
    scale = min(side[0] / area[2], side[1] / area[3])
    width = max(1, min(side[0], round(area[2] * scale)))
    height = max(1, min(side[1], round(area[3] * scale)))
    if fit == "corner":
        return Window(area, (0, 0, width, height))
    left, top = (side[0] - width) // 2, (side[1] - height) // 2
    return Window(area, (left, top, width, height))


@dataclass(frozen=True)
class InputImage:
    """A frame in the form that is cheapest to downscale: planes, or RGB.

    Args:
        size: Width and height, upright.
        planes: Luma and chroma as decoded, if they are upright and of eight bits.
        rgb: `(H, W, 3) uint8` otherwise.
    """

    size: tuple[int, int]
    planes: Planes | None = None
    rgb: NDArray[np.uint8] | None = None

    def small(
        self, area: tuple[int, int, int, int], size: tuple[int, int]
    ) -> NDArray[np.uint8]:
        """Resize a part of the frame: `(H, W, 3) uint8 RGB`.

        Plain bilinear, as detectors were trained with: a filter that averages what it
        shrinks (FFmpeg's) moves scores by 0.06 and boxes by 10 px. Planes are made
        small before they become RGB: both steps are linear, so the order is free, and
        a tenth of the pixels is converted.
        """
        left, top, width, height = area
        if self.planes is None:
            assert self.rgb is not None  # noqa: S101 - one of the two is given
            part = self.rgb[top : top + height, left : left + width]
            return np.asarray(_resized(part, size), np.uint8)
        luma = self.planes.luma[top : top + height, left : left + width]
        chroma = [
            plane[
                top // 2 : -(-(top + height) // 2), left // 2 : -(-(left + width) // 2)
            ]
            for plane in (self.planes.blue, self.planes.red)
        ]
        yuv = cv2.merge([_resized(plane, size) for plane in (luma, *chroma)])
        return np.asarray(cv2.transform(yuv, self.planes.to_rgb), np.uint8)


def _resized(plane: NDArray[np.uint8], size: tuple[int, int]) -> Any:
    return cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR)


def picture_of(frame: Frame | NDArray[np.uint8]) -> InputImage:
    """Return a frame, or an RGB picture `(H, W, 3) uint8`, ready to be made small."""
    if isinstance(frame, np.ndarray):
        return InputImage((frame.shape[1], frame.shape[0]), rgb=frame)
    planes = frame.planes()
    if planes is not None:
        return InputImage(frame.size, planes=planes)
    return InputImage(frame.size, rgb=frame.to_rgb())


def fill_input(
    out: NDArray[np.float32], picture: InputImage, window: Window, pixels: Pixels
) -> None:
    """Write a part of a frame to one place of a batch.

    Args:
        out: `(3, H, W) float32`, written over.
        picture: The picture.
        window: The part, and where it lies in the input.
        pixels: What the network was trained with.
    """
    left, top, width, height = window.inner
    small = picture.small(window.area, (width, height))
    if (width, height) != (out.shape[2], out.shape[1]):
        out[:] = _levels(pixels.pad, pixels)[:, None, None]
    channels = (0, 1, 2) if pixels.order == "rgb" else (2, 1, 0)
    for place, channel in enumerate(channels):
        inside = out[place, top : top + height, left : left + width]
        factor = 1 / pixels.std[place]
        np.multiply(small[..., channel], np.float32(factor), out=inside)
        if pixels.mean[place]:
            inside -= np.float32(pixels.mean[place] * factor)


def _levels(value: float, pixels: Pixels) -> NDArray[np.float32]:
    """Return a gray as the network sees it, by channel."""
    mean, std = np.array(pixels.mean), np.array(pixels.std)
    return np.asarray((value - mean) / std, np.float32)
