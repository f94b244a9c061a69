"""Read a picture file as a mask."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timeline_nb.errors import MediaError
from timeline_nb.media._pillow import damage_context, open_picture, picture_format
from timeline_nb.media.pixels import gray_or_alpha
from timeline_nb.media.safety import check_animation

__all__ = ["read_mask"]


def read_mask(path: Path) -> NDArray[np.uint8]:
    """Return the alpha of a picture that has one, else its luma: `(H, W) uint8`.

    Raises:
        MediaError: There is no such file, it is no picture, or it is damaged.
        UnsafeMediaError: It is too large.
    """
    kind = picture_format(path)
    if not kind:
        raise MediaError(f"{path} is not an image file")
    with open_picture(path, kind) as image, damage_context(path):
        if getattr(image, "is_animated", False):
            check_animation(path, 1, *image.size)
        image.load()
        return gray_or_alpha(image)
