"""The plugins of a person: installed, granted, started and called."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.forks import watch_forks
from timeline_nb.core.private_files import write_private
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.wasm_plugins.bundled import check_id, plugin_file
from timeline_nb.wasm_plugins.compiled import CompiledModules
from timeline_nb.wasm_plugins.denials import Denial, Denials
from timeline_nb.wasm_plugins.dependencies import (
    Requirement,
    needs_of,
    start_order,
    unknown_plugin,
)
from timeline_nb.wasm_plugins.grants import GrantStore, check_grant
from timeline_nb.wasm_plugins.host_services import PluginCall, Services
from timeline_nb.wasm_plugins.index_file import (
    GRANTS_NAME,
    rights_state,
)
from timeline_nb.wasm_plugins.installed import (
    changing_index,
    check_module_is_free,
    installed_manifest,
    read_index,
)
from timeline_nb.wasm_plugins.levels import level_of
from timeline_nb.wasm_plugins.manifest import PluginManifest, plugin_of, read_plugin
from timeline_nb.wasm_plugins.network import Authorize
from timeline_nb.wasm_plugins.permissions import Permission, missing, parse_permission
from timeline_nb.wasm_plugins.plugin import Plugin
from timeline_nb.wasm_plugins.plugin_events import PluginEvents
from timeline_nb.wasm_plugins.plugin_store import PluginStore
from timeline_nb.wasm_plugins.running import Rights, RunningPlugins
from timeline_nb.wasm_plugins.signals import PluginSignals
from timeline_nb.wasm_plugins.worker_effects import WorkerEffects, WorkerPlugin

__all__ = ["InstalledPlugin", "Plugins"]


@dataclass(frozen=True)
class InstalledPlugin:
    """A plugin that is installed.

    Args:
        manifest: What it states.
        granted: What it may do.
        missing: What it asks for and was not granted.
        level: The name of its limits.
        state: What it does now.
        requires: The plugins that it calls, installed or not.
    """

    manifest: PluginManifest
    granted: tuple[Permission, ...]
    missing: tuple[Permission, ...]
    level: str
    state: str
    requires: tuple[Requirement, ...] = ()


class Plugins:
    """Plugins in a folder, and those of them that run.

    Args:
        folder: Keeps modules, manifests and what was granted.
        cache_folder: Keeps compiled code.
        authorise: Signs requests for the person's accounts: takes an account and a
            host, and returns headers. It refuses hosts that are not the account's.
        signals: Emit what a person sees of plugins; new ones if not given.
        taken: Returns whether a plugin of another kind has an id.
        changed: Called when a plugin was installed, replaced or removed.

    Attributes:
        events: Sends events of a studio to the plugins that ask for them.
    """

    def __init__(  # noqa: PLR0913 - all that it is wired to
        self,
        folder: Path,
        cache_folder: Path,
        *,
        authorise: Authorize | None = None,
        signals: PluginSignals | None = None,
        taken: Callable[[str], bool] = lambda _: False,
        changed: Callable[[], object] | None = None,
    ) -> None:
        self.signals = signals or PluginSignals()
        self.events = PluginEvents(self.manifests, self.plugin)
        self.folder = folder
        self._compiled = CompiledModules(cache_folder, folder / "cache.key")
        self._grants = GrantStore(folder / GRANTS_NAME)
        self._denials = Denials(self.signals.refused.emit)
        self._taken = taken
        self._services = Services(
            authorise=authorise,
            message=self.signals.say,
            panel=self.signals.panel.emit,
            call=self._call_from,
            store=self._store_of,
        )
        self._changed = changed or (lambda: None)
        self._running = RunningPlugins(
            lambda: rights_state(folder), self._rights, self._made
        )
        watch_forks(self._running)

    def install(self, path: Path | str, grant: Iterable[str] = ()) -> InstalledPlugin:
        """Copy a plugin to the folder of plugins, in place of one of the same id.

        Nothing of it runs. It is compiled, in a process of its own. What was granted to
        another module of its id is not granted to this one.

        Args:
            path: Its `.wasm` file, or the name of one that comes with the package.
            grant: Permissions, such as `network:*.example.com`.

        Raises:
            PluginError: It is none, it did not ask for one of the permissions, or it
                cannot be compiled.
        """
        file = read_plugin(plugin_file(path))
        manifest = file.manifest
        check_id(manifest.id, file.wasm)
        self._check_free(manifest)
        wanted = tuple(map(parse_permission, grant))
        for one in wanted:
            check_grant(manifest, one)
        self._compiled.code_of(file.wasm, manifest.sha256, manifest.id)
        with changing_index(self.folder) as index:
            check_module_is_free(manifest, index)
            with file_errors(self.folder, PluginError):
                write_private(self._path(manifest.sha256, "wasm"), file.wasm)
                data = msgspec.json.encode(manifest)
                write_private(self._path(manifest.sha256, "json"), data)
            old, index[manifest.id] = index.get(manifest.id), manifest.sha256
        if wanted:
            self._grants.add(manifest, wanted)
        self._running.end(manifest.id)
        if old and old != manifest.sha256:
            self._delete(old)
        self._changed()
        self._tell(manifest.id)
        return self.installed(manifest.id)

    def _check_free(self, manifest: PluginManifest) -> None:
        """Refuse a plugin that has the id of a Python plugin."""
        if self._taken(manifest.id):
            raise PluginError(
                Message(
                    "a Python plugin that is enabled has the id {id}, too: "
                    "tl.plugins.disable({id}), or leave this one out",
                    id=repr(manifest.id),
                )
            )

    def remove(self, name: str) -> None:
        """Stop a plugin, and delete it with what it kept and was granted.

        Raises:
            PluginError: There is no such plugin.
        """
        # Its manifest may be damaged.
        sha256 = self._hash_of(name)
        self._running.end(name)
        with changing_index(self.folder) as index:
            index.pop(name, None)
        self._delete(sha256)
        self._store_of(name).forget()
        self._changed()
        self._tell(name)

    def grant(self, name: str, *permissions: str) -> InstalledPlugin:
        """Grant a plugin what it asks for, or part of it; it begins anew.

        Args:
            name: Its id.
            permissions: Such as `read:/home/ada/films`.

        Raises:
            PluginError: There is no such plugin, or it did not ask for that.
        """
        self._grants.add(self.manifest(name), map(parse_permission, permissions))
        self._running.end(name)
        self._tell(name)
        return self.installed(name)

    def revoke(self, name: str, *permissions: str) -> InstalledPlugin:
        """Take permissions back; the plugin is stopped, and begins anew.

        Raises:
            PluginError: There is no such plugin, or it was not granted one of them.
        """
        self._grants.take(self.manifest(name), map(parse_permission, permissions))
        self._running.end(name)
        self._tell(name)
        return self.installed(name)

    def manifests(self, name: str = "") -> dict[str, PluginManifest]:
        """Return the manifests of all plugins by id, or of one, if it is installed.

        Raises:
            PluginError: A file of the folder cannot be read.
        """
        index = self._index()
        chosen = {one: sha for one, sha in index.items() if name in {"", one}}
        return {one: self._read(one, sha) for one, sha in chosen.items()}

    def manifest(self, name: str) -> PluginManifest:
        """Return the manifest of a plugin.

        Raises:
            PluginError: There is no such plugin.
        """
        while True:
            sha256 = self._hash_of(name)
            try:
                return self._read(name, sha256)
            except PluginError:
                if self._hash_of(name) == sha256:
                    raise
                # Another process replaced it between the two files.

    def _hash_of(self, name: str) -> str:
        index = self._index()
        if name not in index:
            raise unknown_plugin(name, index)
        return index[name]

    def installed(self, name: str) -> InstalledPlugin:
        """Return what is known of a plugin.

        Raises:
            PluginError: There is no such plugin.
        """
        manifest = self.manifest(name)
        granted = self._grants.of(manifest.sha256)
        return InstalledPlugin(
            manifest,
            granted,
            tuple(missing(manifest.asked, granted)),
            level_of(granted),
            self._running.state_of(name),
            needs_of(manifest, self._version_of),
        )

    def _version_of(self, name: str) -> str | None:
        found = self.manifests(name)
        return found[name].version if found else None

    def all(self) -> list[InstalledPlugin]:
        """Return what is known of all plugins, by id.

        Raises:
            PluginError: A file of the folder cannot be read.
        """
        return [self.installed(name) for name in sorted(self._index())]

    def plugin(self, name: str) -> Plugin:
        """Return a plugin that runs, or begins to run when it is called.

        Raises:
            PluginError: There is no such plugin, or what it requires is missing.
        """
        return self._running.plugin(name)

    def _rights(self, name: str) -> Rights:
        manifest = self.manifest(name)
        if manifest.requires:
            start_order([name], self.manifests())
        return manifest, self._grants.of(manifest.sha256)

    def _made(
        self, manifest: PluginManifest, granted: tuple[Permission, ...]
    ) -> Plugin:
        return Plugin(
            manifest,
            lambda: self._code_of(manifest),
            granted,
            services=self._services,
            denials=self._denials,
        )

    def call(
        self,
        name: str,
        command: str,
        args: Mapping[str, Any] | None = None,
        *,
        check: Callable[[], object] | None = None,
    ) -> dict[str, Any]:
        """Run a command of a plugin and return its result.

        Args:
            name: The plugin's id.
            command: One of its commands.
            args: As the command's schema has them.
            check: Called several times a second meanwhile; what it raises ends the
                command.

        Raises:
            PluginError: There is no such plugin or command, or it failed.
        """
        if check is None:
            return self.plugin(name).call(command, args)
        others = check

        def check_rights() -> None:
            others()
            # Another process may have revoked them: it is stopped then.
            self.plugin(name)

        return self.plugin(name).call(command, args, check=check_rights)

    def _call_from(self, call: PluginCall) -> tuple[dict[str, Any], float]:
        return self.plugin(call.id).call_from(call)

    def _store_of(self, name: str) -> PluginStore:
        return PluginStore(self.folder / "stores", name)

    def denials(self, name: str | None = None) -> list[Denial]:
        """Return what plugins asked for and were refused, the last one last."""
        return self._denials.all(name)

    def close(self) -> None:
        """Stop all plugins."""
        self._running.end_all()

    def _tell(self, name: str) -> None:
        self.events.forget()
        self.signals.changed.emit(name)

    def end_replaced(self, manifests: Mapping[str, PluginManifest]) -> None:
        """Stop plugins that another process replaced or removed.

        Args:
            manifests: Those that are installed, by id.
        """
        self._running.end_replaced(manifests)

    def for_workers(self, names: Iterable[str]) -> WorkerEffects:
        """Return the effects of some plugins, to be sent to another process.

        Raises:
            PluginError: There is no such plugin, or its module cannot be read.
        """
        return WorkerEffects(tuple(map(self._for_worker, names)))

    def _for_worker(self, name: str) -> WorkerPlugin:
        manifest = self.manifest(name)
        path = self._path(manifest.sha256, "wasm")
        with file_errors(path, PluginError, verb="read"):
            wasm = path.read_bytes()
        level = level_of(self._grants.of(manifest.sha256))
        compiled = self._compiled
        stated = msgspec.json.encode(manifest)
        return WorkerPlugin(stated, wasm, level, compiled.folder, compiled.key_path)

    def _code_of(self, manifest: PluginManifest) -> bytes:
        """Return the compiled code of a module that is still the one installed."""
        path = self._path(manifest.sha256, "wasm")
        with file_errors(path, PluginError, verb="read"):
            wasm = path.read_bytes()
        try:
            file = plugin_of(wasm, msgspec.json.encode(manifest))
        except PluginError as error:
            raise PluginError(
                f"{path} was changed ({error}): install {manifest.id} again"
            ) from error
        return self._compiled.code_of(file.wasm, manifest.sha256, manifest.id)

    def _path(self, sha256: str, suffix: str) -> Path:
        return self.folder / f"{sha256}.{suffix}"

    def _read(self, name: str, sha256: str) -> PluginManifest:
        return installed_manifest(self.folder, name, sha256)

    def _index(self) -> dict[str, str]:
        return read_index(self.folder)

    def _delete(self, sha256: str) -> None:
        with changing_index(self.folder) as index:
            if sha256 in index.values():
                return  # Another process installed it meanwhile.
            self._grants.forget(sha256)
            with file_errors(self.folder, PluginError, verb="deleted"):
                for suffix in ("wasm", "json"):
                    self._path(sha256, suffix).unlink(missing_ok=True)
