"""Shows the panels of plugins in an editor, and what plugins say."""

import logging

from timeline_nb.core.latest_queue import LatestQueue
from timeline_nb.core.locks import new_lock
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.studio import Studio
from timeline_nb.wasm_plugins.permissions import Permission
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.plugin_answers import PluginMessage, PluginPanels
from timeline_nb.widgets.plugin_panel import PluginPanel
from timeline_nb.widgets.plugin_requests import (
    CancelPanelRequest,
    PressPanelRequest,
    RefreshPanelRequest,
)
from timeline_nb.widgets.request import Request

__all__ = ["PanelsPart"]

_log = logging.getLogger(__name__)
_PANEL = Permission("ui", "panel")


class PanelsPart(Part):
    """Sends the panels of the plugins that may show one.

    Nothing of plugins is loaded while none is installed.

    Args:
        post: Sends an answer to the browser.
        studio: Whose plugins they are.
    """

    def __init__(self, post: SendAnswer, studio: Studio) -> None:
        super().__init__(post)
        self._studio = studio
        self._lock = new_lock("the panels of plugins")
        self._panels: dict[str, PluginPanel] = {}
        self._is_started = False
        self._work: LatestQueue[str, bool] = LatestQueue(
            "timeline_nb panels", lambda *_: self._list()
        )

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the function that handles each request."""
        return {
            RefreshPanelRequest: self._refresh,
            PressPanelRequest: self._press,
            CancelPanelRequest: self._cancel,
        }

    def start(self) -> None:
        """Connect to what plugins do, and look for panels."""
        self._is_started = True
        signals = self._studio.plugin_signals
        signals.changed.connect(self._on_changed)
        signals.message.connect(self._on_message)
        signals.refused.connect(self._on_refused)
        signals.panel.connect(self._on_panel)
        self._look()

    def stop(self) -> None:
        """Disconnect, and ask plugins no more; commands that run go on."""
        self._is_started = False
        signals = self._studio.plugin_signals
        signals.changed.disconnect(self._on_changed)
        signals.message.disconnect(self._on_message)
        signals.refused.disconnect(self._on_refused)
        signals.panel.disconnect(self._on_panel)
        self._work.clear()
        with self._lock:
            panels, self._panels = list(self._panels.values()), {}
        for panel in panels:
            panel.end()

    def on_view_opened(self, view: str) -> None:
        """Send a new view the panels."""
        self._turns.run(("panels", view), lambda: self._send(view))

    def _look(self) -> None:
        if self._studio.has_wasm_plugins:
            self._work.put("list", [True])

    def _on_changed(self, _: str) -> None:
        self._look()

    def _on_message(self, plugin: str, text: str) -> None:
        self._post(PluginMessage(plugin=plugin, text=text))

    def _on_refused(self, plugin: str) -> None:
        with self._lock:
            is_shown = plugin in self._panels
        if is_shown:
            self._send_all()

    def _on_panel(self, plugin: str) -> None:
        with self._lock:
            panel = self._panels.get(plugin)
        if panel is not None:
            panel.on_request()

    def _list(self) -> None:
        """Find the plugins that may show a panel; run by the queue."""
        try:
            found = {
                one.manifest.id: one.manifest
                for one in self._studio.plugins.all()
                if one.manifest.panel and _PANEL in one.granted
            }
        except PluginError as error:
            _log.warning("no panels of plugins are shown: %s", error)
            found = {}
        fresh: list[PluginPanel] = []
        with self._lock:
            if not self._is_started:
                return
            old = self._panels
            self._panels = {}
            for name, manifest in found.items():
                panel = old.pop(name, None)
                if panel is None or panel.manifest != manifest:
                    if panel is not None:
                        old[name] = panel
                    panel = PluginPanel(self._studio, manifest, self._send_all)
                fresh.append(panel)
                self._panels[name] = panel
        for panel in old.values():
            panel.end()
        for panel in fresh:
            panel.refresh()
        self._send_all()

    def _panel(self, plugin: str) -> PluginPanel:
        with self._lock:
            panel = self._panels.get(plugin)
        if panel is None:
            raise PluginError(
                Message(
                    "the plugin {plugin} shows no panel any more",
                    plugin=f"{plugin:.100}",
                )
            )
        return panel

    def _refresh(self, request: RefreshPanelRequest) -> None:
        self._panel(request.plugin).refresh(restarts=True)

    def _press(self, request: PressPanelRequest) -> None:
        panel = self._panel(request.plugin)
        panel.press(request.version, request.button, request.values)

    def _cancel(self, request: CancelPanelRequest) -> None:
        self._panel(request.plugin).cancel()

    def _send_all(self) -> None:
        self._turns.run(("panels", ""), lambda: self._send(""))

    def _send(self, view: str) -> None:
        with self._lock:
            panels = list(self._panels.values())
        self._post(PluginPanels(panels=[one.view() for one in panels], view=view))
