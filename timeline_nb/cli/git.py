"""`timeline-nb git`: have git compare and merge projects by what is in them."""

import shlex
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from timeline_nb.cli.compare import Settle, settle_all
from timeline_nb.cli.output import warn
from timeline_nb.cli.projects import Overwrite
from timeline_nb.cli.words import tn
from timeline_nb.errors import ProjectError, TimelineNbError

__all__ = ["git_app"]

git_app = typer.Typer(help="Compare and merge projects under git by what is in them.")
ForAll = Annotated[
    bool,
    typer.Option("--global", help="For all repositories of this account."),
]
_EXAMPLE: Final = ("--settle", "0=theirs")
_NOWHERE: Final = "/dev/null"
# A file of a project may take this much memory; what git has is on this disk already.
_MOST_BYTES: Final = 500_000_000


@git_app.command()
def install(for_all: ForAll = False) -> None:
    """Have git show differences of .tlp files in words, and merge them by clips."""
    from timeline_nb.versions.git_setup import install as set_up

    for line in set_up(Path(), for_all=for_all):
        print(line)


@git_app.command()
def uninstall(for_all: ForAll = False) -> None:
    """Remove what install set up; other settings stay."""
    from timeline_nb.versions.git_setup import uninstall as remove

    for line in remove(Path(), for_all=for_all):
        print(line)


@git_app.command()
def conflicts(
    project: Annotated[Path, typer.Argument(help="A project in conflict.")],
    settle: Settle = None,
    overwrite: Overwrite = False,
) -> None:
    """List what is open in a merge that git began, and settle it; exit with 1 if open.

    The project is written when something is settled, and what was settled before stays
    so; a conflict may be settled again. Then: git add PROJECT.
    """
    from timeline_nb.versions.git_conflicts import conflict_of

    found = conflict_of(project)
    merged = found.merged
    settle_all(merged, list(found.choices))
    if settle:
        if not overwrite:
            found.check_unchanged(merged.timeline)
        settle_all(merged, settle)
        found.write(merged.timeline, (*found.choices, *settle))
    print(merged)
    if not merged.is_settled:
        raise typer.Exit(1)
    # What to do next.
    warn(shlex.join(["git", "add", str(project)]))


@git_app.command(hidden=True)
def text(file: Annotated[Path, typer.Argument(help="A project file.")]) -> None:
    """Print a project as text, for git log and git show."""
    from timeline_nb.versions.git_files import read_version, shown_as_text

    data = _bytes_of(file)
    try:
        for line in shown_as_text(read_version(data, file.name, file.parent)):
            print(line)
    except TimelineNbError:
        # Git compares what is printed: of what is no project, its own text.
        sys.stdout.buffer.write(data)


@git_app.command(hidden=True)
def external_diff(
    words: Annotated[list[str], typer.Argument(help="What git hands over.")],
) -> None:
    """Print what changed in a project, for git diff."""
    from timeline_nb.versions.git_files import difference_of

    # Path, then file, hash and mode of either version (gitattributes, diff drivers).
    path, old, new = words[0], words[1], words[4] if len(words) > 4 else _NOWHERE
    # After those, of a file that was renamed, its new name.
    names = f"{path} → {words[7]}" if len(words) > 7 else path
    print(f"diff --timeline-nb {names}")
    try:
        print(difference_of(_bytes_of(Path(old)), _bytes_of(Path(new)), Path(path)))
    except TimelineNbError as error:
        print(f"{error}; git diff --no-ext-diff compares its text")


@git_app.command(hidden=True)
def merge_file(
    base: Annotated[Path, typer.Argument(help="The version that both began with.")],
    ours: Annotated[Path, typer.Argument(help="Ours; the merge is written here.")],
    theirs: Annotated[Path, typer.Argument(help="Theirs.")],
    path: Annotated[Path, typer.Argument(help="The project in the working tree.")],
) -> None:
    """Merge three versions of a project, for git merge."""
    from timeline_nb.core.file_errors import file_errors
    from timeline_nb.versions.git_files import merge_bytes, written_version

    three = [_bytes_of(file) for file in (base, ours, theirs)]
    found = merge_bytes(three[0], three[1], three[2], path)
    with file_errors(path, ProjectError):
        ours.write_bytes(written_version(found.timeline, path, found.editor))
    if not found.is_settled:
        warn(
            tn(
                "{count} conflict in {name}",
                "{count} conflicts in {name}",
                len(found.open),
                name=str(path),
            )
        )
        print(found, file=sys.stderr)
        # From the top of the repository, where git runs this.
        warn(shlex.join(["timeline-nb", "git", "conflicts", str(path), *_EXAMPLE]))
        raise typer.Exit(1)


def _bytes_of(path: Path) -> bytes:
    """Return a version as git hands it over; nothing of one that is not there."""
    from timeline_nb.core.file_limits import FileLimit, read_limited

    if str(path) == _NOWHERE:
        return b""
    limit = FileLimit("TIMELINE_NB_MAX_GIT_BYTES", _MOST_BYTES)
    return read_limited(path, limit, ProjectError)
