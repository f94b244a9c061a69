"""A cache folder for one render, where the usual one cannot be written."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from timeline_nb.core.app_dirs import cache_refusal
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.partials import partial_folder, sweep
from timeline_nb.errors import RenderError
from timeline_nb.segments.scheduler import RENDERS
from timeline_nb.segments.store import SegmentStore

__all__ = ["writable_cache"]


@contextmanager
def writable_cache(
    cache: Path, store: SegmentStore, film: Path
) -> Iterator[tuple[Path, SegmentStore, list[str]]]:
    """Yield a cache folder that can be written, its store, and warnings.

    Where the usual one cannot be written it is a folder beside the film: there is space
    for the film, and a cluster's workers see it. It is removed after the block.

    Args:
        cache: The usual cache folder.
        store: The usual store of segments.
        film: The film.

    Raises:
        RenderError: The film's folder cannot be written either.
    """
    with ExitStack() as stack:
        try:
            _try_writing(cache / RENDERS)
            _try_writing(store.folder)
        except OSError as error:
            outcome = "nothing of this render is kept for the next one"
            warnings = [cache_refusal(cache, error, outcome=outcome)]
            sweep(film.parent)
            with file_errors(film, RenderError):
                folder = stack.enter_context(partial_folder(film.parent, "cache"))
            cache, store = folder, SegmentStore(folder / "segments")
        else:
            warnings = []
        yield cache, store, warnings


def _try_writing(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    with partial_folder(folder, "try"):
        pass
