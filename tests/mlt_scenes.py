"""Edits of clips that carry numbers and a tone, for renderers and readers of MLT."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from media_factory import HEIGHT, NTSC, WIDTH, Clips
from msgspec.structs import replace
from references import cut_from

from timeline_nb.media.library import MediaLibrary
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import (
    Clip,
    Effect,
    Gap,
    Item,
    Keyframe,
    MediaReference,
    Timeline,
    Track,
    Transform,
    Transition,
)

RATE = Fraction(25)
SIZE = (WIDTH, HEIGHT)


class Scene:
    """Makes edits of clips whose frames carry numbers, and whose tone tells its time.

    Args:
        clips: The generated clips.
        library: Opens them.
    """

    def __init__(self, clips: Clips, library: MediaLibrary) -> None:
        self.clips, self.library = clips, library
        self._count = 0

    def cut(
        self,
        first: int | Fraction,
        end: int | Fraction,
        name: str = "tone",
        rate: Fraction = RATE,
        **more: Any,
    ) -> Clip:
        """Frames `first` to `end` of a film."""
        self._count += 1
        span = first / rate, (end - first) / rate
        clip = cut_from(self.clips[name], self.library, *span)
        return replace(clip, id=f"c{self._count}", **more)

    def fast(self, rate: Any, frames: int, first: int) -> Clip:
        """So many frames of the edit, from a frame of the film on, at a speed."""
        told = {"rate": str(rate), "time": "0", "media": str(first / RATE)}
        return self.cut(0, frames, effects=(Effect(kind="speed", parameters=told),))

    def ramp(self) -> Clip:
        keys = (
            Keyframe(time=Fraction(0), value=0.5),
            Keyframe(time=Fraction(1), value=2.0),
        )
        return self.cut(
            0, 30, effects=(Effect(kind="speed", keyframes={"rate": keys}),)
        )

    def keyed(self, **keys: list[tuple[int | Fraction, Any, str]]) -> Clip:
        """A clip of 35 frames with keyframes: frames, values and interpolations."""
        clip = self.cut(5, 40)
        begin = clip.source_range.start
        made = {
            name: tuple(
                Keyframe(time=begin + frame / RATE, value=value, interpolation=curve)  # type: ignore[arg-type]
                for frame, value, curve in row
            )
            for name, row in keys.items()
        }
        return replace(clip, keyframes=made)


def edit_of(*items: Item, rate: Fraction = RATE, heard: Clip | None = None) -> Timeline:
    """A track of pictures, and one of their sound, or of another clip's."""
    video = Track(kind="video", name="V1", items=items)
    sounds: tuple[Item, ...] = (heard,) if heard else items
    named = tuple(
        replace(one, id=f"a{one.id}") if isinstance(one, Clip) else one
        for one in sounds
    )
    audio = Track(kind="audio", name="A1", items=named)
    return Timeline(name="t", rate=rate, size=SIZE, tracks=(video, audio))


def dissolve(into: int, out: int, kind: str = "dissolve") -> Transition:
    return Transition(kind=kind, in_offset=into / RATE, out_offset=out / RATE)


def two_tracks(scene: Scene) -> Timeline:
    low = edit_of(scene.cut(0, 40))
    small = scene.cut(10, 40, transform=Transform(scale=0.5))
    high = edit_of(Gap(duration=5 / RATE), small)
    second = replace(high.tracks[1], name="A2", gain_db=-6.0, pan=0.3)
    tracks = low.tracks[0], replace(high.tracks[0], name="V2"), low.tracks[1], second
    return replace(low, tracks=tracks)


def nested(scene: Scene) -> Timeline:
    inner = edit_of(scene.cut(5, 25), dissolve(6, 4), scene.cut(30, 50))
    media = MediaReference(
        timeline=inner,
        size=SIZE,
        has_audio=True,
        available_range=TimeRange(Fraction(0), 40 / RATE),
    )
    span = TimeRange(3 / RATE, 30 / RATE)
    whole = Clip(id="n", name="inner", media=media, source_range=span)
    return edit_of(scene.cut(0, 5), whole, scene.cut(50, 55))


def between_frames(scene: Scene) -> Timeline:
    clip = scene.cut(5, 25)
    span = TimeRange(Fraction(21, 100), Fraction(33, 100))
    return edit_of(replace(clip, source_range=span), scene.cut(30, 50), heard=clip)


SAME_FRAMES: dict[str, Callable[[Scene], Timeline]] = {
    "cuts and a gap": lambda s: edit_of(
        s.cut(5, 30), Gap(duration=10 / RATE), s.cut(40, 60)
    ),
    "30000/1001": lambda s: edit_of(
        s.cut(5, 30, "ntsc_tone", NTSC), s.cut(40, 60, "ntsc_tone", NTSC), rate=NTSC
    ),
    "dissolve": lambda s: edit_of(s.cut(5, 25), dissolve(6, 4), s.cut(30, 50)),
    "dissolves that meet": lambda s: edit_of(
        s.cut(5, 25), dissolve(6, 4), s.cut(30, 40), dissolve(6, 4), s.cut(20, 40)
    ),
    "twice as fast": lambda s: edit_of(
        s.fast(2, 20, 3), s.cut(0, 5), heard=s.cut(5, 20)
    ),
    "half as fast": lambda s: edit_of(
        s.fast(Fraction(1, 2), 40, 7), s.cut(0, 5), heard=s.cut(5, 20)
    ),
    "odd speeds": lambda s: edit_of(
        s.fast(Fraction(1, 3), 40, 7), s.fast(Fraction(5, 2), 20, 3), heard=s.cut(5, 20)
    ),
    "backwards": lambda s: edit_of(s.fast(-1, 40, 50), s.cut(0, 5), heard=s.cut(5, 20)),
    "a freeze": lambda s: edit_of(s.fast(0, 10, 13), s.cut(0, 5), heard=s.cut(5, 20)),
    "a ramp": lambda s: edit_of(s.ramp(), s.cut(0, 5), heard=s.cut(5, 20)),
    "between frames": between_frames,
    "two tracks": two_tracks,
    "nested": nested,
    "gain and fades": lambda s: edit_of(
        s.cut(5, 40, fade_in=10 / RATE, fade_out=5 / RATE, gain_db=-3.0)
    ),
    "pan": lambda s: edit_of(s.cut(5, 40, pan=-0.5, gain_db=-6.0)),
    "moving pan and gain": lambda s: edit_of(
        s.keyed(
            pan=[(0, -1.0, "linear"), (20, 1.0, "linear")],
            gain_db=[(0, -20.0, "ease"), (20, 0.0, "linear")],
        )
    ),
}


PLACED: dict[str, Callable[[Scene], Clip]] = {
    "turned": lambda s: s.cut(
        5, 20, transform=Transform(scale=0.5, position=(0.3, 0.6), rotation_deg=20.0)
    ),
    "cropped": lambda s: s.cut(
        5, 20, transform=Transform(crop=(0.1, 0.0, 0.2, 0.3), opacity=0.5)
    ),
    "moved": lambda s: s.keyed(
        position=[(0, [0.2, 0.2], "ease"), (25, [0.8, 0.7], "linear")],
        scale=[(0, 0.3, "linear"), (25, 1.0, "hold"), (30, 0.4, "linear")],
        opacity=[(0, 0.0, "linear"), (12, 1.0, "linear")],
    ),
    "upright": lambda s: s.cut(5, 20, "phone"),
    "stretched": lambda s: s.cut(5, 20, "left", transform=Transform(fit="stretch")),
    "filled": lambda s: s.cut(5, 20, "odd", transform=Transform(fit="fill")),
    "squeezed pixels": lambda s: s.cut(5, 20, "anamorphic"),
}
