"""Requests of the effects browser about presets."""

from typing import Annotated, ClassVar

from msgspec import Meta

from timeline_nb.effects.presets import MOST_PRESET_LETTERS
from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.bounds import Count, ItemIds, Name
from timeline_nb.widgets.effect_answers import PresetText
from timeline_nb.widgets.request import Request

__all__ = [
    "ApplyPresetRequest",
    "ExportPresetRequest",
    "ImportPresetRequest",
    "RemovePresetRequest",
    "SavePresetRequest",
]

PresetName = Annotated[str, Meta(max_length=MOST_PRESET_LETTERS)]
# The text of a preset's file; a person's grade has a few thousand letters.
PresetFileText = Annotated[str, Meta(max_length=4_000_000)]


class SavePresetRequest(Request, frozen=True, kw_only=True, tag="savePreset"):
    """Save effects of a clip by name."""

    owner: Name
    numbers: Annotated[list[Count], Meta(max_length=1000)]
    name: PresetName


class ApplyPresetRequest(Request, frozen=True, kw_only=True, tag="applyPreset"):
    """Add the effects of a preset to clips."""

    name: PresetName
    owners: ItemIds


class RemovePresetRequest(Request, frozen=True, kw_only=True, tag="removePreset"):
    """Remove a preset."""

    name: PresetName


class ExportPresetRequest(Request, frozen=True, kw_only=True, tag="exportPreset"):
    """Send the file of a preset."""

    answered_by: ClassVar[type[Answer]] = PresetText

    name: PresetName


class ImportPresetRequest(Request, frozen=True, kw_only=True, tag="importPreset"):
    """Keep the preset of a file that a person chose in the page."""

    text: PresetFileText
