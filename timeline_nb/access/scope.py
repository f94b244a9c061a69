"""The folders and files that may be read, for paths that no person typed.

A path of a project, of a widget's message or of a table may name anything. A `Scope`
holds what a person allowed: folders, with all below them, and single files. A file is
opened by the scope itself, which gives a descriptor: who has it needs the name no more,
so nothing that happens to the name afterwards matters.

Links are followed first, and the file that they lead to must be allowed; it is then
opened by its real path, with no link on the way (`no_links.py`). A link that stays
inside an allowed folder works, one that leads out is refused, and one that changes in
between makes the opening fail.

What is not detected: a hard link is the file itself under another name, and looks like
any file of its folder; and what lies on a disk mounted below a folder belongs to it.
"""

import errno
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final, Self

from timeline_nb.access.advice import short_path, way_in
from timeline_nb.access.names import is_network_path, protocol_of, text_fault
from timeline_nb.access.no_links import open_without_links
from timeline_nb.access.ordinary import kind_fault
from timeline_nb.errors import AccessError
from timeline_nb.i18n import Message

__all__ = ["Scope"]

# What the kernel makes up: /proc/self/environ is an ordinary file to look at.
_OF_SYSTEM: Final = Message("is a file of the system's own, which are never media")
_MADE_UP: Final = ("/proc", "/sys", "/dev")
_IN_MEMORY: Final = "/dev/shm"  # noqa: S108 - not used as a folder for files
_LINK_ERRORS: Final = frozenset({errno.ELOOP, errno.ENOTDIR, errno.EXDEV})
_MOST_SEEN: Final = 100_000


class Scope:
    """What may be read and written by paths that no person typed; grows by `allow`.

    Safe in several threads. Pickles to a scope of the same folders and files.

    Args:
        roots: Folders that are allowed, with all below them except hidden files and
            folders.
        own: Folders of the program's own: caches, fonts. They are allowed as well, and
            are not among `roots`.

    Example:
        >>> scope = Scope(["/home/ada/films"])
        >>> scope.reason("/home/ada/films/a.mp4")
        ''
        >>> scope.contains("/etc")
        False
    """

    def __init__(
        self, roots: Iterable[Path | str] = (), *, own: Iterable[Path | str] = ()
    ) -> None:
        # Real paths; keys of a dict, as one key is set at once for all threads.
        self._roots: dict[str, None] = {}
        self._files: dict[str, None] = {}
        # Paths as they were written, of files that were found to be allowed.
        self._seen: dict[str, None] = {}
        self._own = {_real(_checked(os.fspath(folder))): None for folder in own}
        for root in roots:
            self.allow_folder(root)

    def __reduce__(self) -> tuple[type[Self], tuple[()], dict[str, dict[str, None]]]:
        state = {"_roots": dict(self._roots), "_files": dict(self._files)}
        state["_own"] = self._own
        return type(self), (), state

    def __repr__(self) -> str:
        folders = ", ".join(map(repr, self._roots))
        files = f" and {len(self._files)} files" if self._files else ""
        return f"<Scope: {folders or 'no folders'}{files}>"

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders that are allowed, with all below them; links are resolved."""
        return tuple(map(Path, list(self._roots)))

    @property
    def files(self) -> tuple[Path, ...]:
        """The single files that are allowed; links are resolved."""
        return tuple(map(Path, list(self._files)))

    def allow(self, path: Path | str) -> None:
        """Allow what a person named: a folder with all below it, or a file.

        Args:
            path: Links are resolved now. What does not exist counts as a file.

        Raises:
            AccessError: No file can have the path.
        """
        real = _real(_checked(os.fspath(path)))
        # Of a name that is too long, pathlib raises an error of the system.
        is_folder = os.path.isdir(real)  # noqa: PTH112
        kept = self._roots if is_folder else self._files
        kept[real] = None

    def allow_real_file(self, path: str) -> None:
        """Allow a single file by its real path.

        Args:
            path: No link on it is followed, now or later. A folder of this path is not
                allowed by it.
        """
        self._files[path] = None

    def allow_folder(self, path: Path | str) -> None:
        """Allow a folder with all below it, also one that does not exist yet.

        Raises:
            AccessError: No folder can have the path.
        """
        self._roots[_real(_checked(os.fspath(path)))] = None

    def contains(self, path: Path | str) -> bool:
        """Return whether a file or folder may be read, whether or not it exists."""
        return not self._place(os.fspath(path))[1]

    def reason(self, path: Path | str) -> str:
        """Return why a file may not be read; empty if it may, or does not exist.

        Args:
            path: Of a file.

        Returns:
            One sentence, with what allows it.
        """
        return _sentence(path, self._fault(path)[1])

    def check(self, path: Path | str) -> None:
        """Check that a file may be read; that it exists is not checked.

        Raises:
            AccessError: It may not.
        """
        _raise(path, self._fault(path)[1])

    def check_once(self, path: Path | str) -> None:
        """Check that a file may be read, and remember that it may.

        For a look at size and time of a file, thousands of a sequence among them. A
        link that is led elsewhere afterwards is refused when the file is opened.

        Raises:
            AccessError: It may not.
        """
        text = os.fspath(path)
        if text in self._seen:
            return
        self.check(text)
        # Another folder may be the working one tomorrow.
        if os.path.isabs(text):  # noqa: PTH117 - called for every file of a sequence
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen[text] = None

    def check_folder(self, path: Path | str) -> None:
        """Check that the names in a folder may be listed.

        Raises:
            AccessError: Neither the folder nor a file in it is allowed.
        """
        real, fault = self._place(os.fspath(path))
        if fault and Path(real) not in {file.parent for file in self.files}:
            _raise(path, fault)

    def check_output(self, path: Path | str) -> None:
        """Check that a file may be written.

        A link is followed: the file that it leads to is the one that is written.

        Raises:
            AccessError: It may not, or a folder, a device or a pipe is there.
        """
        _raise(path, self._fault(path)[1], writes=True)

    def open(self, path: Path | str) -> int:
        """Open an ordinary file for reading.

        Args:
            path: The file.

        Returns:
            A descriptor, which the caller closes. What is done to the path afterwards
            does not change what it reads.

        Raises:
            AccessError: The file may not be read, or is no ordinary file.
            OSError: Of the system, as for a missing file.
        """
        real, fault = self._fault(path)
        _raise(path, fault)
        moved = ""
        try:
            found = open_without_links(real)
        except OSError as error:
            if error.errno not in _LINK_ERRORS:
                raise
            moved = Message(
                "leads through a link that changed, or through a loop of links"
            )
        _raise(path, moved)
        try:
            status = os.fstat(found)
            _raise(path, kind_fault(status.st_mode) or _made_up_fault(status))
        except BaseException:
            os.close(found)
            raise
        return found

    def _fault(self, path: Path | str) -> tuple[str, str]:
        """Return the real path of a file, and why it may not be read."""
        real, fault = self._place(os.fspath(path))
        if fault:
            return real, fault
        try:
            # Some devices act when they are opened.
            mode = os.lstat(real).st_mode
        except OSError:
            return real, ""
        return real, "" if stat.S_ISLNK(mode) else kind_fault(mode)

    def _place(self, text: str) -> tuple[str, str]:
        """Return the real path, and why it is not among what is allowed."""
        if fault := text_fault(text) or self._foreign_fault(text):
            return text, fault
        try:
            real = _real(text)
        except OSError as error:
            return text, Message("cannot be found: {why}", why=error.strerror)
        if real in self._files:
            return real, ""
        if _is_made_up(real):
            return real, _OF_SYSTEM
        root = self._root_of(real) or self._folded_root_of(real)
        if not root:
            return self._single(real, text)
        # The package's own unfinished files have hidden names.
        return real, "" if root in self._own else _hidden_fault(real, root)

    def _foreign_fault(self, text: str) -> str:
        """Return why a path is none of a file of this machine."""
        protocol = protocol_of(text)
        # A file may be called "data:1.mp4"; its path is opened as a path.
        if protocol and not os.path.lexists(text):
            return Message(
                "is an address ({protocol}:), not a file of an allowed folder",
                protocol=protocol,
            )
        if os.name == "nt" and is_network_path(text):
            known = [root.casefold() for root in self._roots]
            named = text.replace("/", "\\").casefold()
            if not any(named.startswith(root) for root in known):
                return Message(
                    "is on another machine: tl.allow({path}) allows it",
                    path=short_path(text),
                )
        return ""

    def _root_of(self, real: str) -> str:
        """Return the deepest folder that is allowed and holds a path; empty if none."""
        ways = _upwards(real)
        return next((way for way in ways if way in self._roots or way in self._own), "")

    def _folded_root_of(self, real: str) -> str:
        """Return the same on disks that do not tell cases, or forms of Unicode, apart.

        Of names that differ so, the system says whether they are one folder.
        """
        folded = {_folded(root): root for root in (*self._roots, *self._own)}
        for way in _upwards(real):
            root = folded.get(_folded(way))
            if root is not None and _is_same(way, root):
                return way
        return ""

    def _single(self, real: str, text: str) -> tuple[str, str]:
        """Return a file that was named in another case, or why it may not be read."""
        folded = _folded(real)
        for file in list(self._files):
            if _folded(file) == folded and _is_same(real, file):
                return file, ""
        given = os.path.abspath(text)  # noqa: PTH100 - without following links
        advice = way_in(real)
        if given == real:
            return real, Message(
                "lies outside the folders that may be read: {advice}", advice=advice
            )
        return real, Message(
            "leads to {path}, which lies outside the folders that may be read: "
            "{advice}",
            path=short_path(real),
            advice=advice,
        )


def _checked(text: str) -> str:
    fault = text_fault(text)
    _raise(text, fault)
    return text


def _real(text: str) -> str:
    """Return a path without links; what does not exist keeps its name."""
    return os.path.realpath(text)


def _upwards(real: str) -> Iterator[str]:
    """Yield a path and the folders above it; pathlib takes six times as long."""
    while True:
        yield real
        above = os.path.dirname(real)  # noqa: PTH120 - see above
        if above == real:
            return
        real = above


def _hidden_fault(real: str, root: str) -> str:
    parts = real[len(root) :].split(os.sep)  # noqa: PTH206 - as in `_upwards`
    hidden = next((part for part in parts if part.startswith(".")), "")
    if not hidden:
        return ""
    return Message(
        "is hidden ({name}), and such files are read only if a person names them: "
        "tl.allow({path})",
        name=repr(hidden),
        path=short_path(real),
    )


def _folded(path: str) -> str:
    # APFS takes names in any form of Unicode for one, and any case by default.
    return unicodedata.normalize("NFD", path).casefold()


def _is_same(path: str, other: str) -> bool:
    with suppress(OSError):
        return Path(path).samefile(other)
    return False


def _is_made_up(real: str) -> bool:
    if real == _IN_MEMORY or real.startswith(_IN_MEMORY + "/"):
        return False
    return any(real == place or real.startswith(place + "/") for place in _MADE_UP)


def _made_up_fault(status: os.stat_result) -> str:
    # Wherever it is mounted: a container may have /proc of its host in a folder.
    return _OF_SYSTEM if status.st_dev in _made_up_devices() else ""


@cache
def _made_up_devices() -> frozenset[int]:
    found = set()
    for place in ("/proc", "/sys"):
        with suppress(OSError):
            found.add(Path(place).stat().st_dev)
    # An empty folder in place of either is of the same disk as all the rest.
    with suppress(OSError):
        found.discard(Path("/").stat().st_dev)
    return frozenset(found)


def _sentence(path: Path | str, fault: str, *, writes: bool = False) -> str:
    if not fault:
        return ""
    shown, why = os.fspath(path), Message("it {fault}", fault=fault)
    if writes:
        return Message("{path} cannot be written: {why}", path=shown, why=why)
    return Message("{path} cannot be opened: {why}", path=shown, why=why)


def _raise(path: Path | str, fault: str, *, writes: bool = False) -> None:
    if fault:
        sentence = _sentence(path, fault, writes=writes)
        raise AccessError(sentence, Message("it {fault}", fault=fault))
