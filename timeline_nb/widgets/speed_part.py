"""Handle the inspector's requests about speed, as commands."""

from fractions import Fraction
from typing import Final

from timeline_nb.commands import changing
from timeline_nb.commands import effects as commands
from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import frame_time
from timeline_nb.timeline.model import Clip, Effect, Keyframe
from timeline_nb.timeline.queries import clip_of, find, linked
from timeline_nb.widgets import speed_requests as ask
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.effect_views import own_time_of
from timeline_nb.widgets.gestures import exact_time
from timeline_nb.widgets.request import Request

__all__ = ["SpeedPart"]

# A speed of 33.3 % is a third.
_FINE: Final = 1_000


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
                done |= self._linked(item)
                self._session.perform(
                    changing.SetSpeed(
                        clip=item,
                        factor=factor,
                        keep_pitch=request.keep_pitch,
                        blend=request.blend_frames,
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
        time = own_time_of(timeline, request.item)
        keys: dict[Fraction, Keyframe] = {}
        for at_s, speed in request.points:
            at = time.of(exact_time(timeline, at_s))
            keys[at] = Keyframe(time=at, value=round(speed, 4))
        ordered = tuple(keys[at] for at in sorted(keys))
        with self._session.group("speed ramp"):
            for item in sorted(self._linked(request.item)):
                self._set_ramp(item, ordered)

    def _set_ramp(self, item: str, keys: tuple[Keyframe, ...]) -> None:
        clip = clip_of(self._session.timeline, item)
        for number, effect in enumerate(clip.effects):
            if effect.kind == "speed":
                self._session.perform(
                    commands.Animate(
                        owner=item, parameter="rate", keyframes=keys, number=number
                    )
                )
                return
        begins = str(clip.source_range.start)
        ramp = Effect(
            kind="speed",
            parameters={"time": begins, "media": begins},
            keyframes={"rate": keys},
        )
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
