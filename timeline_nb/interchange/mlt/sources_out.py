"""The services that show clips: files, files at another speed, colors and nested edits.

Clips of one file on one track share a service where nothing is changed about them, as
MLT opens the file once for each. What has filters has a service of its own: filters of
a service go on through a transition.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.core.colors import parse_color
from timeline_nb.interchange import terms
from timeline_nb.interchange.flat import FlatClip, FlatEdit
from timeline_nb.interchange.mlt.filters_out import (
    Stretch,
    add_picture_filters,
    add_sound_filters,
)
from timeline_nb.interchange.mlt.notes import OWN, note_of_keys
from timeline_nb.interchange.mlt.parts import Document, number_text, set_properties
from timeline_nb.interchange.mlt.shown import at_rate, media_second, phase_of
from timeline_nb.interchange.places import clip_place
from timeline_nb.interchange.report import Report
from timeline_nb.timeline.choices import TrackKind
from timeline_nb.timeline.model import Effect

__all__ = ["ClipServices", "Use"]

# A service is as long as the longest clip can be.
_ENDLESS: Final = 2**31 - 1
# `producer_timewarp.c`.
_SLOWEST, _FASTEST = Fraction(1, 100), Fraction(20)
# Of a frame: what the map's own rounding must not lose.
_HAIR: Final = Fraction(1, 100)
_HALF: Final = Fraction(1, 2)


@dataclass(frozen=True)
class Use:
    """A clip on its track, and what of it a service shows.

    Args:
        clip: The clip.
        track: The track's name.
        kind: The track's.
        stretch: The frames of it, from its start, with its crossfades; where they are
            in the service is not known yet.
        lane: 0, or 1 for the second of two clips that are shown at once.
        base: The first frame of it that is shown at all, from its start.
    """

    clip: FlatClip
    track: str
    kind: TrackKind
    stretch: Stretch
    lane: int = 0
    base: int = 0

    @property
    def passed(self) -> int:
        """The frames of the clip that were shown before."""
        return self.stretch.first - self.base


class ClipServices:
    """Makes the services of a document.

    Args:
        document: Takes them.
        report: Takes what is not carried over.
        nest: Makes a service of a nested edit for a kind of track.
    """

    def __init__(
        self,
        document: Document,
        report: Report,
        nest: Callable[[FlatEdit, TrackKind], XmlElement],
    ) -> None:
        self._document, self._report = document, report
        self._nest = nest
        self._shared: dict[tuple[object, ...], str] = {}

    def service(self, shown: Use) -> tuple[str, int]:
        """Return the id of a service that shows a clip, and its first frame there."""
        clip = shown.clip
        if clip.media.edit is not None:
            service, at = self._nested(shown, clip.media.edit)
        elif clip.media.generator is not None:
            service, at = self._generated(shown, clip.media.generator)
        elif clip.media.available is None and shown.kind == "video":
            service, at = self._still(shown)
        elif clip.ramp or clip.speed != 1:
            service, at = self._retimed(shown)
        else:
            service, at = self._plain(shown)
        before = len(service.children)
        self._add_filters(service, shown, at)
        if len(service.children) > before or clip.media.edit is not None:
            return self._document.finish(service), at
        key = (
            shown.track,
            shown.lane,
            service.tag,
            *((p.get("name"), p.text) for p in service.children),
            *((p.tag, *(q.text for q in p.children)) for p in service.children),
        )
        if key not in self._shared:
            self._shared[key] = self._document.finish(service)
        return self._shared[key], at

    def place(self, shown: Use) -> str:
        """Return where a clip is, as a report says it."""
        at = shown.clip.start / self._document.rate
        return clip_place(shown.track, shown.clip.name, at, self._document.rate)

    def _add_filters(self, service: XmlElement, shown: Use, at: int) -> None:
        placed = replace(shown.stretch, at=at)
        if shown.kind == "video":
            add_picture_filters(self._document, service, shown.clip, placed)
        else:
            add_sound_filters(self._document, service, shown.clip, placed)

    def _frame(self, shown: Use) -> Fraction:
        """Return the frame of the media that a clip shows first, as MLT counts."""
        clip, rate = shown.clip, self._document.rate
        second = media_second(clip, rate)(phase_of(clip) + shown.stretch.first)
        return (second - _begin(clip)) * rate

    def _named(self, service: XmlElement, shown: Use) -> XmlElement:
        clip = shown.clip
        if clip.name and clip.name != clip.media.name:
            set_properties(service, shotcut__caption=clip.name)
        return service

    def _plain(self, shown: Use) -> tuple[XmlElement, int]:
        clip = shown.clip
        service = self._named(self._document.new("producer"), shown)
        set_properties(
            service,
            resource=clip.media.path,
            mlt_service="avformat",
            **_streams(shown.kind),
        )
        frame = self._frame(shown)
        own = clip.media.rate
        if shown.kind == "video" and own and own != self._document.rate:
            self._report.add(
                f"media {clip.media.name}",
                terms.RATE,
                "approximated",
                _HALF,
                f"it is {float(own):.5g}: MLT shows the nearest of its frames, not the "
                "last that has begun",
            )
        return service, max(0, frame // 1)

    def _still(self, shown: Use) -> tuple[XmlElement, int]:
        service = self._named(self._document.new("producer"), shown)
        set_properties(
            service,
            length=_ENDLESS,
            eof="pause",
            resource=shown.clip.media.path,
            seekable=1,
        )
        return service, shown.passed

    def _generated(self, shown: Use, own: Effect) -> tuple[XmlElement, int]:
        service = self._named(self._document.new("producer"), shown)
        color = "0x00000000"
        if own.kind == "solid":
            color = _color(own.parameters.get("color", "#000000"))
            if own.keyframes:
                detail = "the color does not change"
                self._lost(shown, "keyframes of the color", detail)
        else:
            detail = "bake='effects' renders it; without, nothing is shown there"
            self._lost(shown, terms.generator(own.kind), detail)
        set_properties(
            service,
            length=_ENDLESS,
            eof="pause",
            resource=color,
            mlt_service="color",
            mlt_image_format="rgba",
        )
        return service, shown.passed

    def _nested(self, shown: Use, edit: FlatEdit) -> tuple[XmlElement, int]:
        own = at_rate(edit, self._document.rate)
        if own.rate != edit.rate:
            detail = f"MLT has one for all: it was {float(edit.rate):.5g} inside"
            self._tell(shown, terms.RATE, detail)
        inner, outer = edit.size, self._document.size
        if inner and inner != outer:
            detail = f"MLT has one for all: it was {inner[0]}x{inner[1]} inside"
            if inner[0] * outer[1] == inner[1] * outer[0]:
                where = self.place(shown)
                self._report.add(where, terms.SIZE, "kept", None, detail)
            else:
                self._tell(shown, terms.SIZE, detail)
        if shown.clip.ramp or shown.clip.speed != 1:
            self._lost(shown, terms.SPEED, "MLT changes the speed of files alone")
        service = self._named(self._nest(own, shown.kind), shown)
        return service, max(0, self._frame(shown) // 1)

    def _retimed(self, shown: Use) -> tuple[XmlElement, int]:
        clip, rate = shown.clip, self._document.rate
        if not clip.ramp and clip.speed == 0:
            return self._held(shown)
        frame = self._frame(shown)
        begin = frame / clip.speed if clip.speed else Fraction(0)
        fits = clip.speed > 0 and not clip.speed % 1 and not begin % 1
        allowed = _SLOWEST <= abs(clip.speed) <= _FASTEST
        if shown.kind == "video" and (clip.ramp or not fits or not allowed):
            return self._remapped(shown)
        if clip.ramp:
            self._tell(shown, "the ramp of its speed", "its sound has the mean speed")
        if not allowed:
            detail = "MLT plays sound at 0.01 to 20 times its speed: it is silent"
            self._lost(shown, f"a speed of {float(clip.speed):g}", detail)
            return self._silent(shown)
        if clip.speed < 0:
            begin = (_length(clip) * rate - frame) / -clip.speed
        service = self._named(self._document.new("producer"), shown)
        speed = number_text(float(clip.speed))
        set_properties(
            service,
            length=_ENDLESS,
            resource=f"{speed}:{clip.media.path}",
            mlt_service="timewarp",
            warp_speed=speed,
            warp_resource=clip.media.path,
            warp_pitch=1,
            shotcut__producer="avformat",
            **_streams(shown.kind),
        )
        set_properties(service, **{f"{OWN}speed": clip.speed})
        detail = "MLT's change of speed at a kept pitch is about 0.1 seconds late"
        late = rate / 10
        self._report.add(self.place(shown), "its sound", "approximated", late, detail)
        if begin % 1:
            detail = "MLT begins at a whole frame"
            off = abs(begin - round(begin))
            self._report.add(
                self.place(shown), "the start", "approximated", off, detail
            )
        return service, max(0, round(begin))

    def _held(self, shown: Use) -> tuple[XmlElement, int]:
        if shown.kind == "audio":
            detail = "MLT holds pictures alone: it is silent"
            self._lost(shown, "the sound of a freeze", detail)
            return self._silent(shown)
        service = self._named(self._document.new("producer"), shown)
        frame = max(0, self._frame(shown) // 1)
        # (The filter `freeze` stops melt 7.12 for good.)
        set_properties(
            service,
            length=_ENDLESS,
            resource=shown.clip.media.path,
            mlt_service="hold",
            frame=frame,
            method="onefield",
        )
        return service, shown.passed

    def _silent(self, shown: Use) -> tuple[XmlElement, int]:
        service = self._document.new("producer")
        set_properties(
            service, length=_ENDLESS, resource="0x00000000", mlt_service="color"
        )
        return service, shown.passed

    def _remapped(self, shown: Use) -> tuple[XmlElement, int]:
        """Map each frame to the second that is shown, which no speed gives exactly."""
        clip, rate = shown.clip, self._document.rate
        length = shown.stretch.last - shown.base + 1
        service = self._named(self._document.new("chain"), shown)
        service.attributes["out"] = str(length - 1)
        seconds, begin = media_second(clip, rate), _begin(clip)
        frames = range(length) if clip.ramp else (0, length)
        texts = []
        for frame in frames:
            own = phase_of(clip) + shown.base + frame
            way = 1 if seconds(own + 1) >= seconds(own) else -1
            second = seconds(own) - begin + way * _HAIR / rate
            texts.append(f"{frame}={float(max(Fraction(0), second)):.9f}")
        text = ";".join(texts)
        set_properties(
            service,
            length=length,
            eof="pause",
            resource=clip.media.path,
            mlt_service="avformat",
            **_streams(shown.kind),
        )
        notes: dict[str, object] = {f"{OWN}start": seconds(phase_of(clip) + shown.base)}
        if clip.ramp:
            moved = tuple(
                replace(key, frame=key.frame - shown.base) for key in clip.ramp
            )
            notes[f"{OWN}ramp"] = note_of_keys({"rate": moved}, text)
        else:
            notes[f"{OWN}speed"] = clip.speed
        set_properties(service, **notes)
        link = service.add("link", id=f"link_{service.get('id')}")
        set_properties(
            link,
            map=text,
            image_mode="nearest",
            mlt_service="timeremap",
            shotcut__filter="timeremap",
        )
        return service, shown.passed

    def _tell(self, shown: Use, what: str, detail: str) -> None:
        self._report.add(self.place(shown), what, "approximated", None, detail)

    def _lost(self, shown: Use, what: str, detail: str) -> None:
        self._report.add(self.place(shown), what, "lost", None, detail)


def _begin(clip: FlatClip) -> Fraction:
    """Return the second of a clip's media that is MLT's frame 0."""
    available = clip.media.available
    return available.start if available else Fraction(0)


def _length(clip: FlatClip) -> Fraction:
    available = clip.media.available
    return available.duration if available else Fraction(0)


def _streams(kind: TrackKind) -> dict[str, int]:
    """Return which stream is not read: MLT would decode it for nothing."""
    return {"audio_index": -1} if kind == "video" else {"video_index": -1}


def _color(value: object) -> str:
    """Return a color as MLT reads it: red, green, blue and opacity."""
    try:
        digits = parse_color(value)[1:]
    except ValueError:
        digits = "000000"
    return f"0x{digits}" if len(digits) == 8 else f"0x{digits}ff"
