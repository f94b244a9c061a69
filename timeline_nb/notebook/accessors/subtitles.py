"""`cut.subtitles`: lines of text, read from and written to files."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline_nb.commands.session import EditSession
from timeline_nb.commands.titles import AddSubtitle
from timeline_nb.notebook.captions import (
    captions_table,
    put_lines,
    read_any,
    write_track,
)
from timeline_nb.notebook.media import Media
from timeline_nb.notebook.resolve import Resolver
from timeline_nb.timebase import TimeLike

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.subtitles.cues import Fault

__all__ = ["SubtitleLines"]


class SubtitleLines:
    """The subtitles of an edit.

    Lines that are shown at the same time lie on further tracks, named after the first;
    `write` and `to_dataframe` take them together.

    Args:
        session: The edit's.
    """

    def __init__(self, session: EditSession) -> None:
        self._session = session
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
        """Put a line of text on the subtitle track.

        Args:
            text: With line breaks.
            start: When it is first seen.
            end: When it is gone.
            track: Which subtitle track; the first if not given.
            style: Parameters of the generator `title` that differ from the track's.
        """
        self._session.perform(
            AddSubtitle(
                text=text,
                start=self._resolve.time(start),
                end=self._resolve.time(end),
                track=track,
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
        """Put the lines of a file on a track of their own.

        Args:
            path: `.srt`, `.vtt`, `.ass` or `.ssa`, or media with subtitles in it.
            track: The track's name; a new one if not given.
            at: The time of the edit that is second 0 of the file.
            encoding: Such as `"cp1251"`; detected if not given.
            stream: Which subtitle stream of the media, from 0.

        Returns:
            What is odd in the file or left out, by its row; what no font here can
            show; and what is hard to read, line by line.

        Raises:
            TimelineError: The file cannot be read, or a line begins before 0.
            MediaError: The media has no such subtitles, or they are pictures.
        """
        found = read_any(path, encoding=encoding, stream=stream)
        return put_lines(self._session, found, track, self._resolve.time(at))

    def write(self, path: Path | str, *, track: str | None = None) -> Path:
        """Write the lines to a `.srt`, `.vtt`, `.ass` or `.ssa` file.

        Times are written in thousandths of a second, in ASS and SSA in hundredths.

        Args:
            path: The file.
            track: Whose lines; the first subtitle track's if not given.

        Raises:
            TimelineError: There is no such track, or the file cannot be written.
        """
        return write_track(self._session.timeline, Path(path), track)

    def to_dataframe(self, *, track: str | None = None) -> "pd.DataFrame":
        """Return one row a line: `start_s`, `end_s`, `text`, `faults`, `track`."""
        return captions_table(self._session.timeline, track)
