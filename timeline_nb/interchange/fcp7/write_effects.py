"""Filters of clips: motion, opacity, crop, speed, levels."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange import terms
from timeline_nb.interchange.fcp7.values import written_number
from timeline_nb.interchange.fcpxml.keyed import report_curves, straightened
from timeline_nb.interchange.fcpxml.placement import to_final_cut
from timeline_nb.interchange.flat import FlatClip, FlatKey, FlatTrack
from timeline_nb.interchange.report import Report

__all__ = ["BLENDS", "picture_filters", "sound_filters", "speed_filter"]

BLENDS: Final = {
    "normal": "normal",
    "add": "add",
    "subtract": "subtract",
    "difference": "difference",
    "multiply": "multiply",
    "screen": "screen",
    "overlay": "overlay",
    "hard_light": "hardlight",
    "soft_light": "softlight",
    "darken": "darken",
    "lighten": "lighten",
}
# The loudest and the softest level that the format has.
_LOUDEST: Final = 3.98107

Value = str | dict[str, str]
Points = list[tuple[Fraction, Any]]


def picture_filters(
    clip: FlatClip,
    canvas: tuple[int, int],
    first: Fraction,
    report: Report,
    where: str,
) -> Iterator[XmlElement]:
    """Yield the filters of a picture.

    Args:
        clip: The clip.
        canvas: Width and height of the edit.
        first: The frame of the clip's own time at which it begins.
        report: Gets the findings.
        where: The clip's place.
    """
    report_curves(clip, ("position", "scale", "rotation_deg", "opacity"), report, where)
    if clip.transform.fit != "fit":
        detail = "it is written as a scale: the same picture is shown"
        report.add(where, terms.PLACEMENT, "kept", None, detail)
    motion = _motion(clip, canvas, first, report, where)
    if motion is not None:
        yield motion
    left, top, right, bottom = clip.transform.crop
    if any(clip.transform.crop):
        effect = _effect("Crop", "crop", "motion")
        sides = {"left": left, "right": right, "top": top, "bottom": bottom}
        for name, share in sides.items():
            _parameter(effect, name, written_number(100 * share))
        yield _filter(effect)
    points = _with_fades(clip, clip.transform.opacity, "opacity", report, where)
    if clip.transform.opacity != 1 or points:
        effect = _effect("Opacity", "opacity", "motion")
        text = written_number(100 * clip.transform.opacity)
        shown: list[tuple[Fraction, Value]] = [
            (at + first, written_number(100 * value)) for at, value in points
        ]
        _parameter(effect, "opacity", text, shown)
        yield _filter(effect)


def _motion(
    clip: FlatClip,
    canvas: tuple[int, int],
    first: Fraction,
    report: Report,
    where: str,
) -> XmlElement | None:
    size = clip.media.size or canvas
    own, placed = clip.transform, to_final_cut(clip.transform, size, canvas)
    across, down = canvas[0] / size[0], canvas[1] / size[1]
    factor = {"fit": min(across, down), "fill": max(across, down)}.get(
        placed.conform, 1.0
    )
    if abs(placed.scale[0] - placed.scale[1]) > 1e-6:
        detail = "it is scaled by the mean of both sides"
        report.add(where, terms.PLACEMENT, "approximated", None, detail)
    scale = factor * (placed.scale[0] * placed.scale[1]) ** 0.5
    x = placed.position[0] / 100 * canvas[1] / canvas[0]
    y = -placed.position[1] / 100
    keys = {name: clip.keys(name) for name in ("scale", "rotation_deg", "position")}
    is_still = abs(scale - 1) < 1e-9 and not own.rotation_deg
    if is_still and not x and not y and not any(keys.values()):
        return None
    effect = _effect("Basic Motion", "basic", "motion")

    def center(value: Any) -> Value:
        return {
            "horiz": written_number(x + value[0] - own.position[0]),
            "vert": written_number(y + value[1] - own.position[1]),
        }

    def scaled(value: Any) -> Value:
        return written_number(100 * scale * value / own.scale)

    rows: list[tuple[str, Value, str, Callable[[Any], Value]]] = [
        ("scale", written_number(100 * scale), "scale", scaled),
        (
            "rotation",
            written_number(own.rotation_deg),
            "rotation_deg",
            written_number,
        ),
        ("center", center(own.position), "position", center),
    ]
    for name, value, field, written in rows:
        _parameter(effect, name, value, _points(keys[field], first, written))
    return _filter(effect)


def sound_filters(
    clip: FlatClip, track: FlatTrack, first: Fraction, report: Report, where: str
) -> Iterator[XmlElement]:
    """Yield the filters of a sound, with the gain and pan of its track."""
    report_curves(clip, ("gain_db", "pan"), report, where)
    points = _with_fades(clip, clip.gain_db + track.gain_db, "gain_db", report, where)
    level = _level(clip.gain_db + track.gain_db)
    if level != "1" or points:
        effect = _effect("Audio Levels", "audiolevels", "audiolevels", "audio")
        moved: list[tuple[Fraction, Value]] = []
        for at, value in points:
            gain = value + track.gain_db if clip.keys("gain_db") else value
            moved.append((at + first, _level(gain)))
        _parameter(effect, "level", level, moved)
        yield _filter(effect)
    pan, keys = clip.pan + track.pan, clip.keys("pan")
    if pan or keys:
        effect = _effect("Audio Pan", "audiopan", "audiopan", "audio")
        moved = _points(keys, first, lambda v: written_number(_pan(v + track.pan)))
        _parameter(effect, "pan", written_number(_pan(pan)), moved)
        yield _filter(effect)


def speed_filter(
    percent: Fraction, *, reverse: bool, points: Sequence[tuple[Fraction, Fraction]]
) -> XmlElement:
    """Return a filter of speed.

    Args:
        percent: Of the media's speed, above 0.
        reverse: Whether it runs backwards.
        points: Frames of the clip's own time, and frames of its media; of a constant
            speed none.
    """
    effect = _effect("Time Remap", "timeremap", "motion")
    _parameter(effect, "variablespeed", "1" if points else "0")
    _parameter(effect, "speed", written_number(float(percent)))
    _parameter(effect, "reverse", "TRUE" if reverse else "FALSE")
    _parameter(effect, "frameblending", "FALSE")
    if points:
        shown = [(at, written_number(float(frame))) for at, frame in points]
        _parameter(effect, "graphdict", "0", shown)
    return _filter(effect)


def _with_fades(
    clip: FlatClip, value: float, name: str, report: Report, where: str
) -> Points:
    """Return keyframes of a level, or those that its fades make."""
    keys = clip.keys(name)
    has_fade = clip.fade_in or clip.fade_out
    if keys:
        if has_fade:
            detail = "its keyframes take their place"
            report.add(where, terms.FADES, "lost", None, detail)
        return straightened(keys)
    if not has_fade:
        return []
    silent: float = 0.0 if name == "opacity" else -96.0
    points: dict[Fraction, float] = {}
    if clip.fade_in:
        points |= {Fraction(0): silent, clip.fade_in: value}
    if clip.fade_out:
        points.setdefault(clip.duration - clip.fade_out, value)
        points[clip.duration] = silent
    detail = "they became keyframes"
    report.add(where, terms.FADES, "kept", None, detail)
    return sorted(points.items())


def _points(
    keys: Sequence[FlatKey], first: Fraction, written: Callable[[Any], Value]
) -> list[tuple[Fraction, Value]]:
    if not keys:
        return []
    return [(at + first, written(value)) for at, value in straightened(keys)]


def _level(gain_db: float) -> str:
    level: float = 0.0 if gain_db <= -96 else 10 ** (gain_db / 20)
    return written_number(min(_LOUDEST, level))


def _pan(value: float) -> float:
    return max(-1.0, min(1.0, value))


def _effect(
    name: str, identity: str, category: str, medium: str = "video"
) -> XmlElement:
    effect = XmlElement("effect")
    effect.add("name", name)
    effect.add("effectid", identity)
    effect.add("effectcategory", category)
    effect.add("effecttype", category)
    effect.add("mediatype", medium)
    return effect


def _filter(effect: XmlElement) -> XmlElement:
    return XmlElement("filter", children=[effect])


def _parameter(
    effect: XmlElement,
    name: str,
    value: Value,
    points: Sequence[tuple[Fraction, Value]] = (),
) -> None:
    parameter = effect.add("parameter")
    parameter.add("parameterid", name)
    parameter.add("name", name.capitalize())
    _add_value(parameter, value)
    for at, own in points:
        key = parameter.add("keyframe")
        key.add("when", str(round(at)))
        _add_value(key, own)


def _add_value(owner: XmlElement, value: Value) -> None:
    if isinstance(value, str):
        owner.add("value", value)
        return
    element = owner.add("value")
    for name, text in value.items():
        element.add(name, text)
