"""`cut.subtitles`: subtitle lines, and their files."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline_nb.commands.session import EditSession
from timeline_nb.commands.titles import AddSubtitle, SetSubtitle
from timeline_nb.core.output_names import output_path
from timeline_nb.errors import TimelineError
from timeline_nb.notebook.captions import (
    captions_table,
    put_lines,
    read_any,
    write_track,
)
from timeline_nb.notebook.media import Media
from timeline_nb.notebook.naming import allow_values
from timeline_nb.notebook.origins import note_subtitles
from timeline_nb.notebook.resolve import LineLike, Resolver
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeLike

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.subtitles.cues import Fault

__all__ = ["SubtitleLines"]


class SubtitleLines:
    """The subtitles of an edit.

    Lines shown at the same time lie on further tracks; `write` and `to_dataframe` take
    them together.

    Args:
        session: The edit's session.
        studio: Its scope allows the fonts that are named.

    Example:
        >>> cut.subtitles.add("Good morning", start="0s", end="2s")
        >>> cut.subtitles.to_dataframe()[["start_s", "end_s", "text"]]
           start_s  end_s          text
        0      0.0    2.0  Good morning
    """

    def __init__(self, session: EditSession, studio: Studio) -> None:
        self._session, self._studio = session, studio
        self._resolve = Resolver(session)

    def add(
        self,
        text: str,
        *,
        start: TimeLike,
        end: TimeLike,
        track: str | None = None,
        **style: Any,
    ) -> None:
        """Add a line of text to a subtitle track.

        Args:
            text: The text, with its line breaks.
            start: The time at which it appears.
            end: The time at which it disappears.
            track: A subtitle track's name; the first one if not given.
            style: Parameters of the generator `title` that differ from the track's.

        Example:
            >>> cut.subtitles.add("Good morning", start="0s", end="2s", color="#ffee00")
            >>> cut.timeline.tracks[-1].items[0].style
            {'color': '#ffee00'}
        """
        allow_values(self._studio, style)
        self._session.perform(
            AddSubtitle(
                text=text,
                start=self._resolve.time(start),
                end=self._resolve.time(end),
                track=track,
                style=style,
            )
        )

    def set(
        self,
        line: LineLike,
        *,
        text: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        **style: Any,
    ) -> None:
        """Change the text, the times or the style of one line; it stays on its track.

        Args:
            line: The line's id, as `to_dataframe` lists it, or the `tl.Subtitle`.
            text: The new text; unchanged if not given.
            start: The time at which it appears; its end stays where it is.
            end: The time at which it disappears; its start stays where it is.
            style: Parameters of the generator `title` to change; None brings back the
                track's.

        Raises:
            TimelineError: There is no such line, the end is not after the start, or
                another line of its track is shown at that time.
            CompositionError: A style parameter is unknown, or its value is not allowed.

        Example:
            >>> cut.subtitles.add("Good mornin", start="0s", end="2s")
            >>> line = cut.subtitles.to_dataframe()["id"].iloc[0]
            >>> cut.subtitles.set(line, text="Good morning", end="1.5s")
            >>> cut.subtitles.to_dataframe()[["end_s", "text"]].values.tolist()
            [[1.5, 'Good morning']]
        """
        allow_values(self._studio, style)
        self._session.perform(
            SetSubtitle(
                line=self._resolve.line(line),
                text=text,
                start=None if start is None else self._resolve.time(start),
                end=None if end is None else self._resolve.time(end),
                style=style,
            )
        )

    def read(
        self,
        path: Path | str | Media,
        *,
        track: str | None = None,
        at: TimeLike = 0,
        encoding: str | None = None,
        stream: int = 0,
    ) -> list["Fault"]:
        """Read the lines of a file onto a subtitle track, in place of those on it.

        Args:
            path: A `.srt`, `.vtt`, `.ass` or `.ssa` file, or media with subtitles.
            track: The track's name; a new track if not given.
            at: The time of the edit at which the file's second 0 lies.
            encoding: The text encoding, such as `"cp1251"`; detected if not given.
            stream: The number of the media's subtitle stream, from 0.

        Returns:
            Rows of the file that are faulty or left out, characters that no font has,
            and lines that are hard to read.

        Raises:
            TimelineError: The file cannot be read, or a line begins before 0.
            MediaError: The media has no such subtitle stream, or it holds images.

        Example:
            >>> cut.subtitles.add("Good morning", start="0s", end="2s")
            >>> path = cut.subtitles.write("lines.srt", overwrite=True)
            >>> again = tl.Edit("again", rate=25)
            >>> again.subtitles.read("lines.srt")  # nothing is wrong with its lines
            []
            >>> again.subtitles.to_dataframe()["text"].tolist()
            ['Good morning']
        """
        lines = read_any(path, encoding=encoding, stream=stream)
        faults = put_lines(self._session, lines, track, self._resolve.time(at))
        note_subtitles(self._session, path)
        return faults

    def write(
        self, path: Path | str, *, track: str | None = None, overwrite: bool = False
    ) -> Path:
        """Write the lines to a `.srt`, `.vtt`, `.ass` or `.ssa` file.

        Times are rounded to thousandths of a second, in ASS and SSA to hundredths.

        Args:
            path: The file.
            track: A subtitle track's name; the first one if not given.
            overwrite: Replace a file that was not written here, or was changed since.

        Raises:
            TimelineError: There is no such track, another program's file is there, or
                the file cannot be written.

        Example:
            >>> cut.subtitles.add("Good morning", start="0s", end="2s")
            >>> path = cut.subtitles.write("lines.vtt", overwrite=True)
            >>> path.read_text().splitlines()[:4]
            ['WEBVTT', '', '00:00:00.000 --> 00:00:02.000', 'Good morning']
        """
        target = output_path(
            path, TimelineError, what="the subtitles, such as 'film.srt'"
        )
        return write_track(self._session.timeline, target, track, overwrite=overwrite)

    def to_dataframe(self, *, track: str | None = None) -> "pd.DataFrame":
        """Return one row per line: id, `start_s`, `end_s`, text, faults and track.

        Example:
            >>> cut.subtitles.add("Good morning", start="0s", end="2s")
            >>> cut.subtitles.to_dataframe()[["start_s", "end_s", "text"]]
               start_s  end_s          text
            0      0.0    2.0  Good morning
        """
        return captions_table(self._session.timeline, track)
