"""What DaVinci Resolve writes into OpenTimelineIO files beside the standard.

Each clip carries its inspector as effects, empty ones too, in
`metadata["Resolve_OTIO"]`: parameters with a value, a default, and key frames by the
number of a frame of the clip. As the sample `effects.otio` of OpenTimelineIO has them.
"""

import math
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.interchange.otio_objects import text_of
from timeline_nb.timebase import MAX_SECONDS
from timeline_nb.timeline.limits import MAX_RATE_KEYFRAMES
from timeline_nb.timeline.model import Clip, Keyframe

__all__ = ["link_of", "note_of", "shown_name", "with_inspector"]

_KEY: Final = "Resolve_OTIO"
_NAME_LETTERS: Final = 40
# Parameters that have one meaning here: the field, the factor, the lowest and highest.
_FIELDS: Final[dict[str, tuple[str, float, float, float]]] = {
    "volume": ("gain_db", 1, -100, 30),
    "pan": ("pan", 1 / 100, -1, 1),
    "opacity": ("opacity", 1 / 100, 0, 1),
    "transformationZoomX": ("scale", 1, 0.001, 1000),
}
# The other axis, which scales alike or is lost.
_ZOOM_Y: Final = "transformationZoomY"
_PLACED: Final = frozenset({"opacity", "scale"})
# A band's own number is no change.
_IGNORED: Final = frozenset({"eq band index"})


def link_of(metadata: dict[str, Any]) -> str:
    """Return the link of a clip: pictures and sound of one group; empty if none."""
    own = metadata.get(_KEY)
    group = own.get("Link Group ID") if isinstance(own, dict) else None
    if isinstance(group, bool) or not isinstance(group, int) or group <= 0:
        return ""
    return f"resolve{group}"


def note_of(metadata: dict[str, Any]) -> str:
    """Return the note of a marker; empty if there is none."""
    own = metadata.get(_KEY)
    note = own.get("Note") if isinstance(own, dict) else None
    return note if isinstance(note, str) else ""


def shown_name(effect: dict[str, Any]) -> str:
    """Return the name of an effect, as the other program shows it."""
    own = _of_resolve(effect)
    name = own.get("Effect Name") if own else None
    if not isinstance(name, str) or not name:
        name = text_of(effect, "effect_name") or text_of(effect, "name")
    return name[:_NAME_LETTERS]


def with_inspector(
    clip: Clip, effects: list[dict[str, Any]], rate: Fraction
) -> tuple[Clip, list[dict[str, Any]], list[str]]:
    """Return a clip with what its inspector says, and the effects that stay unknown.

    Args:
        clip: The clip, with its source range.
        effects: Those that are none of ours.
        rate: Frames a second of the edit, in which key frames are counted.

    Returns:
        The clip; the effects that are not shown; and names of parameters whose curves
        became straight.
    """
    unknown: list[dict[str, Any]] = []
    straight: list[str] = []
    for effect in effects:
        own = _of_resolve(effect)
        if own is None:
            unknown.append(effect)
            continue
        left = False
        for name, parameter in _changed_of(own):
            made = _applied(clip, name, parameter, own, rate)
            if made is None:
                left = left or name != _ZOOM_Y
                continue
            clip = made
            if _is_curved(parameter):
                straight.append(_FIELDS[name][0])
        if left:
            unknown.append(effect)
    return clip, unknown, straight


def _of_resolve(effect: dict[str, Any]) -> dict[str, Any] | None:
    metadata = effect.get("metadata")
    own = metadata.get(_KEY) if isinstance(metadata, dict) else None
    return own if isinstance(own, dict) else None


def _changed_of(own: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the parameters of an enabled effect that are not at their defaults."""
    parameters = own.get("Parameters")
    if own.get("Enabled") is False or not isinstance(parameters, list):
        return []
    found = []
    for one in parameters:
        if not isinstance(one, dict):
            continue
        name = str(one.get("Parameter ID"))
        is_default = one.get("Parameter Value") == one.get("Default Parameter Value")
        if name not in _IGNORED and not (is_default and not one.get("Key Frames")):
            found.append((name, one))
    return found


def _applied(
    clip: Clip,
    name: str,
    parameter: dict[str, Any],
    own: dict[str, Any],
    rate: Fraction,
) -> Clip | None:
    """Return the clip with a parameter; None if it means nothing here."""
    known = _FIELDS.get(name)
    if known is None or (name == "transformationZoomX" and not _is_even(own)):
        return None
    field, *_ = known
    value = _number(parameter.get("Parameter Value"), known)
    if value is None:
        return None
    if field in _PLACED:
        clip = replace(clip, transform=replace(clip.transform, **{field: value}))
    else:
        clip = replace(clip, **{field: value})
    keys = _keys(clip, parameter, known, rate)
    if not keys:
        return clip
    return replace(clip, keyframes={**clip.keyframes, field: keys})


def _keys(
    clip: Clip,
    parameter: dict[str, Any],
    known: tuple[str, float, float, float],
    rate: Fraction,
) -> tuple[Keyframe, ...]:
    frames = parameter.get("Key Frames")
    if not isinstance(frames, dict) or len(frames) > MAX_RATE_KEYFRAMES:
        return ()
    found: dict[Fraction, float] = {}
    for number, key in frames.items():
        value = _number(key.get("Value") if isinstance(key, dict) else None, known)
        digits = number.removeprefix("-")
        if value is None or not (digits.isascii() and digits.isdigit()):
            continue
        if len(digits) < 10 and int(digits) / rate < MAX_SECONDS:
            found[clip.source_range.start + int(number) / rate] = value
    return tuple(Keyframe(time=at, value=found[at]) for at in sorted(found))


def _number(value: object, known: tuple[str, float, float, float]) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    _, factor, low, high = known
    return min(max(value * factor, low), high) if math.isfinite(value) else None


def _is_even(own: dict[str, Any]) -> bool:
    """Return whether both axes are scaled alike."""
    by_name = {
        one.get("Parameter ID"): (one.get("Parameter Value"), one.get("Key Frames"))
        for one in own.get("Parameters", [])
        if isinstance(one, dict)
    }
    return by_name.get("transformationZoomX") == by_name.get(_ZOOM_Y)


def _is_curved(parameter: dict[str, Any]) -> bool:
    frames = parameter.get("Key Frames")
    return isinstance(frames, dict) and any(
        isinstance(key, dict) and ("InBez" in key or "OutBez" in key)
        for key in frames.values()
    )
