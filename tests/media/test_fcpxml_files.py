"""Edits as files of Final Cut: written and read in a cell, with real media."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from media_factory import Clips, read_number

import timeline_nb as tl
from timeline_nb.errors import ProjectError
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    settings = Settings(
        cache_dir=folder / "cache",
        data_dir=folder / "data",
        roots=[folder / "none"],
        isolate="never",
    )
    with tl.open_studio(settings) as made:
        yield made


@pytest.fixture
def work(tmp_path: Path, clips: Clips) -> Path:
    """A folder with a film, and a name that must be quoted in addresses."""
    (tmp_path / "films").mkdir()
    shutil.copy(clips["cfr"], tmp_path / "films" / "a ü#1.mp4")
    return tmp_path


def cut_of(work: Path, studio: Studio) -> tl.Edit:
    """Frames 10 to 39, a dissolve of 4 frames, then 54 to 34 backwards."""
    film = tl.open(work / "films" / "a ü#1.mp4", studio=studio)
    cut = tl.Edit("street", rate=25, size=(192, 112), studio=studio)
    cut.append([film.clip("10f", "40f"), film.clip("34f", "55f")])
    first, second = cut.clips
    cut.dissolve(after=first, duration="4f")
    cut.speed(second, -1)
    return cut


@pytest.mark.parametrize(
    ("name", "kind"), [("street.fcpxml", "fcpxml"), ("street.xml", "fcp7xml")]
)
def test_the_same_frames_come_back(
    name: str, kind: str, work: Path, studio: Studio
) -> None:
    cut = cut_of(work, studio)
    report = cut.export(work / name, format=kind)
    assert report.is_exact, list(report)
    back = tl.load(work / name, studio=studio)
    assert back.offline == []
    assert len(back.clips) == len(cut.clips)
    for number in (0, 5, 29, 33, 40, 50):
        shown, before = back.frame(number=number), cut.frame(number=number)
        np.testing.assert_array_equal(shown, before)
    assert read_number(back.frame(number=5)) == 15


def test_a_bundle_is_read(work: Path, studio: Studio) -> None:
    cut_of(work, studio).export(work / "street.fcpxml")
    bundle = work / "street.fcpxmld"
    bundle.mkdir()
    (work / "street.fcpxml").rename(bundle / "Info.fcpxml")
    back = tl.load(bundle, studio=studio)
    assert back.offline == []
    assert read_number(back.frame(number=5)) == 15


def test_what_is_lost_is_refused_before_it_is_written(
    work: Path, studio: Studio
) -> None:
    cut = cut_of(work, studio)
    cut.effects.add(cut.clips[0], "sepia")
    path = work / "strict.fcpxml"
    told = cut.export(path, dry_run=True)
    assert [one.what for one in told.lost] == ["the effect 'sepia'"]
    with pytest.raises(ProjectError, match="sepia"):
        cut.export(path, strict=True)
    assert not path.exists()


def test_other_files_are_refused_by_name(work: Path, studio: Studio) -> None:
    for name, data in (
        ("laughs", b'<!DOCTYPE a [<!ENTITY a "ha">]><fcpxml>&a;</fcpxml>'),
        ("deep", b"<fcpxml>" + b"<a>" * 100_000),
        ("none", b""),
        ("image", b"\x89PNG\r\n\x1a\n" + bytes(100)),
    ):
        path = work / f"{name}.fcpxml"
        path.write_bytes(data)
        with pytest.raises(ProjectError, match=f"{name}.fcpxml"):
            tl.load(path, studio=studio)
