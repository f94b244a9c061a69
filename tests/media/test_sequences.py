"""Pictures in files of their own are a film: opened, edited, rendered, saved, found."""

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from media_factory import NTSC, picture, read_number
from PIL import Image

import timeline_nb as tl
from timeline_nb.errors import CompositionError, MediaError
from timeline_nb.project.relink import relink

COUNT = 6


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    with tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache")) as studio:
        yield studio


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """A folder of `shot_0008.png` to `shot_0013.png`, which carry 8 to 13."""
    folder = tmp_path / "shots 100%"
    folder.mkdir()
    for number in range(8, 8 + COUNT):
        Image.fromarray(picture(number)).save(folder / f"shot_{number:04d}.png")
    # None of these is of the sequence.
    Image.new("RGB", (10, 10)).save(folder / "shot_14.png")
    Image.new("RGB", (10, 10)).save(folder / "shot_0014.png.png")
    (folder / "shot_0015.jpg").write_bytes(b"")
    return folder


def _numbers(media: tl.Media) -> list[int]:
    return [
        read_number(media.frame(media.index.time_of(n)))
        for n in range(len(media.index))
    ]


def test_a_pattern_is_a_film_at_its_rate(shots: Path, studio: tl.Studio) -> None:
    film = tl.open(shots / "shot_%04d.png", rate="29.97", studio=studio)
    assert (film.rate, film.info.kind, film.size) == (NTSC, "video", (192, 112))
    assert film.duration == COUNT / NTSC
    assert [film.index.time_of(n) for n in (0, 1, 5)] == [0, 1 / NTSC, 5 / NTSC]
    assert _numbers(film) == [8, 9, 10, 11, 12, 13]
    assert "shot_%04d.png" in repr(film)
    assert len(film.thumbnails(3)) == 3


def test_a_list_keeps_its_order(shots: Path, studio: tl.Studio) -> None:
    files = [shots / f"shot_{number:04d}.png" for number in (11, 8, 11)]
    film = tl.open(files, rate=10, studio=studio)
    assert _numbers(film) == [11, 8, 11]
    assert film.duration == Fraction(3, 10)
    assert repr(film).startswith("<Media 'shot_0011.png … (3 files)'")


def test_a_long_list_goes_wherever_a_path_goes(
    tmp_path: Path, studio: tl.Studio
) -> None:
    # Its path is longer than any name that the file system takes.
    files = [tmp_path / f"picture number {number} of many.png" for number in range(60)]
    for number, path in enumerate(files):
        Image.fromarray(picture(number)).save(path)
    film = tl.open(files, rate=25, studio=studio)
    cut = tl.Edit("x", rate=25, size=(192, 112), studio=studio)
    cut.append(film.clip("57f"))
    assert read_number(cut.frame("2f")) == 59
    cut.save(tmp_path / "cut.tlp")
    opened = tl.load(tmp_path / "cut.tlp", studio=studio)
    assert read_number(opened.frame(0)) == 57
    assert tl.TimelineWidget(opened).still
    files[3].unlink()
    with pytest.raises(CompositionError, match="offline"):
        opened.frame(0)
    assert len(relink(opened.timeline, tmp_path).missing) == 1


def test_files_of_several_folders_and_odd_names(
    shots: Path, tmp_path: Path, studio: tl.Studio
) -> None:
    odd = tmp_path / "a|b&c#rate=5%é.png"
    Image.fromarray(picture(3)).save(odd)
    film = tl.open([shots / "shot_0009.png", odd], rate=10, studio=studio)
    assert _numbers(film) == [9, 3]


def test_its_path_opens_it_again(shots: Path, studio: tl.Studio) -> None:
    for film in (
        tl.open(shots / "shot_%04d.png", rate="29.97", studio=studio),
        tl.open(
            [shots / "shot_0009.png", shots / "shot_0008.png"], rate=5, studio=studio
        ),
    ):
        again = tl.open(film.path, studio=studio)
        assert again.info == film.info
        assert _numbers(again) == _numbers(film)


def test_a_hole_is_named(shots: Path, studio: tl.Studio) -> None:
    (shots / "shot_0010.png").unlink()
    with pytest.raises(MediaError, match=r"shot_0010\.png is missing"):
        tl.open(shots / "shot_%04d.png", rate=24, studio=studio)


def test_a_missing_file_of_a_list_is_named(shots: Path, studio: tl.Studio) -> None:
    files = [shots / "shot_0008.png", shots / "shot_0099.png"]
    with pytest.raises(MediaError, match=r"shot_0099\.png, of a sequence of 2 files"):
        tl.open(files, rate=24, studio=studio)


def test_a_file_of_another_size_is_named(shots: Path, studio: tl.Studio) -> None:
    Image.new("RGB", (64, 64)).save(shots / "shot_0010.png")
    film = tl.open(shots / "shot_%04d.png", rate=24, studio=studio)
    assert read_number(film.frame("1f")) == 9
    with pytest.raises(MediaError, match=r"shot_0010\.png is 64x64"):
        film.frame("2f")


def test_a_sequence_wants_a_rate_and_a_file_none(
    shots: Path, studio: tl.Studio
) -> None:
    with pytest.raises(MediaError, match=r"tl\.open\('.*shot_%04d\.png', rate=24\)"):
        tl.open(shots / "shot_%04d.png", studio=studio)
    with pytest.raises(MediaError, match="is one file"):
        tl.open(shots / "shot_0008.png", rate=24, studio=studio)
    with pytest.raises(MediaError, match="the list is empty"):
        tl.open([], rate=24, studio=studio)


def test_a_file_named_like_a_pattern_is_that_file(
    shots: Path, studio: tl.Studio
) -> None:
    Image.fromarray(picture(77)).save(shots / "shot_%04d.png")
    media = tl.open(shots / "shot_%04d.png", studio=studio)
    assert media.info.kind == "image"
    assert read_number(media.frame()) == 77


def test_probing_opens_the_first_file_alone(shots: Path, studio: tl.Studio) -> None:
    for number in range(9, 8 + COUNT):
        (shots / f"shot_{number:04d}.png").write_bytes(b"no picture")
    film = tl.open(shots / "shot_%04d.png", rate=24, studio=studio)
    assert len(film.index) == COUNT
    with pytest.raises(MediaError, match=r"shot_0009\.png"):
        film.frame("1f")


def test_a_broken_file_is_held_over_and_told(
    shots: Path, tmp_path: Path, studio: tl.Studio
) -> None:
    broken = shots / "shot_0010.png"
    broken.write_bytes(broken.read_bytes()[:300])
    film = tl.open(shots / "shot_%04d.png", rate=24, studio=studio)
    cut = tl.Edit("x", rate=24, size=(192, 112), studio=studio)
    cut.append(film)
    result = cut.render(tmp_path / "held.mp4").wait()
    rendered = tl.open(tmp_path / "held.mp4", studio=studio)
    assert _numbers(rendered) == [8, 9, 9, 11, 12, 13]
    assert any("shot_%04d.png" in warning for warning in result.warnings)
    with pytest.raises(MediaError, match=r"frame 2 .*shot_0010\.png"):
        film.frame("2f")


def test_a_file_drawn_anew_is_seen(shots: Path, studio: tl.Studio) -> None:
    film = tl.open(shots / "shot_%04d.png", rate=24, studio=studio)
    Image.fromarray(picture(999)).save(shots / "shot_0009.png")
    os.utime(shots / "shot_0009.png", ns=(1, 1))
    again = tl.open(shots / "shot_%04d.png", rate=24, studio=studio)
    assert again.info.fingerprint != film.info.fingerprint
    assert read_number(again.frame("1f")) == 999


def test_an_edit_of_a_sequence_renders_and_its_project_opens(
    shots: Path, tmp_path: Path, studio: tl.Studio
) -> None:
    film = tl.open(shots / "shot_%04d.png", rate=24, studio=studio)
    cut = tl.Edit("x", rate=24, size=(192, 112), studio=studio)
    cut.append(film.clip("2f"))
    cut.append(film.clip(0, "2f"))
    assert cut.timeline.tracks[0].items[0].name == "shot_%04d"  # type: ignore[union-attr]
    cut.save(shots / "cut.tlp")
    moved = shots.rename(tmp_path / "elsewhere")
    with tl.open_studio(tl.Settings(cache_dir=tmp_path / "other")) as other:
        opened = tl.load(moved / "cut.tlp", studio=other)
        opened.render(tmp_path / "film.mp4").wait()
        rendered = tl.open(tmp_path / "film.mp4", studio=other)
        assert _numbers(rendered) == [10, 11, 12, 13, 8, 9]


def test_a_sequence_that_moved_is_found_again(
    shots: Path, tmp_path: Path, studio: tl.Studio
) -> None:
    cut = tl.Edit("x", rate=24, size=(192, 112), studio=studio)
    cut.append(tl.open(shots / "shot_%04d.png", rate=24, studio=studio))
    shots.rename(tmp_path / "archive")
    with pytest.raises(CompositionError, match="offline"):
        cut.frame(0)
    found = relink(cut.timeline, tmp_path)
    assert not found.missing
    (new,) = found.found.values()
    assert new == f"{tmp_path / 'archive' / 'shot_%04d.png'}#rate=24"
    for number in range(8, 8 + COUNT):
        os.utime(tmp_path / "archive" / f"shot_{number:04d}.png", ns=(5, 5))
    changed = relink(cut.timeline, tmp_path)
    assert list(changed.doubtful.values()) == [new]


def test_shots_and_signals_look_at_a_sequence(
    tmp_path: Path, studio: tl.Studio
) -> None:
    for number in range(16):
        shade = 30 if number < 8 else 220
        Image.new("L", (64, 48), shade).save(tmp_path / f"{number}.png")
    film = tl.open(tmp_path / "%d.png", rate=8, studio=studio)
    shots = film.signals.shots()
    assert [float(s) for s in shots["start"]] == [0.0, 1.0]
