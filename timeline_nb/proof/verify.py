"""Verify a film by its lock: what differs now, and whether it renders the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Final

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import use_scope
from timeline_nb.compose.dependencies import Dependencies
from timeline_nb.compose.file_uses import with_paths
from timeline_nb.core.jobs import Reporter
from timeline_nb.effects.provided import identity_of
from timeline_nb.errors import (
    CompositionError,
    MediaError,
    ProjectError,
    TimelineNbError,
)
from timeline_nb.media.content_hash import ContentHash
from timeline_nb.media.hash_index import HashIndex
from timeline_nb.media.library import MediaLibrary
from timeline_nb.project import document
from timeline_nb.project.known import KnownProjects
from timeline_nb.proof.again import RenderedAgain, render_again
from timeline_nb.proof.comparison import Comparison, Fact, Level, compared
from timeline_nb.proof.credential_rows import credential_rows
from timeline_nb.proof.decoded import check_decoded, decoded_rows, decodes_alike
from timeline_nb.proof.environment import (
    code_facts,
    library_facts,
    machine_facts,
    package_facts,
)
from timeline_nb.proof.film import film_fact
from timeline_nb.proof.inputs import digest_of, number_of
from timeline_nb.proof.locate import Located, locate
from timeline_nb.proof.lock import FileFact, FilmFact, Lock, read_lock
from timeline_nb.proof.plan_facts import plan_rows
from timeline_nb.proof.profile_facts import profile_facts, profile_of
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.render.target import Target, resolve_target
from timeline_nb.segments.plan import Plan
from timeline_nb.timeline.model import Timeline

__all__ = ["Verification"]

_ABSENT: Final = "there is none"


@dataclass(frozen=True, kw_only=True)
class Verification:
    """A lock that is to be verified, and what it is compared with.

    Args:
        path: Of the lock.
        scope: What may be read.
        library: Opens the media.
        known: The projects and locks written here, with what they read then.
        hashes: Knows where files of some contents were seen.
        plugins: Returns the version and digest of each plugin of some ids.
        model: Returns the SHA-256 of a model that is known by name; empty if it is
            not here.
        timeline: The edit as it is now; that of the project, or of the lock, if None.
        workers: How many segments are encoded at once.
    """

    path: Path
    scope: Scope
    library: MediaLibrary
    known: KnownProjects
    hashes: HashIndex
    plugins: Callable[[list[str]], dict[str, str]]
    model: Callable[[str], str]
    timeline: Timeline | None = None
    workers: int | None = None

    def compare(self, reporter: Reporter, *, render: bool, wanted: Level) -> Comparison:
        """Compare every fact of the lock; render the film again, if that is asked.

        Args:
            reporter: Reports each step; pauses and cancels the work.
            render: Whether it is rendered again, with nothing from the cache.
            wanted: The least likeness that counts.

        Raises:
            ProjectError: There is no such lock, or it cannot be read.
            RenderError: The film cannot be rendered.
            JobCancelledError: The job was cancelled.
        """
        lock, edit = self._read()
        total = len(lock.files) + 1
        with use_scope(self.scope):
            found: list[Located] = []
            for number, fact in enumerate(lock.files):
                reporter.report("verify", number, total, unit="file")
                found.append(self._find(fact, edit, reporter))
            film = self._film(lock.film, reporter)
            reporter.report("verify", total, total, unit="file")
            here = _moved(edit, found)
            decoded = decoded_rows(lock, found, self.library, reporter)
            facts = [
                _film_row(lock.film, film, self._folder / lock.film.name),
                *credential_rows(lock.film, self._folder / lock.film.name),
                *_file_rows(lock, found, decoded),
                *decoded,
                *self._code_rows(lock),
                self._timeline_row(lock, edit),
                *self._profile_rows(lock, here),
                *plan_rows(lock.plan, self._plan(lock, here), here.rate),
                *_environment_rows(lock),
            ]
        if not render:
            return Comparison(self.path.name, facts)
        lost = next((one for one in facts[1:] if one.is_missing), None)
        if lost is not None:
            made = RenderedAgain("", f"it cannot be rendered, {lost.what} is missing")
        else:
            old = self.path.parent / lock.film.name if film is not None else None
            profile = profile_of(lock.profile, self.path.name)
            made = render_again(
                lock.film,
                here,
                profile,
                old=old,
                library=self.library,
                workers=self.workers,
                reporter=reporter,
            )
        return Comparison(
            self.path.name, facts, level=made.level, detail=made.detail, wanted=wanted
        )

    def _read(self) -> tuple[Lock, Timeline]:
        """Return the lock, and the edit in it with numbers in place of paths."""
        lock, data = read_lock(self.path)
        if Path(lock.film.name).name != lock.film.name:
            raise ProjectError(f"{self.path}: $.film.name is no name of a file")
        check_decoded(lock, str(self.path))
        self.known.allow_files(data, self.scope)
        name = f"{self.path}, its edit"
        edit = document.parsed(bytes(lock.edit), name, Path())
        document.refuse_faults(edit, name)
        return lock, edit

    @property
    def _folder(self) -> Path:
        return self.path.absolute().parent

    def _find(self, fact: FileFact, edit: Timeline, reporter: Reporter) -> Located:
        if fact.what == "font":
            # Families are found by name, wherever this machine keeps its fonts.
            here = (own for own in Dependencies(edit).files if _is_named(own, fact))
            return locate(fact, self._folder, reporter.check, more=here)
        if fact.path or fact.what != "model":
            seen = self.hashes.places(fact.sha256)
            return locate(fact, self._folder, reporter.check, more=seen)
        digest = self.model(fact.name)
        if not digest:
            return Located(why=f"there is no model {fact.name} here")
        return Located(fact.name, ContentHash(digest, fact.bytes))

    def _film(self, then: FilmFact, reporter: Reporter) -> FilmFact | None:
        """Return what the film beside the lock is now; None if it is not there."""
        path = self._folder / then.name
        if not path.is_file():
            return None
        try:
            return film_fact(path, reporter)
        except MediaError:
            # It is there, and no film any more, which its row says.
            return None

    def _timeline_row(self, lock: Lock, edit: Timeline) -> Fact:
        own = digest_of(edit)
        now, where = own, ""
        if own == lock.timeline:
            if self.timeline is not None:
                now = digest_of(self.timeline)
            elif lock.project:
                place = self._folder / lock.project
                where = f" of {place.name}"
                try:
                    now = digest_of(document.load(place, scope=self.scope).timeline)
                except ProjectError:
                    # What was rendered is in the lock, too.
                    where = ""
        return compared(f"timeline{where}", lock.timeline, now, content=True)

    def _code_rows(self, lock: Lock) -> Iterator[Fact]:
        for kind, then in lock.effects.items():
            digest = identity_of(kind).digest or None
            yield compared(f"code of the effect {kind!r}", then, digest, content=True)
        here = self.plugins(sorted(lock.plugins))
        for name, then in lock.plugins.items():
            yield compared(f"plugin {name}", then, here.get(name), content=True)

    def _profile_rows(self, lock: Lock, here: Timeline) -> Iterator[Fact]:
        profile = profile_of(lock.profile, self.path.name)
        film = lock.film
        try:
            target = self._target(film, here, profile)
        except TimelineNbError as error:
            yield compared("profile", "usable", f"missing: {error}", content=True)
            return
        now = profile_facts(profile, target)
        for name in sorted({*lock.profile, *now}):
            then = lock.profile.get(name, _ABSENT)
            yield compared(
                f"profile: {name}", then, now.get(name, _ABSENT), content=True
            )

    def _plan(self, lock: Lock, here: Timeline) -> Plan | None:
        """Return how the film would be rendered now; None where that is not known."""
        film, path = lock.film, self._folder / lock.film.name
        profile = profile_of(lock.profile, self.path.name)
        start, end = _seconds(film.start), _seconds(film.end)
        renderer = Renderer(self.library, Path())
        try:
            return renderer.plan(here, path, profile, start=start, end=end)
        except TimelineNbError:
            # Media or plugins are missing, which their own rows say.
            return None

    def _target(self, film: FilmFact, here: Timeline, profile: Profile) -> Target:
        path = self._folder / film.name
        start, end = _seconds(film.start), _seconds(film.end)
        try:
            renderer = Renderer(self.library, Path())
            return renderer.prepared(here, path, profile, start, end)[1]
        except (CompositionError, MediaError):
            # Media are missing, which their own rows say; they decide little here.
            return resolve_target(here, path, profile, start=start, end=end)


def _is_named(path: str, fact: FileFact) -> bool:
    return Path(path).name == fact.name


def _seconds(text: str) -> Fraction | None:
    return Fraction(text) if text else None


def _moved(edit: Timeline, found: list[Located]) -> Timeline:
    """Return the edit of a lock with the paths at which its files are now."""

    def place(path: str) -> str:
        number = number_of(path)
        own = found[number - 1].path if 0 < number <= len(found) else ""
        return own or path

    return with_paths(edit, place)


def _file_rows(lock: Lock, found: list[Located], decoded: list[Fact]) -> Iterator[Fact]:
    for number, (fact, here) in enumerate(zip(lock.files, found, strict=True), 1):
        row = _file_row(fact, here)
        if row.held is False and decodes_alike(number, lock, decoded):
            alike = "; what the film uses of it decodes to the same"
            # The bytes differ, and nothing that is shown or heard.
            row = replace(row, now=row.now + alike, is_content=False)
        yield row


def _file_row(fact: FileFact, found: Located) -> Fact:
    what = f"{_WORDS[fact.what]} {fact.name!r}"
    then = f"sha256 {fact.sha256}"
    if found.held is None:
        return Fact(what, then, f"missing: {found.why}", held=False, is_content=True)
    if found.is_replaced and found.held.digest == fact.sha256:
        now = f"{then}; it is {found.path} now, where it was is another file"
        return Fact(what, then, now, held=True, is_content=True)
    return compared(what, then, f"sha256 {found.held.digest}", content=True)


_WORDS: Final = {
    "media": "media",
    "file": "file of an effect",
    "font": "font",
    "subtitles": "subtitle file",
    "detections": "table of detections",
    "model": "model",
}


def _film_row(then: FilmFact, now: FilmFact | None, path: Path) -> Fact:
    was = f"sha256 {then.sha256}"
    if now is None:
        is_there = path.is_file()
        why = "no film any more" if is_there else "missing: not beside its lock"
        return Fact("film", was, why, held=False)
    same = now.streams and _packets(now) == _packets(then)
    if now.sha256 != then.sha256 and same:
        kept = f"sha256 {now.sha256}; its streams are the same: packed anew, or signed"
        return Fact("film", was, kept, held=True)
    return compared("film", was, f"sha256 {now.sha256}")


def _packets(film: FilmFact) -> list[str]:
    return [one.packets for one in film.streams]


def _environment_rows(lock: Lock) -> Iterator[Fact]:
    parts = (
        ("code", lock.code, code_facts(), True),
        ("package", lock.packages, package_facts(), True),
        ("library", lock.libraries, library_facts(), True),
        ("machine", lock.machine, machine_facts(), False),
    )
    for title, then, now, decides in parts:
        for name in sorted({*then, *now}):
            yield compared(
                f"{title} {name}",
                then.get(name, _ABSENT),
                now.get(name, _ABSENT),
                decides=decides,
            )
