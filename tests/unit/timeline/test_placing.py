"""Where clips from a source go: their sound, copies, replacements and fits."""

from fractions import Fraction

import pytest
from timelines import clip, media, row, three_clips

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Effect, Timeline
from timeline_nb.timeline.queries import clip_of
from timeline_nb.timeline.speed import speed_of

SOUND = media(has_audio=True)


def _with_v2() -> Timeline:
    return edits.add_track(three_clips(has_audio=True), "video", name="V2")


def test_overwriting_v2_leaves_the_dialogue_of_a1() -> None:
    cut = _with_v2()
    over = edits.overwrite(cut, [clip(40, 2, of=SOUND)], at=Fraction(3), track="V2")
    assert row(over, "V2") == ["gap@0+3", "c7@3+2"]
    assert row(over, "A1") == row(cut, "A1")
    assert row(over, "A2") == ["gap@0+3", "c8@3+2"]
    more = edits.overwrite(over, [clip(40, 2, of=SOUND)], at=Fraction(6), track="V2")
    assert row(more, "A2") == ["gap@0+3", "c8@3+2", "gap@5+1", "c10@6+2"]


def test_inserting_on_v2_splits_no_sound() -> None:
    cut = edits.insert(_with_v2(), [clip(40, 2, of=SOUND)], at=Fraction(5), track="V2")
    assert row(cut) == ["c1@0+4", "c3@4+3", "gap@7+2", "c5@9+2"]
    assert row(cut, "A1") == ["c2@0+4", "c4@4+3", "gap@7+2", "c6@9+2"]
    assert row(cut, "A2") == ["gap@0+5", "c8@5+2"]


def test_a_named_track_takes_the_sound_and_a_part_is_taken_alone() -> None:
    cut = edits.add_track(three_clips(has_audio=True), "audio", name="A2")
    new = [clip(40, 1, of=SOUND)]
    named = edits.overwrite(cut, new, at=Fraction(1), track="V1", sound="A2")
    assert row(named, "A2") == ["gap@0+1", "c8@1+1"]
    assert row(named, "A1") == row(cut, "A1")
    picture = edits.overwrite(cut, new, at=Fraction(1), only="picture")
    assert row(picture)[:2] == ["c1@0+1", "c7@1+1"]
    assert row(picture, "A1") == row(cut, "A1")
    sound = edits.overwrite(cut, new, at=Fraction(1), only="sound", sound="A2")
    assert row(sound) == row(cut)
    assert row(sound, "A2") == ["gap@0+1", "c7@1+1"]
    with pytest.raises(TimelineError, match="'street' has no sound"):
        edits.overwrite(cut, [clip(0, 1)], at=Fraction(0), only="sound")


def test_paste_makes_room_unless_it_overwrites() -> None:
    cut = three_clips()
    pieces = [("V1", Fraction(0), clip_of(cut, "c1"))]
    assert row(edits.paste(cut, pieces, at=Fraction(4))) == [
        "c1@0+4",
        "c4@4+4",
        "c2@8+3",
        "c3@11+2",
    ]
    over = edits.paste(cut, pieces, at=Fraction(4), overwrite=True)
    assert row(over) == ["c1@0+4", "c4@4+4", "c3@8+1"]


def test_replace_keeps_place_and_effects_and_takes_the_sound_along() -> None:
    blur = Effect(kind="gaussian_blur", parameters={"sigma": 0.01})
    cut = edits.set_clip(three_clips(has_audio=True), "c3", effects=(blur,))
    other = clip(5, 1, of=media("b.mp4", has_audio=True), name="b")
    new = edits.replace_media(cut, "c3", by=other)
    assert row(new) == row(cut)
    assert row(new, "A1") == row(cut, "A1")
    for item in ("c3", "c4"):
        assert clip_of(new, item).source_range == TimeRange(Fraction(5), Fraction(3))
        assert clip_of(new, item).media.path == "b.mp4"
    assert clip_of(new, "c3").effects == (blur,)
    short = clip(58, 1, of=media("b.mp4", has_audio=True), name="b")
    with pytest.raises(TimelineError, match="'b' is too short: 'street' takes 3 s"):
        edits.replace_media(cut, "c3", by=short)


def test_fit_to_fill_plays_six_seconds_in_three() -> None:
    cut = edits.fit_to_fill(
        three_clips(), clip(40, 6), start=Fraction(4), end=Fraction(7)
    )
    assert row(cut) == ["c1@0+4", "c4@4+3", "c3@7+2"]
    speed = speed_of(clip_of(cut, "c4"))
    assert speed is not None
    assert speed.rate == 2
    begin = clip_of(cut, "c4").source_range.start
    assert speed.media_time(begin) == 40
    with pytest.raises(TimelineError, match="nothing to fill"):
        edits.fit_to_fill(cut, clip(0, 1), start=Fraction(2), end=Fraction(2))
