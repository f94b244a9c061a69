"""Find the media that a foreign file names: there, beside it, or in allowed folders."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import use_scope
from timeline_nb.compose.offline import offline_reason
from timeline_nb.compose.reference import reference_of
from timeline_nb.errors import MediaError, TimeError
from timeline_nb.interchange.addresses import path_of_address
from timeline_nb.interchange.requests import FoundMedia
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.scan import media_files
from timeline_nb.project.faults import path_fault
from timeline_nb.timebase import parse_time
from timeline_nb.timeline.model import MediaReference

__all__ = ["MediaFinder", "channels_at", "timecode_at"]

# Files whose names are looked at, of all folders; a shoot has thousands.
_MOST_FILES: Final = 20_000


class MediaFinder:
    """Finds media by the paths, addresses and names of a foreign file.

    Args:
        folder: Of the file.
        library: Opens media.
        scope: What may be read.
        check: Called several times a second meanwhile; what it raises ends the work.
    """

    def __init__(
        self,
        folder: Path,
        library: MediaLibrary,
        scope: Scope,
        check: Callable[[], None],
    ) -> None:
        self._folder, self._library = folder, library
        self._scope, self._check = scope, check
        self._known: dict[str, FoundMedia] = {}
        self._names: dict[str, list[Path]] | None = None

    def __call__(self, told: str) -> FoundMedia:
        """Return the media that a file calls so; offline if there are none."""
        if told not in self._known:
            self._known[told] = self._found(told)
        return self._known[told]

    def _found(self, told: str) -> FoundMedia:
        self._check()
        path = path_of_address(told)
        for place in self._places(path):
            if made := self._probed(str(place)):
                return made
        return FoundMedia(MediaReference(path=path))

    def _places(self, path: str) -> Iterator[Path]:
        if not path or path_fault(str(self._folder / path), self._scope):
            return
        yield self._folder / path
        name = PurePosixPath(path).name
        if not name:
            return
        yield self._folder / name
        if self._names is None:
            self._names = self._listed()
        yield from self._names.get(name.casefold(), ())

    def _probed(self, path: str) -> FoundMedia | None:
        if path_fault(path, self._scope) or offline_reason(path, self._scope):
            return None
        try:
            info = self._library.probe(path)
            reference = reference_of(info, self._library)
        except MediaError:
            return None
        start = timecode_at(path, reference.rate, self._library)
        return FoundMedia(reference, start, is_there=True)

    def _listed(self) -> dict[str, list[Path]]:
        """Return the media of the folder and of allowed ones, by name and by stem."""
        found: dict[str, list[Path]] = {}
        folders = dict.fromkeys((self._folder, *self._scope.roots))
        left = _MOST_FILES
        for folder in folders:
            with use_scope(self._scope):
                files = media_files(folder, refuse=lambda _: None, check=self._check)
                for path in islice(files, left):
                    left -= 1
                    for name in (path.name, path.stem):
                        found.setdefault(name.casefold(), []).append(path)
        return found


def timecode_at(
    path: str, rate: Fraction | None, library: MediaLibrary
) -> Fraction | None:
    """Return the timecode of a file's first frame in seconds; None if it has none."""
    with suppress(MediaError, TimeError):
        told = library.probe(path).tags.get("timecode")
        return parse_time(told, rate) if told and rate else None
    return None


def channels_at(path: str, library: MediaLibrary) -> int:
    """Return how many channels a file's first sound has; 0 if that is not known."""
    with suppress(MediaError):
        sounds = library.probe(path).audio
        return sounds[0].channels if sounds else 0
    return 0
