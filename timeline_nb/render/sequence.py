"""Write the pictures of an image sequence: all of them, or none."""

import os
import shutil
from pathlib import Path

from timeline_nb.core.partials import partial_folder, sweep
from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.errors import RenderError
from timeline_nb.media.sequence import numbered
from timeline_nb.render.mux import opened
from timeline_nb.render.target import Target
from timeline_nb.segments.plan import Plan
from timeline_nb.segments.store import SegmentStore

__all__ = ["write_sequence"]


def write_sequence(
    target: Target, plan: Plan, store: SegmentStore, written: WrittenFiles
) -> Path:
    """Write one picture file for each frame; return the path of the first.

    When anything fails, the pictures that were there before are there again. Only a
    process killed while the pictures get their names leaves some of both.

    Args:
        target: Its path has `%d` or `%05d` for the frame's number in its name.
        plan: Of an image codec.
        store: Holds the segments.
        written: Knows the pictures that were written here, which are replaced.

    Raises:
        RenderError: A segment is missing, or another program's file is there.
        OSError: A picture cannot be written.
    """
    path, overwrite = target.path, target.overwrite
    sweep(path.parent)
    with partial_folder(path.parent, "frames") as folder:
        new, old = folder / "new", folder / "old"
        new.mkdir()
        old.mkdir()
        names = []
        for segment in plan.segments:
            for packed, data in opened(segment, store):
                names.append(numbered(path.name, segment.first + packed.pts))
                (new / names[-1]).write_bytes(data)
        written.check(path, RenderError, overwrite=overwrite, names=names)
        written.note(path, ((name, new / name) for name in names))
        _move(names, new, old, path.parent)
    return path.parent / names[0]


def _move(names: list[str], new: Path, old: Path, folder: Path) -> None:
    """Move files to a folder, and those that they replace back when one fails."""
    moved = []
    try:
        for name in names:
            target = folder / name
            if target.exists():
                _keep(target, old / name)
            moved.append(name)
            (new / name).replace(target)
    except BaseException:
        for name in moved:
            if (old / name).exists():
                (old / name).replace(folder / name)
            elif not (new / name).exists():
                (folder / name).unlink(missing_ok=True)
        raise


def _keep(target: Path, kept: Path) -> None:
    try:
        os.link(target, kept)
    except OSError:
        # The file system has no links.
        shutil.copy2(target, kept)
