"""Masks: from prototypes to run lengths, and from those to pictures of yes and no."""

import cv2
import numpy as np
from numpy.typing import NDArray

from timeline_nb.recognition.inference.prepare import Window

__all__ = ["decode_mask", "encode_mask", "masks_of"]


def masks_of(
    coefficients: NDArray[np.float32],
    prototypes: NDArray[np.float32],
    boxes: NDArray[np.float32],
    window: Window,
    side: tuple[int, int],
) -> list[tuple[tuple[int, int], NDArray[np.bool_]]]:
    """Compute the mask of each object within its box.

    Args:
        coefficients: `(n, m)`.
        prototypes: `(m, h, w)`.
        boxes: `(n, 4)` xyxy in the picture.
        window: Where the picture lies in the input.
        side: Width and height of the input.

    Returns:
        For each object the left and top of its box in whole pixels, and `(H, W) bool`.
    """
    count, high, wide = prototypes.shape
    maps = (coefficients @ prototypes.reshape(count, -1)).reshape(-1, high, wide)
    shrink = np.array([wide / side[0], high / side[1]])
    steps = np.array(window.scale) * shrink
    shift = (np.array(window.inner[:2]) * shrink) - np.array(window.area[:2]) * steps
    found = []
    for logits, box in zip(maps, boxes, strict=True):
        left, top = np.floor(box[:2]).astype(int)
        size = np.maximum(np.ceil(box[2:]).astype(int) - (left, top), 1)
        # The center of a frame pixel, in pixels of the map.
        start = (np.array([left, top]) + 0.5) * steps + shift - 0.5
        matrix = np.array([[steps[0], 0, start[0]], [0, steps[1], start[1]]])
        here = cv2.warpAffine(
            logits,
            matrix,
            (int(size[0]), int(size[1])),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        # A logit above 0 is a probability above one half.
        found.append(((int(left), int(top)), np.asarray(here > 0, np.bool_)))
    return found


def encode_mask(
    mask: NDArray[np.bool_], corner: tuple[int, int], size: tuple[int, int]
) -> NDArray[np.uint32]:
    """Encode a mask as COCO run lengths: down the columns, background first.

    Args:
        mask: `(h, w) bool`, a part of the picture.
        corner: Its left and top in the picture.
        size: Width and height of the picture.
    """
    left, top = corner
    first_x, first_y = max(0, -left), max(0, -top)
    last_x, last_y = max(0, size[0] - left), max(0, size[1] - top)
    part = mask[first_y:last_y, first_x:last_x]
    height, width = part.shape
    # A row of background above and below ends runs at each column.
    hemmed = np.zeros((width, height + 2), np.int8)
    hemmed[:, 1:-1] = part.T
    changes = np.diff(hemmed, axis=1)
    columns, rows = np.nonzero(changes)
    places = (columns + left + first_x) * size[1] + rows + top + first_y
    # A run that ends where the next begins is one run.
    touching = np.flatnonzero(places[1:-1:2] == places[2::2]) * 2 + 1
    edges = np.delete(places, np.concatenate([touching, touching + 1]))
    whole = np.concatenate([[0], edges, [size[0] * size[1]]])
    return np.diff(whole).astype(np.uint32)


def decode_mask(
    counts: NDArray[np.uint32] | list[int], size: tuple[int, int]
) -> NDArray[np.bool_]:
    """Decode COCO run lengths to a mask `(H, W) bool`.

    Raises:
        ValueError: They do not add up to the picture.
    """
    lengths = np.asarray(counts, np.int64)
    if lengths.sum() != size[0] * size[1]:
        raise ValueError(
            f"the mask has {lengths.sum()} pixels, not {size[0]}x{size[1]}"
        )
    values = np.zeros(len(lengths), np.bool_)
    values[1::2] = True
    return np.repeat(values, lengths).reshape(size).T
