"""`tl.diff` in a cell."""

from pathlib import Path

import pytest

import timeline_nb as tl


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
    with pytest.raises(tl.TimelineError, match=r"a int is no edit: give tl\.Edit"):
        tl.diff(cut, 3)  # type: ignore[arg-type]
    with pytest.raises(tl.ProjectError, match=r"nowhere\.tlp"):
        tl.diff(cut, tmp_path / "nowhere.tlp")
