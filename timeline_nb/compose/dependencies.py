"""What the pictures of a timeline depend on, beside the timeline itself."""

from collections.abc import Hashable, Iterator
from pathlib import Path

from timeline_nb.effects.catalog import catalog, source_hash_of
from timeline_nb.errors import MediaError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.timeline.model import Effect, Timeline
from timeline_nb.timeline.queries import clips, media

__all__ = ["Dependencies"]


class Dependencies:
    """The files and effects of a timeline: whether they are still what they were.

    Args:
        timeline: What is composed.
        library: Identifies media files.
    """

    def __init__(self, timeline: Timeline, library: MediaLibrary) -> None:
        self._library = library
        self._media = tuple(media(timeline))
        effects = tuple(_effects(timeline))
        self._kinds = tuple(sorted({effect.kind for effect in effects}))
        self._files = tuple(sorted(set(_files(effects))))

    def state(self) -> Hashable:
        """Return a value that changes when a file or a custom effect does."""
        return (
            tuple(map(self._fingerprint, self._media)),
            tuple(map(source_hash_of, self._kinds)),
            tuple(map(_status, self._files)),
        )

    def _fingerprint(self, path: str) -> str:
        try:
            return self._library.probe(path).fingerprint
        except MediaError:
            return ""


def _effects(timeline: Timeline) -> Iterator[Effect]:
    """Yield effects and generators of the timeline, and of those within it."""
    yield from timeline.effects
    for track in timeline.tracks:
        yield from track.effects
    for clip in clips(timeline):
        yield from clip.effects
        if clip.media.generator is not None:
            yield clip.media.generator
        if clip.media.timeline is not None:
            yield from _effects(clip.media.timeline)


def _files(effects: tuple[Effect, ...]) -> Iterator[str]:
    """Yield the files that effects read: tables, stencils."""
    named = {
        (spec.kind, name)
        for spec in catalog()
        for name, parameter in spec.parameters.items()
        if parameter.kind == "file"
    }
    for effect in effects:
        for name, value in effect.parameters.items():
            if value and (effect.kind, name) in named:
                yield str(value)


def _status(path: str) -> tuple[int, int]:
    """Return size and time of change; zeros where there is no such file."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return 0, 0
    return status.st_size, status.st_mtime_ns
