"""Media as Final Cut Pro 7's XML names them: files, and colors and texts."""

from fractions import Fraction
from pathlib import PurePath, PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.fcp7.values import add_rate, written_number
from timeline_nb.interchange.flat import FlatMedia
from timeline_nb.timebase import format_timecode
from timeline_nb.timeline.model import Effect

__all__ = ["FileList", "generator_effect"]

# Letters of a text generator are counted in lines of the frame, of 480 in its window.
_LINES: Final = 480
_STYLES: Final = {
    (False, False): "1",
    (True, False): "2",
    (False, True): "3",
    (True, True): "4",
}
_ALIGNMENTS: Final = {"left": "1", "center": "2", "right": "3"}


class FileList:
    """The files of a document: each is described once, and then referred to.

    Args:
        rate: Frames a second of the edit.
    """

    def __init__(self, rate: Fraction) -> None:
        self._rate = rate
        self._known: dict[tuple[str, bool], str] = {}

    def element(self, media: FlatMedia, shown_s: Fraction) -> XmlElement:
        """Return the element `file` of media.

        Args:
            media: A file.
            shown_s: Seconds of it that are shown, where its length is not known.
        """
        key = (media.path, media.has_video)
        if key in self._known:
            return XmlElement("file", {"id": self._known[key]})
        self._known[key] = f"file-{len(self._known) + 1}"
        element = XmlElement("file", {"id": self._known[key]})
        element.add("name", media.name or "media")
        element.add("pathurl", _address(media.path))
        rate = media.rate if _has_name(media.rate) else self._rate
        rate = rate or self._rate
        add_rate(element, rate)
        length = media.available.end if media.available is not None else shown_s
        element.add("duration", str(round(length * rate)))
        timecode = element.add("timecode")
        add_rate(timecode, rate)
        start = media.timecode or Fraction(0)
        timecode.add("string", format_timecode(start, rate))
        timecode.add("frame", str(round(start * rate)))
        timecode.add("displayformat", "NDF")
        streams = element.add("media")
        if media.has_video:
            samples = streams.add("video").add("samplecharacteristics")
            add_rate(samples, rate)
            if media.size is not None:
                samples.add("width", str(media.size[0]))
                samples.add("height", str(media.size[1]))
        if media.has_audio:
            audio = streams.add("audio")
            audio.add("channelcount", str(media.channels or 2))
        return element


def _has_name(rate: Fraction | None) -> bool:
    return rate is not None and (
        rate.denominator == 1 or (rate * Fraction(1001, 1000)).denominator == 1
    )


def _address(path: str) -> str:
    plain = path.replace("\\", "/").encode("utf-8", "surrogateescape")
    text = quote(plain)
    if len(plain) > 1 and plain[1:2] == b":":
        return f"file://localhost/{text}"
    if PurePosixPath(path).is_absolute():
        return f"file://localhost{text}"
    return text


def generator_effect(generator: Effect) -> XmlElement | None:
    """Return the effect of a generator that the format has; None of others."""
    given = generator.parameters
    if generator.kind == "solid":
        effect = _effect("Color", "Color", "Matte")
        _add(effect, "fillcolor", color=str(given.get("color", "#000000")))
        return effect
    if generator.kind != "title":
        return None
    effect = _effect("Text", "Text", "Text")
    _add(effect, "str", str(given.get("text", "Title")))
    font = PurePath(str(given.get("font", "Helvetica"))).stem
    _add(effect, "fontname", font)
    size = float(given.get("size", 0.08)) * _LINES
    _add(effect, "fontsize", written_number(round(size, 3)))
    style = bool(given.get("bold")), bool(given.get("italic"))
    _add(effect, "fontstyle", _STYLES[style])
    _add(effect, "fontalign", _ALIGNMENTS.get(str(given.get("align")), "2"))
    _add(effect, "fontcolor", color=str(given.get("color", "#ffffff")))
    return effect


def _effect(name: str, identity: str, category: str) -> XmlElement:
    effect = XmlElement("effect")
    effect.add("name", name)
    effect.add("effectid", identity)
    effect.add("effectcategory", category)
    effect.add("effecttype", "generator")
    effect.add("mediatype", "video")
    return effect


def _add(effect: XmlElement, name: str, text: str = "", *, color: str = "") -> None:
    parameter = effect.add("parameter")
    parameter.add("parameterid", name)
    parameter.add("name", name)
    value = parameter.add("value", text)
    if not color:
        return
    digits = color.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    parts: dict[str, Any] = {
        "red": digits[:2],
        "green": digits[2:4],
        "blue": digits[4:6],
    }
    value.add("alpha", str(_level(digits[6:8] or "ff")))
    for part, level in parts.items():
        value.add(part, str(_level(level)))


def _level(digits: str) -> int:
    try:
        return int(digits, 16)
    except ValueError:
        return 0
