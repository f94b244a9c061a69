"""Requests of the inspector and the effects browser."""

from typing import Annotated, ClassVar, Literal, TypeAlias

from msgspec import Meta

from timeline_nb.timeline.choices import Interpolation
from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.bounds import (
    Count,
    ItemIds,
    Name,
    Seconds,
    SizePx,
)
from timeline_nb.widgets.effect_answers import ComparePicture
from timeline_nb.widgets.request import Request
from timeline_nb.widgets.values import Value

__all__ = [
    "AddEffectRequest",
    "AddGeneratorRequest",
    "ChangeEffectRequest",
    "CompareRequest",
    "EaseKeyframeRequest",
    "KeyframeClipRequest",
    "KeyframeEffectRequest",
    "ListLutsRequest",
    "MoveEffectRequest",
    "PasteAttributesRequest",
    "RemoveEffectRequest",
    "SamplesRequest",
    "SetFavoriteRequest",
    "SetTransitionRequest",
]

# Numbers of an owner's effects.
EffectNumbers: TypeAlias = Annotated[list[Count], Meta(max_length=1000)]
# What is in sight of the browser at once.
Kinds: TypeAlias = Annotated[list[Name], Meta(max_length=200)]
Attribute: TypeAlias = Literal["transform", "sound", "fades", "speed"]


class AddEffectRequest(Request, frozen=True, kw_only=True, tag="addEffect"):
    """Add an effect to clips, or to the timeline if `owners` is empty."""

    owners: ItemIds
    effect: Name


class RemoveEffectRequest(Request, frozen=True, kw_only=True, tag="removeEffect"):
    """Remove an effect."""

    owner: Name
    number: Count


class MoveEffectRequest(Request, frozen=True, kw_only=True, tag="moveEffect"):
    """Move an effect to another place among those of its owner."""

    owner: Name
    number: Count
    place: Count


class ChangeEffectRequest(Request, frozen=True, kw_only=True, tag="changeEffect"):
    """Enable or disable an effect, or set or reset one of its parameters.

    Without a parameter, `reset` sets all of them to their defaults.
    """

    owner: Name
    number: Count
    enabled: bool | None = None
    parameter: Name | None = None
    value: Value | None = None
    reset: bool = False


class KeyframeEffectRequest(Request, frozen=True, kw_only=True, tag="keyframeEffect"):
    """Add a keyframe of a parameter at a timeline time, or remove the one there.

    If `clear`, all are removed, and the parameter keeps its value at that time.
    """

    owner: Name
    number: Count
    parameter: Name
    at_s: Seconds
    clear: bool = False


class EaseKeyframeRequest(Request, frozen=True, kw_only=True, tag="easeKeyframe"):
    """Set the interpolation from a keyframe to the next one.

    A clip's own parameter if `number` is missing.
    """

    owner: Name
    number: Count | None = None
    parameter: Name
    at_s: Seconds
    interpolation: Interpolation


class KeyframeClipRequest(Request, frozen=True, kw_only=True, tag="keyframeClip"):
    """Add a keyframe of a clip's own parameter, or remove the one there; or all."""

    item: Name
    parameter: Name
    at_s: Seconds
    clear: bool = False


class SetTransitionRequest(Request, frozen=True, kw_only=True, tag="setTransition"):
    """Set the transition before a clip; remove it if `transition` is empty."""

    item: Name
    transition: Name
    duration_s: Seconds = 1.0
    parameter: Name | None = None
    value: Value | None = None


class AddGeneratorRequest(Request, frozen=True, kw_only=True, tag="addGenerator"):
    """Add a title, a generator, an adjustment layer or a template."""

    made: Name
    at_s: Seconds


class PasteAttributesRequest(Request, frozen=True, kw_only=True, tag="pasteAttributes"):
    """Give other clips the chosen effects and settings of a clip."""

    source: Name
    items: ItemIds
    effects: EffectNumbers
    attributes: Annotated[list[Attribute], Meta(max_length=8)]


class SamplesRequest(Request, frozen=True, kw_only=True, tag="askSamples"):
    """Send what kinds make of a clip's frame; replaces the request before.

    Args:
        kinds: `medium:kind`, or `lut:path`.
        item: The clip; a stand-in picture if it is empty.
        at_s: The timeline second of the frame.
    """

    kinds: Kinds
    item: Name
    at_s: Seconds


class SetFavoriteRequest(Request, frozen=True, kw_only=True, tag="setFavorite"):
    """Add a kind, as `medium:kind`, to this person's favorites, or remove it."""

    kind_name: Name
    is_favorite: bool


class ListLutsRequest(Request, frozen=True, kw_only=True, tag="listLuts"):
    """Look for LUT files below the roots; `luts` answers come as they are found."""


class CompareRequest(Request, frozen=True, kw_only=True, tag="compare"):
    """Send the edit's picture at a time without an owner's effects, or one of them."""

    answered_by: ClassVar[type[Answer]] = ComparePicture

    owner: Name
    number: Count | None = None
    at_s: Seconds
    width_px: SizePx
