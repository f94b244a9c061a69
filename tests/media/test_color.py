"""What numbers mean: tagged and untagged, small and large, of every shape and depth.

Each case codes patches of known RGB by ITU-R BT.601 or BT.709 itself, in NumPy, and
stores them without loss; what is shown must be the same RGB again.
"""

import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import timeline_nb as tl
from timeline_nb.errors import MediaError
from timeline_nb.media.convert import converted
from timeline_nb.media.library import MediaLibrary

_PATCHES = np.array(
    [
        (200, 40, 40),
        (40, 180, 40),
        (40, 40, 200),
        (210, 210, 60),
        (200, 120, 90),
        (128, 128, 128),
        (240, 240, 240),
        (12, 12, 12),
    ],
    float,
)
_WEIGHTS = {"bt601": (0.299, 0.114), "bt709": (0.2126, 0.0722)}
_TAGS = {"bt601": 6, "bt709": 1, "": 2}
_SD, _HD = (192, 96), (1280, 96)


def _yuv(matrix: str, *, full: bool, bits: int) -> NDArray[np.float64]:
    """`(8, 3)`: the patches as code values (ITU-R BT.601-7, 2.5.3; BT.709-6, 3.4)."""
    red, blue = _WEIGHTS[matrix]
    luma = _PATCHES @ [red, 1 - red - blue, blue] / 255
    cb = (_PATCHES[:, 2] / 255 - luma) / (2 * (1 - blue))
    cr = (_PATCHES[:, 0] / 255 - luma) / (2 * (1 - red))
    scale = 2 ** (bits - 8)
    if full:
        top = 2**bits - 1
        return np.stack([luma * top, cb * top + 128 * scale, cr * top + 128 * scale], 1)
    limited = [16 + 219 * luma, 128 + 224 * cb, 128 + 224 * cr]
    return np.asarray(scale * np.stack(limited, 1))


def _film(
    path: Path,
    matrix: str,
    *,
    tag: str,
    size: tuple[int, int],
    shape: str = "420",
    bits: int = 8,
    full: bool = False,
) -> Path:
    """Three frames of the patches, side by side, coded by FFV1 as they are given."""
    pix_fmt = f"yuv{shape}p" + ("10le" if bits == 10 else "")
    values = np.round(_yuv(matrix, full=full, bits=bits))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=25)
        stream.width, stream.height = size
        stream.pix_fmt = pix_fmt
        context = stream.codec_context
        context.colorspace = context.color_primaries = context.color_trc = _TAGS[tag]
        context.color_range = 2 if full else 1
        for number in range(3):
            frame = av.VideoFrame(*size, pix_fmt)
            for channel, plane in enumerate(frame.planes):
                kind = np.uint16 if bits == 10 else np.uint8
                rows = np.frombuffer(memoryview(plane), kind)
                lines = rows.reshape(plane.height, -1)
                wide = np.repeat(values[:, channel], plane.width // 8)
                lines[:, : plane.width] = wide.astype(kind)
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def _read(picture: NDArray[Any]) -> NDArray[np.float64]:
    """`(8, 3)`: the patches of a picture, at their middles."""
    high, wide = picture.shape[:2]
    columns = [wide * (2 * n + 1) // 16 for n in range(8)]
    return np.asarray(picture[high // 2, columns], float)


@pytest.fixture
def studio(tmp_path: Path) -> tl.Studio:
    return tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache"))


def _edit(media: tl.Media, studio: tl.Studio) -> tl.Edit:
    cut = tl.Edit("cut", rate=25, size=media.size, studio=studio)
    cut.append(media)
    return cut


@pytest.mark.parametrize("bits", [8, 10])
@pytest.mark.parametrize("shape", ["420", "422", "444"])
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(
    ("matrix", "tag", "size"),
    [
        ("bt601", "bt601", _SD),
        ("bt709", "bt709", _SD),
        ("bt601", "", _SD),
        ("bt709", "", _HD),
        ("bt601", "bt601", _HD),
    ],
)
def test_the_same_pixel_is_the_same_rgb_wherever_it_is_shown(
    matrix: str,
    tag: str,
    size: tuple[int, int],
    *,
    full: bool,
    shape: str,
    bits: int,
    tmp_path: Path,
    studio: tl.Studio,
) -> None:
    path = tmp_path / "film.mkv"
    _film(path, matrix, tag=tag, size=size, shape=shape, bits=bits, full=full)
    media = tl.open(path, studio=studio)
    seen = _read(media.frame())
    assert np.abs(seen - _PATCHES).max() <= 2
    (small,) = media.thumbnails(1, height_px=48)
    assert np.abs(_read(small) - _PATCHES).max() <= 2
    cut = _edit(media, studio)
    assert np.abs(_read(cut.frame()) - seen).max() <= 2
    # Pictures that effects work on are made elsewhere.
    cut.effects.add(0, "brightness", amount=0)
    assert np.abs(_read(cut.frame()) - seen).max() <= 2


@pytest.mark.parametrize(("matrix", "tag"), [("bt601", ""), ("bt709", "bt709")])
def test_a_film_has_the_colours_of_the_edit(
    matrix: str, tag: str, tmp_path: Path, studio: tl.Studio
) -> None:
    media = tl.open(_film(tmp_path / "f.mkv", matrix, tag=tag, size=_SD), studio=studio)
    cut = _edit(media, studio)
    film = cut.render(tmp_path / "out.mkv", profile=tl.Profile(video="ffv1")).wait()
    assert np.array_equal(tl.open(film.path, studio=studio).frame(), cut.frame())
    lossy = cut.render(tmp_path / "out.mp4", profile=tl.Profile(crf=1)).wait().path
    command = ["ffmpeg", "-v", "error", "-i", str(lossy), "-frames:v", "1", "-vf"]
    command += ["scale=flags=accurate_rnd+full_chroma_int", "-f", "rawvideo"]
    data = subprocess.run(
        [*command, "-pix_fmt", "rgb24", "-"], check=True, capture_output=True
    ).stdout
    shown = np.frombuffer(data, np.uint8).reshape(media.size[1], media.size[0], 3)
    assert np.abs(_read(shown) - _PATCHES).max() <= 3


def test_ten_bits_are_converted_to_a_level_of_eight(tmp_path: Path) -> None:
    """Against a conversion in floating point: BT.709 codes in, RGB of 16 bits out."""
    path = _film(tmp_path / "f.mkv", "bt709", tag="bt709", size=_SD, bits=10)
    library = MediaLibrary(tmp_path / "cache")
    with library.video(path) as decoder:
        made = converted(decoder.frame(0).picture, "gbrp16le").to_ndarray()
    codes = np.round(_yuv("bt709", full=False, bits=10)) / 4
    luma, cb, cr = ((codes - [16, 128, 128]) / [219, 224, 224]).T
    red, blue = _WEIGHTS["bt709"]
    exact_red, exact_blue = luma + 2 * (1 - red) * cr, luma + 2 * (1 - blue) * cb
    green = (luma - red * exact_red - blue * exact_blue) / (1 - red - blue)
    exact = np.stack([exact_red, green, exact_blue], axis=1) * 255
    assert np.abs(_read(made) / 257 - exact).max() <= 1


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "CMYK"])
@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "bmp", "tif", "gif"])
def test_stills_are_as_their_formats_say(
    mode: str, suffix: str, tmp_path: Path, studio: tl.Studio
) -> None:
    kinds = {"jpg": {"RGB", "L", "CMYK"}, "webp": {"RGB"}, "gif": {"P", "L"}}
    if mode not in kinds.get(suffix, {"RGB", "L", "P"}):
        return
    picture = np.repeat(np.repeat(_PATCHES[None], 160, 1), 720, 0).astype(np.uint8)
    path = tmp_path / f"still.{suffix}"
    # Larger than HD: stills follow their formats, not their size.
    rgb = Image.fromarray(picture)
    still = rgb.quantize(64, dither=Image.Dither.NONE) if mode == "P" else None
    (still or rgb.convert(mode)).save(path, quality=95)
    with Image.open(path) as stored:
        wanted = _read(np.asarray(stored.convert("RGB")))
    media = tl.open(path, studio=studio)
    assert np.abs(_read(media.frame()) - wanted).max() <= 2
    cut = tl.Edit("cut", rate=25, size=media.size, studio=studio)
    cut.append(media.clip(end="0.04s"))
    assert np.abs(_read(cut.frame()) - wanted).max() <= 3


def test_a_person_may_know_better(tmp_path: Path, studio: tl.Studio) -> None:
    path = _film(tmp_path / "f.mkv", "bt709", tag="", size=_SD, full=True)
    media = tl.open(path, studio=studio)
    assert np.abs(_read(media.frame()) - _PATCHES).max() > 10
    known = media.assume(color="bt709")
    assert np.abs(_read(known.frame()) - _PATCHES).max() <= 2
    (small,) = known.thumbnails(1, height_px=48)
    assert np.abs(_read(small) - _PATCHES).max() <= 2
    cut = _edit(known, studio)
    assert np.abs(_read(cut.frame()) - _PATCHES).max() <= 2
    wrong = _edit(known.assume(range="tv"), studio)
    assert np.abs(_read(wrong.frame()) - _PATCHES).max() > 10
    # What is assumed is part of what a segment shows.
    plans = [
        edit.plan(tmp_path / "x.mp4") for edit in (cut, wrong, _edit(media, studio))
    ]
    assert len({plan.segments[0].key for plan in plans}) == 3
    assert known.assume(color="").info.assumed == media.info.assumed
    assert "assumed bt709" in repr(known)
    with pytest.raises(MediaError, match=r"color='rec709'; there are bt601, bt709"):
        media.assume(color="rec709")  # type: ignore[arg-type]


def test_what_is_assumed_is_saved(tmp_path: Path, studio: tl.Studio) -> None:
    media = tl.open(_film(tmp_path / "f.mkv", "bt709", tag="", size=_SD), studio=studio)
    cut = _edit(media.assume(color="bt709", fields="progressive"), studio)
    path = tmp_path / "project.tlp"
    cut.save(path)
    again = tl.load(path, studio=studio)
    assert again.timeline.tracks == cut.timeline.tracks
    assert np.array_equal(again.frame(), cut.frame())
    assert '"bt709"' in path.read_text()
