"""A three-way merge: what joins, what is asked, and how it is settled."""

from fractions import Fraction

import pytest
from msgspec.structs import replace
from timelines import clip, empty, media, row, three_clips

from timeline_nb.commands.titles import AddSubtitle, Nest
from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.edits.nested import edit_nested, nested_timeline
from timeline_nb.timeline.merging.merged import MergedTimelines
from timeline_nb.timeline.merging.rows import row_of
from timeline_nb.timeline.merging.sequences import align, clusters, hunks
from timeline_nb.timeline.model import Effect, Gap, Subtitle, Timeline
from timeline_nb.timeline.queries import clip_of
from timeline_nb.timeline.validate import problems

FRAME = Fraction(1, 25)


def merged(base: Timeline, ours: Timeline, theirs: Timeline) -> Timeline:
    """What three make, without a conflict."""
    made = MergedTimelines(base, ours, theirs)
    assert str(made) == "no conflict"
    assert problems(made.timeline) == ()
    return made.timeline


def test_two_trims_with_ripple_both_shorten_the_track() -> None:
    base = three_clips()
    ours = edits.ripple(base, "c1", tail=Fraction(-1))
    theirs = edits.ripple(base, "c3", tail=Fraction(-1))
    assert row(merged(base, ours, theirs)) == ["c1@0+3", "c2@3+3", "c3@6+1"]


def test_a_trim_of_each_edge_and_a_slip_and_a_trim_join() -> None:
    base = three_clips()
    ours = edits.ripple(base, "c2", head=Fraction(1))
    theirs = edits.ripple(base, "c2", tail=Fraction(-1))
    made = merged(base, ours, theirs)
    assert clip_of(made, "c2").source_range == TimeRange(Fraction(21), Fraction(1))
    assert row(made) == ["c1@0+4", "c2@4+1", "c3@5+2"]
    ours = edits.slip(base, "c2", by=Fraction(2))
    made = merged(base, ours, theirs)
    assert clip_of(made, "c2").source_range == TimeRange(Fraction(22), Fraction(2))


def test_a_move_and_another_fields_change_join() -> None:
    base = edits.add_track(three_clips(), "video")
    ours = edits.move(base, "c3", to=Fraction(1), track="V2")
    theirs = edits.set_clip(base, "c3", gain_db=-6.0, name="night")
    made = merged(base, ours, theirs)
    assert row(made, "V2") == ["gap@0+1", "c3@1+2"]
    assert clip_of(made, "c3").gain_db == -6.0
    assert clip_of(made, "c3").name == "night"


def test_what_both_placed_at_other_times_of_a_free_stretch_joins() -> None:
    base = edits.overwrite(three_clips(), [clip(0, 2)], at=Fraction(20))
    assert row(base)[-2:] == ["gap@9+11", "c4@20+2"]
    for at, other in ((10, 15), (15, 10), (9, 19), (30, 25), (24, 22)):
        ours = edits.overwrite(base, [clip(0, 1, name="a")], at=Fraction(at))
        theirs = edits.overwrite(base, [clip(0, 1, name="b")], at=Fraction(other))
        made = merged(base, ours, theirs)
        places = dict(part.split("@") for part in row(made) if part[0] == "c")
        assert places["c4"] == "20+2"
        # Theirs has the id of ours, and another one in the merge.
        keys = "c5", max(places)
        assert [places[key] for key in keys] == [f"{at}+1", f"{other}+1"]
        assert [clip_of(made, key).name for key in keys] == ["a", "b"]


@pytest.mark.parametrize("at", [14, 30])
def test_what_both_placed_at_one_time_is_asked(at: int) -> None:
    base = edits.overwrite(three_clips(), [clip(0, 2)], at=Fraction(20))
    ours = edits.overwrite(base, [clip(0, 3, name="a")], at=Fraction(at))
    theirs = edits.overwrite(base, [clip(0, 3, name="b")], at=Fraction(at + 1))
    made = MergedTimelines(base, ours, theirs)
    assert len(made.open) == 1
    assert problems(made.timeline) == ()


def test_a_gap_that_both_changed_has_both_changes() -> None:
    base = edits.move(three_clips(), "c3", to=Fraction(17))
    assert row(base) == ["c1@0+4", "c2@4+3", "gap@7+10", "c3@17+2"]
    ours = edits.move(base, "c3", to=Fraction(18))
    theirs = edits.trim(base, "c2", tail=Fraction(2))
    made = merged(base, ours, theirs)
    # One second later by ours; the second clip is two longer by theirs.
    assert row(made) == ["c1@0+4", "c2@4+5", "gap@9+9", "c3@18+2"]


@pytest.mark.parametrize("is_last", [True, False])
def test_a_clip_that_one_lifted_leaves_what_the_other_placed_before_it(
    *,
    is_last: bool,
) -> None:
    base = edits.overwrite(three_clips(), [clip(0, 2)], at=Fraction(20))
    if not is_last:
        base = edits.overwrite(base, [clip(0, 1)], at=Fraction(30))
    ours = edits.overwrite(base, [clip(0, 1, name="a")], at=Fraction(12))
    theirs = edits.lift(base, "c4")
    for sides in ((ours, theirs), (theirs, ours)):
        made = row(merged(base, *sides))
        new = "c5@12+1" if is_last else "c6@12+1"
        assert made[3:5] == ["gap@9+3", new]
        assert made[5:] == ([] if is_last else ["gap@13+17", "c5@30+1"])


def test_a_clip_that_one_lifted_and_the_other_moved_or_covered_is_asked() -> None:
    base = edits.overwrite(three_clips(), [clip(0, 2)], at=Fraction(20))
    lifted = edits.lift(base, "c4")
    placed = edits.overwrite(base, [clip(0, 1, name="a")], at=Fraction(12))
    moved = edits.move(placed, "c4", to=Fraction(24))
    covered = edits.overwrite(placed, [clip(0, 2, name="b")], at=Fraction(20))
    quieter = edits.set_clip(placed, "c4", gain_db=-6.0)
    for other in (moved, covered, quieter):
        for sides in ((lifted, other), (other, lifted)):
            made = MergedTimelines(base, *sides)
            assert made.open
            assert problems(made.timeline) == ()


def test_new_ids_that_collide_are_numbered_anew() -> None:
    base = three_clips()
    ours = edits.insert(base, [clip(0, 1, name="mine")], at=Fraction(0))
    theirs = edits.append(base, [clip(50, 1, name="yours")])
    assert clip_of(ours, "c4").name == "mine"
    assert clip_of(theirs, "c4").name == "yours"
    made = merged(base, ours, theirs)
    assert row(made) == ["c4@0+1", "c1@1+4", "c2@5+3", "c3@8+2", "c5@10+1"]
    assert clip_of(made, "c5").name == "yours"
    assert made.next_id == 6
    again = edits.append(made, [clip()])
    assert clip_of(again, "c6").name == "street"


def test_new_links_that_collide_stay_apart() -> None:
    of = media(has_audio=True)
    base = edits.append(empty(), [clip(10, 4, of=of), clip(20, 4, of=of)])
    ours = edits.insert(base, [clip(30, 1, of=of)], at=Fraction(0))
    theirs = edits.append(base, [clip(40, 1, of=of)])
    made = merged(base, ours, theirs)
    links: dict[str, list[str]] = {}
    for track in made.tracks:
        for item in track.items:
            links.setdefault(getattr(item, "link", ""), []).append(track.name)
    assert sorted(links.values()) == [["V1", "A1"]] * 4


def test_what_both_added_alike_is_there_once() -> None:
    base = three_clips()
    both = edits.append(base, [clip(50, 1, name="same")])
    theirs = edits.set_clip(both, "c1", gain_db=-3.0)
    assert row(merged(base, both, theirs))[-1] == "c4@9+1"


def test_both_appended_is_asked_and_both_can_be_kept() -> None:
    base = three_clips()
    ours = edits.append(base, [clip(0, 1, name="mine")])
    theirs = edits.append(base, [clip(50, 1, name="yours")])
    made = MergedTimelines(base, ours, theirs)
    assert str(made) == '0. V1 at the end: items: ours "mine" 1 s, theirs "yours" 1 s'
    assert row(made.timeline)[3:] == ["c4@9+1"]
    made.settle(0, "theirs")
    assert row(made.timeline)[3:] == ["c5@9+1"]
    made.settle(0, "both")
    assert row(made.timeline)[3:] == ["c4@9+1", "c5@10+1"]
    assert made.is_settled


def test_one_field_that_both_changed_is_a_row_to_settle() -> None:
    base = three_clips()
    ours = edits.set_clip(base, "c1", gain_db=-3.0, name="mine")
    theirs = edits.set_clip(base, "c1", gain_db=-6.0)
    made = MergedTimelines(base, ours, theirs)
    table = made.conflicts
    assert list(table.columns) == ["where", "what", "base", "ours", "theirs", "settled"]
    assert table.iloc[0].to_list() == [
        'V1, clip "mine" at 00:00:00:00',
        "gain_db",
        "0",
        "-3",
        "-6",
        "",
    ]
    assert clip_of(made.timeline, "c1").gain_db == -3.0
    made.settle(0, "theirs")
    assert clip_of(made.timeline, "c1").gain_db == -6.0
    assert clip_of(made.timeline, "c1").name == "mine"
    assert made.conflicts["settled"].to_list() == ["theirs"]
    assert (
        MergedTimelines(base, ours, theirs, prefer="theirs").timeline == made.timeline
    )
    with pytest.raises(TimelineError, match="no conflict 1: rows go from 0 to 0"):
        made.settle(1, "ours")
    with pytest.raises(TimelineError, match=r"give 'ours' or 'theirs'.*'theirs'"):
        made.settle(0, "their")  # type: ignore[arg-type]
    with pytest.raises(TimelineError, match="both cannot be kept"):
        made.settle(0, "both")
    assert "gain_db" in made._repr_html_()


def test_a_clip_that_one_removed_and_one_changed_is_asked() -> None:
    base = three_clips()
    ours = edits.ripple_delete(base, "c2")
    theirs = edits.set_clip(base, "c2", gain_db=-6.0)
    made = MergedTimelines(base, ours, theirs)
    assert len(made.open) == 1
    assert row(made.timeline) == ["c1@0+4", "c3@4+2"]
    made.settle(0, "theirs")
    assert row(made.timeline) == ["c1@0+4", "c2@4+3", "c3@7+2"]
    assert clip_of(made.timeline, "c2").gain_db == -6.0


def test_a_clip_that_both_moved_is_asked_and_stands_once() -> None:
    base = edits.add_track(edits.add_track(three_clips(), "video"), "video")
    ours = edits.move(base, "c3", to=Fraction(0), track="V2")
    theirs = edits.move(base, "c3", to=Fraction(0), track="V3")
    made = MergedTimelines(base, ours, theirs)
    (asked,) = made.open
    assert asked.what == "place"
    assert asked.ours == "V2 at 00:00:00:00"
    assert asked.theirs == "V3 at 00:00:00:00"
    assert row(made.timeline, "V2") == ["c3@0+2"]
    assert row(made.timeline, "V3") == []
    made.settle(0, "theirs")
    assert row(made.timeline, "V2") == []
    assert row(made.timeline, "V3") == ["c3@0+2"]


def test_a_transition_and_the_removal_of_its_clip_are_asked() -> None:
    base = three_clips()
    ours = edits.transition(base, after="c1", duration=Fraction(1))
    theirs = edits.ripple_delete(base, "c2")
    made = MergedTimelines(base, ours, theirs)
    assert len(made.open) == 1
    assert row(made.timeline) == [
        "c1@0+4",
        "transition@3.5+1",
        "c2@4+3",
        "c3@7+2",
    ]
    made.settle(0, "theirs")
    assert row(made.timeline) == ["c1@0+4", "c3@4+2"]


def test_a_transition_that_a_trim_leaves_no_media_for_is_asked() -> None:
    base = three_clips()
    ours = edits.transition(base, after="c1", duration=Fraction(2))
    theirs = edits.ripple(base, "c1", tail=Fraction(46))
    assert clip_of(theirs, "c1").source_range.end == 60
    made = MergedTimelines(base, ours, theirs)
    (asked,) = made.open
    assert "needs 25 more frames" in asked.what
    assert clip_of(made.timeline, "c1").duration == 4
    made.settle(0, "theirs")
    assert row(made.timeline) == ["c1@0+50", "c2@50+3", "c3@53+2"]


def test_of_two_effects_of_a_kind_each_side_changes_its_own() -> None:
    soft, hard = (Effect(kind="blur", parameters={"sigma": n}) for n in (0.01, 0.2))
    round_ = replace(hard, parameters={"sigma": 0.2, "share": 1})
    base = edits.set_clip(three_clips(), "c1", effects=(soft, hard))
    ours = edits.set_clip(base, "c1", effects=(hard,))
    theirs = edits.set_clip(base, "c1", effects=(soft, round_))
    for sides in ((ours, theirs), (theirs, ours)):
        assert clip_of(merged(base, *sides), "c1").effects == (round_,)


def test_effects_join_by_kind_and_parameter() -> None:
    blur = Effect(kind="blur", parameters={"sigma": 0.01, "shape": "round"})
    base = edits.set_clip(three_clips(), "c1", effects=(blur,))
    stronger = replace(blur, parameters={"sigma": 0.02, "shape": "round"})
    square = replace(blur, parameters={"sigma": 0.01, "shape": "square"})
    ours = edits.set_clip(base, "c1", effects=(stronger, Effect(kind="sepia")))
    theirs = edits.set_clip(base, "c1", effects=(Effect(kind="glow"), square))
    made = merged(base, ours, theirs)
    assert clip_of(made, "c1").effects == (
        Effect(kind="glow"),
        Effect(kind="blur", parameters={"sigma": 0.02, "shape": "square"}),
        Effect(kind="sepia"),
    )


def test_an_effect_that_one_removed_is_gone_or_asked() -> None:
    blur, sepia = Effect(kind="blur", parameters={"sigma": 0.01}), Effect(kind="sepia")
    base = edits.set_clip(three_clips(), "c1", effects=(blur, sepia))
    gone = edits.set_clip(base, "c1", effects=(sepia,))
    off = replace(sepia, enabled=False)
    theirs = edits.set_clip(base, "c1", effects=(blur, off))
    for sides in ((gone, theirs), (theirs, gone)):
        assert clip_of(merged(base, *sides), "c1").effects == (off,)
    strong = replace(blur, parameters={"sigma": 0.02})
    changed = edits.set_clip(base, "c1", effects=(strong, sepia))
    for ours, other, words in (
        (gone, changed, ["removed", "changed"]),
        (changed, gone, ["changed", "removed"]),
    ):
        made = MergedTimelines(base, ours, other)
        (asked,) = made.open
        assert [asked.ours, asked.theirs] == words
        made.settle(0, "ours")
        assert clip_of(made.timeline, "c1") == clip_of(ours, "c1")
        made.settle(0, "theirs")
        assert clip_of(made.timeline, "c1") == clip_of(other, "c1")
        # What is kept stands where it was: there is no question about the order.
        assert made.open == []


def test_whether_an_effect_is_on_joins_with_its_parameters() -> None:
    blur = Effect(kind="blur", parameters={"sigma": 0.01})
    base = edits.set_clip(three_clips(), "c1", effects=(blur,))
    strong = replace(blur, parameters={"sigma": 0.02})
    ours = edits.set_clip(base, "c1", effects=(strong,))
    theirs = edits.set_clip(base, "c1", effects=(replace(blur, enabled=False),))
    for sides in ((ours, theirs), (theirs, ours)):
        assert clip_of(merged(base, *sides), "c1").effects == (
            replace(strong, enabled=False),
        )


def test_speeds_of_both_sides_are_one_question() -> None:
    """A rate of one and the keyframes of the other would be the speed of neither."""
    base = edits.retime(three_clips(), "c3", rate=Fraction(2))
    ours = edits.retime(base, "c3", rate=Fraction(4))
    theirs = edits.retime(base, "c3", rate=Fraction(1, 2))
    made = MergedTimelines(base, ours, theirs)
    assert "speed" in [one.what for one in made.open]
    for number in range(len(made.open)):
        made.settle(number, "theirs")
    assert clip_of(made.timeline, "c3").effects == clip_of(theirs, "c3").effects


def test_picture_and_sound_are_one_question() -> None:
    of = media(has_audio=True)
    base = edits.append(empty(), [clip(10, 4, of=of), clip(20, 4, of=of)])
    ours = edits.ripple(base, "c1", tail=Fraction(-1))
    theirs = edits.ripple(base, "c1", tail=Fraction(-2))
    made = MergedTimelines(base, ours, theirs)
    assert [one.what for one in made.open] == ["stretch of media"]
    made.settle(0, "theirs")
    assert row(made.timeline, "V1") == ["c1@0+2", "c3@2+4"]
    assert row(made.timeline, "A1") == ["c2@0+2", "c4@2+4"]
    gone = edits.ripple_delete(base, "c1")
    quiet = edits.set_clip(base, "c2", gain_db=-9.0)
    made = MergedTimelines(base, gone, quiet)
    assert len(made.open) == 1
    assert row(made.timeline, "V1") == ["c3@0+4"]
    made.settle(0, "theirs")
    assert row(made.timeline, "V1") == ["c1@0+4", "c3@4+4"]
    assert row(made.timeline, "A1") == ["c2@0+4", "c4@4+4"]
    both = [edits.append(base, [clip(time, 1, of=of)]) for time in (1, 5)]
    made = MergedTimelines(base, both[0], both[1])
    assert len(made.open) == 1
    made.settle(0, "both")
    assert len(row(made.timeline, "V1")) == len(row(made.timeline, "A1")) == 4


def test_markers_texts_and_the_head_join() -> None:
    span = TimeRange(Fraction(2), Fraction(0))
    base = edits.add_marker(three_clips(), name="m", marked_range=span)
    line = AddSubtitle(text="so", start=Fraction(0), end=Fraction(1))
    base = line.apply(base)
    (key,) = [i.id for i in base.tracks[-1].items if isinstance(i, Subtitle)]
    ours = replace(edits.set_marker(base, 0, note="dark"), name="night")
    ours = edits.set_subtitle(ours, key, text="then")
    theirs = edits.set_marker(base, 0, at=Fraction(3), color="red")
    theirs = edits.add_marker(theirs, name="n", marked_range=span)
    theirs = edits.set_subtitle(theirs, key, end=Fraction(2))
    made = merged(base, ours, theirs)
    assert [(m.name, m.note, m.marked_range.start) for m in made.markers] == [
        ("n", "", Fraction(2)),
        ("m", "dark", Fraction(3)),
    ]
    assert [m.color for m in made.markers][1] == "red"
    assert made.name == "night"
    assert [
        (item.text, item.duration)
        for item in made.tracks[-1].items
        if isinstance(item, Subtitle)
    ] == [("then", Fraction(2))]


def test_tracks_of_both_sides_stand_with_names_of_their_own() -> None:
    base = three_clips()
    ours = edits.append(edits.add_track(base, "video"), [clip()], track="V2")
    theirs = edits.append(edits.add_track(base, "video"), [clip(name="b")], track="V2")
    made = merged(base, ours, theirs)
    assert [track.name for track in made.tracks] == ["V1", "V2", "V3"]
    assert row(made, "V2") == ["c4@0+4"]
    assert row(made, "V3") == ["c5@0+4"]
    renamed = replace(
        base, tracks=(replace(base.tracks[0], name="Main"), *base.tracks[1:])
    )
    trimmed = edits.ripple(base, "c1", tail=Fraction(-1))
    assert row(merged(base, renamed, trimmed), "Main")[0] == "c1@0+3"


def test_nested_timelines_merge_within() -> None:
    base = Nest(timeline=three_clips(), at=Fraction(0)).apply(empty())

    def quieter(inner: Timeline, name: str) -> Timeline:
        return edits.set_clip(inner, name, gain_db=-3.0)

    ours = edit_nested(base, ["c1"], lambda inner: quieter(inner, "c1"))
    theirs = edit_nested(base, ["c1"], lambda inner: quieter(inner, "c3"))
    made = nested_timeline(merged(base, ours, theirs), "c1")
    assert [clip_of(made, name).gain_db for name in ("c1", "c2", "c3")] == [-3, 0, -3]
    other = edit_nested(
        base, ["c1"], lambda inner: edits.set_clip(inner, "c1", gain_db=-9.0)
    )
    (asked,) = MergedTimelines(base, ours, other).open
    assert asked.where == (
        'V1, clip "walk" at 00:00:00:00 > V1, clip "street" at 00:00:00:00'
    )


def test_orders_are_aligned_by_a_longest_common_one() -> None:
    assert (
        align("abcdef", "badcfe") == [(0, 1), (2, 3), (4, 5)]
        or len(align("abcdef", "badcfe")) == 3
    )
    assert align("abcdef", "xaybzc") == [(0, 1), (1, 3), (2, 5)]
    assert align("abc", "xyz") == []
    found = list(clusters(hunks("abcd", "Xabcd"), hunks("abcd", "abd"), matters=bool))
    assert [(one.first, one.last) for one in found] == [(0, 0), (2, 3)]
    # Side by side, they do not overlap.
    found = list(clusters(hunks("abcd", "Xbcd"), hunks("abcd", "aYcd"), matters=bool))
    assert [(one.first, one.last) for one in found] == [(0, 1), (1, 2)]
    (found_one,) = clusters(
        hunks("abcd", "abXcd"), hunks("abcd", "abYcd"), matters=bool
    )
    assert found_one.shown_by("abcd", found_one.ours) == ("X",)
    assert found_one.shown_by("abcd", found_one.theirs) == ("Y",)


def test_thousands_of_clips_that_both_shuffled_merge() -> None:
    row_of = [clip(n % 50, 1, name=f"n{n}") for n in range(2_000)]
    base = edits.append(empty(), row_of)
    (track,) = base.tracks
    ours = replace(base, tracks=(replace(track, items=track.items[::-1]),))
    half = track.items[1_000:] + track.items[:1_000]
    theirs = replace(base, tracks=(replace(track, items=half),))
    made = MergedTimelines(base, ours, theirs)
    assert problems(made.timeline) == ()
    assert len(made.timeline.tracks[0].items) >= 2_000


def test_a_gap_that_both_made_shorter_than_it_was_is_asked() -> None:
    base = edits.move(three_clips(), "c3", to=Fraction(10))
    assert row(base) == ["c1@0+4", "c2@4+3", "gap@7+3", "c3@10+2"]
    # They take 2 and 2.4 of 3 seconds, and there is no gap of minus 1.4.
    ours = edits.move(base, "c3", to=Fraction(8))
    theirs = edits.trim(base, "c2", tail=Fraction(12, 5))
    made = MergedTimelines(base, ours, theirs)
    assert made.conflicts["what"].tolist() == ["items"]
    assert problems(made.timeline) == ()


def test_what_one_placed_in_a_gap_that_the_other_made_longer_is_asked() -> None:
    base = edits.overwrite(three_clips(), [clip(0, 2)], at=Fraction(20))
    ours = edits.overwrite(base, [clip(0, 1, name="a")], at=Fraction(12))
    theirs = edits.overwrite(base, [clip(0, 1, name="b")], at=Fraction(15))
    theirs = edits.move(theirs, "c4", to=Fraction(22))
    for sides in ((ours, theirs), (theirs, ours)):
        made = MergedTimelines(base, *sides)
        assert made.conflicts["what"].tolist() == ["items"]
        assert problems(made.timeline) == ()


def test_what_stands_beside_a_replaced_gap_is_no_question() -> None:
    base = ["one", "gap", "two"]
    inserted = hunks(base, ["one", "new", "gap", "two"])
    longer = hunks(base, ["one", "longer gap", "two"])
    found = list(clusters(inserted, longer, matters=lambda token: "gap" not in token))
    assert [(len(own.ours), len(own.theirs)) for own in found] == [(1, 0), (0, 1)]
    other = hunks(base, ["one", "other", "two"])
    found = list(clusters(inserted, other, matters=lambda token: "gap" not in token))
    assert [(len(own.ours), len(own.theirs)) for own in found] == [(1, 1)]


def test_what_is_linked_on_one_side_alone_is_asked_by_track() -> None:
    base = edits.append(empty(), [clip(0, 4, of=media(has_audio=True))])
    linked = media("linked.mp4", has_audio=True)
    ours = edits.append(base, [clip(0, 2, of=linked)])
    # Theirs has a picture and another film's sound, which belong to nothing.
    theirs = edits.append(base, [clip(0, 3, of=linked)])
    tracks = tuple(
        replace(
            track,
            items=(*track.items[:-1], replace(track.items[-1], link="")),
        )
        for track in theirs.tracks
    )
    made = MergedTimelines(base, ours, replace(theirs, tracks=tracks))
    assert len(made.open) == 2


def test_gaps_beside_each_other_all_stand() -> None:
    gap = Gap(duration=Fraction(2))
    track = replace(three_clips().tracks[0], items=(gap, gap, gap))
    assert [row_of(track).items[token] for token in row_of(track).tokens] == [gap] * 3


def test_what_both_added_alike_at_two_places_is_there_twice() -> None:
    base = edits.add_track(three_clips(), "video")
    ours = edits.overwrite(base, [clip(0, 1)], at=Fraction(20), track="V1")
    theirs = edits.overwrite(base, [clip(0, 1)], at=Fraction(20), track="V2")
    made = merged(base, ours, theirs)
    assert row(made, "V1")[-1] == "c4@20+1"
    assert row(made, "V2") == ["gap@0+20", "c5@20+1"]
    later = edits.overwrite(base, [clip(0, 1)], at=Fraction(24), track="V1")
    made = merged(base, ours, later)
    assert row(made, "V1")[-3:] == ["c4@20+1", "gap@21+3", "c5@24+1"]
