"""Clips that show something: files, compound clips, titles, captions, generators."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange import terms
from timeline_nb.interchange.fcpxml.clip_facts import ClipFacts
from timeline_nb.interchange.fcpxml.pieces import (
    CaptionLine,
    Piece,
    PieceKind,
    SequenceContents,
)
from timeline_nb.interchange.fcpxml.placed_element import PlacedElement
from timeline_nb.interchange.fcpxml.read_adjustments import (
    SoundLook,
    picture_look,
    sound_look,
)
from timeline_nb.interchange.fcpxml.read_resources import Asset, ReadResources
from timeline_nb.interchange.fcpxml.read_texts import text_of, title_parameters
from timeline_nb.interchange.fcpxml.source_maps import (
    TimeMap,
    read_time_map,
    source_of,
)
from timeline_nb.interchange.fcpxml.values import parse_color
from timeline_nb.interchange.flat import FlatEdit, FlatKey, FlatMedia
from timeline_nb.interchange.places import clip_place
from timeline_nb.interchange.report import Report
from timeline_nb.timeline.model import Effect

__all__ = ["LeafReader", "Nested"]

_ZERO: Final = Fraction(0)
_ONE: Final = Fraction(1)

# Returns the edit of a compound clip, and the second by which it calls its start.
Nested = Callable[[XmlElement, XmlElement], tuple[FlatEdit, Fraction]]


class LeafReader:
    """Finds the pictures, sounds and texts of clips.

    Args:
        resources: Of the document.
        rate: Frames a second of the edit.
        report: Gets the findings.
        nested: Returns the edit of a compound clip.
        found: Gets what is found.
    """

    def __init__(
        self,
        resources: ReadResources,
        rate: Fraction,
        report: Report,
        nested: Nested,
        found: SequenceContents,
    ) -> None:
        self._resources, self._rate, self._report = resources, rate, report
        self._nested, self._found = nested, found
        self._facts = ClipFacts(resources)
        self._links = 0

    def new_link(self) -> str:
        """Return a link for the pieces of one clip."""
        self._links += 1
        return f"l{self._links}"

    def place(self, element: XmlElement, at: Fraction) -> str:
        """Return the place of an element, as reports say it."""
        return clip_place("project", element.get("name"), max(_ZERO, at), self._rate)

    def read(self, shown: PlacedElement) -> None:
        """Find what a clip shows that is no container."""
        tag, reference = shown.element.tag, shown.element.get("ref")
        if tag == "caption":
            self._caption(shown)
        elif tag == "title":
            self._title(shown)
        elif tag == "ref-clip":
            self._compound(shown)
        elif effect := self._resources.get(reference, "effect"):
            self._generator(shown, effect)
        else:
            found = self._resources.needed(shown.element, "asset")
            self._pieces(shown, self._resources.asset(found))

    def heard(
        self, element: XmlElement, at: Callable[[Fraction], Fraction]
    ) -> SoundLook:
        """Return how a clip is heard, with what it says of its channels or roles."""
        sources = list(element.all("audio-channel-source", "audio-role-source"))
        for group in element.all("sync-source"):
            sources += group.all("audio-role-source")
        active = [
            one
            for one in sources
            if one.get("active") != "0" and one.get("enabled") != "0"
        ]
        look = sound_look([element, *active[:1]], self._resources.time, at)
        return look if active or not sources else replace(look, muted=True)

    def _compound(self, shown: PlacedElement) -> None:
        media = self._resources.needed(shown.element, "media")
        edit, origin = self._nested(shown.element, media)
        has_audio = any(track.kind == "audio" for track in edit.tracks)
        has_video = any(track.kind == "video" for track in edit.tracks)
        inner = FlatMedia(
            name=edit.name,
            rate=edit.rate,
            size=edit.size,
            has_video=has_video or not has_audio,
            has_audio=has_audio,
            edit=edit,
        )
        self._pieces(shown, Asset(inner, origin, edit.duration / edit.rate))

    def _generator(self, shown: PlacedElement, effect: XmlElement) -> None:
        color = None
        for param in shown.element.all("param"):
            if param.get("name") == "Color":
                color = parse_color(param.get("value"))
        name = effect.get("name") or "a generator"
        if color is None:
            where = self.place(shown.element, shown.low)
            detail = "a black picture stands for it"
            what = f"the generator '{name[:40]}'"
            self._report.add(where, what, "approximated", None, detail)
        generator = Effect(kind="solid", parameters={"color": color or "#000000"})
        media = FlatMedia(name=name, generator=generator)
        self._pieces(shown, Asset(media, _ZERO, _ZERO))

    def _title(self, shown: PlacedElement) -> None:
        element = shown.element
        generator = Effect(kind="title", parameters=title_parameters(element))
        media = FlatMedia(name=element.get("name"), generator=generator)
        effect = self._resources.get(element.get("ref"), "effect")
        name = "" if effect is None else effect.get("name")
        detail = "its text, font, size and colors were read"
        if name and name != "Basic Title":
            detail = f"of '{name[:40]}', {detail}"
        where = self.place(element, shown.low)
        self._report.add(where, "the title's look", "approximated", None, detail)
        self._pieces(shown, Asset(media, _ZERO, _ZERO))

    def _caption(self, shown: PlacedElement) -> None:
        line = CaptionLine(
            role=shown.element.get("role"),
            low=shown.low,
            high=shown.high,
            text=text_of(shown.element),
            enabled=shown.context.enabled,
        )
        self._found.lines.append(line)

    def _pieces(self, shown: PlacedElement, asset: Asset) -> None:
        """Add the picture and the sound that a clip shows."""
        element, context, media = shown.element, shown.context, asset.media
        only = element.get("srcEnable", "all")
        picture = context.picture and media.has_video and only != "audio"
        sound = context.sound and media.has_audio and only != "video"
        picture, sound = (
            picture and element.tag != "audio",
            sound and (element.tag != "video"),
        )
        time_map = None
        if media.generator is None:
            time_map = read_time_map(element, self._resources.time)
        if time_map is not None and time_map.is_smooth:
            where = self.place(element, shown.low)
            detail = "its speed changes at once, not smoothly"
            self._report.add(where, terms.SPEED, "approximated", None, detail)
        link = context.link
        if not link and picture and sound:
            link = self.new_link()
        look = picture_look(element, self._resources.time, shown.axis.at)
        look = context.look.over(look)
        for what in look.lost if picture or sound else ():
            self._report.add(self.place(element, shown.low), what[:80], "lost")
        if picture:
            piece = self._piece("video", shown, asset, time_map, shown.whole)
            piece.picture, piece.link = look, link
            piece.role = _subrole(element.get("videoRole") or element.get("role"))
            self._keep(piece)
        if sound:
            span = self._heard_span(shown)
            piece = self._piece("audio", shown, asset, time_map, span)
            piece.sound = context.heard.over(self.heard(element, shown.axis.at))
            piece.link = link
            piece.role = _subrole(element.get("audioRole") or element.get("role"))
            if not piece.sound.muted:
                self._keep(piece)

    def _keep(self, piece: Piece) -> None:
        if piece.low < piece.high:
            self._found.pieces.append(piece)

    def _piece(
        self,
        kind: PieceKind,
        shown: PlacedElement,
        asset: Asset,
        time_map: TimeMap | None,
        whole: tuple[Fraction, Fraction],
    ) -> Piece:
        window = shown.context.axis
        low, high = max(whole[0], window.low), min(whole[1], window.high)
        start, speed = _ZERO, _ONE
        ramp: tuple[FlatKey, ...] = ()
        if low < high and asset.media.generator is None:
            start, speed, ramp = source_of(
                shown.axis, time_map, (low, high), self._rate, asset.origin
            )
        return Piece(
            kind=kind,
            lane=shown.context.lane,
            low=low,
            high=high,
            media=asset.media,
            source_start=start,
            speed=speed,
            ramp=ramp,
            name=shown.element.get("name") or asset.media.name,
            enabled=shown.context.enabled,
            is_first=low == whole[0],
            is_last=high == whole[1],
        )

    def _heard_span(self, shown: PlacedElement) -> tuple[Fraction, Fraction]:
        """Return where a clip is heard: with J and L cuts, not where it is seen."""
        element = shown.element
        if "audioStart" not in element.attributes:
            return shown.whole
        time = self._resources.time
        start = shown.axis.at(time(element, "audioStart"))
        length = time(element, "audioDuration", self._facts.duration(element))
        return start, start + length * abs(shown.context.axis.scale)


def _subrole(role: str) -> str:
    """Return the subrole of a role, unless Final Cut numbered it."""
    main, _, name = role.partition(".")
    return "" if name.startswith(f"{main}-") else name[:100]
