"""`cut.to_html`: an edit as a page that plays without a kernel."""

from fractions import Fraction
from pathlib import Path
from typing import Final

from msgspec.structs import replace
from PIL import Image

from timeline_nb.commands.session import EditSession
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.core.output_names import output_path
from timeline_nb.core.partials import temporary_folder
from timeline_nb.errors import ProjectError
from timeline_nb.notebook.arguments import whole_number
from timeline_nb.notebook.drawing import jpeg_bytes
from timeline_nb.notebook.progress import finish
from timeline_nb.pages.page import PageFilm, page_of
from timeline_nb.render.profile import Profile
from timeline_nb.studio import Studio
from timeline_nb.timebase import frame_time
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import duration

__all__ = ["PageVerbs"]

_LEAST_PX: Final = 90
_MOST_PX: Final = 1080


class PageVerbs:
    """The methods of an edit that write it as a page."""

    session: EditSession
    studio: Studio

    def to_html(
        self,
        path: Path | str,
        *,
        film: bool = True,
        height_px: int = 360,
        overwrite: bool = False,
    ) -> Path:
        """Write a page that shows the edit without a kernel and without a network.

        It plays a small film of the edit, and shows the timeline, the clips, markers,
        comments and subtitles. Names of media stand in it, their folders do not.

        Args:
            path: The page, such as `"cut.html"`.
            film: Whether the film is in it; else one frame.
            height_px: The film's height, 90 to 1080.
            overwrite: Replace a file that was not written here, or was changed since.

        Returns:
            The path of the page.

        Raises:
            ProjectError: The page cannot be written there, or the height is none of
                these.
            RenderError: The film cannot be rendered.

        Example:
            >>> cut.to_html("cut.html", film=False)
            PosixPath('cut.html')
        """
        return finish(
            lambda: self.start_to_html(
                path, film=film, height_px=height_px, overwrite=overwrite
            )
        )

    def start_to_html(
        self,
        path: Path | str,
        *,
        film: bool = True,
        height_px: int = 360,
        overwrite: bool = False,
    ) -> Job[Path]:
        """Start `to_html` as a job, which can be awaited, watched and cancelled.

        Example:
            >>> job = cut.start_to_html("cut.html", film=False)
            >>> job.wait().name
            'cut.html'
        """
        studio, timeline = self.studio, self.session.timeline
        target = output_path(path, ProjectError, what="the page, such as 'cut.html'")
        if target.suffix.lower() not in {".html", ".htm"}:
            raise ProjectError(f"{target}: a page ends in .html, not {target.suffix!r}")
        if not _LEAST_PX <= whole_number("height_px", height_px) <= _MOST_PX:
            raise ProjectError(
                f"height_px is {height_px!r}: give {_LEAST_PX} to {_MOST_PX}"
            )
        if not target.absolute().parent.is_dir():
            raise ProjectError(f"{target}: there is no folder {target.parent}")
        studio.written.check(target, ProjectError, overwrite=overwrite)

        def work(reporter: Reporter) -> Path:
            with file_errors(target, ProjectError):
                shown = _shown(timeline, studio, height_px, reporter, with_film=film)
                page = page_of(timeline, shown).encode()
                studio.written.write(target, page, ProjectError, overwrite=overwrite)
            return target

        return studio.start(f"write {target.name}", work)


def _shown(
    timeline: Timeline,
    studio: Studio,
    height_px: int,
    reporter: Reporter,
    *,
    with_film: bool,
) -> PageFilm:
    """Render what the page shows."""
    length = duration(timeline)
    if not length:
        return PageFilm()
    width, height = timeline.size
    wide = max(2, round(Fraction(width * height_px, height) / 2) * 2)
    size = (wide, height_px // 2 * 2)
    middle = frame_time(int(length * timeline.rate / 2), timeline.rate)
    frame = studio.frame_composer.frame(timeline, middle, size=size)
    poster = jpeg_bytes(Image.fromarray(frame))
    if not with_film:
        return PageFilm(poster)
    profile = replace(Profile(), size=size, quality=55, preset="medium")
    with temporary_folder() as folder:
        film = Path(folder) / "page.mp4"
        studio.renderer().render(timeline, film, profile, reporter)
        return PageFilm(poster, film.read_bytes())
