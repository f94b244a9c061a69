"""`df.tl`: what a table of detections, or of ranges, means in media time."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.source import Source
from timeline_nb.recognition.tables import counts as counting
from timeline_nb.recognition.tables import edits, zones
from timeline_nb.recognition.tables import ranges as spans
from timeline_nb.recognition.tables.columns import source_of
from timeline_nb.recognition.tables.zones import Anchor, Line, Zone
from timeline_nb.timebase import TimeLike
from timeline_nb.timeline.model import Clip, Marker, Timeline

__all__ = ["DetectionAccessor"]


class DetectionAccessor:
    """`df.tl`: what a table of detections, or of ranges, means in media time.

    Every DataFrame has it once `timeline_nb` is imported. `clips` and `markers` work
    on tables of your own with `start` and `end` (or `start_s` and `end_s`); the other
    methods need the columns of `media.detect().to_dataframe()`, and the media that such
    a table names in its `attrs`. Every table it gives has the accessor too:
    `df.tl.appearances().tl.markers()`.

    Args:
        table: Any table. Nothing is checked before a method is called, so that `dir`
            and `hasattr` work on every DataFrame.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = table

    @property
    def source(self) -> Source:
        """The media that the table is of.

        Raises:
            RecognitionError: The table does not say.
        """
        return source_of(self._table)

    def ranges(
        self,
        merge_gap: TimeLike = 0,
        pad: TimeLike = 0,
        min_duration: TimeLike = 0,
    ) -> pd.DataFrame:
        """The stretches of film that the rows cover.

        A row covers the time from its frame to the next frame that was looked at.

        Args:
            merge_gap: Stretches at most so far apart are one.
            pad: Added before and after each, within the film.
            min_duration: Shorter stretches are left out, measured before padding.

        Returns:
            One row a stretch: `start`, `end` and `duration` as exact fractions of a
            second of media time, `start_s` and `end_s` to read, `first_frame` and
            `last_frame` with detections, their number `detections`, `labels`,
            `mean_score` and `max_score`.

        Raises:
            TimeError: A duration cannot be read, or is negative.
            RecognitionError: A column is missing.
        """
        return spans.ranges(
            self._table, merge_gap=merge_gap, pad=pad, min_duration=min_duration
        )

    def appearances(
        self, by: str = "label", merge_gap: TimeLike = 0, min_duration: TimeLike = 0
    ) -> pd.DataFrame:
        """When each label or track is seen.

        Args:
            by: `label` or `track`.
            merge_gap: Stretches of one at most so far apart are one.
            min_duration: Shorter ones are left out.

        Returns:
            One row an appearance, by time: `label` (and `track_id`), times as `ranges`
            tells them, `first_frame`, `last_frame`, `frames` it is seen in,
            `detections`, `mean_score`, `max_score`.

        Raises:
            RecognitionError: A column is missing.
        """
        return spans.appearances(
            self._table, by=by, merge_gap=merge_gap, min_duration=min_duration
        )

    def tracks(self) -> pd.DataFrame:
        """One row a track: what, when, where from and to, how far and how fast."""
        from timeline_nb.recognition.tracking.paths import history

        return history(self._table)

    def counts(self, every: TimeLike = 1, by: str = "label") -> pd.DataFrame:
        """How much is seen in each stretch of time.

        Args:
            every: The length of a stretch; the first begins at media time 0.
            by: The column that is counted by.

        Returns:
            One row a stretch and label that is seen in it: `start_s`, `end_s`,
            `label`, `detections`, `frames`, and the `most_at_once` in a frame.
        """
        return counting.counts(self._table, every, by=by)

    def frames(self) -> pd.DataFrame:
        """One row a frame with detections, a column a label: how many are in it."""
        return counting.frames(self._table)

    def statistics(self) -> pd.DataFrame:
        """One row a class: detections, frames, seconds, scores, how many at once."""
        return counting.statistics(self._table)

    def summary(self) -> pd.Series:
        """The run in a few numbers: frames looked at, detections, classes, tracks."""
        return counting.summary(self._table)

    def co_occurrence(self) -> pd.DataFrame:
        """In how many frames each pair of labels is seen together; square."""
        return counting.co_occurrence(self._table)

    def heat_map(self, columns: int = 64) -> NDArray[np.float64]:
        """Seconds for which boxes lie over each part of the picture: `(rows, columns)`.

        Args:
            columns: Cells across; as many down as make them square.
        """
        return counting.heat_map(self._table, columns=columns)

    def moments(
        self,
        rules: dict[str, str],
        merge_gap: TimeLike = 0,
        min_duration: TimeLike = 0,
    ) -> pd.DataFrame:
        """Where rules over the number of each label hold.

        Args:
            rules: A name, and when it holds: `{"crowd": "person >= 3 and car == 0"}`;
                labels with spaces stand in backticks.
            merge_gap: Stretches of one rule at most so far apart are one.
            min_duration: Shorter ones are left out.

        Returns:
            One row a stretch: `moment`, times as `ranges` tells them, `first_frame`,
            `last_frame`, `frames`, and `peak`, the most boxes, in `peak_frame`.

        Raises:
            RecognitionError: A rule cannot be read.
        """
        return counting.moments(
            self._table, rules, merge_gap=merge_gap, min_duration=min_duration
        )

    def visits(
        self,
        zones_: Zone | Iterable[Zone],
        anchor: Anchor = "bottom",
        merge_gap: TimeLike = 0,
        min_dwell: TimeLike = 0,
    ) -> pd.DataFrame:
        """Who was in a zone, from when to when.

        Without tracks, all that is seen of a label counts as one visitor.

        Args:
            zones_: One zone, or several.
            anchor: The point of a box that counts: `bottom` or `center`.
            merge_gap: Shorter absences are none.
            min_dwell: Shorter visits are left out.

        Returns:
            One row a visit: `zone`, `track_id`, `label`, `start` and `end` exact,
            `enter_s`, `exit_s`, `dwell_s`, `enter_frame`, `exit_frame`, `frames` seen
            inside, and whether it `left`: if not, it was last seen inside.
        """
        return zones.visits(
            self._table,
            zones_,
            anchor=anchor,
            merge_gap=merge_gap,
            min_dwell=min_dwell,
        )

    def crossings(
        self, lines: Line | Iterable[Line], anchor: Anchor = "bottom"
    ) -> pd.DataFrame:
        """Which tracks crossed a line.

        Args:
            lines: One line, or several.
            anchor: The point of a box that counts: `bottom` or `center`.

        Returns:
            One row a crossing: `line`, `track_id`, `label`, the `frame` and `time_s`
            at which it is first seen beyond, the side that it went `to`, looking from
            the line's start to its end, and where: `x`, `y`.

        Raises:
            RecognitionError: The table has no tracks.
        """
        return zones.crossings(self._table, lines, anchor=anchor)

    def clips(self, media: edits.ClipSource) -> list[Clip]:
        """Make one clip per row with a start and an end, else per range of `ranges()`.

        Args:
            media: The media, as `tl.open` gives it.

        Raises:
            RecognitionError: The table is of other media, or has no such columns.
        """
        return media.clips(self._table)

    def markers(self, color: str = "green") -> tuple[Marker, ...]:
        """One marker a stretch, in media time, named for what is seen."""
        return edits.markers(self._table, color=color)

    def timeline(self, media: edits.ClipSource, name: str = "") -> Timeline:
        """The stretches one after another, at the film's rate and size.

        Raises:
            RecognitionError: There is nothing to show, or the table is of another film.
        """
        return edits.timeline(self._table, media, name=name)

    def on(self, edit: "Timeline | object") -> pd.DataFrame:
        """The rows that an edit shows, once for each clip that shows them.

        Args:
            edit: A timeline, or what has one.

        Returns:
            The rows with `clip`, `track`, `timeline_s` and `timeline_frame`.

        Raises:
            RecognitionError: `edit` is none, or a column is missing.
        """
        whole = getattr(edit, "timeline", edit)
        if not isinstance(whole, Timeline):
            raise RecognitionError(
                f"df.tl.on({edit!r}) needs an edit, or a timeline, and not a "
                f"{type(edit).__name__}: as in df.tl.on(cut)"
            )
        return edits.rows_on(self._table, whole)

    def __repr__(self) -> str:
        methods = [name for name in dir(self) if not name.startswith("_")]
        return f"<df.tl of {len(self._table)} rows: {', '.join(methods)}>"
