"""Sequences: picture files that are the frames of a video.

A sequence is written as a path, so that it is used wherever a file's path is:
the folder, the pattern or the first file's name, and after a `#` the rate and what
else identifies its files, as in `renders/shot_%04d.png#rate=24`.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import blake2b
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote, unquote

from timeline_nb.access.use import check_folder, file_status
from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message
from timeline_nb.timebase import TimeLike, parse_rate

__all__ = [
    "FileSequence",
    "files_at",
    "has_place",
    "is_pattern",
    "is_there",
    "numbered",
    "sequence_at",
    "shown_name",
    "title_of",
]

# The longest name of a file has 255 letters.
_PATTERN: Final = re.compile(r"%(0[0-9]{1,2}+)?d")
# Python refuses to convert thousands of digits.
_SUFFIX: Final = re.compile(
    r"#rate=([0-9]{1,9}+)(?::([0-9]{1,9}+))?(?:&files=(.*))?$", re.DOTALL
)
# Of the digest of all files, as that of a film's content.
_DIGEST_BYTES: Final = 16


def has_place(name: str) -> bool:
    """Return whether a name has one place for a number: `%d`, `%04d`."""
    return len(_PATTERN.findall(name)) == 1


def numbered(pattern: str, number: int) -> str:
    """Return the name that a pattern, which has one place for it, gives to a number."""
    before, digits, after = _PATTERN.split(pattern, maxsplit=1)
    return f"{before}{number:0{int(digits or 1)}d}{after}"


def is_pattern(path: Path | str) -> bool:
    """Return whether a name has a number pattern, and is not that of a file."""
    has = bool(_PATTERN.search(Path(path).name))
    return has and FileSequence.parse(path) is None and not _exists(path)


def sequence_at(path: Path | str) -> "FileSequence | None":
    """Return the sequence of a path; None if it is the path of a file."""
    sequence = FileSequence.parse(path)
    return None if sequence is None or _is_file(path) else sequence


def files_at(path: Path | str) -> list[Path]:
    """Return the file of a path, or all files of its sequence; none is opened.

    Raises:
        MediaError: A file of the sequence is missing.
    """
    sequence = sequence_at(path)
    return [Path(path)] if sequence is None else sequence.files()


def is_there(path: Path | str) -> bool:
    """Return whether the file or sequence of a media reference exists."""
    sequence = FileSequence.parse(path)
    try:
        return _is_file(path) or (
            sequence is not None and all(map(_is_file, sequence.files()))
        )
    except MediaError:
        return False


def _exists(path: Path | str) -> bool:
    try:
        return Path(path).exists()
    except (ValueError, OSError):
        return False


def _is_file(path: Path | str) -> bool:
    try:
        return Path(path).is_file()
    except (ValueError, OSError):
        # A name too long for the file system is none of its files.
        return False


def shown_name(path: Path | str) -> str:
    """Return the display name of a file or a sequence."""
    sequence = FileSequence.parse(path)
    if sequence is None:
        return Path(path).name
    count = len(sequence.names)
    return f"{sequence.name} … ({count} files)" if count else sequence.name


def title_of(path: Path | str) -> str:
    """Return the title of a file or a sequence: its name without the suffix."""
    sequence = FileSequence.parse(path)
    return Path(path if sequence is None else sequence.name).stem


@dataclass(frozen=True)
class FileSequence:
    """Files that are the frames of a video.

    Args:
        folder: Of the files.
        name: A pattern with the place of a number, as `shot_%04d.png`; the first
            file's name where `names` has them.
        rate: Frames a second.
        names: The files in order, each relative to the folder; empty for a pattern.
    """

    folder: Path
    name: str
    rate: Fraction
    names: tuple[str, ...] = ()

    @classmethod
    def of_pattern(cls, pattern: Path | str, rate: TimeLike) -> Self:
        """Return all files that a pattern names, in the order of their numbers.

        Raises:
            MediaError: The pattern has no place for a number, or two.
            TimeError: The rate is none.
        """
        pattern = Path(pattern)
        if not has_place(pattern.name):
            raise MediaError(
                Message(
                    "{pattern}: name a sequence with one place for its "
                    "number, as in 'shot_%04d.png'",
                    pattern=pattern,
                )
            )
        return cls(pattern.parent, pattern.name, parse_rate(rate))

    @classmethod
    def of_files(cls, files: Iterable[Path | str], rate: TimeLike) -> Self:
        """Return files in the order given.

        Raises:
            MediaError: There are none.
            TimeError: The rate is none.
        """
        paths = [Path(file) for file in files]
        if not paths:
            raise MediaError(Message("a sequence needs files: the list is empty"))
        folder = paths[0].parent
        names = tuple(_relative(path, folder) for path in paths)
        return cls(folder, paths[0].name, parse_rate(rate), names)

    @classmethod
    def parse(cls, path: Path | str) -> Self | None:
        """Read a sequence from its path; None if it is that of one file."""
        text = os.fspath(path)
        match = _SUFFIX.search(text)
        if match is None or int(match[1]) == 0 or (match[2] and int(match[2]) == 0):
            return None
        whole = Path(text[: match.start()])
        rate = Fraction(int(match[1]), int(match[2] or 1))
        names = tuple(map(_unquoted, match[3].split("|"))) if match[3] else ()
        if not names and not has_place(whole.name):
            return None
        return cls(whole.parent, whole.name, rate, names)

    def within(self, folder: Path) -> Self:
        """Return the same files in another folder."""
        return replace(self, folder=folder)

    @property
    def path(self) -> str:
        """The sequence as a path, which `parse` reads."""
        over, under = self.rate.as_integer_ratio()
        rate = f"{over}" if under == 1 else f"{over}:{under}"
        files = "|".join(map(_quoted, self.names))
        match = f"#rate={rate}" + (f"&files={files}" if files else "")
        return f"{self.folder / self.name}{match}"

    def files(self) -> list[Path]:
        """Return the files in order; none is opened.

        Raises:
            MediaError: There are none, or a number between two others is missing.
        """
        if self.names:
            return [self.folder / name for name in self.names]
        found = dict(sorted(self._numbered()))
        if not found:
            raise MediaError(
                Message("{path}: there is no such file", path=self.folder / self.name)
            )
        first, last = min(found), max(found)
        missing = next((n for n in range(first, last) if n not in found), None)
        if missing is not None:
            named = [numbered(self.name, n) for n in (missing, first, last)]
            raise MediaError(
                Message(
                    "{path}: {missing} is missing between {before} and {after}; to do "
                    "without it, open a list of the files",
                    path=self.folder / self.name,
                    missing=named[0],
                    before=named[1],
                    after=named[2],
                )
            )
        return list(found.values())

    def _numbered(self) -> Iterable[tuple[int, Path]]:
        before, _, after = _PATTERN.split(self.name, maxsplit=1)
        named = re.compile(f"{re.escape(before)}(\\d+){re.escape(after)}", re.ASCII)
        try:
            check_folder(self.folder)
            names = [path.name for path in self.folder.iterdir()]
        except OSError as error:
            raise MediaError(
                Message("{folder}: {why}", folder=self.folder, why=error.strerror)
            ) from error
        for name in names:
            found = named.fullmatch(name)
            # "shot_7.png" is none of "shot_%04d.png".
            if found and numbered(self.name, int(found[1])) == name:
                yield int(found[1]), self.folder / name

    def status(self) -> tuple[str, int, int]:
        """Return a digest of all files' status, their count and their bytes.

        The digest is of sizes and times of change in order, and of the rate: copies
        that keep neither are other sequences.

        Raises:
            MediaError: A file is missing.
        """
        facts = [(one.st_size, one.st_mtime_ns) for one in self._statuses()]
        total = sum(size for size, _ in facts)
        return self.digest_of(facts), len(facts), total

    def digest_of(self, facts: Iterable[tuple[int, int]]) -> str:
        """Return the digest that `status` has of files of some sizes and times.

        Args:
            facts: Bytes, and nanoseconds of the last change, of each file in order.
        """
        digest = blake2b(str(self.rate).encode(), digest_size=_DIGEST_BYTES)
        for size, changed_ns in facts:
            digest.update(f"|{size} {changed_ns}".encode())
        return digest.hexdigest()

    def state(self) -> str:
        """Return a digest of what the file system says of all files.

        Unlike `status` it differs for copies, and for files that were put back.

        Raises:
            MediaError: A file is missing.
        """
        digest = blake2b(str(self.rate).encode(), digest_size=_DIGEST_BYTES)
        for status in self._statuses():
            times = status.st_mtime_ns, status.st_ctime_ns
            facts = status.st_dev, status.st_ino, status.st_size, *times
            digest.update(f"|{facts}".encode())
        return digest.hexdigest()

    def _statuses(self) -> Iterator[os.stat_result]:
        """Yield the status of each file in order."""
        files = self.files()
        for file in files:
            try:
                yield file_status(file)
            except OSError as error:
                raise MediaError(
                    Message(
                        "{file}, of a sequence of {count} files, cannot be "
                        "opened: {why}",
                        file=file,
                        count=len(files),
                        why=error.strerror,
                    )
                ) from error


def _relative(path: Path, folder: Path) -> str:
    try:
        return os.path.relpath(path, folder)
    except ValueError:
        # Another drive, on Windows.
        return str(path.absolute())


def _quoted(name: str) -> str:
    return quote(os.fsencode(name), safe=" ()+,-=@[]~")


def _unquoted(name: str) -> str:
    return unquote(name, errors="surrogateescape")
