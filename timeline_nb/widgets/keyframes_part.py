"""Change the keyframes that are drawn on clips: lines of opacity and volume, marks."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.commands.changing import SetClip
from timeline_nb.commands.effects import Animate
from timeline_nb.commands.session import EditSession
from timeline_nb.effects.labels import label_of
from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timebase import format_timecode
from timeline_nb.timeline.model import Clip, Keyframe
from timeline_nb.timeline.queries import clip_of, find, range_of
from timeline_nb.widgets import keyframe_requests as ask
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.gestures import exact_time
from timeline_nb.widgets.key_marks import marked
from timeline_nb.widgets.request import Request

__all__ = ["KeyframesPart"]

_LABELS: Final = {"opacity": "opacity", "gain_db": "volume"}
# Times of keyframes that travel as floats are off by less than this.
_TOLERANCE_S: Final = 1e-6


class KeyframesPart(Part):
    """Adds, moves and removes keyframes of clips: each is one step of the history.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
    """

    def __init__(self, post: SendAnswer, session: EditSession) -> None:
        super().__init__(post)
        self._session = session

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the handlers of keyframes."""
        return {
            ask.SetKeyframeRequest: self._set,
            ask.MoveKeyframeRequest: self._move,
            ask.MoveKeyframesRequest: self._move_all,
            ask.RemoveKeyframeRequest: self._remove,
            ask.SetInterpolationRequest: self._bend,
        }

    def _set(self, request: ask.SetKeyframeRequest) -> None:
        clip, shift = self._clip(request.item)
        at = self._own_time(clip, shift, request.at_s)
        keys = clip.keyframes.get(request.parameter, ())
        old = next((key for key in keys if _is_at(key, float(at))), None)
        kept = [key for key in keys if key is not old]
        changed = (
            Keyframe(time=at, value=request.value)
            if old is None
            else replace(old, value=request.value)
        )
        self._animate(request, [*kept, changed])

    def _move(self, request: ask.MoveKeyframeRequest) -> None:
        clip, shift = self._clip(request.item)
        old, kept = self._found(clip, shift, request)
        to = self._own_time(clip, shift, request.to_s)
        if abs(request.to_s - request.at_s) < _TOLERANCE_S:
            to = old.time
        _check_free(clip, _LABELS[request.parameter], kept, to)
        moved = replace(old, time=to, value=request.value)
        self._animate(request, [*kept, moved])

    def _move_all(self, request: ask.MoveKeyframesRequest) -> None:
        """Move what a mark stands for: a keyframe, or several at one time."""
        clip, shift = self._clip(request.item)
        track = self._session.timeline.tracks[
            find(self._session.timeline, request.item).track
        ]
        own = request.at_s - float(shift)
        to = self._own_time(clip, shift, request.to_s)
        moved = [
            Animate(
                owner=request.item,
                parameter=name,
                number=number,
                keyframes=_with_moved(clip, name, keys, own, to),
            )
            for name, number, keys in marked(track, clip)
            if any(_is_at(key, own) for key in keys)
        ]
        with self._session.group(Animate.label):
            for change in moved:
                self._session.perform(change)

    def _remove(self, request: ask.RemoveKeyframeRequest) -> None:
        clip, shift = self._clip(request.item)
        old, kept = self._found(clip, shift, request)
        if kept:
            self._animate(request, kept)
            return
        fields: dict[str, Any] = {"gain_db": old.value}
        if request.parameter == "opacity":
            opacity = min(1.0, max(0.0, float(old.value)))
            fields = {"transform": replace(clip.transform, opacity=opacity)}
        with self._session.group(Animate.label):
            self._animate(request, [])
            self._session.perform(SetClip(clip=clip.id, **fields))

    def _bend(self, request: ask.SetInterpolationRequest) -> None:
        clip, shift = self._clip(request.item)
        old, kept = self._found(clip, shift, request)
        bent = replace(old, interpolation=request.interpolation)
        self._animate(request, [*kept, bent])

    def _clip(self, item: str) -> tuple[Clip, Fraction]:
        """Return a clip, and the timeline second of its own second 0."""
        timeline = self._session.timeline
        clip, place = clip_of(timeline, item), find(timeline, item)
        start = range_of(timeline.tracks[place.track], place.item).start
        return clip, start - clip.source_range.start

    def _own_time(self, clip: Clip, shift: Fraction, seconds: float) -> Fraction:
        """Return a timeline second as the clip's own, within the clip."""
        own = exact_time(self._session.timeline, seconds) - shift
        return min(max(own, clip.source_range.start), clip.source_range.end)

    def _found(
        self,
        clip: Clip,
        shift: Fraction,
        request: (
            ask.MoveKeyframeRequest
            | ask.RemoveKeyframeRequest
            | ask.SetInterpolationRequest
        ),
    ) -> tuple[Keyframe, list[Keyframe]]:
        """Return the keyframe at a time, and the others of its parameter."""
        keys = clip.keyframes.get(request.parameter, ())
        own = request.at_s - float(shift)
        for number, key in enumerate(keys):
            if _is_at(key, own):
                return key, [*keys[:number], *keys[number + 1 :]]
        rate = self._session.timeline.rate
        at = format_timecode(Fraction(max(0.0, request.at_s)), rate)
        raise TimelineError(
            Message(
                "clip {label} has no keyframe of its {parameter} at {at}: "
                "it was changed meanwhile",
                label=clip.label,
                parameter=_LABELS[request.parameter],
                at=at,
            )
        )

    def _animate(
        self,
        request: Any,
        keyframes: Iterable[Keyframe],
    ) -> None:
        ordered = tuple(sorted(keyframes, key=lambda key: key.time))
        self._session.perform(
            Animate(owner=request.item, parameter=request.parameter, keyframes=ordered)
        )


def _with_moved(
    clip: Clip, name: str, keys: tuple[Keyframe, ...], own_s: float, to: Fraction
) -> tuple[Keyframe, ...]:
    """Return keyframes of which the one at a time is at another."""
    kept = [key for key in keys if not _is_at(key, own_s)]
    _check_free(clip, Message(label_of(name)), kept, to)
    moved = [replace(key, time=to) for key in keys if _is_at(key, own_s)]
    return tuple(sorted([*kept, *moved], key=lambda key: key.time))


def _check_free(
    clip: Clip, parameter: str | Message, kept: Iterable[Keyframe], to: Fraction
) -> None:
    if any(key.time == to for key in kept):
        raise TimelineError(
            Message(
                "clip {label} has a keyframe of its {parameter} there "
                "already: move it beside that one",
                label=clip.label,
                parameter=parameter,
            )
        )


def _is_at(key: Keyframe, own_s: float) -> bool:
    return abs(float(key.time) - own_s) < _TOLERANCE_S
