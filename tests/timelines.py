"""Timelines for tests: by hand, and by chance."""

from collections.abc import Callable
from fractions import Fraction

from hypothesis import strategies as st

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, MediaReference, Timeline, Transform
from timeline_nb.timeline.queries import clips

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
def drawn_edit(draw: st.DrawFn, timeline: Timeline) -> Edit:
    """One edit with arguments that may or may not be possible."""
    rate = timeline.rate
    ids = [c.id for c in clips(timeline)] or ["none"]
    item = draw(st.sampled_from(ids))
    time = draw(drawn_frames(rate, 400)) - 1 / rate
    by = draw(st.integers(-40, 40)) / rate
    more = draw(st.lists(drawn_clips(rate), min_size=1, max_size=2))
    verbs: list[Edit] = [
        lambda t: edits.append(t, more),
        lambda t: edits.insert(t, more, at=time),
        lambda t: edits.overwrite(t, more, at=time),
        lambda t: edits.split(t, at=time),
        lambda t: edits.split(t, at=time, item_id=item),
        lambda t: edits.ripple_delete(t, item),
        lambda t: edits.lift(t, item),
        lambda t: edits.move(t, item, to=time),
        lambda t: edits.ripple(t, item, tail=by),
        lambda t: edits.ripple(t, item, head=by),
        lambda t: edits.trim(t, item, head=by, tail=-by),
        lambda t: edits.roll(t, item, by=by),
        lambda t: edits.slip(t, item, by=by),
        lambda t: edits.slide(t, item, by=by),
        lambda t: edits.dissolve(t, at=1, duration=4 / rate),
        lambda t: edits.unlink(t, item),
        lambda t: edits.set_clip(t, item, gain_db=3.0),
        lambda t: edits.join(t, item),
        lambda t: edits.add_subtitle(t, "so", at=TimeRange(time, 1 / rate)),
    ]
    return draw(st.sampled_from(verbs))


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
