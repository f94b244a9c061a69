"""An edit that has everything which formats may lose, and its way there and back."""

import tempfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from timelines import media

from timeline_nb.interchange.formats import read, write
from timeline_nb.interchange.registered import Format
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import (
    FoundMedia,
    ReadRequest,
    WriteRequest,
    not_found,
)
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.choices import Interpolation
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Gap,
    Item,
    Keyframe,
    Marker,
    MediaReference,
    Subtitle,
    Timeline,
    Track,
    Transform,
    Transition,
)
from timeline_nb.timeline.queries import media as media_of

__all__ = ["finder_of", "rich_edit", "there_and_back"]

STREET = media("a.mp4", has_audio=True)
YARD = media("b.mov", has_audio=True, size=(640, 480))
TUNE = MediaReference(
    path="m.wav", available_range=TimeRange(Fraction(0), Fraction(60)), has_audio=True
)
STILL = MediaReference(path="s.png", size=(640, 480))


def cut(
    name: str, start: int, length: Fraction | int, of: MediaReference, **more: Any
) -> Clip:
    """A clip of seconds of media, whose name is its id."""
    span = TimeRange(Fraction(start), Fraction(length))
    return Clip(id=name, name=name, media=of, source_range=span, **more)


def key(time: int, value: Any, way: Interpolation = "linear") -> Keyframe:
    """A keyframe at a second."""
    return Keyframe(time=Fraction(time), value=value, interpolation=way)


def speed(rate: float, media_s: int, time: int = 20) -> Effect:
    """A constant speed, which shows a second of the media at one of the clip."""
    told = {"rate": rate, "time": str(time), "media": str(media_s)}
    return Effect(kind="speed", parameters=told)


def generated(kind: str, **parameters: Any) -> MediaReference:
    """A picture that is made."""
    own = Effect(kind=kind, parameters=parameters)
    return MediaReference(generator=own, size=(1280, 720))


def pictures() -> Iterator[Item]:
    """Clips of the first track: each has something that a format may not have."""
    look = Marker(
        name="inside", marked_range=TimeRange(Fraction(2), Fraction(0)), color="blue"
    )
    yield cut("c1", 1, 4, STREET, link="l1", gain_db=-3.0, markers=(look,))
    yield Transition(
        kind="dissolve", in_offset=Fraction(6, 25), out_offset=Fraction(6, 25)
    )
    placed = Transform(fit="fill", position=(0.25, 0.75), scale=0.5, rotation_deg=30.0)
    yield cut("c2", 10, 4, YARD, transform=placed)
    yield Transition(kind="wipe", in_offset=Fraction(4, 25), out_offset=Fraction(8, 25))
    yield cut("c3", 20, 4, STREET, effects=(speed(2.0, 20),), fade_out=Fraction(12, 25))
    yield cut("c4", 20, 2, STREET, effects=(speed(-1.0, 30),))
    yield cut("c5", 20, 2, STREET, effects=(speed(0.0, 30),))
    ramp = Effect(kind="speed", keyframes={"rate": (key(20, 1.0), key(24, 2.0))})
    yield cut("c6", 20, 4, STREET, effects=(ramp,))
    yield Gap(duration=Fraction(1))
    fading = {"opacity": (key(3, 0.0), key(4, 1.0, "ease_in"), key(5, 0.2, "hold"))}
    yield cut("c7", 3, 3, YARD, keyframes=fading, fade_out=Fraction(1, 2))
    moving = {"position": (key(3, [0.5, 0.5]), key(6, [0.7, 0.5]))}
    yield cut("c7b", 33, 3, YARD, keyframes=moving, transform=Transform(opacity=0.5))
    yield cut("c8", 0, 2, STILL, transform=Transform(blend="multiply"))
    inner = Timeline(
        name="inner",
        rate=Fraction(25),
        size=(1280, 720),
        tracks=(Track(kind="video", name="V1", items=(cut("n1", 1, 3, STREET),)),),
    )
    yield cut("c9", 0, 3, MediaReference(timeline=inner, size=(1280, 720)))
    yield cut("c10", 0, 2, generated("title", text="Hi", size=0.1))
    yield cut("c11", 0, 2, generated("solid", color="#ff0000"))
    effects = (
        Effect(kind="sepia", parameters={"strength": 0.5}),
        Effect(kind="blur", keyframes={"sigma": (key(2, 0.0), key(3, 5.0))}),
        Effect(kind="invert", enabled=False),
    )
    yield cut("c12", 2, Fraction(101, 50), STREET, effects=effects)
    yield cut("c13", 2, 1, STREET, metadata={"label": "dog"}, audio="all")


def rich_edit() -> Timeline:
    """Return the edit."""
    small = Transform(scale=0.3, position=(0.8, 0.2))
    keyed = Effect(kind="chroma_key")
    over = (
        Gap(duration=Fraction(5)),
        cut("d1", 0, 3, STREET, transform=small, effects=(keyed,)),
    )
    levels = {
        "gain_db": (key(10, -20.0), key(12, 0.0)),
        "pan": (key(10, -1.0), key(14, 1.0)),
    }
    heard = (
        cut("e1", 1, 4, STREET, link="l1", gain_db=-6.0, pan=0.5, fade_in=Fraction(1)),
        Transition(
            kind="equal_power", in_offset=Fraction(6, 25), out_offset=Fraction(6, 25)
        ),
        cut("e2", 10, 4, YARD, keyframes=levels),
        cut("e3", 20, 2, YARD, fade_out=Fraction(1, 2)),
    )
    tune = (
        Gap(duration=Fraction(2)),
        cut("f1", 5, 10, TUNE, effects=(speed(0.5, 5, 5),)),
    )
    lines = (
        Gap(duration=Fraction(1)),
        Subtitle(
            id="s1", text="Hello\nthere", duration=Fraction(2), style={"bold": True}
        ),
        Subtitle(id="s2", text="You", duration=Fraction(3, 2)),
    )
    marks = (
        Marker(
            name="here",
            marked_range=TimeRange(Fraction(1), Fraction(2)),
            color="#123456",
            note="n",
        ),
        Marker(
            name="between",
            marked_range=TimeRange(Fraction(1, 3), Fraction(0)),
            color="green",
        ),
    )
    return Timeline(
        name="rich",
        rate=Fraction(25),
        size=(1280, 720),
        sample_rate_hz=44_100,
        tracks=(
            Track(kind="video", name="V1", items=tuple(pictures())),
            Track(
                kind="video",
                name="overlay",
                items=over,
                effects=(Effect(kind="vignette"),),
                locked=True,
            ),
            Track(
                kind="audio",
                name="A1",
                items=heard,
                gain_db=-2.0,
                pan=0.25,
                sync_lock="off",
            ),
            Track(kind="audio", name="music", items=tune, enabled=False),
            Track(kind="subtitle", name="S1 de", items=lines, style={"size": 0.05}),
        ),
        effects=(Effect(kind="grain"),),
        markers=marks,
        metadata={"job": "7", "start_timecode": "01:00:00:00"},
        next_id=30,
    )


def finder_of(timeline: Timeline) -> Callable[[str], FoundMedia]:
    """Return what finds the media of an edit, by their paths and names."""
    known = media_of(timeline)

    def find(told: str) -> FoundMedia:
        name = told.rpartition("/")[2]
        for path, reference in known.items():
            if name in {path, path.rpartition(".")[0]}:
                return FoundMedia(reference, None, is_there=True)
        return not_found(told)

    return find


def there_and_back(
    own: Format, timeline: Timeline
) -> tuple[bytes, Timeline, Report, Report]:
    """Write an edit and read it, with the reports of both."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{own.suffixes[0]}"
        out, back = (Report(path, own.name, way) for way in ("export", "import"))
        written = write(own, WriteRequest(timeline=timeline, path=path, report=out), {})
        for name, data in written.beside.items():
            path.with_name(name).write_bytes(data)
        request = ReadRequest(
            data=written.data,
            name=path.name,
            path=path,
            report=back,
            find=finder_of(timeline),
        )
        # An EDL says its rate in a row of our own, which other programs drop.
        return written.data, read(own, request, {}), out, back
