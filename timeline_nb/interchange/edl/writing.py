"""Write an edit as EDL: one file for each video track, the first one with the sound."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final, Literal

from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import ProjectError
from timeline_nb.interchange import terms
from timeline_nb.interchange.edl.channels import Channels
from timeline_nb.interchange.edl.event_rows import EventText
from timeline_nb.interchange.edl.events import EdlEvent, track_events
from timeline_nb.interchange.edl.losses import judge_edit
from timeline_nb.interchange.edl.reels import REEL_LETTERS, Reels
from timeline_nb.interchange.flat import FlatEdit, FlatMarker, FlatTrack
from timeline_nb.interchange.flatten import flatten
from timeline_nb.interchange.marks.colors import AVID, name_of
from timeline_nb.interchange.marks.mark import one_row
from timeline_nb.interchange.report import Outcome, Report
from timeline_nb.interchange.requests import WriteRequest, Written
from timeline_nb.interchange.start_timecode import start_frame_of
from timeline_nb.interchange.timecodes import TimecodeClock

__all__ = ["write_edl"]

Sound = Literal["stereo", "mono"]
_SOUNDS: Final = ("stereo", "mono")
_MOST_LETTERS: Final = 129
# More have no two digits.
_MOST_RATE: Final = 100
_HOUR: Final = 3600


@dataclass(frozen=True)
class _Laid:
    """An event, and the channels it is recorded on."""

    event: EdlEvent
    channels: Channels
    # The id of its sound, where it has picture, too.
    sound: str = ""


def write_edl(
    request: WriteRequest,
    *,
    reel_letters: Any = REEL_LETTERS,
    sound: Sound = "stereo",
    start: str | None = None,
    remarks: bool = True,
) -> Written:
    """Return the EDL of an edit.

    Args:
        request: The edit.
        reel_letters: The most letters that a reel's name has: 8, or 32.
        sound: Whether each sound track is two channels (`stereo`: the first is AA) or
            one (`mono`: the first is A, the second A2).
        start: The timecode of the first frame; the edit's own if not given, or
            01:00:00:00. With `;` before the frames, drop-frame.
        remarks: Whether rows `* TIMELINE_NB` keep what the format has no words for.

    Raises:
        ProjectError: An argument is none, or the edit is longer than 24 hours.
    """
    if not isinstance(reel_letters, int) or not 4 <= reel_letters <= _MOST_LETTERS:
        raise ProjectError(f"reel_letters={reel_letters!r}: give 4 to {_MOST_LETTERS}")
    if sound not in _SOUNDS:
        raise ProjectError(f"sound={sound!r}{suggestion(str(sound), _SOUNDS)}")
    flat = _started(
        flatten(request.timeline, request.report, timecode_of=request.timecode_of),
        start,
    )
    if flat.start_frame and not start_frame_of(request.timeline)[0] and start is None:
        detail = "it begins at 01:00:00:00, as in most programs"
        request.report.add(terms.EDIT, terms.START_TIMECODE, "kept", None, detail)
    judge_edit(flat, request.report)
    return _Writing(flat, request, reel_letters, sound, remarks=remarks).written()


def _started(flat: FlatEdit, start: str | None) -> FlatEdit:
    """Return the edit with its first frame's timecode."""
    clock = TimecodeClock(flat.rate, flat.is_drop_frame)
    if clock.nominal > _MOST_RATE:
        raise ProjectError(
            f"an EDL counts frames by two digits, and {float(flat.rate):.6g} a second "
            "need three: resize(rate=...) takes fewer"
        )
    first, is_drop = flat.start_frame, flat.is_drop_frame
    if start is not None:
        counted = clock.read(str(start))
        if counted is None or counted.fault:
            raise ProjectError(
                f"start={start!r} {counted.fault if counted else 'is no timecode'}: "
                "give that of the first frame, as '01:00:00:00'"
            )
        first, is_drop = counted.frame, counted.is_drop
    elif not first:
        first = _HOUR * clock.nominal
    if first + flat.duration > TimecodeClock(flat.rate, is_drop).day:
        raise ProjectError(
            f"{flat.name!r} ends behind 24 hours, which timecode does not count"
        )
    return replace(flat, start_frame=first, is_drop_frame=is_drop)


class _Writing:
    """The writing of an edit's files.

    Args:
        flat: The edit.
        request: What is written.
        letters: The most letters of a reel's name.
        sound: How many channels a sound track is.
        remarks: Whether this program's own rows are written.
    """

    def __init__(
        self,
        flat: FlatEdit,
        request: WriteRequest,
        letters: int,
        sound: Sound,
        *,
        remarks: bool,
    ) -> None:
        self._flat, self._request, self._sound = flat, request, sound
        self._report: Report = request.report
        self._clock = TimecodeClock(flat.rate, flat.is_drop_frame)
        self._text = EventText(
            flat, self._clock, Reels(letters, request.report), request.report
        )
        self._remarks = remarks
        self._over: list[str] = []

    def written(self) -> Written:
        """Return the files."""
        shown = [t for t in self._flat.tracks if t.enabled]
        pictures = [track for track in shown if track.kind == "video"]
        sounds = [track for track in shown if track.kind == "audio"]
        path = self._request.path
        upper = pictures[1:]
        numbers = range(2, len(upper) + 2)
        self._over = [f"{path.stem}_V{number}{path.suffix}" for number in numbers]
        first = self._file(pictures[:1], sounds, 1)
        beside = {}
        for number, (name, track) in enumerate(zip(self._over, upper, strict=True), 2):
            beside[name] = self._file([track], [], number)
            detail = f"it is the file {name}: lay it over the first one"
            self._report.add(track.name, terms.TRACK, "kept", None, detail)
        return Written(first, beside)

    def _file(
        self, pictures: Sequence[FlatTrack], sounds: Sequence[FlatTrack], number: int
    ) -> bytes:
        laid = self._laid(pictures, sounds, number)
        mode = "DROP FRAME" if self._clock.is_drop else "NON-DROP FRAME"
        rows = [f"TITLE: {one_row(self._flat.name)}", f"FCM: {mode}", ""]
        width = max(3, len(str(len(laid))))
        head = self._head(pictures, number)
        marks = list(self._markers()) if number == 1 else []
        for place, own in enumerate(laid, 1):
            self._request.check()
            remark = {**(head if place == 1 else {}), **own.event.remark}
            rows += self._text.rows(
                own.event,
                own.channels,
                f"{place:0{width}}",
                remark if self._remarks else None,
                own.sound,
            )
            until = laid[place].event.start if place < len(laid) else None
            while marks and (until is None or marks[0][0] < until):
                rows.append(marks.pop(0)[1])
            rows.append("")
        if not laid:
            self._report.add(terms.EDIT, "all", "lost", None, "it has no clip")
            rows += [row for _, row in marks]
        return "\r\n".join(rows).encode("utf-8", errors="replace")

    def _head(self, pictures: Sequence[FlatTrack], number: int) -> dict[str, str]:
        flat = self._flat
        head = {"rate": f"{flat.rate.numerator}/{flat.rate.denominator}"}
        head |= {"start": self._clock.text(flat.start_frame)}
        if flat.size is not None:
            head["size"] = "{}x{}".format(*flat.size)
        if pictures and pictures[0].name != f"V{number}":
            head["track"] = pictures[0].name
        if number == 1 and self._over:
            head["over"] = ",".join(self._over)
        return head

    def _laid(
        self, pictures: Sequence[FlatTrack], sounds: Sequence[FlatTrack], number: int
    ) -> list[_Laid]:
        """Return the events of a file in order, picture and sound of a cut as one."""
        rate = self._flat.rate
        laid: list[_Laid] = []
        for track in pictures:
            events = track_events(track, rate, self._report, black=number == 1)
            laid += (_Laid(event, Channels(video=1)) for event in events)
        pairs = _Pairs(laid)
        for place, track in enumerate(sounds):
            channels = self._channels(place)
            for event in track_events(track, rate, self._report, black=False):
                if not (self._sound == "stereo" and pairs.join(event, channels)):
                    laid.append(_Laid(event, Channels(audio=channels)))
        return sorted(laid, key=lambda one: (one.event.start, not one.channels.video))

    def _channels(self, place: int) -> tuple[int, ...]:
        if self._sound == "mono":
            return (place + 1,)
        return (2 * place + 1, 2 * place + 2)

    def _markers(self) -> Iterator[tuple[Fraction, str]]:
        """Yield the rows of markers in order, with their frames."""
        found = [(m.start, m, True) for m in self._flat.markers]
        for track in self._flat.tracks:
            for clip in track.clips if track.enabled else ():
                found += (
                    (clip.start + m.start, m, False)
                    for m in clip.markers
                    if 0 <= m.start < clip.duration
                )
        for at, marker, is_own in sorted(found, key=lambda one: one[0]):
            text = self._clock.text(self._flat.start_frame + int(at))
            color, is_same = name_of(marker.color, AVID)
            if marker.color.isalpha():
                color, is_same = marker.color, True
            self._tell_marker(marker, text, "" if is_same else color, is_own=is_own)
            yield at, f"* LOC: {text} {color.upper():7} {one_row(marker.name)}".rstrip()

    def _tell_marker(
        self, marker: FlatMarker, at: str, color: str, *, is_own: bool
    ) -> None:
        """Tell what a row LOC does not hold of a marker."""
        lost = ["its duration"] * bool(marker.duration) + ["its note"] * bool(
            marker.note
        )
        details = [f"{' and '.join(lost)} went"] if lost else []
        details += [f"its color {marker.color} became {color}"] if color else []
        details += [] if is_own else ["it is a marker of the edit"]
        if details:
            outcome: Outcome = "lost" if lost else "approximated"
            where, detail = f"{terms.EDIT} at {at}", "; ".join(details)
            what = terms.marker(marker.name)
            self._report.add(where, what, outcome, None, detail)


class _Pairs:
    """Events of picture that events of sound may join, by what they show.

    Args:
        laid: The events of picture, which are replaced by those of both.
    """

    def __init__(self, laid: list[_Laid]) -> None:
        self._laid = laid
        self._places = {
            key: place
            for place, own in enumerate(laid)
            if (key := _key(own.event)) is not None
        }

    def join(self, event: EdlEvent, channels: tuple[int, ...]) -> bool:
        """Record a sound with its picture; return whether there is one."""
        key = _key(event)
        place = self._places.get(key) if key is not None else None
        if place is None or event.clip is None:
            return False
        own = self._laid[place]
        if own.channels.audio:
            return False
        both = own.channels.with_audio(channels)
        self._laid[place] = _Laid(own.event, both, event.clip.id)
        return True


def _key(event: EdlEvent) -> tuple[object, ...] | None:
    """Return what an event of picture and its sound have in common; None if nothing."""
    clip = event.clip
    if clip is None or not clip.link or event.code != "C":
        return None
    path = clip.media.path
    times = event.start, event.end, clip.source_start, clip.speed
    return clip.link, clip.name, path, times
