"""Write an edit as a sequence of Final Cut Pro 7's XML."""

from fractions import Fraction
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange import terms
from timeline_nb.interchange.fcp7.values import add_rate
from timeline_nb.interchange.fcp7.write_clips import ClipItems
from timeline_nb.interchange.fcp7.write_files import FileList
from timeline_nb.interchange.fcp7.write_markers import marker_element
from timeline_nb.interchange.flat import (
    FlatClip,
    FlatEdit,
    FlatTrack,
    FlatTransition,
)
from timeline_nb.interchange.places import time_place
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.track_levels import tell_joined_levels
from timeline_nb.timebase import format_timecode

__all__ = ["SequenceWriter"]

_DISSOLVES: Final = {"dissolve", "equal_power"}


class SequenceWriter:
    """Writes an edit, and those that are nested in it.

    Args:
        report: Gets the findings.
        rate: Frames a second of the outermost edit.
    """

    def __init__(self, report: Report, rate: Fraction) -> None:
        self._report = report
        self._files = FileList(rate)
        self._nested: dict[str, list[tuple[FlatEdit, str]]] = {}
        self._sequences = 0
        self._clips = 0

    def element(self, edit: FlatEdit, inside: str = "") -> XmlElement:
        """Return the element `sequence` of an edit; a reference, if it is known.

        Args:
            edit: The edit.
            inside: What stands before the places of nested edits.
        """
        alike = self._nested.setdefault(edit.name, [])
        for known, identity in alike:
            if known == edit:
                return XmlElement("sequence", {"id": identity})
        self._sequences += 1
        identity = f"sequence-{self._sequences}"
        alike.append((edit, identity))
        return self._sequence(edit, identity, inside)

    def new_clip(self) -> str:
        """Return the id of a new clip."""
        self._clips += 1
        return f"clipitem-{self._clips}"

    def _sequence(self, edit: FlatEdit, identity: str, inside: str) -> XmlElement:
        sequence = XmlElement("sequence", {"id": identity})
        sequence.add("name", edit.name)
        sequence.add("duration", str(round(edit.duration)))
        add_rate(sequence, edit.rate)
        timecode = sequence.add("timecode")
        add_rate(timecode, edit.rate)
        start = edit.start_frame / edit.rate
        drop = edit.is_drop_frame
        timecode.add("string", format_timecode(start, edit.rate, drop_frame=drop))
        timecode.add("frame", str(edit.start_frame))
        timecode.add("displayformat", "DF" if drop else "NDF")
        media = sequence.add("media")
        self._tracks(edit, media, inside)
        for marker in edit.markers:
            where = f"{inside}{terms.EDIT}"
            element = marker_element(marker, Fraction(0), self._report, where)
            sequence.children.append(element)
        for effect in edit.effects:
            where, what = f"{inside}{terms.EDIT}", terms.effect(effect.kind)
            self._report.add(where, what, "lost")
        return sequence

    def _tracks(self, edit: FlatEdit, media: XmlElement, inside: str) -> None:
        video, audio = media.add("video"), media.add("audio")
        samples = video.add("format").add("samplecharacteristics")
        add_rate(samples, edit.rate)
        width, height = edit.size or (1920, 1080)
        samples.add("width", str(width))
        samples.add("height", str(height))
        samples.add("pixelaspectratio", "square")
        samples.add("fielddominance", "none")
        audio.add("numOutputChannels", "2")
        sound = audio.add("format").add("samplecharacteristics")
        sound.add("depth", "16")
        sound.add("samplerate", str(edit.sample_rate_hz))
        items = ClipItems(edit, self._files, self.element, self.new_clip, inside)
        for track in edit.tracks:
            self._track_losses(track, inside)
            if track.kind == "video":
                video.children.append(self._track(edit, track, items, 1, inside))
            elif track.kind == "audio":
                # Each channel of a stereo sound has a track.
                for channel in (1, 2):
                    made = self._track(edit, track, items, channel, inside)
                    made.attributes |= {
                        "premiereTrackType": "Stereo",
                        "totalExplodedTrackCount": "2",
                        "currentExplodedTrackIndex": str(channel - 1),
                    }
                    made.add("outputchannelindex", str(channel))
                    audio.children.append(made)
        items.link()

    def _track_losses(self, track: FlatTrack, inside: str) -> None:
        where = f"{inside}{track.name}"
        for effect in track.effects:
            self._report.add(where, terms.effect(effect.kind), "lost")
        tell_joined_levels(track, where, self._report)
        if track.kind == "subtitle" and track.items:
            self._report.add(where, terms.LINES, "lost", None, terms.LINES_BESIDE)

    def _track(
        self,
        edit: FlatEdit,
        track: FlatTrack,
        items: ClipItems,
        channel: int,
        inside: str,
    ) -> XmlElement:
        element = XmlElement("track")
        element.add("name", track.name)
        # What is said of one channel need not be said again.
        silent = Report(self._report.path, self._report.format, "export")
        report = self._report if channel == 1 else silent
        for number, item in enumerate(track.items):
            if isinstance(item, FlatTransition):
                where = f"{inside}{track.name}"
                made = _transition(edit, track, item, report, where)
                element.children.append(made)
            elif isinstance(item, FlatClip):
                own = items.element(track, number, channel, report)
                element.children += [own] if own is not None else []
        element.add("enabled", "TRUE" if track.enabled else "FALSE")
        element.add("locked", "TRUE" if track.locked else "FALSE")
        return element


def _transition(
    edit: FlatEdit, track: FlatTrack, item: FlatTransition, report: Report, place: str
) -> XmlElement:
    where = time_place(place, item.at / edit.rate, edit.rate)
    element = XmlElement("transitionitem")
    element.add("start", str(round(item.at - item.in_offset)))
    element.add("end", str(round(item.at + item.out_offset)))
    alignment = "center"
    if not item.in_offset:
        alignment = "start"
    elif not item.out_offset:
        alignment = "end"
    elif item.in_offset not in {item.out_offset, item.out_offset - 1}:
        off = abs(item.out_offset - item.in_offset) / 2
        detail = "the same frames are shown, with the cut in its middle"
        report.add(where, terms.transition(item.kind), "approximated", off, detail)
    element.add("alignment", alignment)
    add_rate(element, edit.rate)
    is_sound = track.kind == "audio"
    if is_sound and item.kind == "equal_power":
        detail = "it is the other program's own crossfade"
        report.add(where, terms.transition(item.kind), "kept", None, detail)
    name = "Cross Fade (+3dB)" if is_sound else "Cross Dissolve"
    if item.kind not in _DISSOLVES:
        detail = f"it became '{name}'"
        what = terms.transition(item.kind)
        report.add(where, what, "approximated", None, detail)
    effect = element.add("effect")
    effect.add("name", name)
    effect.add("effectid", "KGAudioTransCrossFade3dB" if is_sound else name)
    effect.add("effectcategory", "Dissolve")
    effect.add("effecttype", "transition")
    effect.add("mediatype", "audio" if is_sound else "video")
    return element
