"""The resources of a document: formats, media, effects and nested edits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.fcpxml.frame_formats import format_name
from timeline_nb.interchange.fcpxml.times import format_time
from timeline_nb.interchange.fcpxml.write_titles import TextStyles
from timeline_nb.interchange.flat import FlatEdit, FlatMedia

__all__ = ["EFFECTS", "Resources", "is_still", "media_address"]

# Final Cut's own effects, by the names under which it exports them.
EFFECTS: Final = {
    "Cross Dissolve": "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265",
    "Audio Crossfade": "FFAudioTransition",
    "Basic Title": (
        ".../Titles.localized/Bumper:Opener.localized/Basic Title.localized/"
        "Basic Title.moti"
    ),
    "Custom": ".../Generators.localized/Solids.localized/Custom.localized/Custom.motn",
}
_UNDEFINED: Final = "FFVideoFormatRateUndefined"


@dataclass
class _Asset:
    """A file, and how much of it is shown."""

    element: XmlElement
    end: Fraction = Fraction(0)


@dataclass
class Resources:
    """What clips refer to, each once.

    Args:
        element: The element `resources`.
        styles: Of the document's texts.
    """

    element: XmlElement = field(default_factory=lambda: XmlElement("resources"))
    styles: TextStyles = field(default_factory=TextStyles)
    _formats: dict[object, str] = field(default_factory=dict)
    _effects: dict[str, str] = field(default_factory=dict)
    _assets: dict[object, _Asset] = field(default_factory=dict)
    _nested: dict[str, list[tuple[FlatEdit, str]]] = field(default_factory=dict)
    _count: int = 0

    def format_of(self, size: tuple[int, int] | None, rate: Fraction | None) -> str:
        """Return the id of a frame format."""
        key = (size, rate)
        if key not in self._formats:
            name = _UNDEFINED
            if size is not None and rate is not None:
                name = format_name(size, rate) or ""
            width, height = size or (None, None)
            self._formats[key] = self._add(
                "format",
                name=name or None,
                frameDuration=None if rate is None else format_time(1 / rate),
                width=width,
                height=height,
            )
        return self._formats[key]

    def effect(self, name: str) -> str:
        """Return the id of one of Final Cut's own effects."""
        if name not in self._effects:
            self._effects[name] = self._add("effect", name=name, uid=EFFECTS[name])
        return self._effects[name]

    def asset(self, media: FlatMedia, shown: tuple[Fraction, Fraction]) -> str:
        """Return the id of a file.

        Args:
            media: The file.
            shown: The media seconds that a clip shows of it.
        """
        key = (media.path, media.rate, media.size, media.has_video, media.has_audio)
        known = self._assets.get(key)
        if known is None:
            known = self._assets[key] = _Asset(self._asset(media))
        attributes = known.element.attributes
        if media.has_audio:
            attributes["hasAudio"] = "1"
            channels = str(media.channels or 2)
            attributes |= {"audioSources": "1", "audioChannels": channels}
        if not is_still(media):
            end = media.available.end if media.available is not None else shown[1]
            known.end = max(known.end, end, *shown)
            attributes["duration"] = format_time(known.end)
        return attributes["id"]

    def _asset(self, media: FlatMedia) -> XmlElement:
        has_video = media.has_video
        frames = None
        if has_video:
            rate = None if is_still(media) else media.rate
            frames = self.format_of(media.size, rate)
        identity = self._add(
            "asset",
            name=media.name or "media",
            start=format_time(media.timecode or Fraction(0)),
            duration="0s",
            hasVideo=1 if has_video else None,
            format=frames,
            videoSources=1 if has_video else None,
        )
        made = self.element.children[-1]
        address = media_address(media.path)
        made.add("media-rep", kind="original-media", src=address)
        made.attributes["id"] = identity
        return made

    def nested(self, edit: FlatEdit, made: Callable[[], XmlElement]) -> str:
        """Return the id of a nested edit.

        Args:
            edit: The edit.
            made: Makes its element `sequence`, where it is not known yet.
        """
        alike = self._nested.setdefault(edit.name, [])
        for known, identity in alike:
            if known == edit:
                return identity
        sequence = made()
        identity = self._add("media", name=edit.name)
        self.element.children[-1].children.append(sequence)
        alike.append((edit, identity))
        return identity

    def _add(self, tag: str, **attributes: object) -> str:
        self._count += 1
        identity = f"r{self._count}"
        named = {name: str(own) for name, own in attributes.items() if own is not None}
        self.element.children.append(XmlElement(tag, {"id": identity, **named}))
        return identity


def is_still(media: FlatMedia) -> bool:
    """Return whether media are a still picture, which lasts as long as asked."""
    no_end = media.available is None and media.rate is None
    return media.is_file and media.has_video and no_end and not media.has_audio


def media_address(path: str) -> str:
    """Return the address of a file: `file:///films/a%20b.mov`, or a relative one."""
    plain = path.replace("\\", "/")
    if len(plain) > 1 and plain[1] == ":":
        return "file:///" + quote(plain, safe="/:")
    if PurePosixPath(plain).is_absolute():
        return "file://" + quote(plain.encode("utf-8", "surrogateescape"))
    return "./" + quote(plain.encode("utf-8", "surrogateescape"))
