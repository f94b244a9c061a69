"""Choose which plugin reads a file as an edit, or writes an edit to a file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final, TypeVar

from timeline_nb.core.offers import Offers, Source
from timeline_nb.errors import ProjectError
from timeline_nb.timeline.formats import Exporter, Importer

__all__ = ["Formats"]

F = TypeVar("F", Importer, Exporter)


class Formats:
    """Importers and exporters of plugins, by the suffixes of files.

    Args:
        importers: Who reads files, a source for each kind of plugin.
        exporters: Who writes them.
    """

    def __init__(
        self,
        importers: Iterable[Source[Importer]],
        exporters: Iterable[Source[Exporter]],
    ) -> None:
        self.importers: Final = Offers[Importer]("importer", *importers)
        self.exporters: Final = Offers[Exporter]("exporter", *exporters)

    def importer(self, path: Path, name: str | None = None) -> Importer | None:
        """Return who reads a file; None if nobody states its suffix.

        Args:
            path: The file.
            name: Of an importer, whatever the file's suffix.

        Raises:
            PluginError: There is no importer of that name.
            ProjectError: Several read such files, and none was named.
        """
        if name is not None:
            return self.importers.named(name)
        return _chosen(path, self.importers.all())

    def exporter(self, path: Path, name: str | None = None) -> Exporter | None:
        """Return who writes a file; None if nobody states its suffix.

        Args:
            path: The file.
            name: Of an exporter, whatever the file's suffix.

        Raises:
            PluginError: There is no exporter of that name.
            ProjectError: Several write such files, and none was named.
        """
        if name is not None:
            return self.exporters.named(name)
        return _chosen(path, self.exporters.all())


def _chosen(path: Path, known: list[F]) -> F | None:
    suffix = path.suffix.lower()
    found = [one for one in known if suffix in one.suffixes]
    if len(found) > 1:
        names = " and ".join(one.name for one in found)
        raise ProjectError(
            f"{path.name}: {names} are for {suffix} files: name one of them, as "
            f"format={found[0].name!r}"
        )
    return found[0] if found else None
