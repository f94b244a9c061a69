"""Send the editor's settings, and keep what is chosen in their dialog."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from timeline_nb.editor_settings import EditorSettings
from timeline_nb.i18n import LANGUAGES
from timeline_nb.studio import Studio
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.request import Request
from timeline_nb.widgets.settings_answers import SettingsView
from timeline_nb.widgets.settings_requests import (
    AskSettingsRequest,
    ChangeSettingsRequest,
    ResetSettingsRequest,
)

__all__ = ["SettingsPart"]


class SettingsPart(Part):
    """Sends the settings to each view, and after each change.

    Args:
        post: Sends an answer to the browser.
        studio: Keeps the settings.
        use_language: Shows the widget in a language.
    """

    def __init__(
        self, post: SendAnswer, studio: Studio, use_language: Callable[[str], None]
    ) -> None:
        super().__init__(post)
        self._studio = studio
        self._store = studio.editor_settings
        self._use_language = use_language

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the function that handles each request."""
        return {
            AskSettingsRequest: self._ask,
            ChangeSettingsRequest: self._change,
            ResetSettingsRequest: self._reset,
        }

    def start(self) -> None:
        """Listen to changes."""
        self._store.changed.connect(self._on_change)

    def stop(self) -> None:
        """Listen no longer."""
        self._store.changed.disconnect(self._on_change)

    def on_view_opened(self, view: str) -> None:
        """Send a new view the settings, as the file has them now."""
        self._store.refresh()
        self._turns.run(("settings", view), lambda: self._send(view))

    def _ask(self, _: AskSettingsRequest) -> SettingsView:
        self._store.refresh()
        return _view_of(self._store.now)

    def _change(self, request: ChangeSettingsRequest) -> SettingsView:
        names = EditorSettings.__struct_fields__
        fields = {name: getattr(request, name) for name in names}
        chosen = {name: value for name, value in fields.items() if value is not None}
        return _view_of(self._store.change(**chosen))

    def _reset(self, _: ResetSettingsRequest) -> SettingsView:
        return _view_of(self._store.reset())

    def _on_change(self, _: EditorSettings) -> None:
        self._use_language(self._studio.language)
        self._turns.run(("settings", ""), lambda: self._send(""))

    def _send(self, view: str) -> None:
        self._post(replace(_view_of(self._store.now), view=view))


def _view_of(settings: EditorSettings) -> SettingsView:
    return SettingsView(**msgspec.structs.asdict(settings), languages=tuple(LANGUAGES))
