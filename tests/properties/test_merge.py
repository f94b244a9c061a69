"""Laws of the three-way merge, on random edits by random commands."""

from collections import Counter
from fractions import Fraction

import hypothesis.strategies as st
from hypothesis import given, settings
from msgspec.structs import replace
from timelines import clip, drawn_edit, drawn_timelines, empty

from timeline_nb.errors import TimelineNbError
from timeline_nb.timeline import edits
from timeline_nb.timeline.merging.merged import MergedTimelines
from timeline_nb.timeline.model import Clip, Subtitle, Timeline
from timeline_nb.timeline.validate import problems


def changed(data: st.DataObject, timeline: Timeline, most: int = 4) -> Timeline:
    """The timeline after a few random edits that were possible."""
    for _ in range(data.draw(st.integers(1, most))):
        try:
            timeline = data.draw(drawn_edit(timeline))(timeline)
        except TimelineNbError:
            continue
    return timeline


def ids(timeline: Timeline) -> set[str]:
    return {
        item.id
        for track in timeline.tracks
        for item in track.items
        if isinstance(item, (Clip, Subtitle))
    }


def contents(timeline: Timeline) -> Counter[str]:
    """All that a timeline holds, whatever its new items and tracks are called."""
    found: Counter[str] = Counter()
    for track in timeline.tracks:
        for item in track.items:
            if isinstance(item, Clip):
                # Where both added effects, those of ours are first.
                effects = tuple(sorted(item.effects, key=repr))
                plain = replace(item, id="", link="", effects=effects)
                found[repr(plain) + repr(plain.effects)] += 1
            else:
                line = replace(item, id="") if isinstance(item, Subtitle) else item
                found[repr(line)] += 1
        found[repr((track.kind, track.gain_db, track.enabled, track.sync_lock))] += 1
    head = timeline.size, timeline.rate, len(timeline.effects), len(timeline.markers)
    found[repr(head)] += 1
    return found


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_a_merge_with_itself_or_the_base_is_the_other(data: st.DataObject) -> None:
    base = data.draw(drawn_timelines(6))
    side = changed(data, base)
    assert MergedTimelines(base, base, side).timeline == side
    assert MergedTimelines(base, side, base).timeline == side
    assert MergedTimelines(base, side, side).timeline == side
    assert MergedTimelines(side, side, side).timeline == side
    assert MergedTimelines(base, side, side).is_settled


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_merge_is_valid_and_the_same_from_either_side(data: st.DataObject) -> None:
    base = data.draw(drawn_timelines(6))
    ours, theirs = changed(data, base), changed(data, base)
    merged, turned = (
        MergedTimelines(base, ours, theirs),
        MergedTimelines(base, theirs, ours),
    )
    assert problems(merged.timeline) == ()
    assert problems(turned.timeline) == ()
    assert merged.is_settled == turned.is_settled
    first = MergedTimelines(base, ours, theirs, prefer="ours")
    second = MergedTimelines(base, theirs, ours, prefer="theirs")
    assert contents(first.timeline) == contents(second.timeline)
    assert merged.timeline == first.timeline
    assert first.is_settled


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_each_way_to_settle_is_valid_and_ends(data: st.DataObject) -> None:
    base = data.draw(drawn_timelines(6))
    merged = MergedTimelines(base, changed(data, base), changed(data, base))
    for _ in range(40):
        if merged.is_settled:
            break
        row = next(n for n, one in enumerate(merged.to_rows()) if not one["settled"])
        merged.settle(row, data.draw(st.sampled_from(["ours", "theirs"])))
        assert problems(merged.timeline) == ()
    assert merged.is_settled


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_nothing_is_lost_without_a_conflict(data: st.DataObject) -> None:
    base = data.draw(drawn_timelines(6))
    ours, theirs = changed(data, base), changed(data, base)
    merged = MergedTimelines(base, ours, theirs)
    if not merged.is_settled:
        return
    kept = ids(ours) & ids(theirs) & ids(base)
    assert kept <= ids(merged.timeline)
    added = (ids(ours) - ids(base)) | set()
    assert added <= ids(merged.timeline)
    removed = ids(base) - (ids(ours) & ids(theirs))
    assert not removed & ids(merged.timeline)
    more = len(ids(theirs) - ids(base))
    assert len(ids(merged.timeline)) <= len(kept) + len(added) + more


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_edits_on_two_tracks_all_survive(data: st.DataObject) -> None:
    rate = Fraction(25)
    row = [clip(10 * n, 4, name=f"n{n}") for n in range(1, 5)]
    base = edits.append(edits.add_track(empty(rate), "video"), row)
    base = edits.overwrite(
        edits.add_track(base, "video"),
        [clip(50, 3, name="a"), clip(55, 3, name="b")],
        at=Fraction(2),
        track="V2",
    )
    sides = []
    for name in ("V1", "V2"):
        side = base
        own = next(track for track in base.tracks if track.name == name)
        for item in own.items:
            if not isinstance(item, Clip):
                continue
            by = data.draw(st.integers(-20, 20)) / rate
            what = data.draw(st.sampled_from(["trim", "gain", "slip", "name", "none"]))
            if what == "trim":
                side = edits.trim(side, item.id, tail=-abs(by))
            elif what == "gain":
                side = edits.set_clip(side, item.id, gain_db=float(by))
            elif what == "slip":
                side = edits.slip(side, item.id, by=by)
            elif what == "name":
                side = edits.set_clip(side, item.id, name="other")
        sides.append(side)
    merged = MergedTimelines(base, *sides)
    assert merged.is_settled
    made = {track.name: track for track in merged.timeline.tracks}
    for name, side in zip(("V1", "V2"), sides, strict=True):
        own = next(track for track in side.tracks if track.name == name)
        assert made[name] == own
