"""Clips as story elements of FCPXML."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import Any, Final

from msgspec.structs import replace as changed

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange import terms
from timeline_nb.interchange.fcpxml.frame_formats import CONFORM_RATES
from timeline_nb.interchange.fcpxml.time_maps import WrittenSpeed, written_speed
from timeline_nb.interchange.fcpxml.times import format_time
from timeline_nb.interchange.fcpxml.values import format_color
from timeline_nb.interchange.fcpxml.write_adjustments import (
    ClipTimes,
    picture_adjustments,
    sound_adjustments,
)
from timeline_nb.interchange.fcpxml.write_resources import Resources, is_still
from timeline_nb.interchange.fcpxml.write_titles import SOLID_COLOR, placed_title
from timeline_nb.interchange.flat import (
    FlatClip,
    FlatEdit,
    FlatMarker,
    FlatText,
    FlatTrack,
)
from timeline_nb.interchange.places import clip_place
from timeline_nb.interchange.report import Report
from timeline_nb.timeline.model import Effect

__all__ = ["HOLD_START", "ClipWriter", "Story"]

# Where Final Cut lets the own time of gaps, titles and captions begin.
HOLD_START: Final = Fraction(3600)
_ROLE_MARKS: Final = str.maketrans("", "", ".?\"'")


@dataclass
class Story:
    """A story element in the making: what is on it is in the order of the DTD.

    Args:
        element: The element.
        first: The second of its own time at which it begins.
        start: The frame of the edit at which it begins.
        duration: In frames.
        anchored: What is connected to it.
        markers: On it.
    """

    element: XmlElement
    first: Fraction
    start: Fraction
    duration: Fraction
    anchored: list[XmlElement] = field(default_factory=list)
    markers: list[XmlElement] = field(default_factory=list)

    def finish(self) -> XmlElement:
        """Return the whole element."""
        self.element.children += [*self.anchored, *self.markers]
        return self.element

    def second(self, frame: Fraction, rate: Fraction) -> Fraction:
        """Return the second of its own time, of a frame of the edit."""
        return self.first + (frame - self.start) / rate


class ClipWriter:
    """Makes the story elements of an edit's clips.

    Args:
        edit: The edit.
        resources: Of the document.
        report: Gets the findings.
        nested: Makes the sequence of a nested edit.
        inside: What stands before the places of nested edits.
    """

    def __init__(
        self,
        edit: FlatEdit,
        resources: Resources,
        report: Report,
        nested: Callable[[FlatEdit, str], XmlElement],
        inside: str = "",
    ) -> None:
        self._edit, self._resources = edit, resources
        self._styles = resources.styles
        self._nested = nested
        self.report, self._inside = report, inside

    def place(self, track: FlatTrack, name: str, start: Fraction) -> str:
        """Return the place of something, as reports say it."""
        at = start / self._edit.rate
        return self._inside + clip_place(track.name, name, at, self._edit.rate)

    def picture(
        self,
        track: FlatTrack,
        clip: FlatClip,
        sound: tuple[FlatTrack, FlatClip] | None,
        handles: tuple[Fraction, Fraction],
    ) -> Story | None:
        """Return the element of a clip with a picture; None if Final Cut has none.

        Args:
            track: Its track.
            clip: The clip.
            sound: The sound that is written with it, and its track.
            handles: Frames before and behind it that transitions show.
        """
        where = self.place(track, clip.name, clip.start)
        generator = clip.media.generator
        if generator is not None:
            return self._generated(track, clip, generator, where)
        story = self._media(track, clip, handles, where)
        heard = clip.media.has_audio
        tag, attributes = story.element.tag, story.element.attributes
        if heard and sound is None and tag != "video":
            attributes["srcEnable"] = "video"
        if tag != "ref-clip":
            role = "videoRole" if tag == "asset-clip" else "role"
            attributes[role] = _role("video", track.name)
        times = ClipTimes(story.first, self._edit.rate)
        canvas = self._edit.size or (1920, 1080)
        children = story.element.children
        children += picture_adjustments(clip, canvas, times, self.report, where)
        if sound is not None:
            self._with_sound(story, sound, times, where)
        self._tell_effects(clip.effects, where)
        self._mark(story, clip.markers, where)
        return story

    def sound(
        self, track: FlatTrack, clip: FlatClip, handles: tuple[Fraction, Fraction]
    ) -> Story | None:
        """Return the element of a clip of sound; None if Final Cut has none."""
        where = self.place(track, clip.name, clip.start)
        inner = clip.media.edit
        is_silent = inner is not None and not any(
            track.kind == "audio" and track.clips for track in inner.tracks
        )
        if clip.media.generator is not None or is_silent:
            self.report.add(where, terms.CLIP, "lost", None, "it has no sound")
            return None
        # What is heard has sound, whatever is known of it.
        clip = replace(clip, media=replace(clip.media, has_audio=True))
        story = self._media(track, clip, handles, where)
        if clip.media.has_video or clip.media.edit is not None:
            story.element.attributes["srcEnable"] = "audio"
        if story.element.tag == "asset-clip":
            story.element.attributes["audioRole"] = _role("dialogue", track.name)
        times = ClipTimes(story.first, self._edit.rate)
        children = story.element.children
        children += sound_adjustments(clip, track, times, self.report, where)
        self._tell_effects(clip.effects, where)
        self._mark(story, clip.markers, where)
        return story

    def caption(self, track: FlatTrack, line: FlatText, language: str) -> Story:
        """Return the element of a line of subtitles."""
        role = f"SRT?captionFormat=SRT.{language}"
        name = " ".join(line.text.split())[:100]
        story = self._story("caption", track, line, name, HOLD_START, role=role)
        self._styles.add_text(story.element, line.text, {"size": 0.045})
        if line.style:
            where = self.place(track, line.text, line.start)
            self.report.add(where, terms.STYLE, "lost")
        return story

    def gap(self, start: Fraction, duration: Fraction) -> Story:
        """Return an empty stretch."""
        element = XmlElement("gap", {"name": "Gap", "start": format_time(HOLD_START)})
        element.attributes["duration"] = format_time(duration / self._edit.rate)
        return Story(element, HOLD_START, start, duration)

    def _story(
        self,
        tag: str,
        track: FlatTrack,
        item: FlatClip | FlatText,
        name: str,
        first: Fraction,
        **attributes: str,
    ) -> Story:
        enabled = track.enabled and getattr(item, "enabled", True)
        own = {
            "name": name or None,
            "start": format_time(first) if first else None,
            "duration": format_time(item.duration / self._edit.rate),
            "enabled": None if enabled else "0",
            **attributes,
        }
        element = XmlElement(tag)
        element.attributes |= {k: v for k, v in own.items() if v is not None}
        return Story(element, first, item.start, item.duration)

    def _media(
        self,
        track: FlatTrack,
        clip: FlatClip,
        handles: tuple[Fraction, Fraction],
        where: str,
    ) -> Story:
        media, rate = clip.media, self._edit.rate
        origin = media.timecode or Fraction(0)
        if media.edit is not None:
            origin = Fraction(0)
        speed = WrittenSpeed(origin + clip.source_start)
        if not is_still(media):
            speed = written_speed(clip, origin, rate, handles)
        if speed.error:
            detail = "the ramp became straight parts"
            self.report.add(where, terms.SPEED, "approximated", speed.error, detail)
        tag, reference, more = self._reference(clip, track, handles)
        story = self._story(tag, track, clip, clip.name, speed.first, ref=reference)
        story.element.attributes |= more
        self._time(story.element, clip, speed)
        return story

    def _reference(
        self, clip: FlatClip, track: FlatTrack, handles: tuple[Fraction, Fraction]
    ) -> tuple[str, str, dict[str, str]]:
        """Return the element's tag, the id of what it shows, and more attributes."""
        media, rate = clip.media, self._edit.rate
        if media.edit is not None:
            where = f"{self.place(track, clip.name, clip.start)}, inside: "
            made = partial(self._nested, media.edit, where)
            return "ref-clip", self._resources.nested(media.edit, made), {}
        before, after = (frames / rate for frames in handles)
        length = clip.duration / rate
        shown = (
            clip.source_start - before * clip.speed,
            clip.source_start + (length + after) * clip.speed,
        )
        reference = self._resources.asset(media, shown)
        if "#rate=" in media.path:
            detail = "Final Cut reads no image sequence as one clip"
            where = self.place(track, clip.name, clip.start)
            self.report.add(where, "the image sequence", "approximated", None, detail)
        if is_still(media):
            return "video", reference, {}
        if not media.has_video:
            return "asset-clip", reference, {}
        frames = self._resources.format_of(media.size, media.rate)
        return "asset-clip", reference, {"format": frames, "tcFormat": "NDF"}

    def _time(self, element: XmlElement, clip: FlatClip, speed: WrittenSpeed) -> None:
        """Say how the media's frames become the edit's."""
        rate = clip.media.rate
        if clip.media.edit is not None:
            rate = clip.media.edit.rate
        time_map = speed.element
        if time_map is not None:
            element.children.append(time_map)
        elif rate is not None and rate != self._edit.rate and rate in CONFORM_RATES:
            # Else Final Cut would play 24 frames a second as 25, say.
            element.add(
                "conform-rate", scaleEnabled=0, srcFrameRate=CONFORM_RATES[rate]
            )

    def _with_sound(
        self,
        story: Story,
        sound: tuple[FlatTrack, FlatClip],
        times: ClipTimes,
        where: str,
    ) -> None:
        track, clip = sound
        if story.element.tag == "asset-clip":
            story.element.attributes["audioRole"] = _role("dialogue", track.name)
        children = story.element.children
        children += sound_adjustments(clip, track, times, self.report, where)
        self._mark(story, clip.markers, where)

    def _generated(
        self, track: FlatTrack, clip: FlatClip, generator: Effect, where: str
    ) -> Story | None:
        given = generator.parameters
        canvas = self._edit.size or (1920, 1080)
        times = ClipTimes(HOLD_START, self._edit.rate)
        if generator.kind == "title":
            reference = self._resources.effect("Basic Title")
            story = self._story(
                "title",
                track,
                clip,
                clip.name,
                HOLD_START,
                ref=reference,
                role=_role("titles", track.name),
            )
            text = str(given.get("text", "Title"))
            self._styles.add_text(story.element, text, given)
            position = placed_title(clip, given, self.report, where)
            clip = _moved(clip, position)
        elif generator.kind == "solid":
            reference = self._resources.effect("Custom")
            story = self._story(
                "video",
                track,
                clip,
                clip.name,
                HOLD_START,
                ref=reference,
                role=_role("video", track.name),
            )
            color = format_color(str(given.get("color", "#000000")))
            story.element.add("param", name="Color", key=SOLID_COLOR, value=color)
            if generator.keyframes:
                for name in generator.keyframes:
                    self.report.add(where, terms.keyframes(name), "lost")
        else:
            what = terms.generator(generator.kind)
            self.report.add(where, what, "lost", None, terms.GAP_THERE)
            return None
        children = story.element.children
        children += picture_adjustments(clip, canvas, times, self.report, where)
        self._tell_effects(clip.effects, where)
        self._mark(story, clip.markers, where)
        return story

    def _mark(self, story: Story, markers: Iterable[FlatMarker], where: str) -> None:
        for marker in markers:
            at = story.first + marker.start / self._edit.rate
            story.markers.append(self.marker("marker", marker, at, where))

    def marker(
        self, tag: str, marker: FlatMarker, at: Fraction, where: str
    ) -> XmlElement:
        """Return a marker at a second of its owner's own time."""
        own = "orange" if tag == "chapter-marker" else "blue"
        if marker.color != own:
            detail = f"the color {marker.color} became Final Cut's {own}"
            what = terms.marker(marker.name)
            self.report.add(where, what, "approximated", None, detail)
        made = {"start": format_time(at)}
        if marker.duration:
            made["duration"] = format_time(marker.duration / self._edit.rate)
        made["value"] = marker.name
        if marker.note:
            made["note"] = marker.note
        return XmlElement(tag, made)

    def _tell_effects(self, effects: Iterable[Effect], where: str) -> None:
        for effect in effects:
            what = terms.effect(effect.kind)
            self.report.add(where, what, "lost", None, terms.BAKE)


def _moved(clip: FlatClip, position: tuple[float, float]) -> FlatClip:
    old = clip.transform.position
    shift = position[0] - old[0], position[1] - old[1]

    def moved(value: Any) -> list[float]:
        return [value[0] + shift[0], value[1] + shift[1]]

    keyframes = tuple(
        (
            name,
            tuple(replace(key, value=moved(key.value)) for key in keys)
            if name == "position"
            else keys,
        )
        for name, keys in clip.keyframes
    )
    placed = changed(clip.transform, position=position)
    return replace(clip, transform=placed, keyframes=keyframes)


def _role(main: str, track: str) -> str:
    """Return a role whose subrole is a track's name."""
    name = track.translate(_ROLE_MARKS).strip()
    return f"{main}.{name}" if name else main
