"""Timelines for tests: by hand, and by chance."""

from collections.abc import Callable
from fractions import Fraction

from hypothesis import strategies as st

from timeline_nb.commands import arranging, changing, effects, placing, titles
from timeline_nb.commands.command import Command
from timeline_nb.errors import TimelineNbError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
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
def drawn_command(draw: st.DrawFn, timeline: Timeline) -> Command:
    """One command with arguments that may or may not be possible."""
    rate = timeline.rate
    ids = [c.id for c in clips(timeline)] or ["none"]
    item = draw(st.sampled_from(ids))
    time = draw(drawn_frames(rate, 400)) - 1 / rate
    by = draw(st.integers(-40, 40)) / rate
    more = tuple(draw(st.lists(drawn_clips(rate), min_size=1, max_size=2)))
    copied = (
        placing.PastedItem(track="V1", offset=Fraction(0), item=more[0]),
        placing.PastedItem(track="A1", offset=1 / rate, item=more[-1]),
    )
    several = tuple(draw(st.lists(st.sampled_from(ids), min_size=1, max_size=3)))
    up = draw(st.sampled_from([-1, 0, 0, 0, 1]))
    keys = (Keyframe(time=time, value=0.0), Keyframe(time=time + 1, value=1.0))
    blur = Effect(kind="gaussian_blur", parameters={"sigma": 0.01})
    factor = Fraction(draw(st.sampled_from([2, -1, 1, 3])), 2)
    commands: list[Command] = [
        placing.Append(clips=more),
        placing.Insert(clips=more, at=time),
        placing.Overwrite(clips=more, at=time),
        placing.Paste(items=copied, at=time),
        arranging.Split(at=time),
        arranging.Split(at=time, clip=item),
        arranging.Delete(clip=item),
        arranging.Lift(clip=item),
        arranging.Move(clip=item, to=time),
        arranging.Reorder(clip=item, before=several[0]),
        arranging.Reorder(clip=item, after=several[-1]),
        arranging.Ripple(clip=item, tail=by),
        arranging.Ripple(clip=item, head=by),
        arranging.Trim(clip=item, head=by, tail=-by),
        arranging.Roll(clip=item, by=by),
        arranging.Slip(clip=item, by=by),
        arranging.Slide(clip=item, by=by),
        arranging.Join(clip=item),
        arranging.Shift(clips=several, by=by, up=up),
        arranging.Link(clips=several),
        arranging.Unlink(clip=item),
        changing.SetSpeed(clip=item, factor=factor),
        changing.Freeze(clip=item, at=time, duration=abs(by)),
        changing.SetClip(clip=item, gain_db=3.0, fade_in=1 / rate),
        changing.SetClip(clip=item, effects=(blur,), metadata={"label": "car"}),
        changing.SetTrack(track="A1", gain_db=-3.0, enabled=False),
        changing.AddTrack(kind="video"),
        changing.RemoveTrack(track="A1"),
        changing.AddMarker(at=time, name="so", duration=1 / rate),
        changing.RemoveMarker(name="so"),
        changing.Resize(size=(640, 360)),
        effects.AddTransition(
            after=item, duration=4 / rate, kind="wipe", parameters={"angle": 90.0}
        ),
        effects.RemoveTransition(after=item),
        effects.AddEffect(owner=item, effect=blur),
        effects.AddEffect(owner="", effect=Effect(kind="sepia"), place=0),
        effects.RemoveEffect(owner=item, number=0),
        effects.SetEffect(owner=item, number=0, enabled=False),
        effects.SetEffects(owner=item, effects=(blur, Effect(kind="sepia"))),
        effects.Animate(owner=item, parameter="opacity", keyframes=keys),
        titles.AddTitle(text="so", start=time, end=time + 1, style={"size": 0.1}),
        titles.AddGenerator(kind="solid", start=time, end=time + 1),
        titles.AddAdjustment(effects=(blur,), start=time, end=time + 1),
        titles.AddTemplate(name="chapter", start=time, values={"title": "One"}),
        titles.AddSubtitle(text="so", start=time, end=time + 1 / rate),
        titles.SetTitle(clip=item, text="then"),
        titles.Nest(timeline=empty(rate), at=time),
    ]
    return draw(st.sampled_from(commands))


@st.composite
def drawn_edit(draw: st.DrawFn, timeline: Timeline) -> Edit:
    """One edit with arguments that may or may not be possible."""
    command: Command = draw(drawn_command(timeline))
    return command.apply


@st.composite
def drawn_timelines(draw: st.DrawFn, most_edits: int = 8) -> Timeline:
    """A timeline made by a few random edits."""
    timeline = empty(draw(st.sampled_from(RATES)))
    row = draw(st.lists(drawn_clips(timeline.rate), min_size=1, max_size=4))
    timeline = edits.append(timeline, row)
    for _ in range(draw(st.integers(0, most_edits))):
        try:
            timeline = draw(drawn_edit(timeline))(timeline)
        except TimelineNbError:
            continue
    return timeline
