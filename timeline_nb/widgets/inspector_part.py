"""Send the settings of the selected clips to the inspector."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from timeline_nb.commands.session import EditSession
from timeline_nb.errors import TimelineError
from timeline_nb.media.sequence import shown_name
from timeline_nb.timeline.keyframes import value_at
from timeline_nb.timeline.model import Clip, Effect, Keyframe, Timeline
from timeline_nb.timeline.queries import clip_of, find
from timeline_nb.timeline.speed import speed_of
from timeline_nb.widgets.channel import Part, SendAnswer
from timeline_nb.widgets.effect_views import (
    OwnTime,
    key_views,
    own_time_of,
    sampled,
)
from timeline_nb.widgets.inspector_answers import ClipDetails, InspectorView

__all__ = ["InspectorPart"]

# More are changed together, but not shown one by one.
_MOST_SHOWN: Final = 1_000


class InspectorPart(Part):
    """Sends the selected clips' settings, as they are at the playhead.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        selected: Returns the ids of the selected items.
        playhead: Returns the timeline second at which values are sent.
    """

    def __init__(
        self,
        post: SendAnswer,
        session: EditSession,
        selected: Callable[[], list[str]],
        playhead: Callable[[], float],
    ) -> None:
        super().__init__(post)
        self._session, self._selected, self._playhead = session, selected, playhead

    def start(self) -> None:
        """Connect to the edit's changes."""
        self._session.changed.connect(self._follow)

    def stop(self) -> None:
        """Disconnect from the edit's changes."""
        self._session.changed.disconnect(self._follow)

    def on_view_opened(self, view: str) -> None:
        """Send a new view the selected clips' settings."""
        self.inspect(view)

    def inspect(self, view: str = "") -> None:
        """Send a view, or all, the settings of the selected clips."""
        self._turns.run(("inspector", view), lambda: self._send_settings(view))

    def send_animated(self) -> None:
        """Send the settings again if one has keyframes: the playhead moved."""
        timeline = self._session.timeline
        if any(_is_animated(clip) for _, clip in self._clips(timeline)):
            self.inspect()

    def _send_settings(self, view: str) -> None:
        timeline = self._session.timeline
        at = Fraction(self._playhead()).limit_denominator(10_000)
        shown = self._clips(timeline)[:_MOST_SHOWN]
        clips = [_details(timeline, track, clip, at) for track, clip in shown]
        self._post(InspectorView(view=view, clips=clips))

    def _clips(self, timeline: Timeline) -> list[tuple[int, Clip]]:
        clips = []
        for item in self._selected():
            try:
                clips.append((find(timeline, item).track, clip_of(timeline, item)))
            except TimelineError:
                # A subtitle, or removed by an undo: it has no settings.
                continue
        return clips

    def _follow(self, _old: Timeline, _new: Timeline) -> None:
        self.inspect()


def _is_animated(clip: Clip) -> bool:
    return bool(clip.keyframes) or any(
        effect.kind == "speed" and effect.keyframes for effect in clip.effects
    )


def _details(timeline: Timeline, number: int, clip: Clip, at: Fraction) -> ClipDetails:
    time, track = own_time_of(timeline, clip.id), timeline.tracks[number]
    now = min(max(time.of(at), time.origin), time.origin + time.length)

    def value(name: str, plain: Any) -> Any:
        keys = clip.keyframes.get(name, ())
        return value_at(keys, now) if keys else plain

    transform = clip.transform
    position = value("position", transform.position)
    ramp = _ramp_of(clip)
    speed = speed_of(clip)
    retimed = _speed_effect(clip)
    return ClipDetails(
        id=clip.id,
        name=clip.name,
        media=_media_name(clip),
        track=track.name,
        start_s=float(time.start),
        duration_s=float(time.length),
        source_start_s=float(time.origin),
        has_pictures=track.kind != "audio",
        has_sound=track.kind == "audio",
        x=float(position[0]),
        y=float(position[1]),
        scale=float(value("scale", transform.scale)),
        rotation_deg=float(value("rotation_deg", transform.rotation_deg)),
        opacity=float(value("opacity", transform.opacity)),
        fit=transform.fit,
        blend=transform.blend,
        crop=list(transform.crop),
        gain_db=float(value("gain_db", clip.gain_db)),
        pan=float(value("pan", clip.pan)),
        fade_in_s=float(clip.fade_in),
        fade_out_s=float(clip.fade_out),
        speed=float(speed.rate_at(now)) if speed else 1.0,
        keep_pitch=bool(retimed.get("keep_pitch", True)),
        blend_frames=bool(retimed.get("blend", False)),
        ramp=key_views(ramp, time),
        rates=_rates(ramp, time),
        keys={name: key_views(own, time) for name, own in clip.keyframes.items()},
    )


def _rates(ramp: tuple[Keyframe, ...], time: OwnTime) -> list[float]:
    return sampled(ramp, time)


def _speed(clip: Clip) -> Effect | None:
    return next((own for own in clip.effects if own.kind == "speed"), None)


def _speed_effect(clip: Clip) -> dict[str, Any]:
    effect = _speed(clip)
    return effect.parameters if effect else {}


def _ramp_of(clip: Clip) -> tuple[Keyframe, ...]:
    effect = _speed(clip)
    return effect.keyframes.get("rate", ()) if effect else ()


def _media_name(clip: Clip) -> str:
    media = clip.media
    if media.generator is not None:
        return media.generator.kind
    if media.timeline is not None:
        return media.timeline.name
    return shown_name(media.path)
