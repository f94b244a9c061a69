"""Markers of an edit from files, in a cell."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import timeline_nb as tl


@pytest.fixture
def cut(tmp_path: Path) -> Iterator[tl.Edit]:
    settings = tl.Settings(
        cache_dir=tmp_path / "cache", data_dir=tmp_path / "data", roots=(tmp_path,)
    )
    with tl.open_studio(settings) as studio:
        cut = tl.Edit("cut", rate=25, size=(64, 64), studio=studio)
        cut.titles.add("Hello", start=0, end="2s")
        yield cut


def test_markers_are_read_as_one_step_and_once(cut: tl.Edit, tmp_path: Path) -> None:
    path = tmp_path / "chapters.txt"
    path.write_text("0:00 Intro\n0:01 The wood\n")
    report = cut.markers.read(path)
    assert report.format == "youtube"
    assert [marker.name for marker in cut.markers] == ["Intro", "The wood"]
    cut.markers.read(path)
    assert len(cut.markers) == 2
    cut.undo()
    assert len(cut.markers) == 0


def test_markers_beyond_the_end_are_read_and_reported(
    cut: tl.Edit, tmp_path: Path
) -> None:
    path = tmp_path / "chapters.txt"
    path.write_text("0:00 Intro\n0:02 End\n0:05 Later\n")
    report = cut.markers.read(path)
    assert len(cut.markers) == 3
    (found,) = report.approximated
    # The edit lasts 2 s, and the last chapter begins at 5 s.
    assert found.where == "the marker 'Later' at 00:00:05:00"
    assert found.by_how_much == 3 * 25
    assert "beyond the end" in found.detail


def test_a_strict_reader_changes_nothing(cut: tl.Edit, tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("name,start\na,1\nb,soon\n")
    with pytest.raises(tl.ProjectError, match=r"row 3.*soon"):
        cut.markers.read(path, strict=True)
    assert len(cut.markers) == 0


def test_what_is_written_may_be_written_again(cut: tl.Edit, tmp_path: Path) -> None:
    cut.markers.add("1s", name="here", color="red", note="look")
    path = tmp_path / "notes.txt"
    with pytest.raises(tl.ProjectError, match="format= one of"):
        cut.markers.write(path)
    report = cut.markers.write(path, format="audacity")
    assert [one.what for one in report.lost] == ["the note", "the color 'red'"]
    cut.markers.write(path, format="audacity")
    assert path.read_text() == "1.000000\t1.000000\there\n"


def test_no_list_is_written_over_media(cut: tl.Edit, tmp_path: Path) -> None:
    film = cut.render(tmp_path / "f.mp4").wait().path
    before = film.read_bytes()
    other = tl.Edit("other", rate=25, size=(64, 64), studio=cut.studio)
    other.append(tl.open(film, studio=cut.studio))
    other.markers.add("1s", name="here")
    (tmp_path / "link.csv").symlink_to(film)
    with pytest.raises(tl.ProjectError, match=r"f\.mp4 is a source of this edit"):
        other.markers.write(film, format="audacity")
    with pytest.raises(tl.ProjectError, match=r"link\.csv is a source of this edit"):
        other.markers.write(tmp_path / "link.csv", overwrite=True)
    with pytest.raises(tl.ProjectError, match=r"f\.mp4 is a source of this edit"):
        other.export(film, format="csv")
    # Nor over what was rendered here, and is no source.
    for write in (cut.markers.write, cut.export):
        with pytest.raises(tl.ProjectError, match=r"do not end in \.mp4.*\.csv"):
            write(film, format="csv")
    assert film.read_bytes() == before
