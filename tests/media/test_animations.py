"""Animated WebP and AVIF are films, with the durations that their files tell."""

import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from media_factory import picture, read_number
from PIL import Image

from timeline_nb.errors import MediaError
from timeline_nb.media.library import MediaLibrary

SHOWN_MS = (40, 100, 60, 200)


def _animation(path: Path, shown_ms: tuple[int, ...] = SHOWN_MS) -> Path:
    first, *others = (Image.fromarray(picture(n)) for n in range(len(shown_ms)))
    first.save(path, save_all=True, append_images=others, duration=list(shown_ms))
    return path


@pytest.mark.parametrize("suffix", ["webp", "avif"])
def test_an_animation_is_a_film_of_the_durations_told(
    suffix: str, library: MediaLibrary, tmp_path: Path
) -> None:
    info = library.probe(_animation(tmp_path / f"moving.{suffix}"))
    index = library.index(info)
    assert (info.kind, info.duration) == ("video", Fraction(400, 1000))
    assert info.video[0].is_vfr
    assert info.video[0].rate == 10
    times = [index.time_of(n) for n in range(len(index))]
    assert times == [0, Fraction(1, 25), Fraction(7, 50), Fraction(1, 5)]
    assert index.end_of(3) == Fraction(2, 5)


def test_durations_that_a_clock_has_rounded_are_a_steady_rate(
    library: MediaLibrary, tmp_path: Path
) -> None:
    # Thirtieths of a second, as milliseconds tell them.
    info = library.probe(_animation(tmp_path / "steady.webp", (33, 34, 33) * 8))
    index = library.index(info)
    assert (index.rate, index.is_vfr) == (Fraction(30), False)
    assert index.time_of(23) == Fraction(23, 30)


def test_the_clock_of_an_avif_is_not_rounded_picture_by_picture(
    library: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / "steady.avif"
    source = "testsrc=size=64x48:rate=30:duration=0.4"
    words = ("ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-c:v", "libaom-av1")
    subprocess.run([*words, "-cpu-used", "8", str(path)], check=True)
    index = library.index(library.probe(path))
    assert (index.rate, len(index)) == (Fraction(30), 12)
    assert index.end_of(11) == Fraction(12, 30)


@pytest.mark.parametrize("suffix", ["webp", "avif"])
def test_its_pictures_decode_in_any_order(
    suffix: str, library: MediaLibrary, tmp_path: Path
) -> None:
    path = _animation(tmp_path / f"moving.{suffix}")
    with library.video(path) as decoder:
        for number in (2, 0, 3, 1, 1):
            assert read_number(decoder.frame(number).to_rgb()) == number
        with pytest.raises(MediaError, match=r"moving.*4 frames"):
            decoder.frame(4)


def test_a_picture_without_a_duration_lasts_as_in_a_browser(
    library: MediaLibrary, tmp_path: Path
) -> None:
    info = library.probe(_animation(tmp_path / "hasty.webp", (5, 10, 11)))
    # 100 ms for what is told to last 10 or less (Blink's and WebKit's law for GIF).
    assert [library.index(info).time_of(n) for n in range(3)] == [
        0,
        Fraction(1, 10),
        Fraction(2, 10),
    ]
    assert info.duration == Fraction(211, 1000)


def test_what_is_clear_stays_clear_over_what_went_before(
    library: MediaLibrary, tmp_path: Path
) -> None:
    clear = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
    red = Image.new("RGBA", (32, 32), (255, 0, 0, 255))
    path = tmp_path / "blink.webp"
    red.save(path, save_all=True, append_images=[clear], duration=100, lossless=True)
    with library.video(path) as decoder:
        shown = [
            decoder.frame(n).picture.to_ndarray(format="rgba")[16, 16] for n in (0, 1)
        ]
    np.testing.assert_array_equal(shown, [(255, 0, 0, 255), (0, 0, 0, 0)])
