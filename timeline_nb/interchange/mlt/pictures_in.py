"""Filters of MLT that are read as a picture's opacity, fades, crop and place."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from msgspec.structs import replace as changed

from timeline_nb.compose.placement import Canvas, place
from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.mlt.animation import Animation, animation_of
from timeline_nb.interchange.mlt.applied import Applied, fade_of
from timeline_nb.interchange.mlt.notes import OWN
from timeline_nb.timeline.model import Transform

__all__ = ["brightness", "crop", "transform"]


def brightness(applied: Applied, one: XmlElement, values: dict[str, str]) -> bool:
    """Read opacity, or a fade; return whether it is known."""
    alpha = values.get("alpha", "1")
    level = applied.animation(one, values.get("level", "1"))
    if level is None:
        return False
    if applied.animation(one, alpha) is None:
        return False
    if not (level.is_constant and level.first[0] == 1):
        return _faded(applied, one, level, follows=alpha.startswith("-1"))
    own = applied.animation(one, alpha)
    assert own is not None  # noqa: S101 - read above
    if applied.fades(values):
        if not applied.noted(values, alpha):
            value = applied.number(values, "opacity")
            applied.set_opacity(1.0 if value is None else value)
        return True
    if applied.noted(values, alpha):
        # They may lie where the clip is not seen.
        return True
    if own.is_constant:
        applied.set_opacity(own.first[0])
    else:
        keys = own.shifted(applied.shift(one), lambda value: value[0])
        applied.set_keys("opacity", keys)
    return True


def _faded(
    applied: Applied,
    one: XmlElement,
    level: Animation,
    *,
    follows: bool,
) -> bool:
    """Read a fade from or to black, or the opacity, as Shotcut and Kdenlive do."""
    ends = fade_of(level)
    if ends is None:
        if follows:
            keys = level.shifted(applied.shift(one), lambda value: value[0])
            applied.set_keys("opacity", keys)
        return follows
    applied.set_fade(ends)
    return True


# Scales that differ less are the same, written in pixels.
_LEAST: Final = 1e-6


def crop(applied: Applied, _: XmlElement, values: dict[str, str]) -> bool:
    """Read what is cut off; return whether it is known."""
    noted = animation_of(values.get(f"{OWN}crop", ""), lambda _: None)
    size = applied.clip.media.size or applied.canvas
    lengths = (size[0], size[1], size[0], size[1])
    if noted is not None and len(noted.first) == 4:
        crop: tuple[float, ...] = noted.first
    else:
        sides = [values.get(s, "0") for s in ("left", "top", "right", "bottom")]
        read = [animation_of(text, lambda _: None) for text in sides]
        if any(one is None for one in read) or values.get("center") == "1":
            return False
        crop = tuple(
            one.first[0] / length if one else 0.0
            for one, length in zip(read, lengths, strict=True)
        )
    left, top, right, bottom = crop
    if min(crop) < 0 or left + right >= 1 or top + bottom >= 1:
        return False
    own = changed(applied.clip.transform, crop=(left, top, right, bottom))
    applied.clip = replace(applied.clip, transform=own)
    return True


def transform(applied: Applied, one: XmlElement, values: dict[str, str]) -> bool:
    """Read a place, scale and turn; return whether it is known."""
    text = (
        values.get("rect")
        or values.get("transition.rect")
        or values.get("transition.geometry")
        or ""
    )
    turn = applied.animation(
        one, values.get("rotation") or values.get("transition.fix_rotate_x") or "0"
    )
    width, height = map(float, applied.canvas)
    sizes = (width, height, width, height, 1.0)
    text = text or f"0 0 {width:g} {height:g} 1"
    rect = applied.animation(one, text, sizes)
    if rect is None or turn is None or len(rect.first) < 4:
        return False
    fit = values.get(f"{OWN}fit", "fit")
    distort = values.get("distort") or values.get("transition.distort") or "0"
    _set_places(applied, one, rect, fit, is_stretched=distort == "1")
    if not turn.is_constant:
        keys = turn.shifted(applied.shift(one), lambda own: own[0])
        applied.set_keys("rotation_deg", keys)
    elif turn.first[0]:
        own = changed(applied.clip.transform, rotation_deg=turn.first[0])
        applied.clip = replace(applied.clip, transform=own)
    noted = _place_of_note(values.get(f"{OWN}place", ""), text)
    if noted is not None:
        x, y, scale, degrees = noted
        own = changed(
            applied.clip.transform, position=(x, y), scale=scale, rotation_deg=degrees
        )
        applied.clip = replace(applied.clip, transform=own)
    applied.noted(values, text)
    opacities = {own[4] for _, own, _ in rect.keys if len(own) > 4}
    if opacities - {1.0}:
        if len(opacities) == 1:
            applied.set_opacity(rect.first[4])
        else:
            keys = rect.shifted(applied.shift(one), lambda own: own[4])
            applied.set_keys("opacity", keys)
    return True


def _set_places(
    applied: Applied,
    one: XmlElement,
    rect: Animation,
    fit: str,
    *,
    is_stretched: bool,
) -> None:
    """Take position and scale from the rectangle that a picture is put into."""
    size = applied.clip.media.size or applied.canvas
    crop = applied.clip.transform.crop
    width = size[0] * (1 - crop[0] - crop[2])
    height = size[1] * (1 - crop[1] - crop[3])
    first = rect.first
    if is_stretched and fit == "fit":
        shape = first[2] * height - first[3] * width
        if abs(shape) > 0.02 * max(1.0, first[2]) * height:
            fit = "stretch"
    if fit not in {"fit", "fill", "stretch", "none"}:
        fit = "fit"
    opacity = applied.clip.transform.opacity
    fields: dict[str, Any] = {"fit": fit, "crop": crop, "opacity": opacity}
    own = changed(Transform(), **fields)
    whole = place(own, size, Canvas(*applied.canvas), moves=True).exact
    across, down = applied.canvas

    def scale(one: tuple[float, ...]) -> float:
        shares = one[2] / whole[0], one[3] / whole[1]
        return max(1e-3, min(1000.0, shares[0] if is_stretched else min(shares)))

    def position(one: tuple[float, ...]) -> list[float]:
        middle = one[0] + one[2] / 2, one[1] + one[3] / 2
        return [
            min(10.0, max(-10.0, middle[0] / across)),
            min(10.0, max(-10.0, middle[1] / down)),
        ]

    if is_stretched and abs(first[2] / whole[0] - first[3] / whole[1]) > 0.02:
        detail = "its width and height are scaled by one factor here"
        applied.approximations.append(("its shape", detail))
    if rect.is_constant:
        x, y = position(first)
        applied.clip = replace(
            applied.clip, transform=changed(own, position=(x, y), scale=scale(first))
        )
        return
    _animate(applied, own, rect, (scale, position), by=applied.shift(one))


def _animate(
    applied: Applied,
    own: Transform,
    rect: Animation,
    parts: tuple[
        Callable[[tuple[float, ...]], float], Callable[[tuple[float, ...]], list[float]]
    ],
    *,
    by: int,
) -> None:
    """Set keyframes of scale and position, as far as each of them changes."""
    scale, position = parts
    scales = [scale(value) for _, value, _ in rect.keys]
    places = [position(value) for _, value, _ in rect.keys]
    if max(scales) - min(scales) < _LEAST:
        own = changed(own, scale=scales[0])
    else:
        applied.set_keys("scale", rect.shifted(by, scale))
    if all(place == places[0] for place in places):
        own = changed(own, position=(places[0][0], places[0][1]))
    else:
        applied.set_keys("position", rect.shifted(by, position))
    applied.clip = replace(applied.clip, transform=own)


def _place_of_note(note: str, written: str) -> tuple[float, ...] | None:
    """Return a place that was noted of a rectangle; None if that was changed."""
    numbers, _, rect = note.partition("|")
    found = animation_of(numbers, lambda _: None)
    if rect != written or found is None or len(found.first) != 4:
        return None
    return found.first if found.first[2] > 0 else None
