"""The answer with the editor's settings."""

from timeline_nb.editor_settings import Follow, Keymap, Keys, Thumbnails, Well
from timeline_nb.widgets.answer import Answer

__all__ = ["SettingsView"]


class SettingsView(Answer, frozen=True, kw_only=True, tag="settings"):
    """The settings of the editor, and the languages that it speaks."""

    keymap: Keymap
    keys: Keys
    language: str
    snaps: bool
    transition: str
    well: Well
    follow: Follow
    thumbnails: Thumbnails
    languages: tuple[str, ...]
