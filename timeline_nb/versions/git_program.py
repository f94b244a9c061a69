"""Run the git program in a repository."""

import shutil
import subprocess
from pathlib import Path

from timeline_nb.errors import ProjectError

__all__ = ["git", "repository_of"]

_TIMEOUT_S = 60.0


def git(folder: Path, *words: str, check: bool = True) -> bytes:
    """Return what git prints.

    Args:
        folder: Where it runs.
        words: The command and its arguments.
        check: Whether a failure is an error; else it prints nothing.

    Raises:
        ProjectError: There is no git, or it failed; its words are in the message.
    """
    program = shutil.which("git")
    if program is None:
        raise ProjectError("there is no program git on this machine: install it first")
    command = [program, "-C", str(folder), *words]
    try:
        # The words are ours or a person's, and no shell reads them.
        done = subprocess.run(  # noqa: S603
            command, check=False, capture_output=True, timeout=_TIMEOUT_S
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise ProjectError(f"git {words[0]} cannot be run in {folder}") from error
    if done.returncode and check:
        words_of_git = done.stderr.decode(errors="replace").strip()
        raise ProjectError(f"git {words[0]} failed in {folder}: {words_of_git}")
    return b"" if done.returncode else done.stdout


def repository_of(folder: Path, *, advice: str) -> Path:
    """Return the top folder of the repository that a folder is in.

    Args:
        folder: The folder.
        advice: What to do where it is in none.

    Raises:
        ProjectError: It is in none.
    """
    found = git(folder, "rev-parse", "--show-toplevel", check=False)
    if not found:
        raise ProjectError(f"{folder.resolve()} is in no git repository: {advice}")
    return Path(found.decode(errors="surrogateescape").rstrip("\n"))
