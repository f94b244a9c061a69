"""Flat edits: they say what a timeline shows, and make it again."""

from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from timelines import drawn_timelines

from timeline_nb.interchange.flat import FlatClip, FlatMedia, FlatTransition
from timeline_nb.interchange.flatten import flatten
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.unflatten import unflatten
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Clip, Timeline, Transition
from timeline_nb.timeline.speed import speed_of
from timeline_nb.timeline.validate import problems


def a_report() -> Report:
    return Report(Path("a.test"), "test", "export")


def shown(timeline: Timeline) -> list[object]:
    """What each clip shows: where, from which media second to which, how placed."""
    rows: list[object] = []
    for track in timeline.tracks:
        layout = layout_of(track.items)
        for number, item in enumerate(track.items):
            at = layout.start(number)
            if isinstance(item, Transition):
                offsets = (item.in_offset, item.out_offset)
                rows.append((track.name, at, item.kind, *offsets, item.parameters))
            if not isinstance(item, Clip):
                continue
            span, speed = item.source_range, speed_of(item)
            ends = [span.start, span.end]
            if speed is not None:
                ends = [speed.media_time(one) for one in ends]
            rows.append(
                (
                    track.name,
                    at,
                    item.id,
                    item.media.path,
                    span.duration,
                    *ends,
                    item.transform,
                    item.gain_db,
                    [e.kind for e in item.effects if e.kind != "speed" and e.enabled],
                )
            )
    return rows


@given(drawn_timelines())
@settings(max_examples=40, deadline=None)
def test_a_timeline_comes_back_from_its_flat_edit(timeline: Timeline) -> None:
    flat = flatten(timeline, a_report(), whole_frames=False)
    back = unflatten(flat, a_report())
    assert shown(back) == shown(timeline)
    assert (back.rate, back.size, len(back.tracks)) == (
        timeline.rate,
        timeline.size,
        len(timeline.tracks),
    )


@given(drawn_timelines())
@settings(max_examples=40, deadline=None)
def test_whole_frames_are_whole_and_near(timeline: Timeline) -> None:
    report = a_report()
    flat, exact = (
        flatten(timeline, report, whole_frames=True),
        flatten(timeline, a_report(), whole_frames=False),
    )
    times = [
        time for track in flat.tracks for item in track.items for time in times_of(item)
    ]
    assert all(time.denominator == 1 for time in times)
    # Half a frame is the most that rounding moves an edge.
    by_id = {clip.id: clip for track in exact.tracks for clip in track.clips}
    for track in flat.tracks:
        for clip in track.clips:
            assert abs(clip.start - by_id[clip.id].start) <= Fraction(1, 2)
            assert abs(clip.end - by_id[clip.id].end) <= Fraction(1, 2)
    most = max((one.by_how_much or 0 for one in report), default=Fraction(0))
    assert most <= Fraction(1, 2)


def times_of(item: object) -> list[Fraction]:
    if isinstance(item, FlatTransition):
        return [item.at, item.in_offset, item.out_offset]
    return [item.start, item.duration]  # type: ignore[attr-defined]


@given(drawn_timelines())
@settings(max_examples=20, deadline=None)
def test_what_is_made_of_whole_frames_is_valid(timeline: Timeline) -> None:
    flat = flatten(timeline, a_report(), whole_frames=True)
    back = unflatten(flat, a_report())
    assert [p for p in problems(back) if "id" not in p.message] == []


def test_a_clip_knows_its_source() -> None:
    clip = FlatClip(
        start=Fraction(50),
        duration=Fraction(25),
        media=FlatMedia(path="a.mp4"),
        source_start=Fraction(10),
        speed=Fraction(-2),
    )
    # 25 frames at 25 frames a second, twice as fast and backwards.
    assert clip.source_at(Fraction(25), Fraction(25)) == 8
