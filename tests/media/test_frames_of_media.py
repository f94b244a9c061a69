"""Frames of a media file, named in every way, beside the numbers that they carry."""

import wave
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest
from media_factory import NTSC, Recipe, make, read_number
from PIL import Image

import timeline_nb as tl
from timeline_nb.errors import MediaError, TimeError

# Frames that last 1, 2 and 3 ticks of 1/90 second: no number of decimals is exact.
_STAMPS = tuple(accumulate([0, *([1, 2, 3] * 40)]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("frames")


@pytest.fixture(scope="module")
def film(folder: Path, studio: tl.Studio) -> tl.Media:
    return tl.open(make(folder, Recipe("film.mp4")), studio=studio)


@pytest.fixture(scope="module")
def studio(folder: Path) -> tl.Studio:
    return tl.open_studio(tl.Settings(cache_dir=folder / "cache"))


@pytest.mark.parametrize("rate", [NTSC, Fraction(24000, 1001), Fraction(60000, 1001)])
def test_the_time_of_each_row_of_a_table_is_its_frame(
    rate: Fraction, folder: Path, studio: tl.Studio
) -> None:
    recipe = Recipe(f"at{rate.numerator}.mp4", frames=120, rate=rate)
    media = tl.open(make(folder, recipe), studio=studio)
    times = media.signals.motion()["time_s"]
    assert len(times) == 120
    assert [read_number(media.frame(time)) for time in times] == list(range(120))
    printed = [round(time, 6) for time in times]
    assert [read_number(media.frame(time)) for time in printed] == list(range(120))


def test_the_time_of_each_row_is_its_frame_at_a_variable_rate(
    folder: Path, studio: tl.Studio
) -> None:
    recipe = Recipe(
        "vfr.mkv",
        frames=len(_STAMPS),
        rate=Fraction(90),
        pts=_STAMPS,
        time_base=Fraction(1, 90),
    )
    media = tl.open(make(folder, recipe), studio=studio)
    assert media.index.is_vfr
    times = media.signals.motion()["time_s"]
    numbers = [read_number(media.frame(time)) for time in times]
    assert numbers == list(range(len(_STAMPS)))
    clip = media.clip(times[7], times[9])
    assert clip.source_range.start == media.index.time_of(7)
    assert clip.source_range.end == media.index.time_of(9)


def test_a_frame_is_named_by_time_number_or_pts(film: tl.Media) -> None:
    pts = int(film.index.pts[7])
    named = [film.frame("7f"), film.frame(0.28), film.frame(number=7)]
    named += [film.frame(number=np.int64(7)), film.frame(pts=pts)]
    assert [read_number(rgb) for rgb in named] == [7] * 5
    assert read_number(film.frame()) == 0
    assert film.frame(number=7, size=(96, 56)).shape == (56, 96, 3)


@pytest.mark.parametrize("at", [2.4, "60f", 3, -0.1, "1m"])
def test_a_time_that_shows_no_frame_says_how_long_the_media_is(
    film: tl.Media, at: tl.TimeLike
) -> None:
    with pytest.raises(TimeError, match=r"film.mp4 lasts 2.4 s .*59, begins at 2.36 s"):
        film.frame(at)


def test_what_names_no_frame_is_refused(film: tl.Media) -> None:
    with pytest.raises(TimeError, match="one of at=, number= and pts=, not by 2"):
        film.frame(1, number=3)
    with pytest.raises(MediaError, match="60 frames, 0 to 59: there is no frame 60"):
        film.frame(number=60)
    with pytest.raises(MediaError, match="no frame with PTS 1"):
        film.frame(pts=1)
    with pytest.raises(TimeError, match=r"number=1\.5 is not a whole number"):
        film.frame(number=1.5)  # type: ignore[arg-type]
    for size in ((0, 10), (10,), "640x360", (10.5, 3), (20_000, 10)):
        with pytest.raises(MediaError, match="give width and height in pixels"):
            film.frame(size=size)  # type: ignore[arg-type]


def test_a_loop_is_given_frames_one_after_another(film: tl.Media) -> None:
    assert [read_number(rgb) for rgb in film.frames()] == list(range(60))
    some = film.frames("10f", "20f", every=3, size=(96, 56))
    assert len(some) == 4
    assert [read_number(rgb) for rgb in some] == [10, 13, 16, 19]
    # Twice: a sequence begins anew.
    assert [rgb.shape for rgb in some] == [(56, 96, 3)] * 4
    # 25 frames a second at 10 a second: 0, 2.5, 5, 7.5 ... and at 50, each twice.
    slow = film.frames(end=1, rate=10)
    assert [read_number(rgb) for rgb in slow] == [0, 2, 5, 7, 10, 12, 15, 17, 20, 22]
    fast = film.frames("1s", "1.08s", rate=50)
    assert [read_number(rgb) for rgb in fast] == [25, 25, 26, 26]


def test_frames_that_are_not_there_are_refused_before_the_loop(film: tl.Media) -> None:
    with pytest.raises(TimeError, match=r"lasts 2\.4 s: nothing of it lies from 5"):
        film.frames(5, 6)
    with pytest.raises(TimeError, match="there is no time"):
        film.frames(2, 1)
    with pytest.raises(TimeError, match="every=0"):
        film.frames(every=0)
    with pytest.raises(TimeError, match="every= or rate=, not both"):
        film.frames(every=2, rate=5)


def test_decoders_stay_open_and_are_not_shared(film: tl.Media) -> None:
    film.frame(number=3)
    opened = len(film.studio.decoders)
    film.frame(number=4)
    assert len(film.studio.decoders) == opened >= 1
    frames = iter(film.frames())
    next(frames)
    # The loop has the decoder, and one beside it takes another.
    assert read_number(film.frame(number=40)) == 40
    assert read_number(next(frames)) == 1
    frames.close()  # type: ignore[attr-defined]
    with ThreadPoolExecutor(8) as pool:
        wanted = [n * 7 % 60 for n in range(200)]
        shown = pool.map(lambda n: read_number(film.frame(number=n)), wanted)
        assert list(shown) == wanted
    assert len(film.studio.decoders) <= 4


def test_a_file_that_changed_is_decoded_anew(folder: Path, studio: tl.Studio) -> None:
    path = make(folder, Recipe("changing.mp4", frames=12))
    media = tl.open(path, studio=studio)
    assert read_number(media.frame(number=5)) == 5
    path.unlink()
    with pytest.raises(MediaError, match="cannot be opened"):
        media.frame(number=5)
    make(folder, Recipe("changing.mp4", frames=20, offset=0)).touch()
    assert read_number(media.frame(number=15)) == 15


def test_closing_the_studio_closes_its_decoders(folder: Path) -> None:
    with tl.open_studio(tl.Settings(cache_dir=folder / "other")) as studio:
        media = tl.open(folder / "film.mp4", studio=studio)
        media.frame(number=1)
        frames = iter(media.frames())
        next(frames)
    assert len(studio.decoders) == 0
    frames.close()  # type: ignore[attr-defined]
    assert len(studio.decoders) == 0


def test_a_frame_is_saved_as_png(film: tl.Media, tmp_path: Path) -> None:
    path = tmp_path / "still.png"
    assert film.save_frame(str(path), at="7f") == path
    with Image.open(path) as image:
        np.testing.assert_array_equal(np.asarray(image), film.frame("7f"))
    # A cell that is run again replaces its own file.
    film.save_frame(path, number=9, size=(96, 56))
    with Image.open(path) as image:
        assert read_number(np.asarray(image)) == 9
        assert image.size == (96, 56)
    assert [kept.name for kept in tmp_path.iterdir()] == ["still.png"]


def test_a_frame_does_not_replace_what_another_program_wrote(
    film: tl.Media, tmp_path: Path
) -> None:
    path = tmp_path / "mine.png"
    Image.new("RGB", (4, 4), "red").save(path)
    before = path.read_bytes()
    with pytest.raises(MediaError, match="is there already"):
        film.save_frame(path, at=1)
    assert path.read_bytes() == before
    film.save_frame(path, at=1, overwrite=True)
    assert path.read_bytes() != before
    with pytest.raises(MediaError, match=r"does not end in \.png"):
        film.save_frame(tmp_path / "still.jpg", at=1)
    with pytest.raises(MediaError, match="cannot be written"):
        film.save_frame(tmp_path / "none" / "still.png", at=1)


def test_a_contact_sheet_shows_frames_in_rows(film: tl.Media) -> None:
    sheet = film.contact_sheet(8, columns=4, height_px=56)
    width, height = sheet.size
    cell_w, cell_h = (width - 8) // 4, (height - 8) // 2
    seen = []
    for number in range(8):
        x, y = 8 + number % 4 * cell_w, 8 + number // 4 * cell_h
        seen.append(read_number(np.asarray(sheet.crop((x, y, x + 96, y + 56)))))
    # The middles of eighths of 60 frames: 3.75, 11.25 ... 56.25.
    assert seen == [3, 11, 18, 26, 33, 41, 48, 56]


def test_a_still_is_shown_at_any_time(tmp_path: Path, studio: tl.Studio) -> None:
    Image.new("RGB", (32, 18), "red").save(tmp_path / "red.png")
    media = tl.open(tmp_path / "red.png", studio=studio)
    assert media.frame().shape == media.frame("5s").shape == (18, 32, 3)
    assert len(media.frames()) == len(media.frames("1s", "2s")) == 1


def test_sound_has_no_frames(folder: Path, studio: tl.Studio) -> None:
    with wave.open(str(folder / "silence.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16_000))
    media = tl.open(folder / "silence.wav", studio=studio)
    for ask in (media.frame, media.frames, media.contact_sheet):
        with pytest.raises(MediaError, match="has no pictures"):
            ask()


def test_a_rate_is_given_by_either_name(tmp_path: Path, studio: tl.Studio) -> None:
    for number in range(3):
        Image.new("RGB", (32, 18)).save(tmp_path / f"shot_{number:04}.png")
    pattern = tmp_path / "shot_%04d.png"
    assert tl.open(pattern, fps=24, studio=studio).rate == 24
    assert tl.open(pattern, rate="23.976", studio=studio).rate == Fraction(24000, 1001)
    with pytest.raises(MediaError, match="rate= and fps= are the same"):
        tl.open(pattern, rate=24, fps=24, studio=studio)
