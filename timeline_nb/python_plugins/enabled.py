"""Which plugins a person enabled, on disk: those of one package, in one folder."""

from pathlib import Path
from typing import Annotated

import msgspec
from filelock import FileLock

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.private_files import private_folder, write_private
from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message

__all__ = ["EnabledPlugin", "EnabledStore"]

_Word = Annotated[str, msgspec.Meta(max_length=10_000)]


class EnabledPlugin(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What a person enabled.

    Another package that has a plugin of the same name is not enabled, and neither is
    code in another folder: a folder in which a notebook lies may hold packages, too. A
    new version of the package is, as it is installed by the person.

    Args:
        package: The distribution that brings the plugin.
        folder: That its code was imported from.
        version: The distribution's, at that time.
        silent: The `contents` of an installation that was loaded and listens to no
            events; it is not loaded for them.
    """

    package: _Word
    folder: _Word
    version: _Word
    silent: _Word = ""


class EnabledStore:
    """Keeps what was enabled, by the plugins' names.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> dict[str, EnabledPlugin]:
        """Return what is enabled.

        Raises:
            PluginError: The file cannot be read.
        """
        with file_errors(self._path, PluginError, verb="read"):
            try:
                data = self._path.read_bytes()
            except FileNotFoundError:
                return {}
        try:
            return msgspec.json.decode(data, type=dict[_Word, EnabledPlugin])
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise PluginError(
                Message(
                    "{path} is damaged ({error}): delete it, and enable again",
                    path=self._path,
                    error=error,
                )
            ) from error

    def note_silent(self, name: str, contents: str) -> None:
        """Note that an installation of an enabled plugin listens to no events."""
        one = self.all().get(name)
        if one is not None and one.silent != contents:
            self.keep(name, msgspec.structs.replace(one, silent=contents))

    def keep(self, name: str, plugin: EnabledPlugin | None) -> None:
        """Enable a plugin, or disable it if None.

        Raises:
            PluginError: The file cannot be read or written.
        """
        with file_errors(self._path, PluginError):
            private_folder(self._path.parent)
            with FileLock(f"{self._path}.lock"):
                known = self.all()
                known.pop(name, None)
                if plugin is not None:
                    known[name] = plugin
                data = msgspec.json.encode(dict(sorted(known.items())))
                write_private(self._path, data)
