"""Handle the inspector's requests about speed, as commands."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from msgspec.structs import replace

from timeline_nb.commands import changing
from timeline_nb.commands import effects as commands
from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import frame_time
from timeline_nb.timeline.model import Clip, Effect, Keyframe, Timeline
from timeline_nb.timeline.queries import clip_of, find, linked
from timeline_nb.timeline.speed import speed_of
from timeline_nb.widgets import speed_requests as ask
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.effect_views import OwnTime, own_time_of
from timeline_nb.widgets.gestures import exact_time
from timeline_nb.widgets.request import Request

__all__ = ["SpeedPart"]

# A speed of 33.3 % is a third.
_FINE: Final = 1_000
_SAME_S: Final = 1e-6
_SAME_RATE: Final = 1e-6


class SpeedPart(Part):
    """Changes the speed of clips: each request is one step of the history.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
    """

    def __init__(self, post: SendAnswer, session: EditSession) -> None:
        super().__init__(post)
        self._session = session

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the handlers of speed."""
        return {
            ask.RetimeRequest: self._retime,
            ask.RampRequest: self._ramp,
            ask.FreezeFrameRequest: self._freeze,
        }

    def _retime(self, request: ask.RetimeRequest) -> None:
        factor = Fraction(request.speed).limit_denominator(_FINE)
        done: set[str] = set()
        with self._session.group("speed"):
            for item in request.items:
                if item in done:
                    continue
                together = self._linked(item)
                alone = request.alone and len(together) > 1
                done |= {item} if alone else together
                self._session.perform(
                    changing.SetSpeed(
                        clip=item,
                        factor=factor,
                        keep_pitch=request.keep_pitch,
                        blend=request.blend_frames,
                        alone=alone,
                    )
                )

    def _linked(self, item: str) -> set[str]:
        """Return the ids of a clip and those linked to it: they change together."""
        timeline = self._session.timeline
        return {
            own.id
            for place in linked(timeline, item)
            if isinstance(own := timeline.tracks[place.track].items[place.item], Clip)
        }

    def _ramp(self, request: ask.RampRequest) -> None:
        timeline = self._session.timeline
        if len(request.points) < 2:
            raise TimelineError(
                Message("a ramp has two points or more: set the speed in percent")
            )
        lead = clip_of(timeline, request.item)
        time = own_time_of(timeline, request.item)
        keys = _keys(timeline, time, _rate_keys(lead), request.points)
        with self._session.group(Message("speed ramp")):
            own = {request.item} if request.alone else self._linked(request.item)
            for item in sorted(own):
                # A linked clip may count other times, and begin elsewhere.
                shift = own_time_of(timeline, item).of(time.start) - time.origin
                moved = tuple(replace(key, time=key.time + shift) for key in keys)
                self._set_ramp(item, moved, time.origin + shift)

    def _set_ramp(
        self, item: str, keys: tuple[Keyframe, ...], moment: Fraction
    ) -> None:
        """Set a clip's rates; what it shows at a moment of its time stays."""
        clip = clip_of(self._session.timeline, item)
        speed = speed_of(clip)
        media = moment if speed is None else speed.media_time(moment)
        anchor = {"time": str(moment), "media": str(media)}
        for number, effect in enumerate(clip.effects):
            if effect.kind == "speed":
                self._session.perform(
                    commands.SetEffect(
                        owner=item,
                        number=number,
                        parameters=effect.parameters | anchor,
                        keyframes=effect.keyframes | {"rate": keys},
                    )
                )
                return
        ramp = Effect(kind="speed", parameters=anchor, keyframes={"rate": keys})
        self._session.perform(commands.AddEffect(owner=item, effect=ramp, place=0))

    def _freeze(self, request: ask.FreezeFrameRequest) -> None:
        timeline = self._session.timeline
        find(timeline, request.item)
        rate = timeline.rate
        frames = max(1, round(Fraction(request.duration_s) * rate))
        self._session.perform(
            changing.Freeze(
                clip=request.item,
                at=exact_time(timeline, request.at_s),
                duration=frame_time(frames, rate),
            )
        )


def _rate_keys(clip: Clip) -> tuple[Keyframe, ...]:
    for effect in clip.effects:
        if effect.kind == "speed":
            return effect.keyframes.get("rate", ())
    return ()


def _keys(
    timeline: Timeline,
    time: OwnTime,
    before: Sequence[Keyframe],
    points: Sequence[tuple[float, float]],
) -> tuple[Keyframe, ...]:
    """Return keyframes of points; those that did not move stay as they are.

    Args:
        timeline: Its edges and frames are where points lie.
        time: The clip's own.
        before: The keyframes that the clip has.
        points: Timeline seconds and rates, in order.
    """
    keys: dict[Fraction, Keyframe] = {}
    for number, (at_s, rate) in enumerate(points):
        same = next(
            (k for k in before if abs(time.on_timeline(k.time) - at_s) < _SAME_S), None
        )
        # One of as many points was dragged: it leads on as it did.
        moved = before[number] if len(points) == len(before) else None
        at = same.time if same else time.of(exact_time(timeline, at_s))
        key = same or moved or Keyframe(time=at, value=1)
        if same is None or abs(key.value - rate) > _SAME_RATE:
            key = replace(key, time=at, value=round(rate, 4))
        keys[at] = key
    return tuple(keys[at] for at in sorted(keys))
