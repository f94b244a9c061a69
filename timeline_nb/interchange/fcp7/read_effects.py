"""Filters of clips that are read: motion, opacity, crop, speed, levels, generators."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from dataclasses import replace as changed
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.fcp7.values import child_text, is_true, words_of
from timeline_nb.interchange.fcp7.write_effects import BLENDS
from timeline_nb.interchange.fcpxml.placement import FinalCutPlacement, from_final_cut
from timeline_nb.interchange.fcpxml.values import parse_number
from timeline_nb.interchange.flat import FlatKey
from timeline_nb.timeline.model import Effect, Transform

__all__ = ["ClipEffects", "clip_effects", "generator_of"]

_MOST_KEYS: Final = 20_000
_LINES: Final = 480
_BLENDS: Final = {written: blend for blend, written in BLENDS.items()}


@dataclass
class ClipEffects:
    """What the filters of a clip say; frames are of the clip's own time.

    Args:
        transform: With `fit` as it was given.
        gain_db: Of the sound.
        pan: Of the sound.
        keys: By the name of what they change.
        speed: Media seconds a second.
        points: Frames of own time and of media, of a speed that changes.
        lost: Names of what is not ours.
    """

    transform: Transform = field(default_factory=Transform)
    gain_db: float = 0.0
    pan: float = 0.0
    keys: dict[str, tuple[FlatKey, ...]] = field(default_factory=dict)
    speed: Fraction = Fraction(1)
    points: tuple[tuple[Fraction, Fraction], ...] = ()
    lost: tuple[str, ...] = ()


def clip_effects(
    clip: XmlElement, source: tuple[int, int], canvas: tuple[int, int]
) -> ClipEffects:
    """Return what the filters of a clip say.

    Args:
        clip: The clip.
        source: Width and height of its media.
        canvas: Width and height of the edit.
    """
    made = ClipEffects()
    fit = min(canvas[0] / source[0], canvas[1] / source[1])
    # Media are shown pixel by pixel, unless a filter scales them.
    made.transform = replace(Transform(), scale=1 / fit)
    blend = _BLENDS.get(child_text(clip, "compositemode").lower(), "normal")
    made.transform = replace(made.transform, blend=blend)
    for own in clip.all("filter"):
        if is_true(own, "enabled", default=True):
            for effect in own.all("effect"):
                _apply(effect, made, fit)
    _fit_cropped(made, source, canvas)
    return made


def _fit_cropped(
    made: ClipEffects, source: tuple[int, int], canvas: tuple[int, int]
) -> None:
    """Place a picture as we do: by the middle of what is left of it."""
    old = made.transform
    left, top, right, bottom = old.crop
    wide = 100 * source[0] / source[1]
    x, y = old.position[0] - 0.5, old.position[1] - 0.5
    placed = FinalCutPlacement(
        trim=(left * wide, top * 100, right * wide, bottom * 100),
        position=(100 * x * canvas[0] / canvas[1], -100 * y),
        scale=(old.scale, old.scale),
        rotation_deg=-old.rotation_deg,
    )
    new, _ = from_final_cut(placed, source, canvas)
    made.transform = replace(new, opacity=old.opacity, blend=old.blend)
    shift = [new.position[axis] - old.position[axis] for axis in (0, 1)]
    factor = new.scale / old.scale
    for name, change in (
        ("position", lambda value: [value[0] + shift[0], value[1] + shift[1]]),
        ("scale", lambda value: round(value * factor, 9)),
    ):
        if name in made.keys:
            made.keys[name] = tuple(
                changed(key, value=change(key.value)) for key in made.keys[name]
            )


def _apply(effect: XmlElement, made: ClipEffects, fit: float) -> None:
    identity = child_text(effect, "effectid").lower()
    own = {child_text(p, "parameterid").lower(): p for p in effect.all("parameter")}
    if identity == "basic":
        _move(own, made, fit)
    elif identity == "opacity":
        share = _number(own.get("opacity"), 100) / 100
        opacity = max(0.0, min(1.0, share))
        made.transform = replace(made.transform, opacity=opacity)
        _note(
            made, "opacity", own.get("opacity"), lambda v: max(0.0, min(1.0, v / 100))
        )
    elif identity == "crop":
        left, top, right, bottom = (
            max(0.0, min(0.99, _number(own.get(side), 0) / 100))
            for side in ("left", "top", "right", "bottom")
        )
        if left + right < 0.99 and top + bottom < 0.99:
            crop = (left, top, right, bottom)
            made.transform = replace(made.transform, crop=crop)
    elif identity == "timeremap":
        _remap(own, made)
    elif identity == "audiolevels":
        made.gain_db = _decibels(_number(own.get("level"), 1))
        _note(made, "gain_db", own.get("level"), _decibels)
    elif identity == "audiopan":
        made.pan = max(-1.0, min(1.0, _number(own.get("pan"), 0)))
        _note(made, "pan", own.get("pan"), lambda v: max(-1.0, min(1.0, v)))
    else:
        made.lost += (child_text(effect, "name")[:60] or identity[:60],)


def _move(own: dict[str, XmlElement], made: ClipEffects, fit: float) -> None:
    """Read the filter of scale, rotation and position."""

    def scale(value: float) -> float:
        return round(max(1e-6, value / 100 / fit), 9)

    x, y = _pair(own.get("center"))
    made.transform = replace(
        made.transform,
        scale=scale(_number(own.get("scale"), 100)),
        rotation_deg=_number(own.get("rotation"), 0),
        position=(round(0.5 + x, 9), round(0.5 + y, 9)),
    )
    _note(made, "scale", own.get("scale"), scale)
    _note(made, "rotation_deg", own.get("rotation"), float)
    center = own.get("center")
    keys = center.all("keyframe") if center is not None else ()
    rows: dict[Fraction, FlatKey] = {}
    for key in list(keys)[:_MOST_KEYS]:
        at, (x, y) = _when(key), _pair(key)
        rows[at] = FlatKey(frame=at, value=[round(0.5 + x, 9), round(0.5 + y, 9)])
    if rows:
        made.keys["position"] = tuple(rows[at] for at in sorted(rows))


def _remap(own: dict[str, XmlElement], made: ClipEffects) -> None:
    percent = _number(own.get("speed"), 100)
    speed = Fraction(str(percent)).limit_denominator(10**6) / 100
    reverse = own.get("reverse")
    is_reverse = reverse is not None and is_true(reverse, "value", default=False)
    made.speed = -abs(speed) if is_reverse else speed
    varies = own.get("variablespeed")
    graph = own.get("graphdict")
    if varies is None or graph is None or _number(varies, 0) != 1:
        return
    found: dict[Fraction, Fraction] = {}
    for key in list(graph.all("keyframe"))[:_MOST_KEYS]:
        value = parse_number(child_text(key, "value"))
        if value is not None:
            found.setdefault(_when(key), Fraction(str(value)))
    if len(found) > 1:
        points = sorted(found.items())
        step = len(points) // 500 + 1
        made.points = (*points[:-1:step], points[-1])


def _note(
    made: ClipEffects,
    name: str,
    parameter: XmlElement | None,
    value: Callable[[float], float],
) -> None:
    """Note the keyframes of a parameter, if it has any."""
    if parameter is None:
        return
    rows: dict[Fraction, FlatKey] = {}
    for key in list(parameter.all("keyframe"))[:_MOST_KEYS]:
        number = parse_number(child_text(key, "value"))
        if number is not None:
            rows[_when(key)] = FlatKey(frame=_when(key), value=value(number))
    if rows:
        made.keys[name] = tuple(rows[at] for at in sorted(rows))


def _when(key: XmlElement) -> Fraction:
    return Fraction(str(parse_number(child_text(key, "when")) or 0))


def _number(parameter: XmlElement | None, default: float) -> float:
    text = child_text(parameter, "value") if parameter is not None else ""
    number = parse_number(text)
    return default if number is None else number


def _pair(owner: XmlElement | None) -> tuple[float, float]:
    x = parse_number(child_text(owner, "value", "horiz")) or 0.0
    y = parse_number(child_text(owner, "value", "vert")) or 0.0
    return x, y


def _decibels(level: float) -> float:
    return -96.0 if level <= 1.6e-5 else round(20 * math.log10(level), 6)


def generator_of(effect: XmlElement) -> Effect | None:
    """Return the generator of an element's effect; None of one that is not ours."""
    identity = child_text(effect, "effectid")
    own = {child_text(p, "parameterid"): p for p in effect.all("parameter")}
    if identity == "Color":
        color = _color(own.get("fillcolor")) or "#000000"
        return Effect(kind="solid", parameters={"color": color})
    if "str" not in own:
        return None
    made: dict[str, Any] = {"text": words_of(own["str"], "value"), "substitute": True}
    if "fontname" in own:
        made["font"] = child_text(own["fontname"], "value")[:200] or "DejaVu Sans"
    if "fontsize" in own:
        size = _number(own["fontsize"], 36) / _LINES
        made["size"] = round(max(0.005, min(1.0, size)), 6)
    style = child_text(own.get("fontstyle"), "value")
    if style in {"2", "4"}:
        made["bold"] = True
    if style in {"3", "4"}:
        made["italic"] = True
    align = child_text(own.get("fontalign"), "value")
    if align in {"1", "3"}:
        made["align"] = "left" if align == "1" else "right"
    letters = _color(own.get("fontcolor"))
    if letters is not None:
        made["color"] = letters
    return Effect(kind="title", parameters=made)


def _color(parameter: XmlElement | None) -> str | None:
    value = None if parameter is None else parameter.first("value")
    if value is None or value.first("red") is None:
        return None
    levels = [parse_number(child_text(value, tag)) for tag in ("red", "green", "blue")]
    return "#" + "".join(f"{max(0, min(255, round(one or 0))):02x}" for one in levels)
