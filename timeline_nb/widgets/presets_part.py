"""Send the presets, and save, apply, remove and share them."""

from timeline_nb.commands import effects as commands
from timeline_nb.commands.session import EditSession
from timeline_nb.effects.labels import label_of
from timeline_nb.effects.presets import PresetStore, read_preset
from timeline_nb.effects.takers import takers_of
from timeline_nb.errors import TimelineError
from timeline_nb.i18n import Message
from timeline_nb.timeline.edits import effects_from_start
from timeline_nb.widgets import preset_requests as ask
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.effect_answers import PresetsView, PresetText, PresetView
from timeline_nb.widgets.request import Request

__all__ = ["PresetsPart"]


class PresetsPart(Part):
    """Sends this person's presets, and handles requests about them.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        store: The presets.
    """

    def __init__(
        self, post: SendAnswer, session: EditSession, store: PresetStore
    ) -> None:
        super().__init__(post)
        self._session, self._store = session, store

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the handlers of presets."""
        return {
            ask.SavePresetRequest: self._save,
            ask.ApplyPresetRequest: self._apply,
            ask.RemovePresetRequest: self._remove,
            ask.ExportPresetRequest: self._export,
            ask.ImportPresetRequest: self._import,
        }

    def on_view_opened(self, view: str) -> None:
        """Send a new view the presets."""
        self._send(view)

    def _send(self, view: str = "") -> None:
        def send() -> None:
            presets = [
                PresetView(
                    preset.name,
                    [label_of(effect.kind) for effect in preset.effects],
                    any(effect.keyframes for effect in preset.effects),
                )
                for preset in self._store.all()
            ]
            self._post(PresetsView(view=view, presets=presets))

        self._turns.run(("presets", view), send)

    def _save(self, request: ask.SavePresetRequest) -> None:
        timeline = self._session.timeline
        effects = effects_from_start(timeline, request.owner, request.numbers)
        self._store.save(request.name, effects)
        self._send()

    def _apply(self, request: ask.ApplyPresetRequest) -> None:
        preset = self._store.get(request.name)
        if not request.owners:
            raise TimelineError(Message("select the clips that get the preset"))
        parts = takers_of(self._session.timeline, request.owners, preset.effects)
        with self._session.group(Message("apply preset")):
            for takers, effects in parts:
                self._session.perform(
                    commands.AddEffects(owners=takers, effects=effects)
                )

    def _remove(self, request: ask.RemovePresetRequest) -> None:
        self._store.remove(request.name)
        self._send()

    def _export(self, request: ask.ExportPresetRequest) -> PresetText:
        return PresetText(text=self._store.get(request.name).to_json().decode())

    def _import(self, request: ask.ImportPresetRequest) -> None:
        self._store.add(read_preset(request.text, what="the file"))
        self._send()
