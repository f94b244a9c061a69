"""What changed between two values of an edit, and what items are of which edit."""

from fractions import Fraction

import pytest
from msgspec.structs import replace
from timelines import clip, media, three_clips

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.compare import compare
from timeline_nb.timeline.model import Clip, MediaReference, Timeline, Track, Transform
from timeline_nb.timeline.queries import ItemPlace, clip_of, same_item


def _told(old: Timeline, new: Timeline) -> list[str]:
    return [str(change) for change in compare(old, new)]


def test_nothing_changed_between_equal_timelines() -> None:
    assert compare(three_clips(), three_clips()) == []


def test_clips_added_removed_moved_and_trimmed_are_told() -> None:
    old = three_clips()
    new = edits.ripple(old, "c1", tail=Fraction(-1))
    new = edits.append(edits.ripple_delete(new, "c3"), [clip(0, 1, name="new")])
    assert _told(old, new) == [
        "trimmed clip 'street' (c1) on V1: 00:00:00:00 for 4 s → 00:00:00:00 for 3 s",
        "moved clip 'street' (c2) on V1: 00:00:04:00 for 3 s → 00:00:03:00 for 3 s",
        "added clip 'new' (c4) on V1: 00:00:06:00 for 1 s",
        "removed clip 'street' (c3) on V1: 00:00:07:00 for 2 s",
    ]
    slipped = edits.slip(old, "c2", by=Fraction(1))
    assert _told(old, slipped) == [
        "trimmed clip 'street' (c2) on V1, media: from 20 s → from 21 s"
    ]


def test_fields_transitions_tracks_and_markers_are_told() -> None:
    old = three_clips()
    new = edits.set_clip(old, "c1", gain_db=-3.0, transform=Transform(scale=2.0))
    new = edits.transition(new, after="c1", duration=Fraction(1))
    new = edits.add_track(new, "audio")
    instant = TimeRange(Fraction(2), Fraction(0))
    new = replace(edits.add_marker(new, name="m", marked_range=instant), name="night")
    assert _told(old, new) == [
        "changed timeline night, name: walk → night",
        "added track A1: audio",
        "changed clip 'street' (c1) on V1, scale: 1.0 → 2.0",
        "changed clip 'street' (c1) on V1, gain_db: 0.0 → -3.0",
        "added transition c1 to c2 on V1: 00:00:03:12 for 1 s",
        "added marker 'm': 00:00:02:00 for 0 s",
    ]
    row = compare(old, new)[2].to_row()
    assert row["field"] == "scale"
    assert row["after"] == "2.0"


def test_a_clip_of_another_edit_is_refused() -> None:
    cut = three_clips()
    other = edits.append(
        Timeline(name="night", rate=Fraction(25), size=(1280, 720)),
        [clip(10, 4, of=media("other.mp4"), name="other")],
    )
    assert same_item(cut, clip_of(cut, "c2")) == ItemPlace(0, 1)
    with pytest.raises(TimelineError, match=r"'other' \(c1\) is of another edit"):
        same_item(cut, clip_of(other, "c1"))
    with pytest.raises(TimelineError, match="was not placed yet"):
        same_item(cut, clip())
    gone = edits.ripple_delete(cut, "c2")
    with pytest.raises(TimelineError, match="it was removed, or is of another edit"):
        same_item(gone, clip_of(cut, "c2"))


def test_a_clip_taken_before_it_was_changed_is_found() -> None:
    cut = three_clips()
    held = clip_of(cut, "c1")
    trimmed = edits.ripple(cut, "c1", tail=Fraction(-1))
    assert same_item(trimmed, held, earlier=[cut]) == ItemPlace(0, 0)
    named = edits.set_clip(cut, "c1", name="renamed")
    assert same_item(named, held) == ItemPlace(0, 0)


def test_a_clip_and_a_track_fit_a_line() -> None:
    cut = three_clips()
    assert repr(clip_of(cut, "c1")) == "<Clip c1 'street' 10 to 14 s of 'street.mp4'>"
    assert repr(cut.tracks[0]) == "<Track 'V1' video, 3 items>"
    span = TimeRange(Fraction(10**8, 3), Fraction(10**6, 3))
    long = Clip(
        id="c100000",
        name="n" * 500,
        media=MediaReference(path="/tmp/" + "m" * 200),  # noqa: S108 - never opened
        source_range=span,
    )
    assert len(repr(long)) <= 100
    assert len(repr(Track(kind="video", name="t" * 100))) <= 100
