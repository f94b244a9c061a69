"""`tl.verify`: prove a film by its lock."""

from pathlib import Path
from typing import TYPE_CHECKING

from timeline_nb.access.use import use_scope
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.errors import ProjectError, TimelineNbError
from timeline_nb.notebook.compared import timeline_of
from timeline_nb.notebook.locks import plugin_facts
from timeline_nb.notebook.naming import allow_folder
from timeline_nb.notebook.progress import finish
from timeline_nb.proof.comparison import Comparison, Level, as_level
from timeline_nb.studio import Studio, default_studio

if TYPE_CHECKING:
    from timeline_nb.notebook.edit import Edit

__all__ = ["start_verify", "verify"]


def verify(  # noqa: PLR0913 - what is verified, and how
    lock: Path | str,
    edit: "Edit | None" = None,
    *,
    render: bool = False,
    level: Level = "similar",
    workers: int | None = None,
    studio: Studio | None = None,
) -> Comparison:
    """Prove a film by its lock: name what differs now, and render it again if asked.

    Files are read whole and hashed. They are looked for where they were, from the
    lock's folder on, and beside the lock.

    Args:
        lock: The file that `cut.render(..., lock=True)` wrote.
        edit: The edit as it is now, to be compared; if not given, the project that was
            rendered, if it is where it was, else the edit that is in the lock.
        render: Render the film again, from the lock and with nothing from the cache.
        level: How alike it must be then, if no byte of media, edit or profile differs:
            `bytes`; `frames`, all pictures and samples that are decoded; or `similar`,
            a peak signal-to-noise ratio of 40 dB in each picture and in the sound.
        workers: How many segments are encoded at once.
        studio: Whose caches and plugins; the notebook's own if not given.

    Returns:
        The facts, with `held`, `level`, `differing`, `missing` and `to_dataframe()`:
        `what`, `then`, `now`, `held`. A cell shows them as a table. Without the film
        beside its lock, nothing is held unless it renders the same again.

    Raises:
        ProjectError: There is no such lock, or it cannot be read.
        TimelineError: `edit` is no edit.
        RenderError: The film cannot be rendered.

    Example:
        >>> film = cut.render("proved.mp4", end="1s", lock=True).wait()
        >>> tl.verify("proved.mp4.lock").held
        True
        >>> tl.verify("proved.mp4.lock", render=True).level
        'bytes'
    """
    return finish(
        lambda: start_verify(
            lock, edit, render=render, level=level, workers=workers, studio=studio
        )
    )


def start_verify(  # noqa: PLR0913 - what is verified, and how
    lock: Path | str,
    edit: "Edit | None" = None,
    *,
    render: bool = False,
    level: Level = "similar",
    workers: int | None = None,
    studio: Studio | None = None,
) -> Job[Comparison]:
    """Start `verify` as a job, which can be awaited, watched and cancelled.

    Example:
        >>> film = cut.render("proved.mp4", end="1s", lock=True).wait()
        >>> tl.start_verify("proved.mp4.lock").wait().held
        True
    """
    from timeline_nb.proof.verify import Verification

    wanted = as_level(level)
    owner = studio or default_studio()
    try:
        path = Path(lock)
    except TypeError as error:
        raise ProjectError(f"lock={lock!r} is no path: name a lock") from error
    allow_folder(owner, path.absolute().parent)
    work = Verification(
        path=path,
        scope=owner.scope,
        library=owner.library,
        known=owner.known_projects,
        hashes=owner.hashes,
        plugins=plugin_facts(owner),
        model=lambda name: _model_digest(owner, name),
        timeline=None if edit is None else timeline_of(edit, studio=owner),
        workers=workers,
    )

    def run(reporter: Reporter) -> Comparison:
        return work.compare(reporter, render=render, wanted=wanted)

    return owner.start(f"verify {path.name}", run)


def _model_digest(studio: Studio, name: str) -> str:
    """Return the SHA-256 of a model's file, or of a plugin's detector."""
    try:
        found = studio.plugin_detector(name)
        if found is not None:
            return found.sha256
        entry = studio.models.entry(name)
    except TimelineNbError:
        return ""
    from timeline_nb.media.content_hash import content_hash
    from timeline_nb.recognition.models.manifest import manifest, model_dir

    folder = model_dir() if name == manifest().default else studio.models.folder
    try:
        # Both folders are the program's own; in a checkout one lies beside the package.
        with use_scope(None):
            return content_hash(folder / entry.file).digest
    except TimelineNbError:
        return ""
