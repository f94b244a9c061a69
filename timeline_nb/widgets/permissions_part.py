"""Shows what a plugin asks for, and grants or takes back what a person says."""

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.studio import Studio
from timeline_nb.wasm_plugins.denials import printable
from timeline_nb.wasm_plugins.permissions import Permission, missing
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.plugin_answers import (
    AskView,
    PermissionsView,
    RequirementView,
)
from timeline_nb.widgets.plugin_panel import refusals_of
from timeline_nb.widgets.plugin_requests import (
    AllowPermissionsRequest,
    RevokePermissionsRequest,
)
from timeline_nb.widgets.refusal import said
from timeline_nb.widgets.request import Request

if TYPE_CHECKING:
    from timeline_nb.wasm_plugins.plugins import InstalledPlugin

__all__ = ["PermissionsPart"]

_TARGETS: Final[dict[str, Literal["", "folder", "host", "address"]]] = {
    "read": "folder",
    "write": "folder",
    "network": "host",
    "local": "address",
}
_EXAMPLES: Final = {
    "folder": str(Path.home() / "films"),
    "host": "api.example.com",
    "address": "127.0.0.1:8080",
}
_MOST_LETTERS: Final = 2_000


class PermissionsPart(Part):
    """Sends a plugin and its permissions, and what it is refused, as it happens.

    Args:
        post: Sends an answer to the browser.
        studio: Whose plugin it is.
        plugin: Its id.
    """

    def __init__(self, post: SendAnswer, studio: Studio, plugin: str) -> None:
        super().__init__(post)
        self._studio, self._plugin = studio, plugin

    def handlers(self) -> dict[type[Request], Handler]:
        """Return the function that handles each request."""
        return {
            AllowPermissionsRequest: self._allow,
            RevokePermissionsRequest: self._revoke,
        }

    def start(self) -> None:
        """Connect to what plugins do."""
        signals = self._studio.plugin_signals
        signals.changed.connect(self._on_change)
        signals.refused.connect(self._on_change)

    def stop(self) -> None:
        """Disconnect from what plugins do."""
        signals = self._studio.plugin_signals
        signals.changed.disconnect(self._on_change)
        signals.refused.disconnect(self._on_change)

    def on_view_opened(self, view: str) -> None:
        """Send a new view the plugin as it is."""
        self._turns.run(("permissions", view), lambda: self._send(view))

    def _on_change(self, plugin: str) -> None:
        if plugin == self._plugin:
            self._send_all()

    def _allow(self, request: AllowPermissionsRequest) -> None:
        self._studio.plugins.grant(self._plugin, *request.permissions)

    def _revoke(self, request: RevokePermissionsRequest) -> None:
        owner, named = self._studio.plugins, request.permissions
        if not named:
            named = list(map(str, owner.installed(self._plugin).granted))
        owner.revoke(self._plugin, *named)

    def _send_all(self) -> None:
        self._turns.run(("permissions", ""), lambda: self._send(""))

    def _send(self, view: str) -> None:
        self._post(self._view(view))

    def _view(self, view: str) -> PermissionsView:
        try:
            found = self._studio.plugins.installed(self._plugin)
        except PluginError as error:
            return PermissionsView(
                plugin=self._plugin,
                name=self._plugin,
                facts="",
                about=said(error),
                asks=[],
                requires=[],
                refused=[],
                is_removed=True,
                view=view,
            )
        manifest = found.manifest
        facts = Message(
            "{id} · {license} · limits: {level} · sha256 {digest}",
            id=manifest.id,
            license=manifest.license,
            level=found.level,
            digest=f"{manifest.sha256[:12]}…",
        )
        return PermissionsView(
            plugin=manifest.id,
            name=f"{manifest.name or manifest.id} {manifest.version}",
            facts=said(facts),
            about=printable(manifest.about, _MOST_LETTERS),
            asks=[_ask_view(one, found) for one in dict.fromkeys(manifest.asked)],
            requires=[
                RequirementView(sentence=said(one.sentence), is_met=one.is_met)
                for one in found.requires
            ],
            refused=list(map(said, refusals_of(self._studio, manifest.id))),
            view=view,
        )


def _ask_view(asked: Permission, found: "InstalledPlugin") -> AskView:
    target = _TARGETS.get(asked.kind, "")
    parts = [one for one in found.granted if asked.covers(one)]
    return AskView(
        permission=str(asked),
        sentence=said(asked.sentence),
        target=target,
        example=_example(asked, target),
        is_never=asked.kind == "process",
        is_granted=not missing([asked], found.granted),
        granted=list(map(str, parts)),
    )


def _example(asked: Permission, target: str) -> str:
    """Return what a person may write, which is what it names if that can be granted."""
    if asked.target == "*" and target:
        return _EXAMPLES[target]
    if target == "address" and asked.target.endswith(":*"):
        return f"{asked.target[:-1]}8080"
    return asked.target
