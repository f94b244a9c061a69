"""`tl.diff` and `tl.merge` in a cell."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import timeline_nb as tl

# The package without its types: what follows breaks them.
untyped: Any = tl


def test_edits_timelines_and_projects_are_compared(tmp_path: Path) -> None:
    cut = tl.Edit("street", rate=25, size="720p")
    cut.titles.add("Hello", start=0, end="2s")
    saved = cut.save(tmp_path / "street.tlp")
    before = cut.timeline
    cut.markers.add("1s", name="here")
    lines = 'marker "here" at 00:00:01:00: added: "here"'
    for old in (before, saved, str(saved)):
        assert str(tl.diff(old, cut)) == lines
    assert "street.tlp" in repr(tl.diff(saved, cut))
    assert tl.diff(cut, cut.timeline).is_empty
    with pytest.raises(tl.TimelineError, match=r"an int is no edit: give tl\.Edit"):
        tl.diff(cut, 3)  # type: ignore[arg-type]
    with pytest.raises(tl.ProjectError, match=r"nowhere\.tlp"):
        tl.diff(cut, tmp_path / "nowhere.tlp")


def test_guides_are_compared_with_those_of_a_project(tmp_path: Path) -> None:
    cut = tl.Edit("street", rate=25, size="720p")
    saved = cut.save(tmp_path / "street.tlp")
    cut.session.keep(lambda _: {"guides": {"x": [100.0], "y": []}})
    assert str(tl.diff(saved, cut)) == "Guides: Vertical: none → 100"
    # A timeline alone does not say what it keeps.
    assert tl.diff(cut.timeline, cut).is_empty


def test_two_copies_in_other_folders_are_merged_where_ours_lies(tmp_path: Path) -> None:
    cut = tl.Edit("street", rate=25, size="720p")
    media = tl.MediaReference(path=str(tmp_path / "a" / "x.mp4"), size=(64, 64))
    span = tl.TimeRange(Fraction(0), Fraction(2))
    cut.append(tl.Clip(name="x", media=media, source_range=span))
    paths: list[Path] = []
    for folder, change in (("a", {}), ("b", {"gain_db": -3.0}), ("c", {"pan": 1.0})):
        (tmp_path / folder).mkdir()
        base = tmp_path / "a" / "street.tlp"
        own = tl.Edit.load(base) if paths else cut
        if paths:
            text = base.read_text()
            (tmp_path / folder / "street.tlp").write_text(text)
            own = tl.Edit.load(tmp_path / folder / "street.tlp")
            own.set("c1", **change)
        paths.append(own.save(tmp_path / folder / "street.tlp"))
    merged = tl.merge(*paths)
    assert merged.is_settled
    made = tl.Edit(timeline=merged.timeline).clips[0]
    assert made.media.path == str(tmp_path / "b" / "x.mp4")
    assert (made.gain_db, made.pan) == (-3.0, 1.0)
    with pytest.raises(tl.TimelineError, match="prefer='mine'"):
        tl.merge(*paths, prefer="mine")  # type: ignore[arg-type]
    with pytest.raises(tl.TimelineError, match=r"prefer=\[\]: give 'ours'"):
        untyped.merge(*paths, prefer=[])
    last = tl.Edit.load(paths[0])
    with pytest.raises(tl.TimelineError, match=r"prefer=\[\]: give 'ours'"):
        last.versions.merge("night", prefer=[])  # type: ignore[arg-type]


def test_a_file_of_another_program_is_compared(tmp_path: Path) -> None:
    cut = tl.Edit("street", rate=25, size="720p")
    cut.titles.add("Hello", start=0, end="2s")
    path = tmp_path / "street.otio"
    cut.export(path)
    assert str(tl.diff(path, cut)) == "no difference"
    cut.trim("c1", tail="-1s")
    assert len(tl.diff(str(path), cut)) == 1


def test_what_is_no_timeline_is_refused_by_name(tmp_path: Path) -> None:
    cut = tl.Edit("street", rate=25, size="720p")
    one = cut.timeline
    given: list[tuple[Callable[[], Any], str]] = [
        (lambda: untyped.Diff(None, one), "a NoneType is no timeline: give"),
        (lambda: untyped.Merged(None, one, one), "a NoneType is no timeline: give"),
        (lambda: untyped.unsaved_edits(studio=-1), "studio=-1 is an int: give one"),
        (lambda: untyped.recover(studio=-1), "studio=-1 is an int: give one"),
        (lambda: untyped.verify(tmp_path / "x.lock", 0), "an int is no edit: give"),
        (lambda: cut.relink(None), "folder=None is a NoneType: give"),  # type: ignore[arg-type]
        (lambda: cut.subtitles.read(None), "path=None is a NoneType: give"),  # type: ignore[arg-type]
        (lambda: cut.comments.add(0, None), "text=None of a comment"),  # type: ignore[arg-type]
        (lambda: cut.comments.add(0, "x", author=None), "author=None of a comment"),  # type: ignore[arg-type]
    ]
    for call, words in given:
        with pytest.raises(tl.TimelineNbError, match=words):
            call()
    assert cut.timeline is one


def test_a_merge_is_saved_once_it_is_settled(tmp_path: Path) -> None:
    cut = tl.Edit("street", rate=25, size="720p")
    cut.titles.add("Hello", start=0, end="2s")
    ours, theirs = (tl.Edit(timeline=cut.timeline) for _ in range(2))
    mine = ours.save(tmp_path / "ours.tlp")
    ours.set("c1", name="one")
    theirs.set("c1", name="two")
    theirs.markers.add("1s", name="here")
    merged = tl.merge(cut, ours, theirs)
    with pytest.raises(tl.ProjectError, match=r"1 conflict is open.*settle\(row"):
        merged.save(tmp_path / "merged.tlp")
    assert not (tmp_path / "merged.tlp").exists()
    merged.settle(0, "theirs")
    saved = merged.save(tmp_path / "merged.tlp")
    again = tl.load(saved)
    assert (again.clips[0].name, [m.name for m in again.markers]) == ("two", ["here"])
    assert merged.save(mine) == mine
    (tmp_path / "other.tlp").write_text("mine")
    with pytest.raises(tl.ProjectError, match=r"other\.tlp"):
        merged.save(tmp_path / "other.tlp")
    assert (tmp_path / "other.tlp").read_text() == "mine"
