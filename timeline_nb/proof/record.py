"""Write the lock of a film that is being rendered."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import msgspec
from msgspec import structs

from timeline_nb.access.use import use_scope
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.jobs import Reporter
from timeline_nb.core.origins import Origin
from timeline_nb.core.output_names import output_path
from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.errors import MediaError, RenderError
from timeline_nb.media.content_hash import content_hash
from timeline_nb.media.hash_index import HashIndex
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.sequence import is_pattern
from timeline_nb.project.known import KnownProjects
from timeline_nb.proof.decoded import decoded_facts
from timeline_nb.proof.environment import (
    code_facts,
    library_facts,
    machine_facts,
    package_facts,
)
from timeline_nb.proof.film import film_fact
from timeline_nb.proof.inputs import (
    EditInputs,
    digest_of,
    effect_facts,
    find_inputs,
    numbered,
    numbers_of,
    portable,
)
from timeline_nb.proof.lock import SUFFIX, DecodedFact, Lock, NotebookFact, lock_text
from timeline_nb.proof.plan_facts import plan_facts
from timeline_nb.proof.profile_facts import profile_facts
from timeline_nb.render.place import check_place
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.render.result import RenderResult, RenderWork
from timeline_nb.timeline.edits.trim_range import trim_range
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import duration

__all__ = ["LockRequest", "lock_path"]


def lock_path(
    lock: object,
    film: Path,
    timeline: Timeline,
    written: WrittenFiles,
    *,
    overwrite: bool,
) -> Path:
    """Return the path of a film's lock, which may be written there.

    Args:
        lock: A path, or True for `film.mp4.lock` beside `film.mp4`.
        film: The film.
        timeline: The edit, whose files are not written over.
        written: Knows what was written here.
        overwrite: Replace a file that was not written here.

    Raises:
        RenderError: It is no path of a file, the film's own or a source's, or another
            program's file is there; or the film is a sequence of pictures.
    """
    if is_pattern(film):
        raise RenderError(
            f"{film} is a sequence of pictures: a lock is of one file, so render a "
            "film, such as film.mkv with video='ffv1'"
        )
    path = film.with_name(film.name + SUFFIX) if lock is True else lock
    target = output_path(
        path, RenderError, what="the lock, such as 'film.lock'", field="lock"
    )
    if target.absolute() == film.absolute():
        raise RenderError(f"lock={str(target)!r} is the film's own name: name another")
    check_place(target, timeline)
    written.check(target, RenderError, overwrite=overwrite)
    return target


@dataclass(frozen=True, kw_only=True)
class LockRequest:
    """A lock that is to be written, and what it says of the film beside its bytes.

    Args:
        path: Of the lock, as `lock_path` returns it.
        known: Keeps what the lock's files are, to be read again.
        hashes: Learns what the files hold.
        timeline: What is rendered.
        film: Where to.
        profile: What it is encoded as.
        span: The edit's seconds at which it begins and ends; None where not given.
        origins: What the steps of the edit have read.
        project: The edit's file; None of an edit that was never saved.
        library: Decodes the media, whose hashes the lock holds, too; None without.
        plugins: Returns the version and digest of each plugin of some ids.
        notebook: The notebook that renders it; None without.
        overwrite: Replace a file that was not written here.
    """

    path: Path
    known: KnownProjects
    hashes: HashIndex
    timeline: Timeline
    film: Path
    profile: Profile
    span: tuple[Fraction | None, Fraction | None] = (None, None)
    origins: tuple[Origin, ...] = ()
    project: Path | None = None
    library: MediaLibrary | None = None
    plugins: Callable[[list[str]], dict[str, str]] = field(default=lambda _: {})
    notebook: NotebookFact | None = None
    overwrite: bool = False

    def wrap(
        self, renderer: Renderer, written: WrittenFiles, work: RenderWork
    ) -> RenderWork:
        """Return a render that writes the lock, too.

        The files are read before it begins, and must be the same when it ends. The
        film is read as the render leaves it, before anything else changes it.

        Raises:
            RenderError: A file changed meanwhile, or the lock cannot be written; the
                film is there then, and the lock is not.
        """

        def run(reporter: Reporter) -> RenderResult:
            with use_scope(renderer.scope):
                inputs = self._inputs(reporter)
            effects, plugins = effect_facts(self.timeline)
            result = work(reporter)
            reporter.report("lock", 0, None, unit="file")
            with use_scope(renderer.scope):
                decoded = self._decoded(result, reporter)
                if changed := inputs.changed():
                    raise RenderError(
                        f"{changed} changed while {self.film} was rendered: the film "
                        "is there, and has no lock; render again"
                    )
            with file_errors(self.path, RenderError):
                lock = self._lock(inputs, renderer, effects, plugins, reporter)
                plan = plan_facts(result.plan)
                lock = structs.replace(lock, plan=plan, decoded=decoded)
                data = lock_text(lock).encode()
                also = [one.path for one in self.origins if _is_as_read(one)]
                self.known.note(data, self.timeline, renderer.scope, also=also)
                written.write(self.path, data, RenderError, overwrite=self.overwrite)
            return replace(result, lock=self.path)

        return run

    def _inputs(self, reporter: Reporter) -> EditInputs:
        reporter.report("lock", 0, None, unit="file")
        folder = self.path.absolute().parent
        try:
            return find_inputs(
                self.timeline,
                self.origins,
                folder,
                reporter.check,
                hashes=self.hashes,
            )
        except MediaError as error:
            raise RenderError(
                f"a lock holds every file of the edit: {error}"
            ) from error

    def _decoded(
        self, result: RenderResult, reporter: Reporter
    ) -> tuple[DecodedFact, ...]:
        if self.library is None:
            return ()
        start, end = self.span
        shown = trim_range(
            self.timeline,
            start or Fraction(0),
            duration(self.timeline) if end is None else end,
        )
        try:
            return decoded_facts(
                shown,
                numbers_of(self.timeline),
                self.library,
                reporter,
                shows=bool(result.info.video),
                sounds=bool(result.info.audio),
            )
        except MediaError as error:
            raise RenderError(
                f"{error}: {self.film} is there, and has no lock; without "
                "lock_frames=True it gets one"
            ) from error

    def _lock(
        self,
        inputs: EditInputs,
        renderer: Renderer,
        effects: dict[str, str],
        plugins: list[str],
        reporter: Reporter,
    ) -> Lock:
        start, end = self.span
        with use_scope(renderer.scope):
            _, target = renderer.prepared(
                self.timeline, self.film, self.profile, start, end
            )
        own = self.project
        folder = self.path.absolute().parent
        return Lock(
            film=film_fact(self.film, reporter, start=start, end=end),
            edit=msgspec.Raw(numbered(self.timeline)),
            timeline=digest_of(self.timeline),
            project="" if own is None else portable(str(own), folder),
            files=inputs.files,
            effects=effects,
            plugins=self.plugins(plugins),
            profile=profile_facts(self.profile, target),
            code=code_facts(),
            packages=package_facts(),
            libraries=library_facts(),
            machine=machine_facts(),
            notebook=self.notebook,
        )


def _is_as_read(origin: Origin) -> bool:
    """Tell whether a file holds what a step of the edit has read.

    A person named it then; what a table says of itself, a stranger may have written,
    who knows no hash of what they have not seen.
    """
    if not (origin.path and origin.sha256):
        return False
    try:
        with use_scope(None):
            return content_hash(origin.path).digest == origin.sha256
    except MediaError:
        return False
