"""Render a clip's frame at a time: with its speed, effects and placement."""

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace as changed

from timeline_nb.compose.error_context import clip_context
from timeline_nb.compose.layers import Shot
from timeline_nb.compose.placement import Canvas, place
from timeline_nb.compose.sources import FrameSource, Sources
from timeline_nb.core.telemetry.stages import stage
from timeline_nb.effects.blending import crossed
from timeline_nb.effects.chain import Chain
from timeline_nb.effects.failures import FailedEffects
from timeline_nb.effects.fields import placed_on
from timeline_nb.effects.frames import frame_of, picture_of
from timeline_nb.effects.picture import Moment
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message
from timeline_nb.media.frame import Frame
from timeline_nb.timeline.keyframes import value_at
from timeline_nb.timeline.model import Clip, Transform
from timeline_nb.timeline.speed import speed_of

__all__ = ["ClipRenderer", "is_animated", "is_between_pixels", "transform_at"]

_PLACES: Final = ("position", "scale", "rotation_deg")


def is_animated(clip: Clip) -> bool:
    """Return whether a clip's place changes."""
    return any(name in clip.keyframes for name in _PLACES)


def is_between_pixels(clip: Clip, canvas: Canvas) -> bool:
    """Return whether a clip is placed before a graph takes it, between whole pixels.

    What moves would jump from pixel to pixel, and libavfilter's `rotate` draws a
    picture a pixel too wide and high, with hard edges. It alone keeps ten bits.
    """
    turned = bool(clip.transform.rotation_deg % 360)
    return is_animated(clip) or (turned and not canvas.colors.is_hdr)


def transform_at(clip: Clip, own: Fraction) -> Transform:
    """Return a clip's place at a second of its own time, with its keyframes.

    Raises:
        CompositionError: Its keyframes give no scale above 0.
    """
    if not is_animated(clip):
        return clip.transform
    values: dict[str, Any] = {
        name: value_at(clip.keyframes[name], own)
        for name in _PLACES
        if name in clip.keyframes
    }
    values = {n: tuple(v) if isinstance(v, list) else v for n, v in values.items()}
    transform = changed(clip.transform, **values)
    if not 0 < transform.scale <= 1000 or not math.isfinite(transform.scale):
        raise CompositionError(
            Message("keyframes give a scale of {scale}", scale=transform.scale)
        )
    return transform


class ClipRenderer:
    """The frames that clips show.

    Args:
        sources: Where they come from.
        canvas: What they are placed on.
        rate: Frames a second of the timeline.
        failed: As for `EffectRun`.
    """

    def __init__(
        self,
        sources: Sources,
        canvas: Canvas,
        rate: Fraction,
        failed: FailedEffects | None = None,
    ) -> None:
        self._sources, self.failed = sources, failed
        self._canvas = canvas
        self._step = 1 / rate
        self._chains: dict[str, Chain] = {}

    def chain(self, clip: Clip) -> Chain:
        """Return a clip's effects, ready to be applied.

        Raises:
            CompositionError: A parameter is not valid; clip, effect and parameter
                are named.
        """
        if clip.id not in self._chains:
            with clip_context(clip):
                self._chains[clip.id] = Chain(clip.effects, clip.id, self.failed)
        return self._chains[clip.id]

    def moment(self, shot: Shot, time: Fraction) -> Moment:
        """Return a timeline time as a moment of the clip."""
        span = shot.clip.source_range
        own = shot.clip_time(time)
        return Moment(
            own,
            self._step,
            start=min(span.start, own),
            end=max(span.end, own + self._step),
        )

    def frame(self, shot: Shot, time: Fraction) -> Frame:
        """Return the frame that a clip shows at a second of the timeline.

        Raises:
            MediaError: It does not decode; the clip is named.
            CompositionError: An effect fails; the clip is named.
        """
        clip = shot.clip
        source, speed = self._sources.of(clip), speed_of(clip)
        blends = speed is not None and _blends(clip)

        def fetch(own: Fraction) -> Frame:
            if speed is None:
                return source.frame_at(own)
            media = speed.frame_time(own)
            return _between(source, media) if blends else source.frame_at(media)

        with clip_context(clip), stage("compose", "", f"clip {clip.label}"):
            chain = self.chain(clip)
            moment = self.moment(shot, time)
            frame = chain.frame(moment, fetch) if chain else fetch(moment.time)
            if is_between_pixels(clip, self._canvas):
                frame = self._placed(frame, clip, moment.time)
            return frame

    def flat(self, shot: Shot) -> Shot:
        """Return the shot as a graph takes it: one between pixels is placed already."""
        if not is_between_pixels(shot.clip, self._canvas):
            return shot
        plain = Transform(
            opacity=shot.clip.transform.opacity, blend=shot.clip.transform.blend
        )
        return replace(shot, clip=changed(shot.clip, transform=plain))

    def _placed(self, frame: Frame, clip: Clip, own: Fraction) -> Frame:
        """Place the frame on a clear canvas at subpixel positions: it moves evenly."""
        picture = picture_of(frame, Moment(own, self._step))
        size = (picture.width, picture.height)
        spot = place(transform_at(clip, own), size, self._canvas, moves=True)
        left, top, wide, high = spot.crop
        rows = spot.matrix / [*size, 1]
        area = (left, top, left + wide, top + high)
        canvas = (self._canvas.width, self._canvas.height)
        return frame_of(placed_on(picture, rows, canvas, area), frame)


def _blends(clip: Clip) -> bool:
    return any(
        effect.kind == "speed" and effect.enabled and effect.parameters.get("blend")
        for effect in clip.effects
    )


def _between(source: FrameSource, time: Fraction) -> Frame:
    """Blend the two frames around a time."""
    frame, following = source.frame_at(time), source.after(time)
    if following is None or not following[1]:
        return frame
    other, way = following
    moment = Moment(time, frame.duration)
    both = (picture_of(frame, moment), picture_of(other, moment))
    return frame_of(crossed(*both, float(way)), frame)
