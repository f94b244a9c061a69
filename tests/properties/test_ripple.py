"""Laws of what other tracks do when an edit takes time out or puts time in."""

from fractions import Fraction
from itertools import combinations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from timelines import clip, drawn_frames, drawn_timelines

from timeline_nb.commands.arranging import Delete, Ripple
from timeline_nb.commands.command import Command
from timeline_nb.commands.placing import Insert
from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineNbError
from timeline_nb.timeline import edits
from timeline_nb.timeline.layout import duration_of
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.queries import clips
from timeline_nb.timeline.validate import problems

relaxed = settings(
    deadline=None, max_examples=80, suppress_health_check=list(HealthCheck)
)


def _starts(timeline: Timeline) -> dict[str, Fraction]:
    """Where each clip begins, found by adding up durations one by one."""
    found = {}
    for track in timeline.tracks:
        at = Fraction(0)
        for item in track.items:
            if isinstance(item, Clip):
                found[item.id] = at
            at += duration_of(item)
    return found


def _end(timeline: Timeline, name: str) -> Fraction:
    track = next(track for track in timeline.tracks if track.name == name)
    return sum((duration_of(item) for item in track.items), Fraction(0))


def _track_of(timeline: Timeline, item: str) -> str:
    return next(
        track.name
        for track in timeline.tracks
        if any(getattr(own, "id", "") == item for own in track.items)
    )


def _in_step(timeline: Timeline) -> dict[frozenset[str], Fraction]:
    """How far the media of linked clips lie apart, by their ids."""
    starts, found = _starts(timeline), {}
    for one, other in combinations([c for c in clips(timeline) if c.link], 2):
        if one.link == other.link:
            zero = [starts[c.id] - c.source_range.start for c in (one, other)]
            found[frozenset((one.id, other.id))] = abs(zero[0] - zero[1])
    return found


@st.composite
def _scene(draw: st.DrawFn) -> Timeline:
    """A timeline in which some tracks have another sync lock."""
    timeline = draw(drawn_timelines(most_edits=6))
    for track in timeline.tracks:
        lock = draw(st.sampled_from(["auto", "auto", "auto", "on"]))
        timeline = edits.set_track(timeline, track.name, sync_lock=lock)
    return timeline


@relaxed
@given(st.data())
def test_ripple_delete_loses_and_overlaps_nothing(data: st.DataObject) -> None:
    timeline = data.draw(_scene())
    placed = list(clips(timeline))
    assume(placed)
    gone = data.draw(st.sampled_from(placed))
    own = _track_of(timeline, gone.id)
    try:
        after = edits.ripple_delete(timeline, gone.id)
    except TimelineNbError:
        return
    assert problems(after) == ()
    before, now = _starts(timeline), _starts(after)
    for item in placed:
        is_own = item.id == gone.id or (item.link and item.link == gone.link)
        track = next(t for t in timeline.tracks if item in t.items)
        may_go = is_own or track.sync_lock == "on" or item.media.generator is not None
        assert may_go or item.id in now
        if item.id in now:
            assert 0 <= before[item.id] - now[item.id] <= gone.duration
            follows = before[item.id] >= before[gone.id] + gone.duration
            if track.name == own and follows:
                assert before[item.id] - now[item.id] == gone.duration
    # Clips of one link may lie on one track, and go together.
    companions = [
        item
        for item in placed
        if item.link and item.link == gone.link and item.id != gone.id
    ]
    goes_alone = all(_track_of(timeline, item.id) != own for item in companions)
    if goes_alone and _end(timeline, own) > before[gone.id] + gone.duration:
        assert _end(timeline, own) - _end(after, own) == gone.duration


@relaxed
@given(st.data())
def test_linked_clips_stay_in_step(data: st.DataObject) -> None:
    timeline = data.draw(_scene())
    # Links of a picture and its sound: those that placing them made.
    for track in timeline.tracks:
        for own in track.items:
            pair = [
                c
                for c in clips(timeline)
                if c.link and c.link == getattr(own, "link", "")
            ]
            assume(len(pair) in {0, 2} and len({c.source_range for c in pair}) < 2)
    assume(len(set(_in_step(timeline).values()) | {0}) == 1)
    placed = list(clips(timeline))
    assume(placed)
    item = data.draw(st.sampled_from(placed)).id
    by = data.draw(st.integers(-40, 40)) / timeline.rate
    at = data.draw(drawn_frames(timeline.rate, 300))
    command: Command = data.draw(
        st.sampled_from(
            [
                Delete(clip=item),
                Ripple(clip=item, tail=by),
                Ripple(clip=item, head=by),
                Insert(clips=(clip(0, 2),), at=at),
            ]
        )
    )
    session = EditSession(timeline)
    try:
        after = session.perform(command)
    except TimelineNbError:
        return
    assert problems(after) == ()
    assert set(_in_step(after).values()) <= {0}
    if after is not timeline:
        assert session.undo() == timeline
