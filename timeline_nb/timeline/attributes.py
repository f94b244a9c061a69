"""What clips, tracks and timelines carry: effects, keyframes, markers, transforms."""

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any, TypeAlias

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import limits
from timeline_nb.timeline.choices import BlendMode, Fit, Interpolation
from timeline_nb.timeline.fields import field_faults
from timeline_nb.timeline.limits import Handle, Name, Text
from timeline_nb.timeline.value import Value, ValueMeta

__all__ = [
    "Effect",
    "Effects",
    "Keyframe",
    "Keyframes",
    "Marker",
    "Markers",
    "Transform",
]


class Keyframe(Value, frozen=True, kw_only=True):
    """The value of a parameter at a time, and the interpolation to the next keyframe.

    Args:
        time: Seconds: of a clip's own time (that of its `source_range`), or of the
            timeline for parameters of a track or of the timeline itself.
        value: A number, a color `#rrggbb`, or a list of numbers; any other value holds
            until the next keyframe.
        interpolation: The curve to the next keyframe.
        handles: Control points of `bezier`: x1, y1, x2, y2, as in CSS.

    Example:
        >>> from fractions import Fraction
        >>> keys = [
        ...     tl.Keyframe(time=Fraction(1), value=0.0, interpolation="ease_out"),
        ...     tl.Keyframe(time=Fraction(2), value=1.0),
        ... ]
        >>> cut.effects.animate("c1", "opacity", keys)  # in its media's time
        >>> cut.clips[0].keyframes["opacity"][0].interpolation
        'ease_out'
    """

    time: Fraction
    value: Any
    interpolation: Interpolation = "linear"
    handles: tuple[Handle, Handle, Handle, Handle] = (0.42, 0.0, 0.58, 1.0)


Keyframes: TypeAlias = dict[str, Annotated[tuple[Keyframe, ...], limits.KEYFRAMES]]


class Effect(Value, frozen=True, kw_only=True):
    """An effect by name, with its parameters; unknown kinds are kept as they are.

    Args:
        kind: Its name in the catalogue.
        parameters: Those that differ from their defaults.
        keyframes: Of parameters that change over time; they override `parameters`.
        enabled: Whether it is applied.

    Example:
        >>> half = tl.Effect(kind="sepia", parameters={"amount": 0.5})
        >>> cut.effects.add("c1", half)
        >>> cut.effects.of("c1") == (half,)
        True
    """

    kind: Name
    parameters: dict[str, Any] = {}
    keyframes: Keyframes = {}
    enabled: bool = True


class _TransformMeta(ValueMeta):
    """Refuses a placement that no picture can have where it is given."""

    def __call__(self, *args: Any, **fields: Any) -> Any:
        """Make a placement.

        Raises:
            ArgumentError: A field is misspelt, or without its name.
            TimelineError: A value is of a wrong type, or out of range.
        """
        made = super().__call__(*args, **fields)
        for fault in list(field_faults(made)) or transform_faults(made):
            raise TimelineError(f"Transform: {fault.removeprefix('transform.')}")
        return made


class Transform(Value, frozen=True, kw_only=True, metaclass=_TransformMeta):
    """The placement of a picture on the canvas.

    The source is cropped, fitted to the canvas by `fit`, scaled, rotated about its
    center, and moved so that its center is at `position`.

    Args:
        fit: `fit` shows all of it, `fill` covers the canvas, `stretch` ignores the
            aspect, `none` keeps the source's pixels.
        position: The center as shares of the canvas: (0.5, 0.5) is its center.
        scale: Factor on top of `fit`, more than 0.
        rotation_deg: Clockwise degrees.
        opacity: 0 to 1.
        crop: Shares of the source cut off at its left, top, right and bottom.
        blend: Blend mode with what is below: `normal`, `multiply`, `screen` ...

    Raises:
        TimelineError: A value is of a wrong type, or out of range.

    Example:
        >>> small = tl.Transform(scale=0.3, position=(0.8, 0.2), opacity=0.9)
        >>> cut.set("c1", transform=small)
        >>> cut.clips[0].transform.scale
        0.3
    """

    fit: Fit = "fit"
    position: tuple[float, float] = (0.5, 0.5)
    scale: float = 1.0
    rotation_deg: float = 0.0
    opacity: float = 1.0
    crop: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    blend: BlendMode = "normal"


def transform_faults(shape: Transform) -> Iterator[str]:
    """Yield which values of a placement are out of range; all are numbers."""
    numbers = (*shape.position, *shape.crop, shape.scale, shape.rotation_deg)
    if not all(math.isfinite(number) and abs(number) <= 1e5 for number in numbers):
        yield "transform holds a number that is not finite, or beyond 100,000"
    elif not 0 < shape.scale <= 1000:
        yield f"transform.scale {shape.scale} is not between 0 and 1000"
    left, top, right, bottom = shape.crop
    if min(shape.crop) < 0 or left + right >= 1 or top + bottom >= 1:
        yield f"transform.crop {shape.crop} leaves nothing of the picture"
    if not 0 <= shape.opacity <= 1:
        yield f"transform.opacity {shape.opacity} is not between 0 and 1"


class Marker(Value, frozen=True, kw_only=True):
    """A named range: of media time on a clip, of timeline time on a timeline.

    Args:
        name: The name that is shown.
        marked_range: What is marked, in seconds; of no duration for a point in time.
        color: The name of a color, such as `red` or `green`.
        note: More about it, of several lines.
        metadata: Free.

    Example:
        >>> goal = tl.TimeRange("2s", 0)
        >>> marker = tl.Marker(name="goal", marked_range=goal, color="blue")
        >>> marker.marked_range.start
        Fraction(2, 1)
    """

    name: Name
    marked_range: TimeRange
    color: Name = "red"
    note: Text = ""
    metadata: dict[str, Any] = {}


Effects: TypeAlias = Annotated[tuple[Effect, ...], limits.EFFECTS]
Markers: TypeAlias = Annotated[tuple[Marker, ...], limits.MARKERS]
