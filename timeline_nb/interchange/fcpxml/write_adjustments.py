"""Adjustments of a clip: its placement, opacity, fades and gain."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange import terms
from timeline_nb.interchange.fcpxml.blends import BLEND_NAMES
from timeline_nb.interchange.fcpxml.keyed import add_keyframes, report_curves
from timeline_nb.interchange.fcpxml.placement import FinalCutPlacement, to_final_cut
from timeline_nb.interchange.fcpxml.times import format_time
from timeline_nb.interchange.fcpxml.values import format_decibels, format_number
from timeline_nb.interchange.flat import FlatClip, FlatKey, FlatTrack
from timeline_nb.interchange.report import Report
from timeline_nb.timeline.model import Transform

__all__ = ["ClipTimes", "picture_adjustments", "sound_adjustments"]

_FIELDS = ("position", "scale", "rotation_deg", "opacity")


@dataclass(frozen=True)
class ClipTimes:
    """The own time of a clip, in which FCPXML counts what is on it.

    Args:
        first: The second of it at which the clip begins.
        rate: Frames a second of the edit.
    """

    first: Fraction
    rate: Fraction

    def second(self, frame: Fraction) -> Fraction:
        """Return the second of a frame, counted from the clip's start."""
        return self.first + frame / self.rate


def picture_adjustments(
    clip: FlatClip,
    canvas: tuple[int, int],
    times: ClipTimes,
    report: Report,
    where: str,
) -> Iterator[XmlElement]:
    """Yield the adjustments of a picture, in the order of the DTD."""
    report_curves(clip, _FIELDS, report, where)
    placed = to_final_cut(clip.transform, clip.media.size or canvas, canvas)
    if any(placed.trim):
        crop = XmlElement("adjust-crop", {"mode": "trim"})
        left, top, right, bottom = map(format_number, placed.trim)
        crop.add("trim-rect", left=left, top=top, right=right, bottom=bottom)
        yield crop
    if placed.conform != "fit":
        yield XmlElement("adjust-conform", {"type": placed.conform})
    transform = _transform(clip, placed, canvas, times)
    if transform is not None:
        yield transform
        if any(placed.trim) and (clip.keys("scale") or clip.keys("rotation_deg")):
            detail = "the crop moves the center of what is scaled or rotated"
            report.add(where, terms.PLACEMENT, "approximated", None, detail)
    blend = _blend(clip, times)
    if blend is not None:
        yield blend


def _transform(
    clip: FlatClip,
    placed: FinalCutPlacement,
    canvas: tuple[int, int],
    times: ClipTimes,
) -> XmlElement | None:
    element = XmlElement("adjust-transform")
    if any(placed.position):
        element.attributes["position"] = _pair(placed.position)
    if placed.scale != (1.0, 1.0):
        element.attributes["scale"] = _pair(placed.scale)
    if placed.rotation_deg:
        element.attributes["rotation"] = format_number(placed.rotation_deg)
    own = clip.transform
    wide, high = canvas[0] / canvas[1], 1.0
    at = own.position

    def position(value: Any) -> str:
        x = placed.position[0] + (value[0] - at[0]) * 100 * wide
        y = placed.position[1] - (value[1] - at[1]) * 100 * high
        return _pair((x, y))

    def scale(value: Any) -> str:
        factor = value / own.scale
        return _pair((placed.scale[0] * factor, placed.scale[1] * factor))

    def rotation(value: Any) -> str:
        return format_number(-value)

    for name, field, written in (
        ("position", "position", position),
        ("scale", "scale", scale),
        ("rotation", "rotation_deg", rotation),
    ):
        if keys := clip.keys(field):
            element.attributes.pop(name, None)
            add_keyframes(element, name, keys, second=times.second, written=written)
    return element if element.attributes or element.children else None


def _blend(clip: FlatClip, times: ClipTimes) -> XmlElement | None:
    element = XmlElement("adjust-blend")
    own: Transform = clip.transform
    keys = clip.keys("opacity")
    if own.opacity != 1 and not keys:
        element.attributes["amount"] = format_number(own.opacity)
    if own.blend != "normal":
        element.attributes["mode"] = BLEND_NAMES[own.blend]
    _amount(element, clip, keys, times, lambda value: format_number(min(1.0, value)))
    return element if element.attributes or element.children else None


def sound_adjustments(
    clip: FlatClip,
    track: FlatTrack,
    times: ClipTimes,
    report: Report,
    where: str,
) -> Iterator[XmlElement]:
    """Yield the adjustments of a sound, with those of its track."""
    report_curves(clip, ("gain_db", "pan"), report, where)
    element = XmlElement("adjust-volume")
    keys = clip.keys("gain_db")
    gain = clip.gain_db + track.gain_db
    if gain and not keys:
        element.attributes["amount"] = format_decibels(gain)

    def decibels(value: Any) -> str:
        return format_decibels(value + track.gain_db)

    _amount(element, clip, keys, times, decibels)
    if element.attributes or element.children:
        yield element
    panner = _panner(clip, track, times)
    if panner is not None:
        yield panner


def _panner(clip: FlatClip, track: FlatTrack, times: ClipTimes) -> XmlElement | None:
    keys = clip.keys("pan")
    element = XmlElement("adjust-panner", {"mode": "1 (Stereo Left/Right)"})

    def percent(value: Any) -> str:
        return format_number(100 * max(-1.0, min(1.0, value + track.pan)))

    if keys:
        add_keyframes(element, "amount", keys, second=times.second, written=percent)
        return element
    if not clip.pan and not track.pan:
        return None
    element.attributes["amount"] = percent(clip.pan)
    return element


def _amount(
    element: XmlElement,
    clip: FlatClip,
    keys: Sequence[FlatKey],
    times: ClipTimes,
    written: Callable[[Any], str],
) -> None:
    """Add the parameter `amount` with the clip's fades and keyframes, if it has any."""
    param = XmlElement("param", {"name": "amount"})
    for tag, frames in (("fadeIn", clip.fade_in), ("fadeOut", clip.fade_out)):
        if frames:
            param.add(tag, type="linear", duration=format_time(frames / times.rate))
    if keys:
        made = add_keyframes(
            XmlElement(""), "amount", keys, second=times.second, written=written
        )
        param.children += made.children
    if param.children:
        element.children.append(param)


def _pair(values: tuple[float, float]) -> str:
    return f"{format_number(values[0])} {format_number(values[1])}"
