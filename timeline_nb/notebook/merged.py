"""`Merged`: what `tl.merge` returns, which is settled, edited on and saved."""

from pathlib import Path
from typing import Literal

from timeline_nb.errors import ProjectError
from timeline_nb.project import document
from timeline_nb.studio import Studio, default_studio
from timeline_nb.timeline.merging.merged import Kept, MergedTimelines
from timeline_nb.timeline.merging.questions import Side
from timeline_nb.timeline.model import Timeline

__all__ = ["Merged"]


class Merged(MergedTimelines):
    """What two sides made of an edit, merged; show it in a cell.

    `tl.Edit(timeline=merged.timeline)` edits it on, `save` writes it.

    Args:
        base: The timeline that both began with.
        ours: What one side made of it.
        theirs: What the other side made of it.
        prefer: The side of all conflicts that nobody settled; they are open if empty,
            and shown as in ours.
        kept: What the three keep for the editor: guides and bins.
        studio: What it may read when it is opened again; the notebook's if not given.

    Raises:
        TimelineError: One of the three is no timeline.

    Attributes:
        timeline: The merged timeline, which is valid whether or not all is settled.
        editor: What is kept for the editor beside it, by field, as the file has it.

    Example:
        >>> ours, theirs = (tl.Edit(timeline=cut.timeline) for _ in range(2))
        >>> ours.set("c1", name="bridge")
        >>> theirs.set("c1", name="crossing")
        >>> merged = tl.merge(cut, ours, theirs)
        >>> merged.is_settled, len(merged.open)
        (False, 1)
        >>> merged.conflicts[["what", "base", "ours", "theirs"]]
           what     base      ours      theirs
        0  name  "bikes"  "bridge"  "crossing"
    """

    def __init__(  # noqa: PLR0913 - three edits, what lies beside, and who decides
        self,
        base: Timeline,
        ours: Timeline,
        theirs: Timeline,
        *,
        prefer: Side | Literal[""] = "",
        kept: Kept = ({}, {}, {}),
        studio: Studio | None = None,
    ) -> None:
        super().__init__(base, ours, theirs, prefer=prefer, kept=kept)
        self._studio = studio

    def save(self, path: Path | str, *, overwrite: bool = False) -> Path:
        """Write the merged edit to a project file, once nothing is open.

        Args:
            path: A `.tlp` file; that of ours, say, or a new one.
            overwrite: Replace the file even if it holds another project, or was not
                saved on this machine.

        Raises:
            ProjectError: A conflict is open; or the file holds another project, was not
                saved here, or cannot be written.

        Example:
            >>> ours, theirs = (tl.Edit(timeline=cut.timeline) for _ in range(2))
            >>> ours.set("c1", name="bridge")
            >>> theirs.trim("c1", tail="-1s")
            >>> tl.merge(cut, ours, theirs).save("merged.tlp", overwrite=True)
            PosixPath('merged.tlp')
            >>> tl.load("merged.tlp").clips[0].name
            'bridge'
        """
        target = document.project_path(path)
        if count := len(self.open):
            raise ProjectError(
                f"{target}: {count} conflict{'s are' if count > 1 else ' is'} open: "
                "settle(row, 'ours') or settle(row, 'theirs') chooses a side of each "
                "row of conflicts; or merge again with prefer='ours'"
            )
        studio = self._studio or default_studio()
        document.save(
            self.timeline,
            target,
            overwrite=overwrite,
            scope=studio.scope,
            known=studio.known_projects,
            editor=self.editor,
        )
        return target
