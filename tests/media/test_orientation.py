"""Turned and mirrored pictures: all eight ways, wherever they are shown."""

import subprocess
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

import timeline_nb as tl
from timeline_nb.media.orientation import Orientation
from timeline_nb.preview.jpeg import JpegDecoder, JpegEncoder

_WIDTH, _HEIGHT = 64, 48
# Counter-clockwise degrees, mirrored from left to right, and from top to bottom after.
_EIGHT = [(turn, flip, False) for turn in (0, 90, 180, 270) for flip in (False, True)]


def _corners() -> NDArray[np.uint8]:
    """Red, green, blue and yellow quarters: no two of the eight ways look alike."""
    picture = np.zeros((_HEIGHT, _WIDTH, 3), np.uint8)
    picture[:24, :32], picture[:24, 32:] = (200, 30, 30), (30, 180, 30)
    picture[24:, :32], picture[24:, 32:] = (30, 30, 200), (200, 200, 40)
    return picture


def _film(path: Path, way: tuple[int, bool, bool]) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "5"})
        stream.width, stream.height, stream.pix_fmt = _WIDTH, _HEIGHT, "yuv420p"
        stream.codec_context.colorspace = 1
        stream.set_display_rotation(way[0], hflip=way[1], vflip=way[2])
        for number in range(10):
            frame = av.VideoFrame.from_ndarray(_corners(), "rgb24").reformat(
                format="yuv420p", dst_colorspace=1, dst_color_range=1
            )
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def _seen(picture: NDArray[np.uint8]) -> list[tuple[int, ...]]:
    """Which of red, green and blue are bright, at the middles of the quarters."""
    high, wide = picture.shape[:2]
    return [
        tuple(int(value > 100) for value in picture[high * y // 4, wide * x // 4])
        for y in (1, 3)
        for x in (1, 3)
    ]


def _by_ffmpeg(path: Path, size: tuple[int, int]) -> NDArray[np.uint8]:
    """The first frame as the ffmpeg program shows it."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-frames:v", "1"]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    data = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(data, np.uint8).reshape(size[1], size[0], 3)


@pytest.fixture
def studio(tmp_path: Path) -> tl.Studio:
    return tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache"))


# Matroska tells turns alone.
@pytest.mark.parametrize(
    ("suffix", "way"),
    [("mp4", way) for way in _EIGHT] + [("mkv", way) for way in _EIGHT if not way[1]],
)
def test_a_film_lies_as_its_matrix_says(
    way: tuple[int, bool, bool], suffix: str, tmp_path: Path, studio: tl.Studio
) -> None:
    media = tl.open(_film(tmp_path / f"film.{suffix}", way), studio=studio)
    wanted = _by_ffmpeg(media.path, media.size)
    assert _seen(media.frame()) == _seen(wanted)
    assert np.abs(media.frame().astype(int) - wanted).mean() < 3
    assert _seen(media.thumbnails(1, height_px=32)[0]) == _seen(wanted)
    with studio.library.video(media.path) as decoder:
        frame = decoder.frame(0)
        jpeg = JpegEncoder(frame.size).encode_upright(frame)
    small = JpegDecoder().decode(jpeg).to_ndarray(format="rgb24")
    assert _seen(np.asarray(small, np.uint8)) == _seen(wanted)
    cut = tl.Edit("cut", rate=25, size=media.size, studio=studio)
    cut.append(media)
    assert _seen(cut.frame()) == _seen(wanted)
    cut.effects.add(0, "brightness", amount=0.02)
    assert _seen(cut.frame()) == _seen(wanted)


@pytest.mark.parametrize("way", _EIGHT)
def test_packets_of_turned_films_are_not_taken_over(
    way: tuple[int, bool, bool], tmp_path: Path, studio: tl.Studio
) -> None:
    media = tl.open(_film(tmp_path / "film.mp4", way), studio=studio)
    cut = tl.Edit("cut", rate=25, size=media.size, studio=studio)
    cut.append(media)
    profile = tl.Profile(smart=True, preset="ultrafast")
    plan = cut.plan(tmp_path / "out.mp4", profile=profile)
    copied = [segment for segment in plan.segments if segment.action == "copy"]
    assert bool(copied) == (way == (0, False, False))
    film = cut.render(tmp_path / "out.mp4", profile=profile).wait().path
    assert _seen(_by_ffmpeg(film, media.size)) == _seen(
        _by_ffmpeg(media.path, media.size)
    )


@pytest.mark.parametrize("value", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "avif"])
def test_a_photo_lies_as_its_exif_says(
    value: int, suffix: str, tmp_path: Path, studio: tl.Studio
) -> None:
    path = tmp_path / f"photo.{suffix}"
    exif = Image.Exif()
    exif[0x0112] = value
    Image.fromarray(_corners()).save(path, exif=exif)
    with Image.open(path) as stored:
        wanted = np.asarray(ImageOps.exif_transpose(stored).convert("RGB"))
    media = tl.open(path, studio=studio)
    assert media.size == wanted.shape[1::-1]
    assert _seen(media.frame()) == _seen(wanted)
    cut = tl.Edit("cut", rate=25, size=media.size, studio=studio)
    cut.append(media.clip(end="0.04s"))
    assert _seen(cut.frame()) == _seen(wanted)


def test_boxes_find_the_coded_pixels() -> None:
    """A marked coded pixel is where its box on the upright picture leads to."""
    for turn in (0, 90, 180, 270):
        for flip in (False, True):
            way = Orientation(turn, flip)
            coded = np.zeros((48, 64), np.uint8)
            coded[5, 7] = 1
            upright = way.upright(coded)
            high, wide = upright.shape
            ((y, x),) = np.argwhere(upright)
            box = np.array([[x / wide, y / high, (x + 1) / wide, (y + 1) / high]])
            left, top, right, bottom = way.coded_boxes(box)[0] * [64, 48, 64, 48]
            assert (left, top) == pytest.approx((7, 5))
            assert (right, bottom) == pytest.approx((8, 6))
