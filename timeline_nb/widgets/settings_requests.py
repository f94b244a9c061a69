"""Requests of the settings dialog."""

from typing import ClassVar

from timeline_nb.editor_settings import (
    Follow,
    Keymap,
    Keys,
    LanguageCode,
    LengthText,
    Thumbnails,
    Well,
)
from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.request import Request
from timeline_nb.widgets.settings_answers import SettingsView

__all__ = ["AskSettingsRequest", "ChangeSettingsRequest", "ResetSettingsRequest"]


class AskSettingsRequest(Request, frozen=True, kw_only=True, tag="askSettings"):
    """Send the settings, as another notebook may have changed them."""

    answered_by: ClassVar[type[Answer]] = SettingsView


class ChangeSettingsRequest(Request, frozen=True, kw_only=True, tag="changeSettings"):
    """Choose settings; those that are left out stay."""

    answered_by: ClassVar[type[Answer]] = SettingsView

    keymap: Keymap | None = None
    keys: Keys | None = None
    language: LanguageCode | None = None
    snaps: bool | None = None
    transition: LengthText | None = None
    well: Well | None = None
    follow: Follow | None = None
    thumbnails: Thumbnails | None = None


class ResetSettingsRequest(Request, frozen=True, kw_only=True, tag="resetSettings"):
    """Forget all choices."""

    answered_by: ClassVar[type[Answer]] = SettingsView
