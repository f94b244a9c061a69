"""Laws that hold for every timeline and every edit."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from timelines import drawn_edit, drawn_frames, drawn_timelines

from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineError, TimelineNbError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.layout import duration_of, layout_of
from timeline_nb.timeline.model import Clip, Gap, Timeline, Transition
from timeline_nb.timeline.queries import clips, duration, item_index_at, range_of
from timeline_nb.timeline.tables import from_dataframe, to_dataframe
from timeline_nb.timeline.validate import problems

relaxed = settings(
    deadline=None, max_examples=60, suppress_health_check=list(HealthCheck)
)


def _placed(timeline: Timeline) -> dict[str, TimeRange]:
    """Where each clip lies, found by adding up durations one by one."""
    found = {}
    for track in timeline.tracks:
        at = Fraction(0)
        for item in track.items:
            if isinstance(item, Clip):
                found[item.id] = TimeRange(at, item.duration)
            at += duration_of(item)
    return found


@relaxed
@given(st.data())
def test_no_edit_makes_an_invalid_timeline(data: st.DataObject) -> None:
    timeline = data.draw(drawn_timelines(most_edits=12))
    assert problems(timeline) == ()
    for track in timeline.tracks:
        kinds = [type(item) for item in track.items]
        assert (Gap, Gap) not in pairwise(kinds)
        assert not kinds or kinds[-1] is not Gap


@relaxed
@given(st.data())
def test_undo_takes_an_edit_back_and_redo_makes_it_again(data: st.DataObject) -> None:
    session = EditSession(data.draw(drawn_timelines()))
    before = session.timeline
    edit = data.draw(drawn_edit(before))
    try:
        after = session.apply("edit", edit)
    except TimelineNbError:
        assert session.timeline is before
        assert session.undo_label is None
        return
    if after is before:
        return
    assert session.undo() is before
    assert session.redo() is after


@relaxed
@given(st.data())
def test_join_takes_a_split_back(data: st.DataObject) -> None:
    timeline = data.draw(drawn_timelines())
    placed = list(clips(timeline))
    assume(placed)
    item = data.draw(st.sampled_from(placed))
    place = _placed(timeline)[item.id]
    offset = data.draw(drawn_frames(timeline.rate))
    try:
        cut = edits.split(timeline, at=place.start + offset, item_id=item.id)
        whole = edits.join(cut, item.id)
    except TimelineNbError:
        return
    assert whole.tracks == timeline.tracks
    assert len(list(clips(cut))) > len(list(clips(timeline)))


@relaxed
@given(st.data())
def test_linked_sound_keeps_in_step(data: st.DataObject) -> None:
    timeline = data.draw(drawn_timelines(most_edits=0))
    for _ in range(6):
        ids = [c.id for c in clips(timeline) if c.link]
        if not ids:
            return
        item = data.draw(st.sampled_from(ids))
        by = data.draw(st.integers(-40, 40)) / timeline.rate
        verb = data.draw(
            st.sampled_from(
                [
                    lambda t, i=item, d=by: edits.slip(t, i, by=d),
                    lambda t, i=item, d=by: edits.roll(t, i, by=d),
                    lambda t, i=item, d=by: edits.ripple(t, i, tail=d),
                    lambda t, i=item, d=by: edits.move(t, i, to=abs(d)),
                    lambda t, i=item, d=by: edits.split(t, at=abs(d), item_id=i),
                ]
            )
        )
        try:
            timeline = verb(timeline)
        except TimelineNbError:
            continue
    places = _placed(timeline)
    by_link: dict[str, list[Clip]] = {}
    for clip in clips(timeline):
        if clip.link:
            by_link.setdefault(clip.link, []).append(clip)
    for pair in by_link.values():
        # A part may have been overwritten; what is left is at the media's own place.
        offsets = {places[c.id].start - c.source_range.start for c in pair}
        assert len(offsets) == 1


@relaxed
@given(st.data())
def test_layouts_are_sums_of_durations(data: st.DataObject) -> None:
    timeline = data.draw(drawn_timelines())
    for track in timeline.tracks:
        at = Fraction(0)
        for number, item in enumerate(track.items):
            assert layout_of(track.items).start(number) == at
            if not isinstance(item, Transition):
                assert range_of(track, number) == TimeRange(at, duration_of(item))
                assert item_index_at(track, at) == number
            at += duration_of(item)
        assert layout_of(track.items).end == at
    ends = [p.end for p in _placed(timeline).values()]
    assert duration(timeline) >= max(ends, default=Fraction(0))


@relaxed
@given(drawn_timelines())
def test_a_table_holds_the_whole_timeline(timeline: Timeline) -> None:
    assert from_dataframe(to_dataframe(timeline)) == timeline


@relaxed
@given(drawn_timelines())
def test_edits_leave_the_old_timeline_alone(timeline: Timeline) -> None:
    copy = replace(timeline)
    for item in clips(timeline):
        try:
            edits.ripple_delete(timeline, item.id)
        except TimelineNbError:
            continue
    assert timeline == copy


def test_the_laws_are_tested_on_more_than_simple_timelines() -> None:
    """The strategy itself reaches transitions, links and gaps."""
    seen: set[type] = set()

    @settings(deadline=None, max_examples=200, database=None, derandomize=True)
    @given(drawn_timelines(most_edits=12))
    def look(timeline: Timeline) -> None:
        seen.update(type(item) for track in timeline.tracks for item in track.items)

    look()
    assert {Clip, Gap, Transition} <= seen
    with pytest.raises(TimelineError, match="no item"):
        edits.lift(edits.add_track(_any(), "video"), "c99")


def _any() -> Timeline:
    return Timeline(name="any", rate=Fraction(25), size=(2, 2))
