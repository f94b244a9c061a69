"""Which item of an edit a value was taken from, and how it is printed."""

from fractions import Fraction

import pytest
from timelines import clip, media, three_clips

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Effect, MediaReference, Timeline, Track
from timeline_nb.timeline.queries import ItemPlace, clip_of, same_item


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
    faster = Effect(kind="speed", parameters={"rate": 2.0})
    fast = edits.set_clip(cut, "c1", effects=(faster,))
    line = "<Clip c1 'street' 4 s of 'street.mp4' at speed 2>"
    assert repr(clip_of(fast, "c1")) == line
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
