"""Send the editor's settings, and keep what is chosen in their dialog."""

import msgspec
from msgspec.structs import replace

from timeline_nb.editor_settings import EditorSettings, EditorSettingsStore
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
        store: Keeps the settings.
    """

    def __init__(self, post: SendAnswer, store: EditorSettingsStore) -> None:
        super().__init__(post)
        self._store = store

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
        self._turns.run(("settings", ""), lambda: self._send(""))

    def _send(self, view: str) -> None:
        self._post(replace(_view_of(self._store.now), view=view))


def _view_of(settings: EditorSettings) -> SettingsView:
    return SettingsView(**msgspec.structs.asdict(settings))
