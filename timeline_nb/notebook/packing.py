"""`cut.pack` and `tl.unpack`: an edit that travels with its media."""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.core.output_names import output_path
from timeline_nb.core.tables import table_of
from timeline_nb.errors import ProjectError
from timeline_nb.notebook.locks import plugin_facts
from timeline_nb.notebook.progress import finish
from timeline_nb.notebook.projects import Stored
from timeline_nb.proof.pack_format import Pack
from timeline_nb.timebase import TimeLike, parse_duration

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PackResult", "PackVerbs"]

_COLUMNS: Final = ("file", "what", "name", "size_bytes", "is_whole")


@dataclass(frozen=True)
class PackResult:
    """A pack that was written.

    Args:
        path: Of the zip file.
        size_bytes: Its size.
        plugins: What it needs and does not carry: versions of plugins by id.
        effects: The edit's own effects, which are code and not carried.
        content: The files in it.

    Example:
        >>> pack = cut.pack("traffic.zip", overwrite=True)
        >>> pack.path.name, pack.plugins, pack.effects
        ('traffic.zip', {}, ())
    """

    path: Path
    size_bytes: int
    plugins: dict[str, str]
    effects: tuple[str, ...]
    content: Pack

    def to_dataframe(self) -> "pd.DataFrame":
        """Return a row a file: `file`, `what`, `name`, `size_bytes`, `is_whole`.

        Example:
            >>> pack = cut.pack("traffic.zip", overwrite=True)
            >>> pack.to_dataframe()[["what", "name", "is_whole"]]
                  what         name  is_whole
            0    media    bikes.mp4      True
            1  project  traffic.tlp      True
        """
        rows = [
            {
                "file": one.name,
                "what": one.what,
                "name": one.of,
                "size_bytes": one.bytes,
                "is_whole": one.is_whole,
            }
            for one in self.content.files
        ]
        return table_of(rows, _COLUMNS)

    def __repr__(self) -> str:
        files = self.content.files
        short = sum(not one.is_whole for one in files)
        parts = [f"{self.size_bytes / 1e6:.1f} MB, {len(files)} files"]
        if short:
            parts.append(f"{short} of them the stretches that are used")
        needs = [*self.plugins, *self.effects]
        if needs:
            parts.append(f"needs {', '.join(needs)}")
        return f"<PackResult {self.path.name!r} {', '.join(parts)}>"

    def _repr_html_(self) -> str:
        table: Any = self.to_dataframe()
        return f"<div>{escape(repr(self))}</div>{table.to_html(index=False)}"


class PackVerbs(Stored):
    """The part of an edit that carries its media with it."""

    def pack(
        self,
        path: Path | str,
        *,
        handles: TimeLike = "1s",
        whole: bool = False,
        overwrite: bool = False,
    ) -> PackResult:
        """Write the project with its media to a zip file, the same bytes each time.

        Of films, only what is used and `handles` around it are carried, cut at
        keyframes without encoding: frames and sound are the very same, which is
        checked. A film of which that does not work is carried whole, as are stills,
        sequences, sounds, fonts, tables of colors, and the subtitle files and tables
        that were read. Models and plugins are not.

        Args:
            path: The zip file.
            handles: How much media is kept before and after what is used.
            whole: Carry all films whole.
            overwrite: Replace a file that was not written here.

        Returns:
            What is in it, as a table in the cell.

        Raises:
            ProjectError: A file is offline, or another program's file is there.

        Example:
            >>> pack = cut.pack("traffic.zip", handles="1s")
            >>> pack.to_dataframe()["what"].tolist()
            ['media', 'project']
        """
        return finish(
            lambda: self.start_pack(
                path, handles=handles, whole=whole, overwrite=overwrite
            )
        )

    def start_pack(
        self,
        path: Path | str,
        *,
        handles: TimeLike = "1s",
        whole: bool = False,
        overwrite: bool = False,
    ) -> Job[PackResult]:
        """Start `pack` as a job, which can be awaited, watched and cancelled.

        Example:
            >>> job = cut.start_pack("traffic.zip", overwrite=True)
            >>> job.wait().path.name
            'traffic.zip'
        """
        from timeline_nb.proof.pack import PackRequest

        studio, timeline = self.studio, self.session.timeline
        target = output_path(path, ProjectError, what="the pack, such as 'film.zip'")
        if target.suffix.lower() != ".zip":
            raise ProjectError(
                f"{target} does not end in .zip, as a pack does: name it "
                f"{target.with_suffix('.zip').name!r}"
            )
        studio.written.check(target, ProjectError, overwrite=overwrite)
        request = PackRequest(
            path=target,
            timeline=timeline,
            editor=self.session.editor_state,
            handles=parse_duration(handles, timeline.rate),
            whole=whole,
            library=studio.library,
            origins=self.session.origins,
            plugins=plugin_facts(studio),
            written=studio.written,
            overwrite=overwrite,
        )

        def work(reporter: Reporter) -> PackResult:
            made = request.write(reporter)
            size = target.stat().st_size
            return PackResult(target, size, made.plugins, made.effects, made)

        return studio.start(f"pack {target.name}", work)
