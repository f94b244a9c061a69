"""Scanning a folder for media in a notebook."""

from pathlib import Path

from timeline_nb.core.jobs import Reporter
from timeline_nb.media.events import post_imported
from timeline_nb.media.scan import ScanReport
from timeline_nb.media.scan import scan as scan_folder
from timeline_nb.notebook.naming import allow_folder
from timeline_nb.notebook.progress import finish
from timeline_nb.studio import Studio, default_studio

__all__ = ["scan"]


def scan(
    folder: Path | str, *, workers: int = 4, studio: Studio | None = None
) -> ScanReport:
    """Probe every media file below a folder, with a progress bar.

    Args:
        folder: Searched with all its subfolders.
        workers: Files read at once.
        studio: Whose caches and threads to use; the notebook's own if not given.

    Returns:
        The media found, and each problem with its file.

    Example:
        >>> report = tl.scan(".")
        >>> any(info.path.endswith("bikes.mp4") for info in report.media)
        True
        >>> report.problems
        ()
    """
    studio = studio or default_studio()
    allow_folder(studio, folder)

    def work(reporter: Reporter) -> ScanReport:
        found = scan_folder(
            Path(folder), library=studio.library, workers=workers, reporter=reporter
        )
        post_imported(studio.events, found.media)
        return found

    return finish(lambda: studio.start(f"scan {Path(folder).name}", work))
