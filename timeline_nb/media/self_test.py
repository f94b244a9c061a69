"""Prove the decoder with a file whose frames are known."""

from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Final

import av
import numpy as np

from timeline_nb.errors import MediaError

if TYPE_CHECKING:
    from timeline_nb.media.library import MediaLibrary

__all__ = ["prove_decoder"]

_LUMAS: Final = (40, 128, 210)
_SIZE: Final = (192, 112)
# What coding may change of a plain gray.
_NEAR: Final = 4


def prove_decoder(library: "MediaLibrary", folder: Path) -> str:
    """Encode three plain frames to a file, decode them, and compare.

    Args:
        library: Opens the file as it opens all others.
        folder: Where the file is written, and removed again.

    Returns:
        What was decoded, in a few words.

    Raises:
        MediaError: A frame is not what was encoded, or does not decode.
        OSError: The folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"health-{token_hex(8)}.mp4"
    try:
        _write(path)
        with library.video(str(path)) as decoder:
            found = [
                int(decoder.frame(number).to_rgb().mean())
                for number in range(len(_LUMAS))
            ]
    finally:
        path.unlink(missing_ok=True)
    # Full-range gray of limited-range luma (ITU-R BT.601, 2.5.3).
    expected = [(luma - 16) * 255 / 219 for luma in _LUMAS]
    if any(abs(a - b) > _NEAR for a, b in zip(found, expected, strict=True)):
        raise MediaError(f"frames of gray {expected} are decoded as {found}")
    return f"{len(_LUMAS)} frames of H.264 are what was encoded"


def _write(path: Path) -> None:
    width, height = _SIZE
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "4"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for luma in _LUMAS:
            planes = np.full((height * 3 // 2, width), 128, np.uint8)
            planes[:height] = luma
            container.mux(stream.encode(av.VideoFrame.from_ndarray(planes, "yuv420p")))
        container.mux(stream.encode())
