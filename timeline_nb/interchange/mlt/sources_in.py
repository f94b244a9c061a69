"""What a service of MLT shows: a file, a color, a title or a nested edit."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import PurePath
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement, parse_xml
from timeline_nb.core.colors import parse_color
from timeline_nb.errors import ProjectError
from timeline_nb.interchange.flat import FlatEdit, FlatKey, FlatMedia
from timeline_nb.interchange.found import media_found
from timeline_nb.interchange.mlt.animation import Animation, animation_of, numbers_of
from timeline_nb.interchange.mlt.clock import MOST_FRAMES, frames_of
from timeline_nb.interchange.mlt.notes import OWN, fraction_of_note, keys_of_note
from timeline_nb.interchange.mlt.tree import Tree
from timeline_nb.interchange.requests import FoundMedia
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Effect

__all__ = ["ServiceMedia", "SourceReader"]

_COLOR: Final = re.compile(r"colou?r")
_COLOR_SPACE: Final = re.compile(r"avcolou?r_space|swresample")
_STILLS: Final = {"pixbuf", "qimage", "pgm"}
_STILL_SUFFIXES: Final = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"}
_TITLES: Final = {"kdenlivetitle", "kdenlivetitleclip", "pango", "qtext"}
_MOST_TITLE_LETTERS: Final = 20_000
_MOST_SPEED: Final = 100


@dataclass(frozen=True, kw_only=True)
class ServiceMedia:
    """What a service shows.

    Args:
        media: The media.
        name: The name that the file gives it.
        speed: Media seconds a second.
        ramp: The rates, from frame 0 of the service, where they change.
        map: Frames of the service and the media seconds they show, of a map.
        origin: The media second of the service's frame 0.
        has_video: Whether its pictures are shown.
        has_audio: Whether its sound is played.
        losses: What of it is not carried over, and why.
    """

    media: FlatMedia
    name: str = ""
    speed: Fraction = Fraction(1)
    ramp: tuple[FlatKey, ...] = ()
    map: tuple[tuple[int, Fraction], ...] = ()
    origin: Fraction = Fraction(0)
    has_video: bool = True
    has_audio: bool = True
    losses: tuple[tuple[str, str], ...] = ()

    def second(self, frame: int, rate: Fraction) -> Fraction:
        """Return the media second that a frame of the service shows."""
        if not self.map:
            return self.origin + frame / rate * self.speed
        before = self.map[0]
        for one in self.map:
            if one[0] > frame:
                share = Fraction(frame - before[0], max(1, one[0] - before[0]))
                return before[1] + (one[1] - before[1]) * share
            before = one
        return before[1]


class SourceReader:
    """Reads what services show; each once.

    Args:
        tree: The document.
        find: Finds media by their paths.
        nest: Reads a playlist or a tractor as an edit.
    """

    def __init__(
        self,
        tree: Tree,
        find: Callable[[str], FoundMedia],
        nest: Callable[[XmlElement], FlatEdit],
    ) -> None:
        self._tree, self._find, self._nest = tree, find, nest
        self._known: dict[int, ServiceMedia] = {}

    def __call__(self, service: XmlElement) -> ServiceMedia:
        """Return what a service shows.

        Raises:
            ProjectError: A value of it cannot be, or it nests itself.
        """
        key = id(service)
        if key not in self._known:
            self._known[key] = self._read(service)
        return self._known[key]

    def length(self, service: XmlElement) -> int:
        """Return how many frames a service has."""
        values = self._tree.properties(service)
        first = self._tree.frames(service, "in", 0)
        default = first
        if text := values.get("length"):
            default = self._tree.time(service, text, "length") - 1
        return self._tree.frames(service, "out", default) - first + 1

    def _read(self, service: XmlElement) -> ServiceMedia:
        if service.tag in {"tractor", "playlist"}:
            edit = self._nest(service)
            media = FlatMedia(
                name=edit.name,
                size=edit.size,
                has_audio=any(track.kind == "audio" for track in edit.tracks),
                available=TimeRange(Fraction(0), edit.duration / edit.rate),
                edit=edit,
            )
            return ServiceMedia(media=media, name=edit.name)
        values = self._tree.properties(service)
        kind = values.get("mlt_service", "")
        made = self._of_kind(service, kind, values)
        name = next(
            (
                text
                for key in ("shotcut:caption", "kdenlive:clipname", "caption")
                if (text := values.get(key))
            ),
            made.media.name,
        )
        muted = values.get("audio_index") == "-1" or values.get("set.test_audio") == "1"
        hidden = (
            values.get("video_index") == "-1" or values.get("set.test_image") == "1"
        )
        return replace(
            made,
            name=name,
            has_video=made.has_video and not hidden,
            has_audio=made.has_audio and not muted,
        )

    def _of_kind(
        self, service: XmlElement, kind: str, values: dict[str, str]
    ) -> ServiceMedia:
        resource = values.get("resource", "")
        if _COLOR.fullmatch(kind) or resource == "blank":
            return _solid("" if resource == "blank" else resource)
        if kind in _TITLES:
            return self._title(kind, values)
        if kind == "timewarp":
            return self._warped(service, values)
        if kind == "hold":
            frame = values.get("frame", "0")
            at = self._tree.time(service, frame, "frame") / self._tree.rate
            made = self._file(service, resource, values)
            return replace(made, speed=Fraction(0), origin=made.origin + at)
        still = kind in _STILLS or PurePath(resource).suffix.lower() in _STILL_SUFFIXES
        made = self._file(service, resource, values, is_still=still)
        link = next((one for one in service.all("link")), None)
        if link is not None:
            return self._linked(made, values, link)
        return made

    def _file(
        self,
        service: XmlElement,
        resource: str,
        values: dict[str, str],
        *,
        is_still: bool = False,
    ) -> ServiceMedia:
        # Proxies and copies stand for what was cut.
        for key in ("kdenlive:originalurl", "shotcut:resource"):
            resource = values.get(key) or resource
        resource = resource.removeprefix("plain:")
        found = self._find(self._tree.path(resource))
        own = found.reference
        name = PurePath(resource).name
        if found.is_there:
            media = media_found(found, name, found.timecode)
            start = own.available_range.start if own.available_range else Fraction(0)
            return ServiceMedia(
                media=media,
                origin=start,
                has_video=media.has_video,
                has_audio=media.has_audio,
            )
        length = 0
        if text := values.get("length"):
            length = self._tree.time(service, text, "length")
        known = 0 < length < MOST_FRAMES // 2 and not is_still
        available = TimeRange(Fraction(0), length / self._tree.rate) if known else None
        hidden = values.get("video_index") == "-1"
        media = FlatMedia(
            path=own.path or resource,
            name=name,
            rate=None if is_still or hidden else self._tree.rate,
            has_video=not hidden,
            has_audio=not is_still,
            available=available,
        )
        return ServiceMedia(media=media, has_audio=not is_still, has_video=not hidden)

    def _warped(self, service: XmlElement, values: dict[str, str]) -> ServiceMedia:
        speed_text, _, path = values.get("resource", "").partition(":")
        speed_text = values.get("warp_speed") or speed_text
        numbers = numbers_of(speed_text)
        if not numbers or not 0 < abs(numbers[0]) <= _MOST_SPEED:
            raise self._tree.fault(service, f"a speed of {speed_text[:40]!r} cannot be")
        speed = Fraction(numbers[0]).limit_denominator(1000)
        note = fraction_of_note(values.get(f"{OWN}speed", ""))
        if note is not None and abs(note - speed) < Fraction(1, 10_000):
            speed = note
        made = self._file(service, values.get("warp_resource") or path, values)
        origin = made.origin
        if speed < 0:
            length = made.media.available
            origin += length.duration if length else Fraction(0)
        return replace(made, speed=speed, origin=origin)

    def _linked(
        self,
        made: ServiceMedia,
        values: dict[str, str],
        link: XmlElement,
    ) -> ServiceMedia:
        own = self._tree.properties(link)
        text = own.get("map") or own.get("time_map") or ""
        kind = own.get("mlt_service", "")
        if kind != "timeremap" or not text:
            if own.get("disable") == "1" or _COLOR_SPACE.fullmatch(kind):
                return made
            loss = (f"the link {kind[:40]!r}", "it is not known here")
            return replace(made, losses=(*made.losses, loss))
        found = animation_of(text, self._frames)
        if found is None or any(len(value) != 1 for _, value, _ in found.keys):
            raise self._tree.fault(link, "its map of times cannot be read")
        return _remapped(made, found, values, text, self._tree.rate)

    def _frames(self, text: str) -> int | None:
        return frames_of(text, self._tree.rate)

    def _title(self, kind: str, values: dict[str, str]) -> ServiceMedia:
        text = values.get("text", "")
        if kind.startswith("kdenlivetitle"):
            text = _title_text(values.get("xmldata", "")) or values.get(
                "templatetext", ""
            )
        text = text[:_MOST_TITLE_LETTERS] or "Title"
        generator = Effect(kind="title", parameters={"text": text})
        loss = ("the title's style", "its text is kept, in the style of titles here")
        media = FlatMedia(name=text.split("\n")[0][:60], generator=generator)
        return ServiceMedia(media=media, has_audio=False, losses=(loss,))


def _remapped(
    made: ServiceMedia,
    found: Animation,
    values: dict[str, str],
    text: str,
    rate: Fraction,
) -> ServiceMedia:
    points = tuple(
        (frame, made.origin + Fraction(value[0]).limit_denominator(10**9))
        for frame, value, _ in found.keys
    )
    speed = fraction_of_note(values.get(f"{OWN}speed", ""))
    noted = keys_of_note(values.get(f"{OWN}ramp", ""), text)
    start = fraction_of_note(values.get(f"{OWN}start", ""))
    if "rate" in noted and start is not None:
        exact = ((0, start), *points[1:])
        return replace(made, ramp=noted["rate"], map=exact)
    if speed is not None and start is not None and len(points) <= 2:
        return replace(made, speed=speed, origin=start)
    if len(points) == 1:
        return replace(made, speed=Fraction(0), origin=points[0][1])
    rates = [
        (low[0], (high[1] - low[1]) / (high[0] - low[0]) * rate)
        for low, high in pairwise(points)
    ]
    if len(rates) == 1:
        return replace(made, speed=rates[0][1].limit_denominator(10**6), map=points)
    ramp = tuple(
        FlatKey(frame=Fraction(frame), value=float(own), interpolation="hold")
        for frame, own in rates
    )
    return replace(made, ramp=ramp, map=points)


def _solid(resource: str) -> ServiceMedia:
    generator = Effect(kind="solid", parameters={"color": _color(resource)})
    media = FlatMedia(name="color", generator=generator)
    return ServiceMedia(media=media, has_audio=False)


def _color(text: str) -> str:
    """Return a color of MLT as ours: 0xRRGGBBAA, #AARRGGBB, #RRGGBB or a name."""
    text = _COLOR.sub("", text.strip().lower(), count=1).removeprefix(":")
    if text.startswith("0x") and len(text) in {8, 10}:
        text = f"#{text[2:]}"
    elif text.startswith("#") and len(text) == 9:
        text = f"#{text[3:]}{text[1:3]}"
    elif text in {"0", ""}:
        text = "#00000000"
    try:
        return parse_color(text)
    except ValueError:
        return "#000000"


def _title_text(data: str) -> str:
    """Return the texts of a title of Kdenlive, which is XML within a property."""
    if not data.strip():
        return ""
    try:
        root = parse_xml(data.encode("utf-8", "replace"), "the title")
    except ProjectError:
        return ""
    texts = []
    for item in root.all("item"):
        content = item.first("content")
        if content is not None and "Text" in item.get("type"):
            texts.append(content.text)
    return "\n".join(texts)
