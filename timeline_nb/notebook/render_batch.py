"""Render one film for each row of a table, of a template: an edit or a function."""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec

from timeline_nb import __version__
from timeline_nb.core.interrupts import StartedJobs
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.core.near_names import kind_of
from timeline_nb.core.structs import to_canonical
from timeline_nb.core.worker_threads import WorkerThreads, wait_for
from timeline_nb.errors import JobCancelledError, NotebookError
from timeline_nb.notebook import output
from timeline_nb.notebook.edit import Edit
from timeline_nb.notebook.edit_template import EditTemplate
from timeline_nb.notebook.loading import load
from timeline_nb.notebook.locks import LockWish
from timeline_nb.notebook.progress import watch
from timeline_nb.render.containers import container_of
from timeline_nb.render.platforms import resolve_profile
from timeline_nb.render.profile import Profile
from timeline_nb.runs.batch import BatchResult, RowTask, check_jobs, make_all
from timeline_nb.runs.film_names import film_names
from timeline_nb.runs.finished import FinishedFilms
from timeline_nb.runs.rows import Row, rows_and_columns
from timeline_nb.studio import Studio, default_studio

if TYPE_CHECKING:
    from timeline_nb.credentials.certificate import Credentials

__all__ = ["render_batch", "start_render_batch"]

_CHECK_EVERY_S: Final = 0.2
_Template: TypeAlias = "Edit | str | os.PathLike[str] | Callable[[Row], Edit]"


def render_batch(  # noqa: PLR0913 - what is rendered, of what, where, and how
    template: _Template,
    table: Any,
    *,
    film: str = "{name}.mp4",
    to: "str | os.PathLike[str]" = ".",
    clips: Mapping[str, str] | None = None,
    subtitles: str = "",
    profile: Profile | str | None = None,
    lock: bool = False,
    credentials: "Credentials | None" = None,
    jobs: int = 1,
    again: bool = False,
    overwrite: bool = False,
    studio: Studio | None = None,
) -> BatchResult:
    """Render a film for each row of a table, and wait for all.

    A film that is there already, made of an equal edit on this machine, is kept: after
    a kill or an error, the same call makes the rest. The edit names media by their
    fingerprints, so that other media under an old name count as a change.

    Args:
        template: An edit or a project's path, or a function of a row that returns an
            edit. In an edit, `{column}` in titles and subtitles is replaced; `{{` is a
            brace itself.
        table: A DataFrame, a CSV file, or a list of dictionaries.
        film: The name of a row's film, of its columns and `{row}`, its number.
        to: The folder that the films go to.
        clips: The column with a file's path, by the name or id of the clip that shows
            it: `{"portrait": "photo"}`. An empty cell leaves the clip as it is.
        subtitles: A subtitle file a row, such as `"talk.{language}.srt"`.
        profile: As for `cut.render`.
        lock: Write a lock beside each film.
        credentials: Sign each film.
        jobs: How many films are rendered at once; each uses all cores already.
        again: Make the films anew that are there.
        overwrite: Replace films that were not written here.
        studio: Its jobs; that of the edit, or the notebook's own, if not given.

    Returns:
        What became of each row; one that failed does not end the others.

    Raises:
        NotebookError: The template, the table or a film's name cannot be used; the row
            is named. Nothing is rendered then.
        JobCancelledError: It was cancelled; what is finished is kept.

    Example:
        >>> cut.titles.add("Hello {name}", start=0, end="2s")
        >>> guests = [{"name": "Ada"}, {"name": "Bob"}]
        >>> made = tl.render_batch(cut, guests, to="films", overwrite=True)
        >>> [row.film.name for row in made.rows], made.is_whole
        (['Ada.mp4', 'Bob.mp4'], True)
    """
    # An interrupt of the cell or the command cancels the job, at any moment.
    with StartedJobs():
        job = start_render_batch(
            template,
            table,
            film=film,
            to=to,
            clips=clips,
            subtitles=subtitles,
            profile=profile,
            lock=lock,
            credentials=credentials,
            jobs=jobs,
            again=again,
            overwrite=overwrite,
            studio=studio,
        )
        return job.wait()


def start_render_batch(  # noqa: PLR0913 - as `render_batch`
    template: _Template,
    table: Any,
    *,
    film: str = "{name}.mp4",
    to: "str | os.PathLike[str]" = ".",
    clips: Mapping[str, str] | None = None,
    subtitles: str = "",
    profile: Profile | str | None = None,
    lock: bool = False,
    credentials: "Credentials | None" = None,
    jobs: int = 1,
    again: bool = False,
    overwrite: bool = False,
    studio: Studio | None = None,
) -> Job[BatchResult]:
    """Start to render a film for each row; as `render_batch`, which waits for it.

    Raises:
        NotebookError: As `render_batch`.

    Example:
        >>> cut.titles.add("Hello {name}", start=0, end="2s")
        >>> guests = [{"name": "Ada"}]
        >>> job = tl.start_render_batch(cut, guests, to="films", overwrite=True)
        >>> job.wait().is_whole
        True
    """
    count = check_jobs(jobs)
    rows, columns = rows_and_columns(table)
    named = {} if clips is None else _checked_clips(clips)
    edit_of, owner = _builder(template, named, subtitles, columns, studio)
    films = film_names(film, rows, Path(to), columns=columns)
    how = _How(resolve_profile(profile), lock, credentials, overwrite)
    for path in films:
        container_of(path)
        owner.written.check(path, NotebookError, overwrite=overwrite)

    def work(reporter: Reporter) -> BatchResult:
        # A person's function is called by one thread, a row after another.
        builder = WorkerThreads(1, "template of a batch")
        tasks = [
            RowTask(number, path, _RowRender(edit_of, row, number, path, how, builder))
            for number, (row, path) in enumerate(zip(rows, films, strict=True), 1)
        ]
        finished = FinishedFilms(owner.settings.data_dir)
        try:
            return make_all(tasks, count, finished, reporter, again=again)
        finally:
            builder.shutdown(wait=False)

    with StartedJobs():
        # It waits for the renders, which take their turns themselves.
        return watch(owner.start("batch of films", work, waits=True))


@dataclass(frozen=True)
class _How:
    """How the films of a batch are rendered."""

    profile: Profile
    lock: bool
    credentials: "Credentials | None"
    overwrite: bool


@dataclass(frozen=True)
class _RowRender:
    """The film of one row."""

    edit_of: Callable[[Row, int], Edit]
    row: Row
    number: int
    film: Path
    how: _How
    builder: WorkerThreads

    def __call__(self) -> tuple[str, Callable[[Reporter], None]]:
        """Return the hash of the row's edit, and its render."""
        built = self.builder.submit(self.edit_of, dict(self.row), self.number)
        cut = wait_for(built, lambda: None)
        if not isinstance(cut, Edit):
            raise NotebookError(
                f"row {self.number}: the template returned {kind_of(cut)}, and no edit"
            )
        how = self.how
        signer = how.credentials.name if how.credentials else ""
        facts = [__version__, to_canonical(cut.timeline), repr(how.profile), signer]
        key = hashlib.sha256(msgspec.json.encode([*facts, how.lock])).hexdigest()

        def render(reporter: Reporter) -> None:
            job = output.render(
                cut.timeline,
                cut.studio,
                self.film,
                how.profile,
                overwrite=how.overwrite,
                lock=self._wish(cut),
                credentials=how.credentials,
            )
            _wait(job, reporter)

        return key, render

    def _wish(self, cut: Edit) -> LockWish | None:
        if not self.how.lock and self.how.credentials is None:
            return None
        return LockWish(True, cut.session.origins, None)


def _wait(job: Job[Any], reporter: Reporter) -> None:
    """Wait for a render; cancel it with its batch."""
    while True:
        try:
            job.wait(_CHECK_EVERY_S)
        except TimeoutError:
            try:
                reporter.check(wait=False)
            except JobCancelledError:
                job.cancel()
                raise
        else:
            return


def _checked_clips(clips: Any) -> Mapping[str, str]:
    kind = kind_of(clips)
    if isinstance(clips, Mapping):
        named = dict(clips)
        if all(isinstance(word, str) for word in (*named, *named.values())):
            return named
        kind = "a mapping of other things than names"
    raise NotebookError(
        f"clips is {kind}: give the column with the media's path by the name of a "
        "clip, such as {'portrait': 'photo'}"
    )


def _builder(
    template: Any,
    clips: Mapping[str, str],
    subtitles: str,
    columns: frozenset[str],
    studio: Studio | None,
) -> tuple[Callable[[Row, int], Edit], Studio]:
    """Return what makes the edit of a row and its number, and whose jobs render it."""
    if callable(template):
        if clips or subtitles:
            raise NotebookError(
                "clips= and subtitles= are for a template that is an edit: let the "
                "function replace them"
            )
        return lambda row, _: template(row), studio or default_studio()
    if isinstance(template, (str, os.PathLike)):
        template = load(Path(template), studio=studio)
    if not isinstance(template, Edit):
        raise NotebookError(
            f"the template is {kind_of(template)}: give an edit, a project's "
            "path, or a function of a row that returns an edit"
        )
    own = EditTemplate(template, clips, subtitles, columns)
    own.check()
    return own.made, studio or template.studio
