"""Timelines for tests: by hand, and by chance."""

from collections.abc import Callable
from fractions import Fraction

from hypothesis import strategies as st

from timeline_nb.commands import (
    arranging,
    changing,
    comments,
    effects,
    placing,
    titles,
)
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
    blur = Effect(kind="gaussian_blur", parameters={"sigma": 0.01})

    # What few commands take is drawn for those alone: drawing is slow.
    def more() -> tuple[Clip, ...]:
        return tuple(draw(st.lists(drawn_clips(rate), min_size=1, max_size=2)))

    def copied() -> tuple[placing.PastedItem, ...]:
        one, *_, other = more() * 2
        first = placing.PastedItem(track="V1", offset=Fraction(0), item=one)
        return (first, placing.PastedItem(track="A1", offset=1 / rate, item=other))

    def other() -> str:
        return draw(st.sampled_from(ids))

    def several() -> tuple[str, ...]:
        return tuple(draw(st.lists(st.sampled_from(ids), min_size=1, max_size=3)))

    def keys() -> tuple[Keyframe, ...]:
        return (Keyframe(time=time, value=0.0), Keyframe(time=time + 1, value=1.0))

    def sepia() -> Effect:
        return Effect(kind="sepia", keyframes={"amount": keys()})

    def alone() -> Command:
        kinds: list[Command] = [
            arranging.Split(at=time, clip=item, alone=True),
            arranging.Delete(clip=item, alone=True),
            arranging.Lift(clip=item, alone=True),
            arranging.Move(clip=item, to=time, alone=True),
            arranging.Ripple(clip=item, tail=by, alone=True),
            arranging.Trim(clip=item, head=by, tail=-by, alone=True),
            arranging.Roll(clip=item, by=by, alone=True),
            arranging.Slip(clip=item, by=by, alone=True),
            arranging.Slide(clip=item, by=by, alone=True),
            arranging.Join(clip=item, alone=True),
            arranging.Shift(clips=several(), by=by, alone=True),
            changing.SetSpeed(clip=item, factor=Fraction(2), alone=True),
        ]
        return draw(st.sampled_from(kinds))

    commands: list[Callable[[], Command]] = [
        lambda: placing.Append(clips=more()),
        lambda: placing.Insert(clips=more(), at=time),
        lambda: placing.Overwrite(clips=more(), at=time),
        lambda: placing.Insert(clips=more(), at=time, sound="A1", only="sound"),
        lambda: placing.Overwrite(clips=more(), at=time, track="V2"),
        lambda: placing.Paste(items=copied(), at=time),
        lambda: placing.Paste(items=copied(), at=time, overwrite=True),
        lambda: placing.Replace(clip=item, by=more()[0]),
        lambda: placing.FitToFill(clip=more()[0], start=time, end=time + abs(by)),
        lambda: arranging.Split(at=time),
        lambda: arranging.Split(at=time, clip=item),
        lambda: arranging.Delete(clip=item),
        lambda: arranging.Lift(clip=item),
        lambda: arranging.Move(clip=item, to=time),
        lambda: arranging.Reorder(clip=item, before=other()),
        lambda: arranging.Reorder(clip=item, after=other()),
        lambda: arranging.Ripple(clip=item, tail=by),
        lambda: arranging.Ripple(clip=item, head=by),
        lambda: arranging.Trim(clip=item, head=by, tail=-by),
        lambda: arranging.Roll(clip=item, by=by),
        lambda: arranging.Slip(clip=item, by=by),
        lambda: arranging.Slide(clip=item, by=by),
        lambda: arranging.Join(clip=item),
        lambda: arranging.Shift(clips=several(), by=by),
        lambda: arranging.Shift(clips=several(), by=by, up=1),
        lambda: arranging.Link(clips=several()),
        lambda: arranging.Unlink(clip=item),
        alone,
        lambda: changing.SetSpeed(clip=item, factor=Fraction(3, 2)),
        lambda: changing.SetSpeed(clip=item, factor=Fraction(-1)),
        lambda: changing.Freeze(clip=item, at=time, duration=abs(by)),
        lambda: changing.SetClip(clip=item, gain_db=3.0, fade_in=1 / rate),
        lambda: changing.SetClip(clip=item, effects=(blur,), metadata={"n": "car"}),
        lambda: changing.SetTrack(track="A1", gain_db=-3.0, enabled=False),
        lambda: changing.SetTrack(track="A1", sync_lock="on"),
        lambda: changing.AddTrack(kind="video"),
        lambda: changing.RemoveTrack(track="A1"),
        lambda: changing.AddMarker(at=time, name="so", duration=1 / rate),
        lambda: changing.SetMarker(place=0, name="so", at=time, note="a\nb"),
        lambda: changing.RemoveMarker(name="so"),
        lambda: changing.RemoveMarker(name=0),
        lambda: changing.MoveTrack(track="V1", to=0),
        lambda: comments.AddComment(
            at=time,
            text="darker?",
            duration=abs(by),
            author="Ada",
            written="2026-05-04T12:00:00+00:00",
        ),
        lambda: changing.Resize(size=(640, 360)),
        lambda: effects.AddTransition(
            after=item, duration=4 / rate, kind="wipe", parameters={"angle": 90.0}
        ),
        lambda: effects.AddTransition(after=item, duration=2 / rate),
        lambda: effects.AddTransition(after=ids[0], duration=2 / rate),
        lambda: effects.RemoveTransition(after=item),
        lambda: effects.AddEffect(owner=item, effect=blur),
        lambda: effects.AddEffect(owner="", effect=Effect(kind="sepia"), place=0),
        lambda: effects.AddEffects(owners=(item, ids[0]), effects=(blur, sepia())),
        lambda: effects.MoveEffect(owner=item, number=1, place=0),
        lambda: effects.RemoveEffect(owner=item, number=0),
        lambda: effects.SetEffect(owner=item, number=0, enabled=False),
        lambda: effects.SetEffects(owner=item, effects=(blur, Effect(kind="sepia"))),
        lambda: effects.Animate(owner=item, parameter="opacity", keyframes=keys()),
        lambda: titles.AddTitle(
            text="so", start=time, end=time + 1, style={"size": 0.1}
        ),
        lambda: titles.AddGenerator(kind="solid", start=time, end=time + 1),
        lambda: titles.AddAdjustment(effects=(blur,), start=time, end=time + 1),
        lambda: titles.AddTemplate(name="chapter", start=time, values={"title": "One"}),
        lambda: titles.AddSubtitle(text="so", start=time, end=time + 1 / rate),
        lambda: titles.SetSubtitle(line=item, text="then", end=time + 2 / rate),
        lambda: titles.SetSubtitle(
            line=item, start=time, style={"size": 0.1, "color": None}
        ),
        lambda: titles.SetTitle(clip=item, text="then"),
        lambda: titles.Nest(timeline=empty(rate), at=time),
    ]
    return draw(st.sampled_from(commands))()


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
