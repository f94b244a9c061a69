"""Comments of an edit: of ranges, of another copy, and as markers."""

from fractions import Fraction
from pathlib import Path

import pytest
from timelines import clip, media

import timeline_nb as tl


@pytest.fixture
def cut() -> tl.Edit:
    made = tl.Edit("street", rate=25, size="360p")
    made.append([clip(10, 4, of=media()), clip(20, 3, of=media())])
    return made


def test_a_comment_may_be_of_a_range(cut: tl.Edit) -> None:
    cut.comments.add("1s", "too dark", duration="12f", author="Ann", written="2026")
    cut.comments.add("5s", "<b>good</b>")
    table = cut.comments.to_dataframe()
    assert list(table.columns) == [
        "start_s",
        "duration_s",
        "text",
        "author",
        "written",
    ]
    assert list(table["start_s"]) == [1.0, 5.0]
    assert list(table["duration_s"]) == [0.48, 0.0]
    html = cut.comments._repr_html_()
    assert "00:00:01:00 to 00:00:01:12" in html
    assert "<b>" not in html
    assert repr(cut.comments) == "<Comments: 2 comments>"
    with pytest.raises(tl.TimeError, match="is negative"):
        cut.comments.add("1s", "so", duration=Fraction(-1))


def test_comments_of_another_copy_join_and_follow_their_clips(
    cut: tl.Edit, tmp_path: Path
) -> None:
    cut.comments.add("1s", "mine", author="Bo", written="2026-05-04T12:00:00+00:00")
    copy = tl.Edit(timeline=cut.timeline)
    copy.comments.add("5s", "darker?", duration="1s", author="Ann", written="2026")
    copy.comments.add("30s", "and then?", author="Ann", written="2026")
    path = copy.save(tmp_path / "from Ann.tlp")
    # The clip under the comment begins three seconds later here.
    cut.insert(clip(0, 3, name="first"), at=0)
    steps = len(cut.history.steps)
    assert cut.comments.read(path) == 2
    assert [(float(c.at), float(c.duration), c.text) for c in cut.comments] == [
        (1.0, 0.0, "mine"),
        (8.0, 1.0, "darker?"),
        (30.0, 0.0, "and then?"),
    ]
    assert len(cut.history.steps) == steps + 1
    assert cut.comments.read(copy) == 0
    assert len(cut.comments) == 3
    cut.undo()
    assert len(cut.comments) == 1
    with pytest.raises(tl.ProjectError, match="nowhere"):
        cut.comments.read(tmp_path / "nowhere.tlp")


def test_a_comment_on_what_was_cut_keeps_its_time(cut: tl.Edit) -> None:
    copy = tl.Edit(timeline=cut.timeline)
    copy.comments.add("5s", "gone", author="Ann")
    cut.delete("c2")
    cut.comments.read(copy)
    assert [comment.at for comment in cut.comments] == [5]


def test_comments_become_markers_once(cut: tl.Edit) -> None:
    cut.comments.add("1s", "too dark\nand too long", duration="1s", author="Ann")
    cut.comments.add("2s", "good")
    assert cut.comments.to_markers(color="blue") == 2
    assert cut.comments.to_markers() == 0
    markers = [one for one in cut.timeline.markers if not one.metadata]
    assert [(one.name, one.note, one.color) for one in markers] == [
        ("too dark", "Ann: too dark\nand too long", "blue"),
        ("good", "good", "blue"),
    ]
    assert markers[0].marked_range == tl.TimeRange(Fraction(1), Fraction(1))
    assert len(cut.comments) == 2
    cut.markers.add("3s", name="end")
    table = cut.markers.to_dataframe()
    assert table["name"].tolist() == ["too dark", "too dark", "good", "good", "end"]
    assert table["comment"].tolist() == [True, False, True, False, False]
    cut.undo()
    cut.undo()
    assert len(cut.timeline.markers) == 2
    cut.undo()
    cut.undo()
    assert cut.markers.to_dataframe()["comment"].dtype == bool
