"""The part of a media file that analyzers of plugins measure."""

from typing import TYPE_CHECKING, Any

from timeline_nb.core.jobs import Job
from timeline_nb.errors import PluginError
from timeline_nb.notebook.analyze import Analysis, SoundParts, VideoParts
from timeline_nb.notebook.media_file import MediaFile
from timeline_nb.notebook.progress import finish
from timeline_nb.timebase import TimeLike

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AnalyzedMedia"]


class AnalyzedMedia(MediaFile):
    """A media file that analyzers of plugins measure."""

    def analyze(  # noqa: PLR0913 - each is one word about what is measured
        self,
        analyzer: str,
        *,
        every: TimeLike | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        size: tuple[int, int] | None = None,
        layout: str | None = None,
        **args: Any,
    ) -> "pd.DataFrame":
        """Measure the pictures or the sound by a plugin, with a progress bar.

        What was measured is kept on disk until the plugin, its arguments or the file
        change.

        Args:
            analyzer: Its name: `PLUGIN_ID/analyzer`.
            every: Only each `every`-th frame; of sound, the length of a block, a tenth
                of a second if not given.
            start: The first media time; the file's start if not given.
            end: The media time up to which; the file's end if not given.
            size: Width and height of the pictures; the file's own if not given.
            layout: Channels of the sound, stereo if not given, at 48 kHz.
            args: The analyzer's own arguments.

        Returns:
            A table with `frame`, `pts`, `end_pts`, `time_s` (media seconds) and the
            analyzer's columns. Of sound, `pts` counts samples. It has `df.tl`, and
            `clips` takes it.

        Raises:
            PluginError: There is no such analyzer, an argument does not fit, or it
                fails or returns what is no row of its table.
            MediaError: The file has no pictures, or no sound, or does not decode.
            TimeError: There are no such frames.

        Example:
            >>> light = src.analyze("org.example.meter/light")  # doctest: +SKIP
            >>> cut.append(src.clips(light.query("mean > 128")))  # doctest: +SKIP
        """
        return finish(
            lambda: self.start_analysis(
                analyzer,
                every=every,
                start=start,
                end=end,
                size=size,
                layout=layout,
                **args,
            )
        )

    def start_analysis(  # noqa: PLR0913 - as `analyze`
        self,
        analyzer: str,
        *,
        every: TimeLike | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        size: tuple[int, int] | None = None,
        layout: str | None = None,
        **args: Any,
    ) -> "Job[pd.DataFrame]":
        """Start `analyze` as a job, which can be awaited, watched and cancelled.

        Example:
            >>> job = src.start_analysis("org.example.meter/light")  # doctest: +SKIP
            >>> light = job.wait()  # doctest: +SKIP
        """
        found = self.studio.analyzers.named(analyzer)
        checked = found.checked(args)
        given: VideoParts | SoundParts
        if found.of == "picture":
            if layout is not None:
                raise PluginError(f"{analyzer} measures pictures: leave out layout=")
            given = VideoParts(self, every=every, start=start, end=end, size=size)
        else:
            if size is not None:
                raise PluginError(f"{analyzer} measures sound: leave out size=")
            channels = "stereo" if layout is None else layout
            given = SoundParts(self, every=every, start=start, end=end, layout=channels)
        work = Analysis(self, found, given, checked)
        return self.studio.start(f"{found.name} of {self.name}", work.table)
