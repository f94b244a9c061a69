"""What a plugin keeps from one call to the next: small texts, in a private file."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import msgspec
from filelock import FileLock, Timeout
from msgspec import Meta

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.private_files import private_folder, write_private
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message

__all__ = ["STORE_BYTES", "Key", "PluginStore"]

Key: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100)]
# Of all keys and texts of one plugin, as UTF-8.
STORE_BYTES: Final = 256 << 10
_MOST_KEYS: Final = 100
# Each letter of a text is at most six in JSON.
_FILE_BYTES: Final = 8 * STORE_BYTES
_LOCK_S: Final = 5.0
# As in the manifest: no path comes of an id.
_ID: Final = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)+")


@dataclass(frozen=True)
class PluginStore:
    """The texts of one plugin by key; 100 of them, and 256 KiB in all.

    They are kept under the plugin's id: another version of it finds them, and no other
    plugin does.

    Args:
        folder: Has one file for each plugin.
        plugin: The plugin's id.
    """

    folder: Path
    plugin: str

    def get(self, key: str) -> str | None:
        """Return what was kept; None if there is nothing.

        Raises:
            PluginError: It cannot be read.
        """
        return self._read().get(key)

    def put(self, key: str, text: str | None) -> None:
        """Keep a text, for good when this returns; None forgets it.

        Raises:
            PluginError: There is no room for it, or it cannot be written.
        """
        with file_errors(self._name, PluginError):
            private_folder(self.folder)
            try:
                with FileLock(f"{self._path}.lock", timeout=_LOCK_S):
                    self._change(key, text)
            except Timeout:
                raise PluginError(
                    Message("{name} is in use by another kernel", name=self._name)
                ) from None

    def forget(self) -> None:
        """Delete all that was kept.

        Raises:
            PluginError: It cannot be deleted.
        """
        with file_errors(self._name, PluginError, verb="deleted"):
            self._path.unlink(missing_ok=True)

    def _change(self, key: str, text: str | None) -> None:
        kept = self._read()
        kept.pop(key, None)
        if text is not None:
            kept[key] = text
        size = sum(len(part.encode()) for item in kept.items() for part in item)
        if len(kept) > _MOST_KEYS or size > STORE_BYTES:
            raise PluginError(
                Message(
                    "it keeps at most {most_keys} texts of {store_bytes} KiB together",
                    most_keys=_MOST_KEYS,
                    store_bytes=STORE_BYTES >> 10,
                )
            )
        write_private(self._path, msgspec.json.encode(kept))

    @property
    def _name(self) -> str:
        # Not the path: errors reach the plugin, and it names the person.
        return f"what {self.plugin} keeps"

    @property
    def _path(self) -> Path:
        if not _ID.fullmatch(self.plugin):
            raise PluginError(
                Message("{plugin} is no plugin's id", plugin=repr(self.plugin[:100]))
            )
        return self.folder / f"{self.plugin}.json"

    def _read(self) -> dict[str, str]:
        path = self._path
        with file_errors(self._name, PluginError, verb="read"):
            if not path.exists():
                return {}
            with path.open("rb") as file:
                data = file.read(_FILE_BYTES + 1)
        try:
            if len(data) > _FILE_BYTES:
                raise self._damaged()
            return msgspec.json.decode(data, type=dict[str, str])
        except (msgspec.MsgspecError, UnicodeError):
            raise self._damaged() from None

    def _damaged(self) -> PluginError:
        return PluginError(
            f"{self._name} is damaged: delete stores/{self.plugin}.json in the folder "
            "of plugins"
        )
