"""Title animations: functions that return keyframes of a title's parameters."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from timeline_nb.core.near_names import suggestion
from timeline_nb.errors import CompositionError
from timeline_nb.timeline.model import Keyframe, Keyframes

__all__ = ["ANIMATIONS", "animation_keyframes"]

_Style = dict[str, Any]


def _key(time: Fraction, value: Any, interpolation: Any = "linear") -> Keyframe:
    return Keyframe(time=time, value=value, interpolation=interpolation)


def _fade(
    start: Fraction, length: Fraction, ease: Fraction, style: _Style
) -> Keyframes:
    """Fade in at the start and out at the end."""
    full = style.get("opacity", 1.0)
    end = start + length
    return {
        "opacity": (
            _key(start, 0.0, "ease_out"),
            _key(start + ease, full),
            _key(end - ease, full, "ease_in"),
            _key(end, 0.0),
        )
    }


def _slide(
    start: Fraction, length: Fraction, ease: Fraction, style: _Style
) -> Keyframes:
    """Slide in from the left and out to the left."""
    x, y = style.get("position", [0.5, 0.5])
    end = start + length
    return {
        "position": (
            _key(start, [x - 1.0, y], "ease_out"),
            _key(start + ease, [x, y]),
            _key(end - ease, [x, y], "ease_in"),
            _key(end, [x - 1.0, y]),
        )
    }


def _rise(
    start: Fraction, length: Fraction, ease: Fraction, style: _Style
) -> Keyframes:
    """Rise from 6 % of the height below while fading in; fade out at the end."""
    x, y = style.get("position", [0.5, 0.5])
    position: Keyframes = {
        "position": (_key(start, [x, y + 0.06], "ease_out"), _key(start + ease, [x, y]))
    }
    return {**_fade(start, length, ease, style), **position}


def _typewriter(
    start: Fraction, length: Fraction, ease: Fraction, style: _Style
) -> Keyframes:
    """Reveal the text letter by letter."""
    del ease, style
    return {"reveal": (_key(start, 0.0), _key(start + length * Fraction(3, 5), 1.0))}


def _pop(start: Fraction, length: Fraction, ease: Fraction, style: _Style) -> Keyframes:
    """Scale up from 20 %, overshoot to 112 % and settle."""
    del length
    full = style.get("scale", 1.0)
    return {
        "scale": (
            _key(start, 0.2 * full, "ease_out"),
            _key(start + ease * Fraction(2, 3), 1.12 * full, "ease_in_out"),
            _key(start + ease, full),
        )
    }


def _roll(
    start: Fraction, length: Fraction, ease: Fraction, style: _Style
) -> Keyframes:
    """Scroll from below the picture to above it, as credits do."""
    del ease
    x = style.get("position", [0.5, 0.5])[0]
    text = str(style.get("text", ""))
    lines = (text.count("\n") + 1) * style.get("line_spacing", 1.0)
    reach = 0.5 + lines * style.get("size", 0.08) * 0.62
    return {
        "position": (
            _key(start, [x, 0.5 + reach]),
            _key(start + length, [x, 0.5 - reach]),
        )
    }


def _crawl(
    start: Fraction, length: Fraction, ease: Fraction, style: _Style
) -> Keyframes:
    """Scroll from right to left, as a news ticker does."""
    del ease
    y = style.get("position", [0.5, 0.5])[1]
    wide = 0.5 + len(str(style.get("text", ""))) * style.get("size", 0.08) * 0.2
    return {
        "position": (
            _key(start, [0.5 + wide, y]),
            _key(start + length, [0.5 - wide, y]),
        )
    }


ANIMATIONS: Final[
    dict[str, Callable[[Fraction, Fraction, Fraction, _Style], Keyframes]]
] = {
    "fade": _fade,
    "slide": _slide,
    "rise": _rise,
    "typewriter": _typewriter,
    "pop": _pop,
    "roll": _roll,
    "crawl": _crawl,
}


def animation_keyframes(
    name: str,
    style: _Style,
    *,
    start: Fraction,
    duration: Fraction,
    ease: Fraction = Fraction(1, 2),
) -> Keyframes:
    """Return the keyframes of a title's parameters for an animation.

    Args:
        name: One of `ANIMATIONS`.
        style: The title's parameters.
        start: The time of the title's first frame, in its own seconds.
        duration: Seconds that the title is shown.
        ease: Seconds that appearing and disappearing take.

    Raises:
        CompositionError: There is no such animation; the nearest are named.
    """
    if name not in ANIMATIONS:
        raise CompositionError(
            f"there is no animation {name!r}{suggestion(name, ANIMATIONS)}"
        )
    short = min(ease, duration / 3)
    return ANIMATIONS[name](start, duration, short, style)
