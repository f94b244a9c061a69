"""Have git compare and merge projects by what is in them, and undo it."""

import io
import os
import shlex
import sys
from pathlib import Path
from typing import Final

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.files import write_atomic
from timeline_nb.errors import ProjectError
from timeline_nb.versions.git_program import git, repository_of

__all__ = ["install", "uninstall"]

_DRIVER: Final = "timeline-nb"
_LINE: Final = f"*.tlp diff={_DRIVER} merge={_DRIVER}"
_MOST_BYTES: Final = 1_000_000


def install(folder: Path, *, for_all: bool) -> list[str]:
    """Set git up in a repository, or for all of this account.

    Args:
        folder: In the repository.
        for_all: Whether it is for all repositories of this account.

    Returns:
        What was done, a line each.

    Raises:
        ProjectError: There is no git or no repository, or a file cannot be written.
    """
    where, scope, attributes = _places(folder, for_all=for_all)
    done = []
    for name, value in _settings().items():
        git(where, "config", scope, name, value)
        done.append(f"git config {scope} {name}: {value}")
    lines = _lines(attributes)
    if any(map(_is_ours, lines)):
        done.append(f"{attributes} had the line already: {_LINE}")
    else:
        end = b"\n" if lines and not lines[-1].endswith(b"\n") else b""
        _write(attributes, [*lines, end, _LINE.encode(), b"\n"])
        done.append(f"{attributes} has a new line: {_LINE}")
    return done


def uninstall(folder: Path, *, for_all: bool) -> list[str]:
    """Remove what `install` set up; other lines and settings stay.

    Returns:
        What was done, a line each.

    Raises:
        ProjectError: There is no git or no repository, or a file cannot be written.
    """
    where, scope, attributes = _places(folder, for_all=for_all)
    done = []
    for section in (f"diff.{_DRIVER}", f"merge.{_DRIVER}"):
        there = git(
            where, "config", scope, "--get-regexp", _pattern(section), check=False
        )
        if there:
            git(where, "config", scope, "--remove-section", section)
            done.append(f"git config {scope}: {section} is removed")
    lines = _lines(attributes)
    kept = [line for line in lines if not _is_ours(line)]
    if len(kept) < len(lines):
        if kept:
            _write(attributes, kept)
            done.append(f"{attributes}: the line is removed: {_LINE}")
        else:
            with file_errors(attributes, ProjectError, verb="removed"):
                attributes.unlink()
            done.append(f"{attributes} is removed: it held that line alone")
    return done or ["git was not set up here"]


def _pattern(section: str) -> str:
    return "^" + section.replace(".", r"\.") + r"\."


def _settings() -> dict[str, str]:
    """Return git's settings by name.

    The Python of this very call runs them: git's own search for programs may not find
    `timeline-nb`, as it does not know what a shell activated.
    """
    command = f"{shlex.quote(sys.executable)} -m timeline_nb.cli git"
    return {
        f"diff.{_DRIVER}.command": f"{command} external-diff",
        f"diff.{_DRIVER}.textconv": f"{command} text",
        f"merge.{_DRIVER}.name": "timeline-nb: merge projects by clips and fields",
        f"merge.{_DRIVER}.driver": f"{command} merge-file %O %A %B %P",
    }


def _places(folder: Path, *, for_all: bool) -> tuple[Path, str, Path]:
    """Return where git runs, whose configuration it is, and the file of attributes."""
    if not for_all:
        top = repository_of(
            folder,
            advice="run git init, or give --global for all repositories of this "
            "account",
        )
        return top, "--local", top / ".gitattributes"
    own = git(
        folder, "config", "--global", "--path", "core.attributesFile", check=False
    )
    if own:
        path = Path(own.decode(errors="surrogateescape").rstrip("\n"))
    else:
        home = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
        path = Path(home) / "git" / "attributes"
    return folder, "--global", path


def _is_ours(line: bytes) -> bool:
    # An editor may have given all lines the ends of Windows.
    return line.rstrip(b"\r\n") == _LINE.encode()


def _lines(path: Path) -> list[bytes]:
    """Return the lines as git tells them apart, with their ends."""
    with file_errors(path, ProjectError, verb="read"):
        if not path.exists():
            return []
        if path.stat().st_size > _MOST_BYTES:
            raise ProjectError(f"{path} is too large for a file of git's attributes")
        return io.BytesIO(path.read_bytes()).readlines()


def _write(path: Path, lines: list[bytes]) -> None:
    with file_errors(path, ProjectError):
        path.parent.mkdir(parents=True, exist_ok=True)
        # A link stays a link.
        write_atomic(path.resolve(), b"".join(lines))
