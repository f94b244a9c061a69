from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from timelines import drawn_timelines, three_clips

from timeline_nb.compose.layers import Blend, Shot, lower, shots_of, spans, spans_from
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Subtitle, Timeline, Transition
from timeline_nb.timeline.queries import duration


def test_spans_are_cut_where_the_layers_change() -> None:
    cut = edits.transition(three_clips(), after="c1", duration=Fraction(1))
    found = [(span.range.start, span.range.end, span.layers) for span in spans(cut)]
    assert [(start, end) for start, end, _ in found] == [
        (0, Fraction(7, 2)),
        (Fraction(7, 2), Fraction(9, 2)),
        (Fraction(9, 2), 7),
        (7, 9),
    ]
    (blend,) = found[1][2]
    assert isinstance(blend, Blend)
    assert (blend.outgoing.clip.id, blend.incoming.clip.id) == ("c1", "c2")
    assert blend.progress_at(Fraction(4)) == Fraction(1, 2)
    # c1 shows 10 to 14 s of its media; in the dissolve it goes on to 14.5.
    assert blend.outgoing.media_time(Fraction(9, 2)) == Fraction(29, 2)
    # c2 begins at 20 s; in the dissolve it is shown from 19.5.
    assert blend.incoming.media_time(Fraction(7, 2)) == Fraction(39, 2)


def test_levels_rise_and_fall_in_a_line() -> None:
    cut = edits.set_clip(three_clips(), "c1", fade_in=Fraction(1), fade_out=Fraction(2))
    (shot,) = lower(cut, Fraction(0))
    assert isinstance(shot, Shot)
    levels = [shot.level_at(Fraction(n, 2)) for n in range(9)]
    assert levels == [0, 0.5, 1, 1, 1, 0.75, 0.5, 0.25, 0]


def test_a_track_that_is_off_is_not_seen() -> None:
    cut = edits.set_track(three_clips(), "V1", enabled=False)
    assert lower(cut, Fraction(1)) == ()
    assert [span.layers for span in spans(cut)] == [()]


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_spans_show_what_is_lowered_at_every_moment(data: st.DataObject) -> None:
    timeline = data.draw(drawn_timelines(most_edits=12))
    found = spans(timeline)
    assert sum((span.range.duration for span in found), Fraction(0)) == duration(
        timeline
    )
    for span in found:
        share = data.draw(st.fractions(0, 1, max_denominator=50))
        time = span.range.start + span.range.duration * min(share, Fraction(49, 50))
        assert span.layers == lower(timeline, time)


def walked(timeline: Timeline, time: Fraction) -> list[list[str]]:
    """The ids of what each row shows at a time, found by adding up all lengths."""
    rows = []
    for kind in ("video", "subtitle"):
        for track in timeline.tracks:
            if track.kind != kind or not track.enabled:
                continue
            at, ids = Fraction(0), []
            for number, item in enumerate(track.items):
                if isinstance(item, Transition):
                    around = track.items[number - 1], track.items[number + 1]
                    if at - item.in_offset <= time < at + item.out_offset:
                        ids = [one.id for one in around if isinstance(one, Clip)]
                    continue
                if isinstance(item, Clip | Subtitle) and not ids:
                    ids = [item.id] if at <= time < at + item.duration else []
                at += item.duration
            if ids:
                rows.append(ids)
    return rows


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_is_seen_is_found_from_any_moment_on(data: st.DataObject) -> None:
    timeline = data.draw(drawn_timelines(most_edits=12))
    whole = duration(timeline)
    time = whole * data.draw(st.fractions(0, 1, max_denominator=200))
    seen = [
        [shot.clip.id for shot in shots_of(layer)] for layer in lower(timeline, time)
    ]
    assert seen == walked(timeline, time)
    after = [span for span in spans(timeline) if span.range.end > time]
    assert list(spans_from(timeline, time)) == after


def test_nothing_is_seen_before_and_after_the_timeline() -> None:
    cut = three_clips()
    assert lower(cut, Fraction(-1)) == lower(cut, duration(cut)) == ()
    assert list(spans_from(cut, duration(cut))) == []
