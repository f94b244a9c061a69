"""Thumbnails: a picture or a frame, as a JPEG that the platform takes."""

from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from timeline_nb.errors import MediaError, PublishError
from timeline_nb.i18n import Message, message_of
from timeline_nb.media.library import MediaLibrary
from timeline_nb.publishing.limits import UploadLimits

__all__ = ["frame_of", "picture_of", "thumbnail_jpeg"]

# What the platforms recommend, 1280 x 720 (YouTube Help, Add video thumbnails).
_LONG_PX: Final = 1280
_QUALITIES: Final = (92, 85, 75, 60, 45)


def picture_of(library: MediaLibrary, path: Path) -> NDArray[np.uint8]:
    """Return a picture file upright: `(H, W, 3) uint8 RGB`.

    Raises:
        PublishError: It is no picture, or cannot be read.
    """
    try:
        if library.probe(path).kind == "image":
            return frame_of(library, path, Fraction(0))
        fault: str = Message("it is no picture")
    except MediaError as error:
        fault = message_of(error)
    raise PublishError(
        Message(
            "thumbnail: {fault}: name a picture file, such as 'cover.jpg'", fault=fault
        )
    )


def frame_of(library: MediaLibrary, film: Path, at: Fraction) -> NDArray[np.uint8]:
    """Return the frame that a film shows at a time: `(H, W, 3) uint8 RGB`.

    Raises:
        MediaError: It has no pictures, or cannot be decoded.
    """
    with library.video(film) as decoder:
        return decoder.frame_at(at).to_rgb()


def thumbnail_jpeg(picture: NDArray[np.uint8], limits: UploadLimits) -> bytes:
    """Return a picture as a JPEG within the platform's limits.

    Args:
        picture: `(H, W, 3) uint8 RGB`.
        limits: Of the platform.

    Raises:
        PublishError: It takes no thumbnails, or this one cannot be made small enough.
    """
    if not limits.thumbnail_bytes:
        raise PublishError(
            Message(
                "{title} takes no picture as the thumbnail: give a time of the "
                "film, thumbnail_at='3s'",
                title=limits.title,
            )
        )
    image = Image.fromarray(picture)
    longest = limits.thumbnail_px or _LONG_PX
    if max(image.size) > longest:
        image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    for quality in _QUALITIES:
        made = BytesIO()
        image.save(made, "jpeg", quality=quality, subsampling=0 if quality > 90 else 2)
        if made.tell() <= limits.thumbnail_bytes:
            return made.getvalue()
    raise PublishError(
        Message(
            "thumbnail has {tell} bytes as a JPEG, and {title} takes {thumbnail_bytes}",
            tell=made.tell(),
            title=limits.title,
            thumbnail_bytes=limits.thumbnail_bytes,
        )
    )
