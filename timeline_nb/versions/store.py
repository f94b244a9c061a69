"""Versions of an edit in a folder beside its project, which survive the kernel.

`street.tlp` has its versions in `street.versions`. A version is two files: the
timeline, named by a hash of its content, and a small one with name, note and picture,
which is written last. Whatever a kill leaves, a version that is listed is whole.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import msgspec

from timeline_nb.access.scope import Scope
from timeline_nb.access.use import use_scope
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.file_limits import FileLimit, read_limited
from timeline_nb.core.files import write_atomic
from timeline_nb.core.near_names import suggestion
from timeline_nb.core.structs import fault_of, from_json, to_json
from timeline_nb.errors import ProjectError
from timeline_nb.project import document
from timeline_nb.project.document import Project
from timeline_nb.project.known import KnownProjects
from timeline_nb.project.writing import project_text
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import clips, duration
from timeline_nb.versions.record import MAX_PICTURE_BYTES, EditVersion

__all__ = ["VersionStore"]

_HEAD: Final = ".version.json"
_EDIT: Final = ".edit"
_MOST_HEAD_BYTES: Final = FileLimit("TIMELINE_NB_MAX_VERSION_BYTES", 1_000_000)
_MOST_VERSIONS: Final = 10_000
_SLUG: Final = re.compile(r"[^A-Za-z0-9]+")


class VersionStore:
    """The versions of one project.

    Args:
        project: The project file.
        scope: What its timelines may read: files that it refuses are offline.
        known: The projects that were saved on this machine.
        max_bytes: The memory that a timeline may take.
    """

    def __init__(
        self, project: Path, *, scope: Scope, known: KnownProjects, max_bytes: int
    ) -> None:
        self._project = project.resolve()
        self._scope, self._known, self._max_bytes = scope, known, max_bytes

    @property
    def folder(self) -> Path:
        """Where the versions lie, whether or not it is there."""
        return self._project.with_suffix(".versions")

    def all(self) -> list[EditVersion]:
        """Return the versions, the oldest first; files that are none are left out."""
        return sorted(self._found(), key=lambda one: (one.saved, one.name))

    def _heads(self) -> list[Path]:
        """Return the files of versions, readable or not."""
        folder = self.folder
        with file_errors(folder, ProjectError, verb="read"):
            if folder.is_symlink() or not folder.is_dir():
                return []
            heads = sorted(folder.glob(f"*{_HEAD}"))[:_MOST_VERSIONS]
            return [path for path in heads if not path.is_symlink()]

    def _found(self) -> Iterator[EditVersion]:
        for path in self._heads():
            try:
                with use_scope(None):
                    data = read_limited(path, _MOST_HEAD_BYTES, ProjectError)
                yield from_json(data, EditVersion)
            except (ProjectError, msgspec.DecodeError, UnicodeDecodeError):
                continue

    def get(self, name: str) -> EditVersion:
        """Return a version by its name.

        Raises:
            ProjectError: There is none.
        """
        every = self.all()
        found = next((one for one in every if one.name == name), None)
        if found is None:
            known = [one.name for one in every]
            raise ProjectError(
                f"{self._project.name} has no version {name!r}{suggestion(name, known)}"
            )
        return found

    def read(self, name: str) -> Project:
        """Return the edit of a version; it is checked like a stranger's project.

        Raises:
            ProjectError: There is no such version, or its file is missing or broken.
        """
        path = self.folder / f"{self.get(name).digest}{_EDIT}"
        with use_scope(None):
            return document.load(
                path,
                max_bytes=self._max_bytes,
                scope=self._scope,
                known=self._known,
                folder=self._project.parent,
            )

    def save(  # noqa: PLR0913 - a version and what is said of it
        self,
        name: str,
        timeline: Timeline,
        *,
        editor: Mapping[str, Any] | None = None,
        note: str = "",
        saved: str,
        picture: bytes = b"",
        branch: str = "",
        overwrite: bool = False,
    ) -> EditVersion:
        """Keep a timeline as a version.

        Args:
            name: Of the version.
            timeline: The edit.
            editor: What is kept for the editor, by field.
            note: What a person wrote of it.
            saved: When, in ISO 8601.
            picture: A JPEG; left out if it is too large.
            branch: The file's name of the project that begins here.
            overwrite: Replace the version of that name.

        Raises:
            ProjectError: There is a version of that name, it or the note is too long,
                or it cannot be written.
        """
        with file_errors(self.folder, ProjectError):
            if self.folder.is_symlink():
                raise ProjectError(f"{self.folder} is a link: versions need a folder")
        folder = self._project.parent
        data = project_text(timeline, self._project, folder, editor)
        fits = len(picture) <= MAX_PICTURE_BYTES
        version = EditVersion(
            name=name,
            note=note,
            saved=saved,
            digest=blake2b(data, digest_size=16).hexdigest(),
            duration_s=float(duration(timeline)),
            clips=sum(1 for _ in clips(timeline)),
            branch=branch,
            picture=base64.b64encode(picture).decode() if fits else "",
        )
        head = _readable(version)
        with file_errors(self.folder, ProjectError):
            self._known.note(data, timeline, self._scope)
            # Another program may forget the timeline until the version says it is used.
            with document.locked(self.folder):
                replaced = [one for one in self.all() if one.name == name]
                if replaced and not overwrite:
                    raise ProjectError(
                        f"{self._project.name} has a version {name!r} already: choose "
                        "another name, or pass overwrite=True to replace it"
                    )
                self.folder.mkdir(exist_ok=True)
                write_atomic(self.folder / f"{version.digest}{_EDIT}", data)
                write_atomic(self.folder / _file_name(name), head)
                for one in replaced:
                    self._forget(one.digest)
        return version

    def remove(self, name: str) -> None:
        """Delete a version.

        Raises:
            ProjectError: There is none, or it cannot be deleted.
        """
        with (
            file_errors(self.folder, ProjectError, verb="changed"),
            document.locked(self.folder),
        ):
            version = self.get(name)
            (self.folder / _file_name(name)).unlink(missing_ok=True)
            self._forget(version.digest)

    def _forget(self, digest: str) -> None:
        """Delete a timeline of which there is no version any more."""
        every = self.all()
        # One that cannot be read just now may be of it.
        is_known = len(every) == len(self._heads())
        if is_known and all(one.digest != digest for one in every):
            (self.folder / f"{digest}{_EDIT}").unlink(missing_ok=True)


def _readable(version: EditVersion) -> bytes:
    """Return the text of a version, unless it could not be read again.

    Raises:
        ProjectError: It could not be, as a field is too long.
    """
    data = to_json(version)
    try:
        from_json(data, EditVersion)
    except msgspec.DecodeError as error:
        raise ProjectError(
            f"the version {version.name[:40]!r} cannot be kept: {fault_of(error)}"
        ) from None
    return data


def _file_name(name: str) -> str:
    """Return a file's name for a version, which any file system can have."""
    slug = _SLUG.sub("-", name).strip("-")[:40] or "version"
    digest = blake2b(name.encode(errors="surrogatepass"), digest_size=6).hexdigest()
    return f"{slug}-{digest}{_HEAD}"
