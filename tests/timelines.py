"""Timelines for tests: by hand, and by chance."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, cast

from hypothesis import strategies as st

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.history import Call
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Keyframe,
    MediaReference,
    Timeline,
    Transform,
)
from timeline_nb.timeline.queries import clips, range_of

RATES = (Fraction(25), Fraction(30000, 1001), Fraction(24000, 1001), Fraction(60))


def media(
    name: str = "street.mp4",
    *,
    seconds: Fraction | int = 60,
    has_audio: bool = False,
    size: tuple[int, int] | None = (1280, 720),
) -> MediaReference:
    """A reference to a film of so many seconds."""
    return MediaReference(
        path=name,
        available_range=TimeRange(Fraction(0), Fraction(seconds)),
        rate=Fraction(25),
        size=size,
        has_audio=has_audio,
    )


def clip(
    start: Fraction | float = 10,
    duration: Fraction | float = 4,
    *,
    of: MediaReference | None = None,
    name: str = "street",
) -> Clip:
    """A clip from the middle of a film, with handles on both sides."""
    span = TimeRange(Fraction(start), Fraction(duration))
    return Clip(name=name, media=of or media(), source_range=span)


def empty(rate: Fraction = Fraction(25)) -> Timeline:
    """A timeline without tracks."""
    return Timeline(name="walk", rate=rate, size=(1280, 720))


def three_clips(*, has_audio: bool = False) -> Timeline:
    """Clips c of 4, 3 and 2 seconds, one after another from 0."""
    of = media(has_audio=has_audio)
    row = [clip(10, 4, of=of), clip(20, 3, of=of), clip(30, 2, of=of)]
    return edits.append(empty(), row)


def row(timeline: Timeline, track: str = "V1") -> list[str]:
    """What a track shows, as `c1@0+4`: name, start and duration in seconds."""
    found = next(t for t in timeline.tracks if t.name == track)
    parts = []
    for index, item in enumerate(found.items):
        place = range_of(found, index)
        name = getattr(item, "id", "") or type(item).__name__.lower()
        parts.append(f"{name}@{float(place.start):g}+{float(place.duration):g}")
    return parts


def drawn_frames(rate: Fraction, most: int = 200) -> st.SearchStrategy[Fraction]:
    """Whole frames as seconds, from one up."""
    return st.integers(1, most).map(lambda n: n / rate)


@st.composite
def drawn_clips(draw: st.DrawFn, rate: Fraction) -> Clip:
    """A clip with or without sound, sometimes of sound alone."""
    of = media(
        draw(st.sampled_from(["a.mp4", "b.mov", "Fußgänger.mkv"])),
        seconds=120,
        has_audio=draw(st.booleans()),
        size=draw(st.sampled_from([(1280, 720), (1280, 720), None])),
    )
    if draw(st.integers(0, 4)) == 0:
        inner = Timeline(name="inner", rate=rate, size=(640, 360))
        title = Effect(kind="title", parameters={"text": "so"})
        of = draw(
            st.sampled_from(
                [
                    MediaReference(generator=title, size=(1280, 720)),
                    MediaReference(timeline=inner, size=(640, 360)),
                ]
            )
        )
    start = draw(drawn_frames(rate))
    fade = draw(st.sampled_from([Fraction(0), 1 / rate]))
    return Clip(
        name=draw(st.text(max_size=8)),
        media=of,
        source_range=TimeRange(start, draw(drawn_frames(rate))),
        transform=Transform(opacity=draw(st.floats(0, 1))),
        gain_db=draw(st.floats(-60, 20)),
        fade_in=min(fade, Fraction(0)),
        metadata=draw(
            st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5))
        ),
    )


Edit = Callable[[Timeline], Timeline]


@st.composite
def drawn_call(draw: st.DrawFn, timeline: Timeline) -> Call:
    """One edit with arguments that may or may not be possible, as it is recorded."""
    rate = timeline.rate
    ids = [c.id for c in clips(timeline)] or ["none"]
    item = draw(st.sampled_from(ids))
    time = draw(drawn_frames(rate, 400)) - 1 / rate
    by = draw(st.integers(-40, 40)) / rate
    more = draw(st.lists(drawn_clips(rate), min_size=1, max_size=2))
    pieces = [("V1", Fraction(0), more[0]), ("A1", 1 / rate, more[-1])]
    several = draw(st.lists(st.sampled_from(ids), min_size=1, max_size=3))
    up = draw(st.sampled_from([-1, 0, 0, 0, 1]))
    keys = (Keyframe(time=time, value=0.0), Keyframe(time=time + 1, value=1.0))
    blur = Effect(kind="gaussian_blur", parameters={"sigma": 0.01})
    calls: list[Call] = [
        _call("append", more),
        _call("insert", more, at=time),
        _call("overwrite", more, at=time),
        _call("split", at=time),
        _call("split", at=time, item_id=item),
        _call("ripple_delete", item),
        _call("lift", item),
        _call("move", item, to=time),
        _call("ripple", item, tail=by),
        _call("ripple", item, head=by),
        _call("trim", item, head=by, tail=-by),
        _call("roll", item, by=by),
        _call("slip", item, by=by),
        _call("slide", item, by=by),
        _call("transition", after=item, duration=4 / rate, kind="wipe", angle=90.0),
        _call("remove_transition", after=item),
        _call("add_effect", item, blur),
        _call("add_effect", "", Effect(kind="sepia")),
        _call("remove_effect", item, 0),
        _call("change_effect", item, 0, enabled=False),
        _call("animate", item, "opacity", keys),
        _call("retime", item, rate=Fraction(draw(st.sampled_from([2, -1, 1, 3])), 2)),
        _call("freeze", item, at=time, duration=by),
        _call("unlink", item),
        _call("set_clip", item, gain_db=3.0),
        _call("join", item),
        _call("add_subtitle", "so", at=TimeRange(time, 1 / rate)),
        _call("shift", several, by=by, up=up),
        _call("paste", pieces, at=time),
        _call("add_marker", name="so", marked_range=TimeRange(time, 1 / rate)),
        _call("add_track", "video"),
        _call("set_track", "A1", gain_db=-3.0, enabled=False),
        _call("link", several),
    ]
    return draw(st.sampled_from(calls))


def _call(verb: str, *args: Any, **options: Any) -> Call:
    return Call(verb, args, options)


@st.composite
def drawn_edit(draw: st.DrawFn, timeline: Timeline) -> Edit:
    """One edit with arguments that may or may not be possible."""
    ids = [c.id for c in clips(timeline)] or ["none"]
    one, other = draw(st.sampled_from(ids)), draw(st.sampled_from(ids))
    time = draw(drawn_frames(timeline.rate, 400)) - 1 / timeline.rate
    more = draw(drawn_clips(timeline.rate))
    call = draw(drawn_call(timeline))
    verb = getattr(edits, call.verb)
    choices: list[Edit] = [
        lambda t: edits.reorder(t, one, before=other),
        lambda t: edits.reorder(t, one, after=other),
        lambda t: edits.overlay(t, more, at=time),
        lambda t: edits.set_title(t, one, text="so", color="#ff0000"),
    ]
    recorded: Edit = lambda t: cast(  # noqa: E731 - as the others
        "Timeline", verb(t, *call.args, **call.options)
    )
    return draw(st.sampled_from([*choices, *[recorded] * 20]))


@st.composite
def drawn_timelines(draw: st.DrawFn, most_edits: int = 8) -> Timeline:
    """A timeline made by a few random edits."""
    timeline = empty(draw(st.sampled_from(RATES)))
    row = draw(st.lists(drawn_clips(timeline.rate), min_size=1, max_size=4))
    timeline = edits.append(timeline, row)
    for _ in range(draw(st.integers(0, most_edits))):
        try:
            timeline = draw(drawn_edit(timeline))(timeline)
        except TimelineError:
            continue
    return timeline
