"""The clips of a flat edit as events, track by track."""

from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from timeline_nb.interchange import terms
from timeline_nb.interchange.edl.wipes import code_of
from timeline_nb.interchange.flat import (
    FlatClip,
    FlatGap,
    FlatTrack,
    FlatTransition,
)
from timeline_nb.interchange.places import clip_place, time_place
from timeline_nb.interchange.report import Report

__all__ = ["EdlEvent", "track_events"]


@dataclass(frozen=True)
class EdlEvent:
    """What an event shows, in frames from the edit's start.

    Args:
        clip: The clip, with its record times and source as the event has them; None of
            black.
        start: Its first frame.
        end: The frame behind its last.
        place: For the report.
        code: `C`, `D` or `W001`.
        length: Frames of the transition into it.
        before: The event that it fades from; None of black.
        remark: What this program notes: `dissolve`.
    """

    clip: FlatClip | None
    start: Fraction
    end: Fraction
    place: str
    code: str = "C"
    length: Fraction = Fraction(0)
    before: "EdlEvent | None" = None
    remark: dict[str, str] = field(default_factory=dict)


def track_events(
    track: FlatTrack, rate: Fraction, report: Report, *, black: bool
) -> list[EdlEvent]:
    """Return the events of a track, in order.

    Args:
        track: The track.
        rate: Frames a second.
        report: Gets what no event can say.
        black: Whether gaps are events of black.
    """
    work = _Laying(track, rate, report)
    items = [i for i in track.items if isinstance(i, (FlatClip, FlatGap))]
    for before, item in pairwise([None, *items]):
        if isinstance(item, FlatClip):
            work.lay(item, joined=isinstance(before, FlatClip))
        elif isinstance(item, FlatGap) and black:
            place = f"{track.name}, a gap"
            work.made.append(EdlEvent(None, item.start, item.end, place))
    return work.made


class _Laying:
    """The events of a track so far."""

    def __init__(self, track: FlatTrack, rate: Fraction, report: Report) -> None:
        self._track, self._rate, self._report = track, rate, report
        joints = (item for item in track.items if isinstance(item, FlatTransition))
        self._joints = {joint.at: joint for joint in joints}
        self.made: list[EdlEvent] = []

    def lay(self, clip: FlatClip, *, joined: bool) -> None:
        """Add a clip's event, and one of black that it fades to."""
        place = clip_place(
            self._track.name, clip.name, clip.start / self._rate, self._rate
        )
        event = EdlEvent(clip, clip.start, clip.end, place)
        joint = self._joints.get(clip.start) if joined else None
        if joint is not None:
            event = self._joined(event, clip, joint)
        elif clip.fade_in:
            length = min(clip.fade_in, clip.duration)
            event = replace(event, code="D", length=length)
        self._add_fading(event, clip)

    def _add_fading(self, event: EdlEvent, clip: FlatClip) -> None:
        out = min(clip.fade_out, event.end - event.start - 1)
        if clip.fade_out > out:
            off = clip.fade_out - out
            detail = "an event lasts a frame at least"
            self._report.add(event.place, terms.FADES, "approximated", off, detail)
        if out <= 0:
            self.made.append(event)
            return
        event = replace(event, end=event.end - out)
        end = event.end + out
        black = EdlEvent(None, event.end, end, event.place, "D", out, before=event)
        self.made += [event, black]

    def _joined(
        self, event: EdlEvent, clip: FlatClip, joint: FlatTransition
    ) -> EdlEvent:
        """Begin an event where the transition into it begins, and end the one before.

        So it is the same picture: what comes is seen from there on.
        """
        before, what = self.made[-1], terms.transition(joint.kind)
        if before.clip is None:
            detail = "a fade is there"
            self._report.add(event.place, what, "lost", None, detail)
            return event
        into = min(joint.in_offset, before.end - before.start)
        code, is_same = code_of(joint.kind, dict(joint.parameters))
        where = time_place(self._track.name, joint.at / self._rate, self._rate)
        if not is_same:
            detail = "it is a dissolve" if code == "D" else f"it is the wipe {code}"
            self._report.add(where, what, "approximated", None, detail)
        self.made[-1] = before = replace(before, end=before.end - into)
        earlier = replace(
            clip,
            start=clip.start - into,
            duration=clip.duration + into,
            source_start=clip.source_at(-into, self._rate),
        )
        remark = {}
        if into:
            remark["dissolve"] = f"{into}+{joint.out_offset}"
            detail = (
                "the cut is where it begins, as in all EDL: the picture is the same"
            )
            self._report.add(where, what, "kept", None, detail)
        return replace(
            event,
            clip=earlier,
            start=earlier.start,
            code=code,
            length=into + joint.out_offset,
            before=before,
            remark=remark,
        )
