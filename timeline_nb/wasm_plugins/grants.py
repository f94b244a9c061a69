"""What people granted to plugins, on disk: for one module and no other of its name."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec
from filelock import FileLock

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.private_files import private_folder, write_private
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message
from timeline_nb.wasm_plugins.manifest import PluginManifest
from timeline_nb.wasm_plugins.permissions import Permission, missing, parse_permission

__all__ = ["GrantStore", "check_grant"]


def check_grant(manifest: PluginManifest, wanted: Permission) -> None:
    """Check that a plugin asked for what it is to be granted.

    Raises:
        PluginError: It did not ask for it, or nobody can grant it.
    """
    if wanted.kind == "process":
        raise PluginError(
            Message("process is never granted: a plugin starts no programs")
        )
    if wanted.kind in {"read", "write"} and wanted.target == "*":
        raise PluginError(
            Message(
                "name a folder, such as {kind}:{home}/films",
                kind=wanted.kind,
                home=Path.home(),
            )
        )
    if wanted.kind == "local" and "*" in wanted.target:
        raise PluginError(
            Message("name a host and a port, such as local:127.0.0.1:8080")
        )
    if missing([wanted], manifest.asked):
        asked = ", ".join(manifest.permissions) or Message("nothing")
        raise PluginError(
            Message(
                "the plugin {id} does not ask for {wanted}; it asks for {asked}",
                id=manifest.id,
                wanted=wanted,
                asked=asked,
            )
        )


def _check_granted(
    name: str, unwanted: Permission, granted: tuple[Permission, ...]
) -> None:
    """Refuse to take back what was not granted: who does so believes that it was."""
    if any(unwanted.covers(one) for one in granted):
        return
    wider = [one for one in granted if one.covers(unwanted)]
    if wider:
        raise PluginError(
            Message(
                "{name} may do {unwanted}, since it was granted {wider}: take "
                "that back, and grant what it may keep",
                name=name,
                unwanted=unwanted,
                wider=wider[0],
            )
        )
    has = ", ".join(map(str, granted)) or Message("nothing")
    raise PluginError(
        Message(
            "{name} was not granted {unwanted}; it was granted {has}",
            name=name,
            unwanted=unwanted,
            has=has,
        )
    )


@dataclass(frozen=True)
class GrantStore:
    """Keeps the permissions of each plugin under its module's hash.

    Args:
        path: The file.
    """

    path: Path

    def of(self, sha256: str) -> tuple[Permission, ...]:
        """Return what was granted to a module.

        Raises:
            PluginError: The file cannot be read.
        """
        return tuple(map(parse_permission, self._read().get(sha256, ())))

    def add(self, manifest: PluginManifest, wanted: Iterable[Permission]) -> None:
        """Grant permissions.

        Raises:
            PluginError: The plugin did not ask for one, or the file cannot be written.
        """
        wanted = tuple(wanted)
        for one in wanted:
            check_grant(manifest, one)
        self._change(manifest.sha256, wanted, ())

    def take(self, manifest: PluginManifest, unwanted: Iterable[Permission]) -> None:
        """Take permissions back, and those that they cover.

        Raises:
            PluginError: The plugin has none that one of them covers, or the file
                cannot be written.
        """
        self._change(manifest.sha256, (), tuple(unwanted), name=manifest.id)

    def forget(self, sha256: str) -> None:
        """Take all permissions of a module back.

        Raises:
            PluginError: The file cannot be written.
        """
        self._change(sha256, (), None)

    def _change(
        self,
        sha256: str,
        more: tuple[Permission, ...],
        less: tuple[Permission, ...] | None,
        *,
        name: str = "",
    ) -> None:
        with file_errors(self.path, PluginError):
            private_folder(self.path.parent)
            with FileLock(f"{self.path}.lock"):
                grants = self._read()
                old = tuple(map(parse_permission, grants.pop(sha256, ())))
                for one in less or ():
                    _check_granted(name, one, old)
                kept = [
                    str(one)
                    for one in (*old, *more)
                    if less is not None and not any(two.covers(one) for two in less)
                ]
                if kept:
                    grants[sha256] = list(dict.fromkeys(kept))
                write_private(self.path, msgspec.json.encode(grants))

    def _read(self) -> dict[str, list[str]]:
        try:
            with file_errors(self.path, PluginError, verb="read"):
                data = self.path.read_bytes() if self.path.exists() else b"{}"
            return msgspec.json.decode(data, type=dict[str, list[str]])
        except msgspec.MsgspecError as error:
            raise PluginError(
                Message(
                    "{path} is damaged ({error}): delete it, and grant again",
                    path=self.path,
                    error=error,
                )
            ) from error
