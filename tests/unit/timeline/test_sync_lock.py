"""What a music bed, a title or a subtitle does when the picture is cut."""

from fractions import Fraction

import pytest
from timelines import clip, media, row, three_clips

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import clip_of

MUSIC = media("music.flac", has_audio=True, size=None)
# c1 at 0 for 4 s, c2 at 4 for 3 s, c3 at 7 for 2 s.


def _with_bed(*, has_audio: bool = False, length: int = 9) -> Timeline:
    """A music bed on A9 below three clips, and another piece behind it."""
    cut = edits.add_track(three_clips(has_audio=has_audio), "audio", name="A9")
    bed = [clip(0, length, of=MUSIC, name="bed"), clip(20, 5, of=MUSIC, name="end")]
    cut = edits.overwrite(cut, bed[:1], at=Fraction(0), track="A9")
    return edits.overwrite(cut, bed[1:], at=Fraction(length + 2), track="A9")


def test_a_bed_stays_whole_and_what_follows_it_moves_as_far_as_there_is_room() -> None:
    """The gap behind the bed has 2 s, the removed clip 3 s."""
    cut = edits.ripple_delete(_with_bed(), "c2")
    assert row(cut) == ["c1@0+4", "c3@4+2"]
    assert row(cut, "A9") == ["c4@0+9", "c5@9+5"]


def test_a_bed_is_cut_where_its_track_is_sync_locked() -> None:
    locked = edits.set_track(_with_bed(), "A9", sync_lock="on")
    cut = edits.ripple_delete(locked, "c2")
    assert row(cut, "A9") == ["c4@0+4", "c6@4+2", "gap@6+2", "c5@8+5"]
    assert clip_of(cut, "c6").source_range == TimeRange(Fraction(7), Fraction(2))


def test_a_track_without_sync_lock_does_not_move() -> None:
    loose = edits.set_track(_with_bed(), "A9", sync_lock="off")
    for cut in (
        edits.ripple_delete(loose, "c2"),
        edits.insert(loose, [clip(0, 2)], at=Fraction(4)),
        edits.ripple(loose, "c1", tail=Fraction(-1)),
    ):
        assert row(cut, "A9") == row(loose, "A9")


def test_insert_leaves_a_bed_whole_and_moves_what_begins_later() -> None:
    cut = edits.insert(_with_bed(), [clip(0, 2)], at=Fraction(4))
    assert row(cut) == ["c1@0+4", "c6@4+2", "c2@6+3", "c3@9+2"]
    assert row(cut, "A9") == ["c4@0+9", "gap@9+4", "c5@13+5"]
    locked = edits.set_track(_with_bed(), "A9", sync_lock="on")
    cut = edits.insert(locked, [clip(0, 2)], at=Fraction(4))
    assert row(cut, "A9")[:3] == ["c4@0+4", "gap@4+2", "c7@6+5"]


def test_linked_sound_behind_a_bed_follows_its_picture() -> None:
    """A1 has a bed up to 7 s, and then the sound of c3, which must move with it."""
    cut = three_clips(has_audio=True)
    for name in ("c2", "c4"):
        cut = edits.unlink(cut, name)
        cut = edits.lift(cut, name)
    cut = edits.overwrite(cut, [clip(0, 7, of=MUSIC, name="bed")], at=Fraction(0))
    assert row(cut, "A1") == ["c7@0+7", "c6@7+2"]
    cut = edits.ripple_delete(cut, "c3")
    assert row(cut) == ["c1@0+4", "c5@4+2"]
    assert row(cut, "A1") == ["c7@0+4", "c6@4+2"]


def test_a_clip_that_would_be_lost_is_named_with_its_timecode() -> None:
    cut = three_clips(has_audio=True)
    cut = edits.unlink(cut, "c4")
    cut = edits.lift(cut, "c4")
    whoosh = clip(0, 2, of=MUSIC, name="whoosh")
    cut = edits.overwrite(cut, [whoosh], at=Fraction(5))
    message = (
        r"'whoosh' on A1 at 00:00:05:00 is in the way of 'street'.*sync lock of A1"
    )
    with pytest.raises(TimelineError, match=message):
        edits.ripple_delete(cut, "c3")


def test_subtitles_that_only_span_stay_and_those_behind_keep_in_step() -> None:
    cut = three_clips()
    for at, length in ((3, 5), (10, 1)):
        span = TimeRange(Fraction(at), Fraction(length))
        cut = edits.add_subtitle(cut, "so", at=span)
    shorter = edits.ripple_delete(cut, "c2")
    assert row(shorter, "S1") == ["gap@0+3", "s4@3+4", "s5@7+1"]
    shorter = edits.ripple(cut, "c2", tail=Fraction(-1))
    assert row(shorter, "S1") == ["gap@0+3", "s4@3+5", "gap@8+1", "s5@9+1"]


def test_trimming_a_head_moves_what_lies_over_the_rest_of_the_clip() -> None:
    """c2 loses its first second: what was over 5 s of the edit is now over 4 s."""
    cut = edits.add_subtitle(
        three_clips(), "so", at=TimeRange(Fraction(6), Fraction(1))
    )
    cut = edits.ripple(cut, "c2", head=Fraction(1))
    assert row(cut) == ["c1@0+4", "c2@4+2", "c3@6+2"]
    assert row(cut, "S1") == ["gap@0+5", "s4@5+1"]
