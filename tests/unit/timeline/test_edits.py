"""Each verb on a small timeline, with positions worked out by hand."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from timelines import clip, empty, media, row, three_clips

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Gap,
    MediaReference,
    Subtitle,
    Timeline,
    Transition,
)
from timeline_nb.timeline.queries import clip_of


def test_append_puts_one_after_another() -> None:
    assert row(three_clips()) == ["c1@0+4", "c2@4+3", "c3@7+2"]


def test_a_time_before_the_start_is_refused_on_an_empty_track() -> None:
    cut = edits.add_track(three_clips(), kind="video")
    with pytest.raises(TimelineError, match="nothing lies at -1 s"):
        edits.split(cut, at=Fraction(-1))


def test_sound_comes_along_linked_and_at_the_same_time() -> None:
    silent, loud = media("a.mp4"), media("b.mp4", has_audio=True)
    cut = edits.append(empty(), [clip(0, 4, of=silent), clip(0, 3, of=loud)])
    assert row(cut, "A1") == ["gap@0+4", "c3@4+3"]
    picture, sound = clip_of(cut, "c2"), clip_of(cut, "c3")
    assert picture.link == sound.link != ""


def test_sound_alone_goes_to_an_audio_track() -> None:
    music = media("music.flac", has_audio=True, size=None)
    cut = edits.append(empty(), [clip(0, 4, of=music)])
    assert [track.kind for track in cut.tracks] == ["audio"]
    both = edits.append(cut, [clip(0, 2)])
    assert [track.name for track in both.tracks] == ["V1", "A1"]


def test_insert_makes_room_on_every_track() -> None:
    cut = edits.add_subtitle(
        three_clips(has_audio=True), "late", at=TimeRange(Fraction(8), Fraction(1))
    )
    grown = edits.insert(cut, [clip(0, 2)], at=Fraction(5))
    assert row(grown) == ["c1@0+4", "c3@4+1", "c8@5+2", "c9@7+2", "c5@9+2"]
    assert row(grown, "A1")[1:3] == ["c4@4+1", "gap@5+2"]
    assert row(grown, "S1") == ["gap@0+10", "s7@10+1"]


def test_overwrite_moves_nothing() -> None:
    cut = edits.overwrite(three_clips(), [clip(0, 2)], at=Fraction(3))
    assert row(cut) == ["c1@0+3", "c4@3+2", "c2@5+2", "c3@7+2"]
    assert clip_of(cut, "c2").source_range == TimeRange(Fraction(21), Fraction(2))


def test_split_cuts_the_media_at_the_same_place() -> None:
    cut = edits.split(three_clips(has_audio=True), at=Fraction(5))
    first, second = clip_of(cut, "c3"), clip_of(cut, "c7")
    assert first.source_range == TimeRange(Fraction(20), Fraction(1))
    assert second.source_range == TimeRange(Fraction(21), Fraction(2))
    sound = clip_of(cut, "c9")
    assert sound.link == second.link != first.link


def test_ripple_delete_closes_up() -> None:
    assert row(edits.ripple_delete(three_clips(), "c2")) == ["c1@0+4", "c3@4+2"]


def test_ripple_delete_takes_titles_and_subtitles_over_it_along() -> None:
    """c2 lies from 4 to 7 s; what begins after it moves 3 s earlier."""
    title = MediaReference(generator=Effect(kind="title"), size=(1280, 720))
    cut = edits.add_track(three_clips(), "video", name="V2")
    for at, length in ((1, 7), (8, 1)):
        made = clip(0, length, of=title)
        cut = edits.overwrite(cut, [made], at=Fraction(at), track="V2")
    for at, length in ((3, 2), (5, 1), (6, 2)):
        span = TimeRange(Fraction(at), Fraction(length))
        cut = edits.add_subtitle(cut, "so", at=span)
    shorter = edits.ripple_delete(cut, "c2")
    assert row(shorter) == ["c1@0+4", "c3@4+2"]
    assert row(shorter, "V2") == ["gap@0+1", "c4@1+4", "c5@5+1"]
    assert row(shorter, "S1") == ["gap@0+3", "s6@3+1", "s8@4+2"]


def test_lift_leaves_a_gap_and_no_gap_at_the_end() -> None:
    assert row(edits.lift(three_clips(), "c2")) == ["c1@0+4", "gap@4+3", "c3@7+2"]
    assert row(edits.lift(three_clips(), "c3")) == ["c1@0+4", "c2@4+3"]


def test_move_takes_the_sound_along_and_lies_over_what_it_finds() -> None:
    moved = edits.move(three_clips(has_audio=True), "c5", to=Fraction(1))
    assert row(moved)[:3] == ["c1@0+1", "c5@1+2", "c7@3+1"]
    assert row(moved, "A1")[:3] == ["c2@0+1", "c6@1+2", "c9@3+1"]
    with pytest.raises(TimelineError, match="cannot begin at -1"):
        edits.move(three_clips(), "c1", to=Fraction(-1))


def test_move_to_another_track() -> None:
    cut = edits.add_track(three_clips(), "video")
    moved = edits.move(cut, "c2", to=Fraction(1), track="V2")
    assert row(moved, "V2") == ["gap@0+1", "c2@1+3"]
    assert row(moved) == ["c1@0+4", "gap@4+3", "c3@7+2"]


def test_ripple_trims_and_closes_up() -> None:
    shorter = edits.ripple(three_clips(), "c2", head=Fraction(1))
    assert row(shorter) == ["c1@0+4", "c2@4+2", "c3@6+2"]
    assert clip_of(shorter, "c2").source_range.start == 21
    longer = edits.ripple(three_clips(), "c2", tail=Fraction(1))
    assert row(longer) == ["c1@0+4", "c2@4+4", "c3@8+2"]


def test_roll_moves_the_cut_alone() -> None:
    rolled = edits.roll(three_clips(), "c1", by=Fraction(1))
    assert row(rolled) == ["c1@0+5", "c2@5+2", "c3@7+2"]
    assert clip_of(rolled, "c2").source_range.start == 21


def test_slip_shows_other_media_in_the_same_place() -> None:
    slipped = edits.slip(three_clips(), "c2", by=Fraction(-2))
    assert row(slipped) == row(three_clips())
    assert clip_of(slipped, "c2").source_range.start == 18
    with pytest.raises(TimelineError, match="'street' has no more media: there are"):
        edits.slip(three_clips(), "c2", by=Fraction(100))


def test_slide_moves_a_clip_between_its_neighbours() -> None:
    slid = edits.slide(three_clips(), "c2", by=Fraction(1))
    assert row(slid) == ["c1@0+5", "c2@5+3", "c3@8+1"]
    assert clip_of(slid, "c2").source_range.start == 20
    assert clip_of(slid, "c3").source_range.start == 31


def test_trim_leaves_a_gap_and_refuses_a_crowd() -> None:
    trimmed = edits.trim(three_clips(), "c2", head=Fraction(1), tail=Fraction(-1))
    assert row(trimmed) == ["c1@0+4", "gap@4+1", "c2@5+1", "gap@6+1", "c3@7+2"]
    assert row(edits.trim(trimmed, "c2", tail=Fraction(1)))[2:] == ["c2@5+2", "c3@7+2"]
    with pytest.raises(
        TimelineError, match="no room behind 'street' on V1 at 00:00:04:00"
    ):
        edits.trim(three_clips(), "c2", tail=Fraction(1))
    with pytest.raises(TimelineError, match="nothing would be left"):
        edits.trim(three_clips(), "c2", tail=Fraction(-3))


def test_trim_keeps_the_transition_at_the_other_edge() -> None:
    cut = edits.transition(three_clips(), after="c1", duration=Fraction(1))
    shorter = edits.trim(cut, "c2", tail=Fraction(-1))
    assert row(shorter)[:4] == ["c1@0+4", "transition@3.5+1", "c2@4+2", "gap@6+1"]
    # Where the cut itself is trimmed away there is nothing to join.
    assert "transition@3.5+1" not in row(edits.trim(cut, "c2", head=Fraction(1)))


def test_dissolve_stands_across_the_cut_in_picture_and_sound() -> None:
    cut = edits.transition(
        three_clips(has_audio=True), after="c1", duration=Fraction(1)
    )
    assert row(cut)[:3] == ["c1@0+4", "transition@3.5+1", "c3@4+3"]
    assert row(cut, "A1")[1] == "transition@3.5+1"
    again = edits.transition(cut, after="c1", duration=Fraction(2))
    assert row(again)[:3] == ["c1@0+4", "transition@3+2", "c3@4+3"]


def test_a_dissolve_without_handles_names_clips_and_frames() -> None:
    short = media("short.mp4", seconds=5)
    cut = edits.append(
        empty(), [clip(0, 5, of=short, name="out"), clip(0, 5, of=short, name="in")]
    )
    message = r"between 'out' \(c1\) and 'in' \(c2\) needs 12 more frames of 'out'"
    with pytest.raises(TimelineError, match=message):
        edits.transition(cut, after="c1", duration=Fraction(24, 25))
    with pytest.raises(TimelineError, match="'in' on V1 at 00:00:05:00 is the last"):
        edits.transition(cut, after="c2", duration=Fraction(1))


def test_a_transition_goes_with_its_clip() -> None:
    cut = edits.transition(three_clips(), after="c1", duration=Fraction(1))
    assert row(edits.ripple_delete(cut, "c2")) == ["c1@0+4", "c3@4+2"]
    assert row(edits.lift(cut, "c1")) == ["gap@0+4", "c2@4+3", "c3@7+2"]


def test_an_edit_that_would_starve_a_transition_is_refused() -> None:
    cut = edits.transition(three_clips(), after="c1", duration=Fraction(2))
    with pytest.raises(TimelineError, match="more than all of 'street'"):
        edits.split(cut, at=Fraction(9, 2))


def test_a_locked_track_is_left_alone() -> None:
    locked = edits.set_track(three_clips(), "V1", locked=True)
    with pytest.raises(TimelineError, match="track 'V1' is locked: unlock it first"):
        edits.lift(locked, "c1")
    assert edits.split(locked, at=Fraction(1)) is locked
    appended = edits.append(locked, [clip(0, 1)])
    assert row(appended, "V2") == ["c4@0+1"]


def test_link_and_unlink() -> None:
    cut = edits.link(three_clips(), ["c1", "c3"])
    assert clip_of(cut, "c1").link == clip_of(cut, "c3").link != ""
    assert clip_of(edits.unlink(cut, "c3"), "c1").link == ""
    with pytest.raises(TimelineError, match="at least two"):
        edits.link(cut, ["c1", "c1"])


def test_settings_are_checked() -> None:
    cut = edits.set_clip(three_clips(), "c1", gain_db=-6.0)
    assert clip_of(cut, "c1").gain_db == -6
    with pytest.raises(TimelineError, match="no setting 'loudness'"):
        edits.set_clip(cut, "c1", loudness=3)
    with pytest.raises(TimelineError, match="gain_db is nan: it must be finite"):
        edits.set_clip(cut, "c1", gain_db=float("nan"))
    with pytest.raises(TimelineError, match="fades are longer"):
        edits.set_clip(cut, "c1", fade_in=Fraction(5))


def test_ids_never_return() -> None:
    cut = edits.append(edits.ripple_delete(three_clips(), "c3"), [clip(0, 1)])
    assert row(cut) == ["c1@0+4", "c2@4+3", "c4@7+1"]


def test_markers_stand_in_order() -> None:
    second = TimeRange(Fraction(2), Fraction(0))
    cut = edits.add_marker(three_clips(), name="b", marked_range=second)
    cut = edits.add_marker(
        cut, name="a", marked_range=TimeRange(Fraction(1), Fraction(0))
    )
    assert [marker.name for marker in cut.markers] == ["a", "b"]
    assert edits.remove_marker(edits.remove_marker(cut, "a"), "b").markers == ()
    with pytest.raises(TimelineError, match="no marker 'z'"):
        edits.remove_marker(cut, "z")


def test_subtitles_that_are_shown_at_once_go_on_further_tracks() -> None:
    first = TimeRange(Fraction(1), Fraction(2))
    cut = edits.add_subtitle(three_clips(), "Hello", at=first)
    during = TimeRange(Fraction(2), Fraction(2))
    with pytest.raises(TimelineError, match="'Hello' is shown at"):
        edits.add_subtitle(cut, "again", at=during, track="S1")
    both = edits.add_subtitle(cut, "again", at=during)
    assert row(both, "S1") == ["gap@0+1", "s4@1+2"]
    assert row(both, "S2") == ["gap@0+2", "s5@2+2"]
    third = edits.add_subtitle(both, "more", at=TimeRange(Fraction(2), Fraction(1)))
    assert row(third, "S3") == ["gap@0+2", "s6@2+1"]
    fourth = edits.add_subtitle(third, "last", at=TimeRange(Fraction(1), Fraction(1)))
    assert row(fourth, "S2") == ["gap@0+1", "s7@1+1", "s5@2+2"]
    later = edits.add_subtitle(cut, "bye", at=TimeRange(Fraction(3), Fraction(1)))
    assert row(later, "S1") == ["gap@0+1", "s4@1+2", "s5@3+1"]
    early = edits.add_subtitle(later, "oh", at=TimeRange(Fraction(0), Fraction(1)))
    assert row(early, "S1") == ["s6@0+1", "s4@1+2", "s5@3+1"]


def test_one_line_is_changed_and_the_others_stay() -> None:
    cut = three_clips()
    for second, text in ((1, "one"), (3, "two")):
        at = TimeRange(Fraction(second), Fraction(1))
        cut = edits.add_subtitle(cut, text, at=at, style={"size": 0.1, "bold": True})
    assert row(cut, "S1") == ["gap@0+1", "s4@1+1", "gap@2+1", "s5@3+1"]
    new = edits.set_subtitle(
        cut, "s4", text="1", end=Fraction(3), style={"bold": None, "color": "#ff0000"}
    )
    assert row(new, "S1") == ["gap@0+1", "s4@1+2", "s5@3+1"]
    line, other = (item for item in new.tracks[-1].items if isinstance(item, Subtitle))
    assert (line.text, line.style) == ("1", {"size": 0.1, "color": "#ff0000"})
    assert other is cut.tracks[-1].items[-1]
    # Over the other line to after it: the order of the track changes.
    late = edits.set_subtitle(new, "s4", start=Fraction(5), end=Fraction(6))
    assert row(late, "S1") == ["gap@0+3", "s5@3+1", "gap@4+1", "s4@5+1"]
    with pytest.raises(TimelineError, match=r"'two' \(s5\) is shown at .* first"):
        edits.set_subtitle(cut, "s4", end=Fraction(7, 2))
    with pytest.raises(TimelineError, match="begin at 9 s and end at 2 s: give start="):
        edits.set_subtitle(cut, "s4", start=Fraction(9))
    with pytest.raises(TimelineError, match="is a clip, not a subtitle"):
        edits.set_subtitle(cut, "c1", text="no")


def test_what_is_shared_is_not_copied() -> None:
    old = three_clips()
    new = edits.set_clip(old, "c3", name="other")
    assert new.tracks[0].items[0] is old.tracks[0].items[0]
    kinds = {type(item) for item in new.tracks[0].items}
    assert kinds == {Clip}
    assert not kinds & {Gap, Subtitle, Transition}


MOVED = ["gap@0+4", "c2@4+3", "gap@7+13", "c1@20+4", "gap@24+3", "c3@27+2"]


@pytest.mark.parametrize(
    ("edit", "after"),
    [
        (lambda t: edits.lift(t, "c1"), ["gap@0+4", "c2@4+3"]),
        (lambda t: edits.ripple_delete(t, "c3"), ["gap@0+4", "c2@4+3"]),
        (lambda t: edits.move(t, "c1", to=Fraction(20)), MOVED),
        (lambda t: edits.shift(t, ["c1"], by=Fraction(20)), MOVED),
        (
            lambda t: edits.trim(t, "c3", head=Fraction(1, 2), tail=Fraction(-1, 2)),
            ["gap@0+0.5", "c1@0.5+3", "gap@3.5+0.5", "c2@4+3", "gap@7+0.5", "c3@7.5+1"],
        ),
    ],
)
def test_clips_linked_on_one_track_are_edited_together(
    edit: Callable[[Timeline], Timeline], after: list[str]
) -> None:
    assert row(edit(edits.link(three_clips(), ["c1", "c3"]))) == after


def test_shift_moves_several_without_their_covering_one_another() -> None:
    cut = edits.shift(three_clips(), ["c1", "c2"], by=Fraction(3))
    # They lie over the third: it keeps what they do not cover, which is nothing.
    assert row(cut) == ["gap@0+3", "c1@3+4", "c2@7+3"]
    with pytest.raises(TimelineError, match="cannot begin"):
        edits.shift(cut, ["c1"], by=Fraction(-4))
    with pytest.raises(TimelineError, match="no video track so far above"):
        edits.shift(cut, ["c1"], by=Fraction(0), up=1)


def test_paste_puts_copies_on_their_tracks() -> None:
    start = three_clips(has_audio=True)
    picture, sound = clip_of(start, "c1"), clip_of(start, "c2")
    pieces = [("V1", Fraction(0), picture), ("A1", Fraction(0), sound)]
    cut = edits.paste(start, pieces, at=Fraction(10))
    assert row(cut)[-2:] == ["gap@9+1", "c8@10+4"]
    assert row(cut, "A1")[-1] == "c9@10+4"
    assert clip_of(cut, "c8").link == clip_of(cut, "c9").link != picture.link
    with pytest.raises(TimelineError, match="no track 'X1'"):
        edits.paste(start, [("X1", Fraction(0), picture)], at=Fraction(0))


def test_a_transition_is_removed_in_picture_and_sound() -> None:
    cut = three_clips(has_audio=True)
    joined = edits.transition(cut, after="c1", duration=Fraction(1))
    assert edits.remove_transition(joined, after="c1").tracks == cut.tracks
    with pytest.raises(TimelineError, match="no transition follows 'street' on V1"):
        edits.remove_transition(cut, after="c1")
    apart = edits.lift(cut, "c3")
    with pytest.raises(TimelineError, match="a gap follows 'street' on V1 at 00:00"):
        edits.transition(apart, after="c1", duration=Fraction(1))


def test_reorder_closes_the_gap_and_makes_room() -> None:
    cut = three_clips(has_audio=True)
    first = edits.reorder(cut, "c5", before="c1")
    assert row(first) == ["c5@0+2", "c1@2+4", "c3@6+3"]
    assert row(first, "A1") == ["c6@0+2", "c2@2+4", "c4@6+3"]
    last = edits.reorder(cut, "c1", after="c5")
    assert row(last) == ["c3@0+3", "c5@3+2", "c1@5+4"]
    assert edits.reorder(cut, "c1", before="c3") is cut
    assert edits.reorder(last, "c1", before="c3").tracks == cut.tracks


def test_reorder_takes_titles_along_and_leaves_music() -> None:
    music = media("music.flac", has_audio=True, size=None)
    cut = edits.overwrite(three_clips(), [clip(0, 9, of=music)], at=Fraction(0))
    cut = edits.add_track(cut, "video")
    over = [clip(0, 1, name="over c2")]
    cut = edits.overwrite(cut, over, at=Fraction(5), track="V2")
    cut = edits.overwrite(cut, [clip(0, 1)], at=Fraction(7), track="V2")
    moved = edits.reorder(cut, "c3", before="c2")
    # c3 lay at 7 to 9 with c6 over it; c2 at 4 to 7 with c5 over it.
    assert row(moved) == ["c1@0+4", "c3@4+2", "c2@6+3"]
    assert row(moved, "V2") == ["gap@0+4", "c6@4+1", "gap@5+2", "c5@7+1"]
    assert row(moved, "A1") == ["c4@0+9"]


def test_reorder_keeps_linked_clips_in_step() -> None:
    cut = edits.add_track(three_clips(), "video")
    cut = edits.overwrite(cut, [clip(0, 1.5)], at=Fraction(13, 2), track="V2")
    cut = edits.link(cut, ["c3", "c4"])
    # c4 lies across the cut between c2 and c3: half a second before c3.
    moved = edits.reorder(cut, "c2", after="c3")
    assert row(moved) == ["c1@0+4", "c3@4+2", "c2@6+3"]
    assert row(moved, "V2") == ["gap@0+3.5", "c4@3.5+1.5"]


def test_reorder_keeps_transitions_between_clips_that_stay_neighbors() -> None:
    cut = edits.transition(three_clips(), after="c1", duration=Fraction(1))
    moved = edits.reorder(cut, "c3", before="c1")
    assert row(moved) == ["c3@0+2", "c1@2+4", "transition@5.5+1", "c2@6+3"]
    apart = edits.reorder(cut, "c3", before="c2")
    assert row(apart) == ["c1@0+4", "c3@4+2", "c2@6+3"]


def test_reorder_refuses_what_makes_no_sense() -> None:
    cut = edits.add_track(three_clips(), "video")
    cut = edits.overwrite(cut, [clip(0, 2)], at=Fraction(6), track="V2")
    with pytest.raises(TimelineError, match="give one of before= and after="):
        edits.reorder(cut, "c1")
    with pytest.raises(TimelineError, match="is on another track than 'street' on V2"):
        edits.reorder(cut, "c1", before="c4")
    # c4 lies across the cut between c2 and c3, and what gives way would meet it.
    more = edits.overwrite(cut, [clip(0, 1)], at=Fraction(5), track="V2")
    with pytest.raises(TimelineError, match="'street' ends at 8 s and is in the way"):
        edits.reorder(more, "c3", before="c2")


def subtitled(*spans: tuple[float, float]) -> Timeline:
    """The three clips with sound, and lines from one second to another."""
    cut = three_clips(has_audio=True)
    for start, end in spans:
        place = TimeRange.between(Fraction(start), Fraction(end))
        cut = edits.add_subtitle(cut, "line", at=place)
    return cut


def test_retime_moves_what_follows_on_every_track() -> None:
    cut = subtitled((4.5, 5), (6, 8), (8.5, 9))
    fast = edits.retime(cut, "c3", rate=Fraction(2))
    # c3 takes 1.5 s of 3: what follows comes 1.5 s sooner.
    assert row(fast) == ["c1@0+4", "c3@4+1.5", "c5@5.5+2"]
    assert row(fast, "A1") == ["c2@0+4", "c4@4+1.5", "c6@5.5+2"]
    # 4.5 s is half a second into it: a quarter now. 8 s is a second after its end.
    assert row(fast, "S1") == [
        "gap@0+4.25",
        "s7@4.25+0.25",
        "gap@4.5+0.5",
        "s8@5+1.5",
        "gap@6.5+0.5",
        "s9@7+0.5",
    ]
    slow = edits.retime(cut, "c3", rate=Fraction(1, 2))
    assert row(slow) == ["c1@0+4", "c3@4+6", "c5@10+2"]
    assert row(slow, "S1")[1:] == [
        "s7@5+1",
        "gap@6+2",
        "s8@8+3",
        "gap@11+0.5",
        "s9@11.5+0.5",
    ]


def test_retime_keeps_titles_over_the_same_pictures() -> None:
    cut = edits.add_track(three_clips(), "video")
    for at in (3, 4.5, 5.5, 7.5):
        cut = edits.overwrite(cut, [clip(0, 1)], at=Fraction(at), track="V2")
    fast = edits.retime(cut, "c2", rate=Fraction(2))
    # Starts over c2 come to 4 + half; c5 gives its tail to c6, which is there sooner.
    assert row(fast, "V2") == [
        "gap@0+3",
        "c4@3+1",
        "gap@4+0.25",
        "c5@4.25+0.5",
        "c6@4.75+1",
        "gap@5.75+0.25",
        "c7@6+1",
    ]
    slow = edits.retime(cut, "c2", rate=Fraction(1, 2))
    assert [part for part in row(slow, "V2") if "gap" not in part] == [
        "c4@3+1",
        "c5@5+1",
        "c6@7+1",
        "c7@10.5+1",
    ]


def test_retime_leaves_music_that_lies_across() -> None:
    music = media("music.flac", has_audio=True, size=None)
    cut = edits.overwrite(three_clips(), [clip(0, 9, of=music)], at=Fraction(0))
    assert row(edits.retime(cut, "c2", rate=Fraction(3)), "A1") == ["c4@0+9"]
    locked = edits.set_track(cut, "V1", locked=True)
    with pytest.raises(TimelineError, match="'V1' is locked"):
        edits.retime(locked, "c2", rate=Fraction(3))


def test_retime_back_and_forth_changes_nothing() -> None:
    cut = subtitled((4.5, 5), (6, 8), (8.5, 9))
    again = edits.retime(
        edits.retime(cut, "c3", rate=Fraction(3)), "c3", rate=Fraction(1)
    )
    assert again.tracks == cut.tracks


def test_freeze_holds_the_last_frame_behind_the_clip() -> None:
    cut = three_clips()
    # At 25 frames/s the last frame of c1 begins at 3.96 s: media second 13.96.
    for at in (Fraction(4), Fraction(399, 100)):
        held = edits.freeze(cut, "c1", at=at, duration=Fraction(2))
        assert row(held) == ["c1@0+4", "c4@4+2", "c2@6+3", "c3@9+2"]
        (speed,) = clip_of(held, "c4").effects
        assert speed.parameters["media"] == str(Fraction(1396, 100))
    with pytest.raises(TimelineError, match=r"it has no frame at 4\.04 s"):
        edits.freeze(cut, "c1", at=Fraction(404, 100), duration=Fraction(2))


def test_freeze_keeps_titles_and_subtitles_in_step() -> None:
    cut = subtitled((0, 1), (1.5, 3), (4, 5))
    title = MediaReference(generator=Effect(kind="title"), size=(1280, 720))
    cut = edits.overlay(cut, clip(0, 2, of=title), at=Fraction(1))
    held = edits.freeze(cut, "c1", at=Fraction(2), duration=Fraction(1))
    assert row(held, "S1") == ["s7@0+1", "gap@1+0.5", "s8@1.5+2.5", "gap@4+1", "s9@5+1"]
    assert row(held, "V2") == ["gap@0+1", "c10@1+3"]
    assert row(held, "A1")[:3] == ["c2@0+2", "gap@2+1", "c14@3+2"]
    # The halves of picture and sound behind the held frame stay linked.
    assert row(held)[:3] == ["c1@0+2", "c11@2+1", "c12@3+2"]
    assert clip_of(held, "c12").link == clip_of(held, "c14").link != ""


def titles(cut: Timeline, *starts: float) -> Timeline:
    """The timeline with titles of a second."""
    of = MediaReference(generator=Effect(kind="title"), size=(1280, 720))
    for start in starts:
        cut = edits.overlay(cut, clip(0, 1, of=of), at=Fraction(start))
    return cut


def test_titles_one_after_another_share_a_track() -> None:
    cut = titles(three_clips(), *range(50))
    assert [track.name for track in cut.tracks] == ["V1", "V2"]
    assert len(cut.tracks[1].items) == 50


def test_titles_at_once_go_above_one_another() -> None:
    cut = titles(three_clips(), 1, 1.5, 4, 0.5)
    assert row(cut, "V2") == ["gap@0+1", "c4@1+1", "gap@2+2", "c6@4+1"]
    # c7 ends where c5 begins, and lies over c4.
    assert row(cut, "V3") == ["gap@0+0.5", "c7@0.5+1", "c5@1.5+1"]
