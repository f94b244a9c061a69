"""Convert Pillow's pictures to FFmpeg's: gray or RGB, with or without alpha."""

import io
from functools import lru_cache
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageFile

__all__ = [
    "as_coded",
    "coded_size",
    "gray_or_alpha",
    "has_deep_colors",
    "image_orientation",
    "pixel_format",
    "to_frame",
]

# What undoes the turn that a TIFF's orientation asks for, and that Pillow has made.
_UNDONE: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
_STRIP_PIXELS: Final = 1 << 22
_SIXTEEN_BITS: Final = {"I", "I;16", "I;16L", "I;16B", "I;16N"}
_GRAY: Final = {"1", "L", "F"}
_FORMATS: Final = {"L": "gray", "RGB": "rgb24", "RGBA": "rgba"}
_PROFILES: Final = {"RGB": "RGB ", "RGBA": "RGB ", "CMYK": "CMYK"}


def has_deep_colors(image: ImageFile.ImageFile) -> bool:
    """Return whether a picture that is not loaded has colors of more than 8 bits.

    Pillow would cut them to 8.
    """
    modes = [part for tile in image.tile for part in _texts(tile.args)]
    return image.mode not in _SIXTEEN_BITS and any(";16" in mode for mode in modes)


def _texts(args: object) -> list[str]:
    parts = args if isinstance(args, tuple) else (args,)
    return [part for part in parts if isinstance(part, str)]


def pixel_format(image: Image.Image) -> str:
    """Return FFmpeg's name of the pixel format in which `to_frame` gives a picture."""
    if image.mode in _SIXTEEN_BITS:
        return "gray16le"
    return _FORMATS[_mode(image)]


def coded_size(image: Image.Image, orientation: int) -> tuple[int, int]:
    """Return width and height before Pillow applies a TIFF's orientation."""
    width, height = image.size
    return (height, width) if orientation > 4 else (width, height)


def as_coded(image: Image.Image, orientation: int) -> Image.Image:
    """Return a picture as it is coded, where Pillow has turned it upright.

    Args:
        image: Loaded.
        orientation: The EXIF orientation that Pillow has followed, 1 to 8.
    """
    undone = _UNDONE.get(orientation)
    return image if undone is None else image.transpose(undone)


def image_orientation(image: Image.Image) -> int:
    """Return the EXIF orientation (CIPA DC-008, tag 274) before a picture is loaded.

    Returns:
        1 to 8; 1 if unknown.
    """
    tagged = image.getexif().get(ExifTags.Base.Orientation, 1)
    return tagged if tagged in _UNDONE else 1


def to_frame(image: Image.Image) -> av.VideoFrame:
    """Convert a picture to FFmpeg's gray, gray16, RGB or RGBA, in full range.

    Colors of another ICC profile become those of sRGB.
    """
    if image.mode in _SIXTEEN_BITS:
        deep = np.clip(np.asarray(image), 0, 65535).astype(np.uint16)
        return av.VideoFrame.from_ndarray(deep, "gray16le")
    mode = _mode(image)
    frame = av.VideoFrame(image.width, image.height, _FORMATS[mode])
    plane: Any = frame.planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    # In strips, so that one copy of a large picture is held beside it, not three.
    step = max(1, _STRIP_PIXELS // image.width)
    for top in range(0, image.height, step):
        bottom = min(top + step, image.height)
        strip = image.crop((0, top, image.width, bottom))
        pixels = np.asarray(_in_srgb(strip).convert(mode)).reshape(bottom - top, -1)
        rows[top:bottom, : pixels.shape[1]] = pixels
    return frame


def gray_or_alpha(image: Image.Image) -> NDArray[np.uint8]:
    """Return the alpha of a picture that has one, else its luma: `(H, W)`."""
    if image.mode in _SIXTEEN_BITS:
        deep: NDArray[np.int64] = np.clip(np.asarray(image), 0, 65535) // 257
        return deep.astype(np.uint8)
    if image.mode in {"LA", "RGBA", "PA"}:
        return np.asarray(image.getchannel("A"))
    if image.has_transparency_data:
        return np.asarray(image.convert("RGBA").getchannel("A"))
    return np.asarray(image.convert("L"))


def _mode(image: Image.Image) -> str:
    if image.has_transparency_data:
        return "RGBA"
    return "L" if image.mode in _GRAY else "RGB"


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    space = _PROFILES.get(image.mode)
    if not isinstance(profile, bytes) or space is None:
        return image
    try:
        transform = _to_srgb(profile, space, image.mode)
        return image if transform is None else transform.apply(image)
    except (ImageCms.PyCMSError, OSError, ValueError):
        # A broken profile is ignored: sRGB is assumed.
        return image


@lru_cache(maxsize=32)
def _to_srgb(
    profile: bytes, space: str, mode: str
) -> ImageCms.ImageCmsTransform | None:
    """Return the transform of an ICC profile to sRGB; None where it is sRGB already."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    tagged = ImageCms.getProfileDescription(source)
    if source.profile.xcolor_space != space or "sRGB" in tagged:
        return None
    return ImageCms.ImageCmsTransform(
        source,
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
        mode,
        "RGBA" if mode == "RGBA" else "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
