"""Commands for what is done on the picture: place, crop, pin, and change texts."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from timeline_nb.commands import changing, effects, titles
from timeline_nb.commands.command import Command
from timeline_nb.compose.clip_renderer import is_animated
from timeline_nb.compose.on_picture import PlacedClip
from timeline_nb.effects.catalog import find
from timeline_nb.effects.titles.checks import named_style
from timeline_nb.effects.titles.text_place import TextPlace, text_place
from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timeline.model import Clip, Effect, Keyframe, Subtitle, Timeline
from timeline_nb.timeline.queries import find as place_of
from timeline_nb.widgets import stage_requests as ask

__all__ = ["LABELS", "commands_for", "moves_by_style", "text_of"]

# The labels of the steps.
LABELS: Final[dict[type[ask.ChangeOnPicture], str]] = {
    ask.PlaceOnPictureRequest: Message("place"),
    ask.CropRequest: Message("crop"),
    ask.PinRequest: Message("corner pin"),
    ask.EditTextRequest: Message("set text"),
}
# Lengths of a text that grow with its letters, by their most.
_LENGTHS: Final = {"width": 10.0, "outline": 0.1, "box_padding": 0.5}
_PLACED: Final = {"position", "rotation_deg", "scale", "size"}


def text_of(placed: PlacedClip, size: tuple[int, int]) -> TextPlace | None:
    """Return where a title or subtitle draws its text; None for another clip.

    Raises:
        CompositionError: A font or letter is missing.
    """
    generator = placed.clip.media.generator
    if generator is None or generator.kind != "title":
        return None
    return text_place(generator, placed.own, size)


def moves_by_style(placed: PlacedClip) -> bool:
    """Return whether a text is placed by its own style, and so drawn sharp.

    A title whose place is animated moves as a whole, by the clip's transform.
    """
    generator = placed.clip.media.generator
    if generator is None or generator.kind != "title" or is_animated(placed.clip):
        return False
    return not _PLACED & set(generator.keyframes)


def commands_for(
    request: ask.ChangeOnPicture, timeline: Timeline, placed: PlacedClip
) -> list[Command]:
    """Return what a request performs on a clip that lies on the picture."""
    if isinstance(request, ask.PlaceOnPictureRequest):
        if moves_by_style(placed):
            return [_text_placed(request, timeline, placed)]
        return _placed(request, timeline, placed)
    if isinstance(request, ask.EditTextRequest):
        return [_text_edited(request, timeline, placed)]
    if isinstance(request, ask.CropRequest):
        sides = ("left", "top", "right", "bottom")
        values: dict[str, Any] = {side: getattr(request, side) for side in sides}
        return [_with_effect("crop", values, timeline, placed)]
    if isinstance(request, ask.PinRequest):
        corners = ("left_top", "right_top", "right_bottom", "left_bottom")
        values = {name: list(getattr(request, name)) for name in corners}
        return [_with_effect("perspective", values, timeline, placed)]
    raise TypeError(type(request).__name__)


def _moved(request: ask.PlaceOnPictureRequest, point: Sequence[float]) -> Any:
    """Return where a pixel of the picture comes to lie."""
    about = np.array([request.about_x, request.about_y])
    angle = math.radians(request.turn_deg)
    cos, sin = math.cos(angle), math.sin(angle)
    turn = request.factor * np.array([[cos, -sin], [sin, cos]])
    return about + turn @ (np.array(point) - about) + [request.dx, request.dy]


def _placed(
    request: ask.PlaceOnPictureRequest, timeline: Timeline, placed: PlacedClip
) -> list[Command]:
    clip, now = placed.clip, placed.transform
    point = _moved(request, placed.spot.middle) / timeline.size
    position = (round(float(point[0]), 5), round(float(point[1]), 5))
    values: dict[str, Any] = {"position": position}
    if request.factor != 1:
        values["scale"] = round(now.scale * request.factor, 5)
    if request.turn_deg:
        values["rotation_deg"] = round(now.rotation_deg + request.turn_deg, 3)
    values = {name: v for name, v in values.items() if v != getattr(now, name)}
    fixed = {name: v for name, v in values.items() if name not in clip.keyframes}
    made: list[Command] = []
    if fixed:
        transform = replace(clip.transform, **fixed)
        made.append(changing.SetClip(clip=clip.id, transform=transform))
    for name, value in values.items():
        if name in clip.keyframes:
            value = list(value) if isinstance(value, tuple) else value  # noqa: PLW2901
            keys = _with_key(clip.keyframes[name], placed.own, value)
            made.append(effects.Animate(owner=clip.id, parameter=name, keyframes=keys))
    return made


def _with_key(
    keys: Sequence[Keyframe], time: Fraction, value: Any
) -> tuple[Keyframe, ...]:
    """Return keyframes with a value at a time; an interpolation there is kept."""
    there = next(
        (key for key in keys if key.time == time), Keyframe(time=time, value=0)
    )
    others = [key for key in keys if key.time != time]
    made = [*others, replace(there, value=value)]
    return tuple(sorted(made, key=lambda key: key.time))


def _text_placed(
    request: ask.PlaceOnPictureRequest, timeline: Timeline, placed: PlacedClip
) -> Command:
    text = text_of(placed, timeline.size)
    if text is None:
        raise TimelineError(Message("{clip} has no text", clip=placed.clip.label))
    matrix: NDArray[np.float64] = placed.spot.matrix
    point = matrix[:, :2] @ text.values["position"] + matrix[:, 2]
    share = np.linalg.solve(matrix[:, :2], _moved(request, point) - matrix[:, 2])
    style: dict[str, Any] = {"position": [round(float(part), 5) for part in share]}
    if request.factor != 1:
        letters = text.values["size"]
        size = min(1.0, max(0.005, letters * request.factor))
        style["size"] = round(size, 5)
        for name, most in _LENGTHS.items():
            if text.values[name]:
                style[name] = round(min(most, text.values[name] * size / letters), 5)
    if request.turn_deg:
        angle = text.values["rotation_deg"] + request.turn_deg
        style["rotation_deg"] = round(angle, 3)
    return _restyled(timeline, placed.clip, None, style)


def _text_edited(
    request: ask.EditTextRequest, timeline: Timeline, placed: PlacedClip
) -> Command:
    if text_of(placed, timeline.size) is None:
        raise TimelineError(
            Message(
                "{clip} shows media: it has no text to edit", clip=placed.clip.label
            )
        )
    style = {} if request.style is None else named_style(request.style)
    names = ("font", "size", "bold", "italic", "underline", "color", "align")
    for name in names:
        value = getattr(request, name)
        if value is not None:
            style[name] = value
    return _restyled(timeline, placed.clip, request.text, style)


def _restyled(
    timeline: Timeline, clip: Clip, text: str | None, style: dict[str, Any]
) -> Command:
    place = place_of(timeline, clip.id)
    item = timeline.tracks[place.track].items[place.item]
    if isinstance(item, Subtitle):
        return titles.SetSubtitle(line=clip.id, text=text, style=style)
    return titles.SetTitle(clip=clip.id, text=text, style=style)


def _with_effect(
    kind: str, values: Mapping[str, Any], timeline: Timeline, placed: PlacedClip
) -> Command:
    """Return what sets the values of a clip's effect, which is added if need be."""
    clip = placed.clip
    place = place_of(timeline, clip.id)
    if isinstance(timeline.tracks[place.track].items[place.item], Subtitle):
        raise TimelineError(
            Message(
                "the subtitle {line} takes no effects: crop or pin a title",
                line=repr(clip.name),
            )
        )
    for number, effect in enumerate(clip.effects):
        if effect.kind == kind:
            return _set_effect(number, effect, values, placed)
    spec = find(kind, "picture")
    own = {n: v for n, v in values.items() if v != spec.parameters[n].default}
    # What is cut off is cut before the corners move.
    at = [n for n, effect in enumerate(clip.effects) if effect.kind == "perspective"]
    before = at[0] if at and kind == "crop" else None
    effect = Effect(kind=kind, parameters=own)
    return effects.AddEffect(owner=clip.id, effect=effect, place=before)


def _set_effect(
    number: int, effect: Effect, values: Mapping[str, Any], placed: PlacedClip
) -> Command:
    keys = {
        name: _with_key(effect.keyframes[name], placed.own, value)
        for name, value in values.items()
        if name in effect.keyframes
    }
    fixed = {name: value for name, value in values.items() if name not in keys}
    given: dict[str, Any] = {"parameters": {**effect.parameters, **fixed}}
    if keys:
        given["keyframes"] = {**effect.keyframes, **keys}
    if not effect.enabled:
        given["enabled"] = True
    return effects.SetEffect(owner=placed.clip.id, number=number, **given)
