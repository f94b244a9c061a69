"""`tl.unpack`: open an edit that came with its media."""

from os import PathLike
from pathlib import Path
from typing import Any

from timeline_nb.access.use import use_scope
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import ProjectError
from timeline_nb.notebook.edit import Edit
from timeline_nb.notebook.loading import load
from timeline_nb.notebook.naming import allow_media
from timeline_nb.notebook.progress import finish
from timeline_nb.studio import Studio, default_studio

__all__ = ["unpack"]


def unpack(
    path: Path | str, folder: Path | str, *, studio: Studio | None = None
) -> Edit:
    """Unpack a zip file that `cut.pack` wrote, and open its project.

    Each file is checked by its size and hash. What would lie outside the folder, a
    link, a bomb, two names that are one on other systems: all is refused by name,
    before anything is there.

    Args:
        path: The zip file.
        folder: A new folder, or an empty one; it is allowed from then on.
        studio: Whose caches and threads; the notebook's own if not given.

    Raises:
        ProjectError: It is no pack, is damaged or hostile; or the folder cannot be
            used.

    Example:
        >>> pack = cut.pack("unpacked.zip")
        >>> again = tl.unpack("unpacked.zip", "unpacked")
        >>> again.duration
        Fraction(4, 1)
    """
    from timeline_nb.proof.unpack import unpack as unpack_to

    owner = studio or default_studio()
    given: tuple[tuple[str, Any], ...] = (("path", path), ("folder", folder))
    for name, value in given:
        if not isinstance(value, (str, PathLike)) or not str(value):
            raise ProjectError(f"{name}={value!r} is no path")
    source, target = Path(path), Path(folder)
    allow_media(owner, source)

    def work(reporter: Reporter) -> Path:
        with use_scope(owner.scope):
            return unpack_to(source, target, reporter)

    project = finish(lambda: owner.start(f"unpack {source.name}", work))
    return load(project, studio=owner)
