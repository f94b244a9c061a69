"""Messages to the inspector and the effects browser: catalog, effects, presets."""

import msgspec

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.refusal import Text
from timeline_nb.widgets.values import Value

__all__ = [
    "CatalogView",
    "ComparePicture",
    "EffectView",
    "EffectsView",
    "KeyView",
    "KindView",
    "LutView",
    "LutsView",
    "ParameterView",
    "PresetText",
    "PresetView",
    "PresetsView",
    "Sample",
    "TransitionView",
]


class KindView(msgspec.Struct, frozen=True, rename="camel"):
    """A kind of the catalog.

    Args:
        label: As people read it, in English; the page translates it.
        group_label: The group's.
        words: What a search looks through besides, in lower case.
        has_sample: Whether a small picture shows what it does.
    """

    kind: str
    medium: str
    group: str
    doc: str
    label: str
    group_label: str
    words: str
    has_sample: bool


class CatalogView(Answer, frozen=True, kw_only=True, tag="catalog"):
    """All effects, transitions, generators and templates.

    Args:
        kinds: They.
        favorites: Of this person, as `medium:kind`.
    """

    kinds: list[KindView]
    favorites: list[str]


class KeyView(msgspec.Struct, frozen=True, rename="camel"):
    """A keyframe: its timeline second, and the interpolation to the next one.

    Args:
        value: Of a number; 0 of anything else.
    """

    at_s: float
    interpolation: str
    value: float


class ParameterView(msgspec.Struct, frozen=True, rename="camel"):
    """A parameter: its value at the playhead, and its keyframes.

    Args:
        default: Where the effect gives no value.
        unit: As it stands in the field: `%`, `°`, `dB`.
        factor: What a value is multiplied by in the field.
        choice_labels: Of `choices`, in their order.
        keys: Its keyframes.
        curve: Values at even steps of the owner's time, of a number with keyframes.
    """

    name: str
    label: str
    type: str
    value: Value
    default: Value
    low: float
    high: float
    unit: str
    factor: float
    doc: str
    choices: list[str]
    choice_labels: list[str]
    can_be_keyed: bool
    keys: list[KeyView]
    curve: list[float]


class EffectView(msgspec.Struct, frozen=True, rename="camel"):
    """An effect; one that is not in the catalog has no parameters.

    Args:
        owner: The selected clip, or the sound linked to it.
        number: Its number in the owner's effects.
        name: Its kind.
        medium: What it changes; empty if it is not in the catalog.
        problem: Why it is not in the catalog, and what to do.
    """

    owner: str
    number: int
    name: str
    label: str
    medium: str
    enabled: bool
    parameters: list[ParameterView]
    problem: Text = ""


class TransitionView(msgspec.Struct, frozen=True, rename="camel"):
    """The cut at an edge of a clip, and its transition; a problem as for an effect.

    Args:
        item: The clip after the cut.
        name: The transition's kind; empty if there is none.
        duration_s: Its length; 0 if there is none.
    """

    item: str
    name: str
    label: str
    duration_s: float
    parameters: list[ParameterView]
    problem: Text = ""


class EffectsView(Answer, frozen=True, kw_only=True, tag="effects"):
    """The effects of the selected clip, or of the timeline if none is selected.

    Args:
        owner: The clip's id; empty for the timeline, and of several clips.
        owners: All selected clips.
        media: `picture` and `sound`: which effects they and those linked take.
        start_s: Where the owner begins on the timeline.
        duration_s: How long it lasts.
        cut_in: The cut at the clip's start; None if no clip lies there.
        cut_out: The cut at its end.
    """

    owner: str
    owners: list[str]
    media: list[str]
    start_s: float
    duration_s: float
    effects: list[EffectView]
    cut_in: TransitionView | None
    cut_out: TransitionView | None


class Sample(Answer, frozen=True, kw_only=True, tag="sample"):
    """What a kind makes of a frame, as a JPEG in the buffer.

    Args:
        kind_name: `medium:kind`, or `lut:path`.
        item: The clip whose frame it is; empty for the stand-in.
        at_s: The timeline second that was asked for.
    """

    kind_name: str
    item: str
    at_s: float


class LutView(msgspec.Struct, frozen=True, rename="camel"):
    """A LUT file below the roots."""

    path: str
    name: str


class LutsView(Answer, frozen=True, kw_only=True, tag="luts"):
    """The LUT files that were found so far."""

    luts: list[LutView]
    is_done: bool
    problem: Text = ""


class PresetView(msgspec.Struct, frozen=True, rename="camel"):
    """A preset: its name, and its effects as people read them."""

    name: str
    labels: list[str]
    has_keyframes: bool


class PresetsView(Answer, frozen=True, kw_only=True, tag="presets"):
    """The presets of this person."""

    presets: list[PresetView]


class PresetText(Answer, frozen=True, kw_only=True, tag="presetText"):
    """The text of a preset's file."""

    text: str


class ComparePicture(Answer, frozen=True, kw_only=True, tag="comparePicture"):
    """A picture as a JPEG in the buffer, and the timeline second that it shows."""

    at_s: float
