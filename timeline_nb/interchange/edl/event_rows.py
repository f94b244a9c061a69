"""The rows of an event, as Avid writes them."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from timeline_nb.interchange import terms
from timeline_nb.interchange.edl.channels import Channels
from timeline_nb.interchange.edl.events import EdlEvent
from timeline_nb.interchange.edl.generators import generator_note
from timeline_nb.interchange.edl.reels import Reels
from timeline_nb.interchange.edl.remarks import write_remark
from timeline_nb.interchange.edl.speeds import motion_text
from timeline_nb.interchange.flat import FlatClip, FlatEdit
from timeline_nb.interchange.marks.mark import one_row
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.timecodes import TimecodeClock

__all__ = ["EventText"]

_BLACK: Final = "BL"
_GRADES: Final = ("asc_sop", "asc_sat")


class EventText:
    """Makes the rows of events.

    Args:
        flat: The edit.
        clock: Counts its timecode.
        reels: Names its media.
        report: Gets what is rounded.
    """

    def __init__(
        self, flat: FlatEdit, clock: TimecodeClock, reels: Reels, report: Report
    ) -> None:
        self._flat, self._clock = flat, clock
        self._reels, self._report = reels, report

    def rows(
        self,
        event: EdlEvent,
        channels: Channels,
        number: str,
        remark: Mapping[str, str] | None,
        sound: str,
    ) -> list[str]:
        """Return the rows of an event.

        Args:
            event: The event.
            channels: What it is recorded on.
            number: Its number.
            remark: What this program notes, to which more is added; None if nothing.
            sound: The id of its sound, where it has both.
        """
        rows: list[str] = []
        notes = dict(remark) if remark is not None else {}
        clip = event.clip
        if event.code != "C":
            rows.append(self._from(event, channels, number))
        source = self._source(event, notes)
        record = event.start, event.end
        words = number, self._reel(clip), channels.word
        rows.append(self._row(words, event, source, record))
        if channels.beyond:
            rows.append("AUD  " + " ".join(map(str, channels.beyond)))
        if clip is not None:
            rows += self._motion(event, clip, source, notes)
        rows += self._names(event)
        if clip is not None:
            rows += self._said(clip)
            if channels.video:
                notes |= generator_note(clip.media)
            if clip.id:
                notes["id" if channels.video else "sound"] = clip.id
            if sound:
                notes["sound"] = sound
            if clip.link:
                notes["link"] = clip.link
        if remark is not None and notes:
            rows.append(write_remark(notes))
        return rows

    def _reel(self, clip: FlatClip | None) -> str:
        if clip is None:
            return _BLACK
        return self._reels.of(clip.media, str(_own(clip).get("reel", "")))

    def _from(self, event: EdlEvent, channels: Channels, number: str) -> str:
        """Return the row of what an event fades from, which takes no time."""
        before = event.before
        clip = before.clip if before is not None else None
        end = self._frames(before, clip)[1] if before is not None and clip else 0
        cut = EdlEvent(None, event.start, event.start, "")
        times = event.start, event.start
        words = number, self._reel(clip), channels.word
        return self._row(words, cut, (end, end), times)

    def _row(
        self,
        words: tuple[str, str, str],
        event: EdlEvent,
        source: tuple[int, int],
        record: tuple[Fraction, Fraction],
    ) -> str:
        first = self._flat.start_frame
        frames = (*source, *(first + int(at) for at in record))
        times = " ".join(self._clock.text(frame) for frame in frames)
        length = f"{int(event.length):03}" if event.code != "C" else ""
        number, reel, channels = words
        return f"{number}  {reel:<8} {channels:<5} {event.code:<4} {length:>3} {times}"

    def _source(self, event: EdlEvent, notes: dict[str, str]) -> tuple[int, int]:
        """Return the source frames of an event, the lower one first; note rounding."""
        clip = event.clip
        if clip is None:
            return 0, int(event.end - event.start)
        base = clip.media.timecode or Fraction(0)
        first = clip.source_start
        off = abs(self._clock.nearest(base + first) - (base + first) * self._flat.rate)
        if off:
            detail = "its source begins between two frames"
            self._report.add(
                event.place, terms.FIRST_FRAME, "approximated", off, detail
            )
            notes["source"] = f"{first.numerator}/{first.denominator}"
        return self._frames(event, clip)

    def _frames(self, event: EdlEvent, clip: FlatClip) -> tuple[int, int]:
        base = clip.media.timecode or Fraction(0)
        frame = self._clock.nearest(base + clip.source_start)
        length = (event.end - event.start) * abs(clip.speed)
        if clip.speed < 0:
            return max(0, frame - self._whole(length)), frame
        return frame, frame + (self._whole(length) if clip.speed else 1)

    def _whole(self, frames: Fraction) -> int:
        return max(1, self._clock.nearest(frames / self._flat.rate))

    def _motion(
        self,
        event: EdlEvent,
        clip: FlatClip,
        source: tuple[int, int],
        notes: dict[str, str],
    ) -> list[str]:
        """Return the rows of a clip's speed; none if it is as fast as its source."""
        if clip.speed == 1 and not clip.ramp:
            return []
        if clip.ramp:
            detail = "it is as fast as its mean"
            self._report.add(event.place, terms.SPEED, "lost", None, detail)
        text, meant = motion_text(clip.speed, self._clock.nominal)
        if meant != clip.speed:
            notes["speed"] = f"{clip.speed.numerator}/{clip.speed.denominator}"
            off = abs(meant - clip.speed) * (event.end - event.start)
            detail = f"it is {text} frames a second"
            self._report.add(event.place, terms.SPEED, "approximated", off, detail)
        # What runs backwards begins with its last frame.
        first = source[1] - 1 if clip.speed < 0 else source[0]
        reel = self._reel(clip)
        rows = [f"M2   {reel:<8}       {text}                {self._clock.text(first)}"]
        return rows if clip.speed else [*rows, "* * FREEZE FRAME"]

    def _names(self, event: EdlEvent) -> list[str]:
        rows = []
        before = event.before.clip if event.before is not None else None
        if event.code != "C":
            if before is not None:
                rows.append(f"* FROM CLIP NAME:  {one_row(before.name)}")
            if event.clip is not None:
                rows.append(f"* TO CLIP NAME:  {one_row(event.clip.name)}")
        elif event.clip is not None:
            rows.append(f"* FROM CLIP NAME:  {one_row(event.clip.name)}")
        if event.clip is not None and event.clip.media.path:
            rows.append(f"* SOURCE FILE: {one_row(event.clip.media.path)}")
        return rows

    def _said(self, clip: FlatClip) -> list[str]:
        """Return what an imported clip's metadata keep of other rows."""
        own = _own(clip)
        rows = [
            f"*{name.upper()} {one_row(own[name])}"
            for name in _GRADES
            if isinstance(own.get(name), str)
        ]
        texts = own.get("remarks")
        if isinstance(texts, (list, tuple)):
            rows += [f"* {one_row(one)}" for one in texts if isinstance(one, str)]
        return rows


def _own(clip: FlatClip) -> dict[str, Any]:
    found = dict(clip.metadata).get("edl")
    return found if isinstance(found, dict) else {}
