"""Clips that are edited alone: what is linked to them stays as it is."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from timelines import drawn_frames, drawn_timelines, row, three_clips

import timeline_nb as tl
from timeline_nb.commands import arranging
from timeline_nb.commands.command import Command
from timeline_nb.errors import TimelineNbError
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.queries import clip_of, clips, linked, range_of
from timeline_nb.timeline.validate import problems

# Clips c1, c3, c5 of 4, 3 and 2 s from 0, and their sound c2, c4, c6.
PICTURES = ["c1@0+4", "c3@4+3", "c5@7+2"]
SOUNDS = ["c2@0+4", "c4@4+3", "c6@7+2"]

Change = Callable[[tl.Edit], object]
ALONE: list[tuple[Change, list[str], list[str]]] = [
    (
        lambda cut: cut.move("c5", to="9s", alone=True),
        ["c1@0+4", "c3@4+3", "gap@7+2", "c5@9+2"],
        SOUNDS,
    ),
    (
        lambda cut: cut.shift(["c3", "c5"], by="1s", alone=True),
        ["c1@0+4", "gap@4+1", "c3@5+3", "c5@8+2"],
        SOUNDS,
    ),
    (
        lambda cut: cut.shift(["c6"], by="1s", alone=True),
        PICTURES,
        ["c2@0+4", "c4@4+3", "gap@7+1", "c6@8+2"],
    ),
    (
        lambda cut: cut.split("5s", clip="c3", alone=True),
        ["c1@0+4", "c3@4+1", "c7@5+2", "c5@7+2"],
        SOUNDS,
    ),
    (
        lambda cut: cut.lift("c3", alone=True),
        ["c1@0+4", "gap@4+3", "c5@7+2"],
        SOUNDS,
    ),
    # The sound that stays is in the way of what follows it: only pictures close up.
    (lambda cut: cut.delete("c3", alone=True), ["c1@0+4", "c5@4+2"], SOUNDS),
    (
        lambda cut: cut.trim("c5", tail="-1s", alone=True),
        ["c1@0+4", "c3@4+3", "c5@7+1"],
        SOUNDS,
    ),
    (
        lambda cut: cut.ripple("c3", tail="-1s", alone=True),
        ["c1@0+4", "c3@4+2", "c5@6+2"],
        SOUNDS,
    ),
    # There is room to the right on every track: what follows stays in step.
    (
        lambda cut: cut.ripple("c3", tail="1s", alone=True),
        ["c1@0+4", "c3@4+4", "c5@8+2"],
        ["c2@0+4", "c4@4+3", "gap@7+1", "c6@8+2"],
    ),
    (
        lambda cut: cut.roll("c1", by="1s", alone=True),
        ["c1@0+5", "c3@5+2", "c5@7+2"],
        SOUNDS,
    ),
    (
        lambda cut: cut.slide("c3", by="1s", alone=True),
        ["c1@0+5", "c3@5+3", "c5@8+1"],
        SOUNDS,
    ),
    (
        lambda cut: cut.speed("c5", 2, alone=True),
        ["c1@0+4", "c3@4+3", "c5@7+1"],
        SOUNDS,
    ),
]


@pytest.mark.parametrize(("change", "pictures", "sounds"), ALONE)
def test_what_is_linked_stays(
    change: Change, pictures: list[str], sounds: list[str]
) -> None:
    cut = tl.Edit(timeline=three_clips(has_audio=True))
    change(cut)
    assert row(cut.timeline) == pictures
    assert row(cut.timeline, "A1") == sounds
    cut.undo()
    assert row(cut.timeline, "A1") == SOUNDS


def test_a_picture_slips_under_its_sound() -> None:
    cut = tl.Edit(timeline=three_clips(has_audio=True))
    cut.slip("c3", by="1s", alone=True)
    assert clip_of(cut.timeline, "c3").source_range.start == 21
    assert clip_of(cut.timeline, "c4").source_range.start == 20


def test_the_first_part_of_a_picture_split_alone_keeps_its_sound() -> None:
    cut = tl.Edit(timeline=three_clips(has_audio=True))
    cut.split("5s", clip="c3", alone=True)
    assert len(linked(cut.timeline, "c3")) == 2
    assert len(linked(cut.timeline, "c7")) == 1
    cut.join("c3", alone=True)
    assert row(cut.timeline) == PICTURES


def test_an_edit_alone_is_written_as_code() -> None:
    cut = tl.Edit(timeline=three_clips(has_audio=True))
    cut.roll("c1", by="1s", alone=True)
    cut.move("c5", to="9s")
    assert cut.history.script().splitlines()[-2:] == [
        "cut.roll('c1', by=\"25f\", alone=True)",
        "cut.move('c5', to=\"225f\")",
    ]


def _unlinked(timeline: Timeline) -> Timeline:
    """The timeline with no clip linked to another."""
    rows = [
        tuple(replace(i, link="") if isinstance(i, Clip) else i for i in track.items)
        for track in timeline.tracks
    ]
    tracks = [
        replace(track, items=items)
        for track, items in zip(timeline.tracks, rows, strict=True)
    ]
    return replace(timeline, tracks=tuple(tracks))


def _shown(timeline: Timeline) -> list[tuple[object, ...]]:
    """What each track shows when, whatever the ids are."""
    return [
        (
            track.name,
            range_of(track, number),
            getattr(item, "media", None),
            getattr(item, "source_range", None),
        )
        for track in timeline.tracks
        for number, item in enumerate(track.items)
    ]


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_an_edit_alone_is_the_edit_of_clips_without_links(data: st.DataObject) -> None:
    timeline = data.draw(drawn_timelines(most_edits=5))
    ids = [clip.id for clip in clips(timeline)]
    if not ids:
        return
    item = data.draw(st.sampled_from(ids))
    by = data.draw(st.integers(-40, 40)) / timeline.rate
    at = data.draw(drawn_frames(timeline.rate, 300))
    kinds: list[Command] = [
        arranging.Delete(clip=item, alone=True),
        arranging.Lift(clip=item, alone=True),
        arranging.Ripple(clip=item, tail=by, alone=True),
        arranging.Ripple(clip=item, head=by, alone=True),
        arranging.Trim(clip=item, head=by, alone=True),
        arranging.Move(clip=item, to=at, alone=True),
        arranging.Shift(clips=(item, ids[0]), by=by, alone=True),
        arranging.Split(clip=item, at=at, alone=True),
        arranging.Roll(clip=item, by=by, alone=True),
        arranging.Slide(clip=item, by=by, alone=True),
    ]
    command = data.draw(st.sampled_from(kinds))
    try:
        expected = command.apply(_unlinked(timeline))
    except TimelineNbError:
        with pytest.raises(TimelineNbError):
            command.apply(timeline)
        return
    after = command.apply(timeline)
    assert problems(after) == ()
    assert _shown(after) == _shown(expected)
    kept = {clip.id: clip.link for clip in clips(after) if clip.id in ids}
    assert kept == {i: clip_of(timeline, i).link for i in kept}


def test_without_alone_what_is_linked_goes_along() -> None:
    cut = edits.roll(three_clips(has_audio=True), "c1", by=Fraction(1))
    assert row(cut, "A1") == ["c2@0+5", "c4@5+2", "c6@7+2"]
