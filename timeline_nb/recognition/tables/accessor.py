"""`df.tl`: what a table of detections, or of ranges, means in media time."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.source import Source
from timeline_nb.recognition.tables import counts as counting
from timeline_nb.recognition.tables import edits
from timeline_nb.recognition.tables import ranges as spans
from timeline_nb.recognition.tables import zones as zoning
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

    Example:
        >>> table.tl.summary()["frames"]
        10
        >>> table.tl.source.size
        (640, 272)
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
        """Merge the rows to ranges of media time.

        A row covers the time from its frame to the next examined frame.

        Args:
            merge_gap: Merge ranges that are at most so far apart.
            pad: Extend each range by this at both ends, within the media.
            min_duration: Drop shorter ranges, measured before padding.

        Returns:
            One row per range: `start`, `end` and `duration` as exact fractions of a
            second of media time, `start_s` and `end_s` as floats, `first_frame` and
            `last_frame` with detections, their number `detections`, `labels`,
            `mean_score` and `max_score`.

        Raises:
            TimeError: A duration cannot be read, or is negative.
            RecognitionError: A column is missing.

        Example:
            >>> sure = table.query("score > 0.4")
            >>> ranges = sure.tl.ranges(merge_gap="1s", pad="0.2s")
            >>> cut.append(src.clips(ranges))
            >>> ranges.columns[:3].tolist()
            ['start', 'end', 'duration']
        """
        return spans.ranges(
            self._table, merge_gap=merge_gap, pad=pad, min_duration=min_duration
        )

    def appearances(
        self, by: str = "label", merge_gap: TimeLike = 0, min_duration: TimeLike = 0
    ) -> pd.DataFrame:
        """Merge the rows of each label or track to ranges of media time.

        Args:
            by: `label` or `track`.
            merge_gap: Merge ranges of one label or track that are at most so far apart.
            min_duration: Drop shorter ranges.

        Returns:
            One row per range, sorted by start: `label` (and `track_id`), times as in
            `ranges`, `first_frame`, `last_frame`, number of `frames` and
            `detections`, `mean_score`, `max_score`.

        Raises:
            RecognitionError: A column is missing.

        Example:
            >>> seen = table.query("score > 0.4").tl.appearances(merge_gap="1s")
            >>> seen.columns[:4].tolist()
            ['label', 'start', 'end', 'duration']
        """
        return spans.appearances(
            self._table, by=by, merge_gap=merge_gap, min_duration=min_duration
        )

    def tracks(self) -> pd.DataFrame:
        """Return one row per track: label, times, boxes, distance and speed.

        Example:
            >>> tracked = src.detect(every=5, end="2s").track().to_dataframe()
            >>> tracked.tl.tracks().columns[:2].tolist()
            ['track_id', 'label']
        """
        from timeline_nb.recognition.tracking.paths import history

        return history(self._table)

    def counts(self, every: TimeLike = 1, by: str = "label") -> pd.DataFrame:
        """Count detections per time interval.

        Args:
            every: The length of an interval; the first begins at media time 0.
            by: The column to group by.

        Returns:
            One row per interval and label: `start_s`, `end_s`, `label`, number of
            `detections` and `frames`, and the most in one frame: `most_at_once`.

        Example:
            >>> table.tl.counts(every="1s").columns.tolist()
            ['start_s', 'end_s', 'label', 'detections', 'frames', 'most_at_once']
        """
        return counting.counts(self._table, every, by=by)

    def frames(self) -> pd.DataFrame:
        """Return one row per frame with detections, one column of counts per label.

        Example:
            >>> table.tl.frames().columns[:3].tolist()
            ['frame', 'pts', 'end_pts']
        """
        return counting.frames(self._table)

    def statistics(self) -> pd.DataFrame:
        """Return one row per class: detections, frames, seconds and scores.

        Example:
            >>> table.tl.statistics().columns[:4].tolist()
            ['label', 'detections', 'frames', 'mean_score']
        """
        return counting.statistics(self._table)

    def summary(self) -> pd.Series:
        """Summarize the run: frames examined, detections, classes, tracks.

        Example:
            >>> table.tl.summary()["frames"]
            10
        """
        return counting.summary(self._table)

    def co_occurrence(self) -> pd.DataFrame:
        """Count the frames in which each pair of labels is seen: a square table.

        Example:
            >>> pairs = table.tl.co_occurrence()
            >>> pairs.shape[0] == pairs.shape[1] == table["label"].nunique()
            True
        """
        return counting.co_occurrence(self._table)

    def heat_map(self, columns: int = 64) -> NDArray[np.float64]:
        """Compute the seconds that boxes cover each cell: `(rows, columns) float64`.

        Args:
            columns: Cells across the frame; rows follow so that cells are square.

        Example:
            >>> table.tl.heat_map(columns=32).shape
            (14, 32)
        """
        return counting.heat_map(self._table, columns=columns)

    def moments(
        self,
        rules: dict[str, str],
        merge_gap: TimeLike = 0,
        min_duration: TimeLike = 0,
    ) -> pd.DataFrame:
        """Find ranges in which rules over the count of each label hold.

        Args:
            rules: Expressions by name: `{"crowd": "person >= 3 and car == 0"}`; put
                labels with spaces in backticks.
            merge_gap: Merge ranges of one rule that are at most so far apart.
            min_duration: Drop shorter ranges.

        Returns:
            One row per range: `moment` (the name), times as in `ranges`, `first_frame`,
            `last_frame`, `frames`, and `peak`, the most boxes, in `peak_frame`.

        Raises:
            RecognitionError: A rule cannot be read.

        Example:
            >>> busy = table.tl.moments({"busy": "car + person >= 2"}, merge_gap="1s")
            >>> busy.columns[:3].tolist()
            ['moment', 'start', 'end']
        """
        return counting.moments(
            self._table, rules, merge_gap=merge_gap, min_duration=min_duration
        )

    def visits(
        self,
        zones: Zone | Iterable[Zone],
        anchor: Anchor = "bottom",
        merge_gap: TimeLike = 0,
        min_dwell: TimeLike = 0,
    ) -> pd.DataFrame:
        """Find who was in a zone, from when to when.

        Without tracks, all detections of a label count as one visitor.

        Args:
            zones: One zone, or several.
            anchor: The point of a box that counts: `bottom` or `center`.
            merge_gap: Ignore absences up to this length.
            min_dwell: Drop shorter visits.

        Returns:
            One row per visit: `zone`, `track_id`, `label`, exact `start` and `end`,
            `enter_s`, `exit_s`, `dwell_s`, `enter_frame`, `exit_frame`, number of
            `frames` inside, and `left`: False if it was last seen inside.

        Example:
            >>> corners = (0, 0), (320, 0), (320, 272), (0, 272)
            >>> left = tl.Zone(name="left", points=corners)
            >>> table.tl.visits(left, merge_gap="1s").columns[:4].tolist()
            ['zone', 'track_id', 'label', 'start']
        """
        return zoning.visits(
            self._table,
            zones,
            anchor=anchor,
            merge_gap=merge_gap,
            min_dwell=min_dwell,
        )

    def crossings(
        self, lines: Line | Iterable[Line], anchor: Anchor = "bottom"
    ) -> pd.DataFrame:
        """Find which tracks crossed a line.

        Args:
            lines: One line, or several.
            anchor: The point of a box that counts: `bottom` or `center`.

        Returns:
            One row per crossing: `line`, `track_id`, `label`, the first `frame` beyond
            it and its `time_s`, the side it went `to` (`left` or `right`, looking from
            the line's start to its end), and the point `x`, `y`.

        Raises:
            RecognitionError: The table has no tracks.

        Example:
            >>> line = tl.Line(name="stop line", start=(0, 200), end=(640, 200))
            >>> tracked = src.detect(every=5, end="2s").track().to_dataframe()
            >>> tracked.tl.crossings(line).columns[:4].tolist()
            ['line', 'track_id', 'label', 'frame']
        """
        return zoning.crossings(self._table, lines, anchor=anchor)

    def clips(self, media: edits.ClipSource) -> list[Clip]:
        """Make one clip per row with a start and an end, else per range of `ranges()`.

        Args:
            media: The media, as `tl.open` gives it.

        Raises:
            RecognitionError: The table is of other media, or has no such columns.

        Example:
            >>> clips = table.query("score > 0.4").tl.clips(src)
            >>> cut.append(clips)
            >>> len(cut.clips) - 2 == len(clips)
            True
        """
        edits.check_media(media)
        return media.clips(self._table)

    def markers(self, color: str = "green") -> tuple[Marker, ...]:
        """Make one marker per range, in media time, named after what is seen.

        Example:
            >>> markers = table.query("score > 0.4").tl.markers(color="red")
            >>> markers[0].color
            'red'
        """
        return edits.markers(self._table, color=color)

    def timeline(self, media: edits.ClipSource, name: str = "") -> Timeline:
        """Put the ranges one after another, at the media's rate and size.

        Raises:
            RecognitionError: The table has no rows, or is of other media.

        Example:
            >>> seen = table.query("score > 0.4").tl.timeline(src, name="seen")
            >>> seen.name, seen.rate, seen.size
            ('seen', Fraction(25, 1), (640, 272))
        """
        return edits.timeline(self._table, media, name=name)

    def on(self, edit: "Timeline | object") -> pd.DataFrame:
        """Find the rows that an edit shows, once per clip that shows them.

        Args:
            edit: An edit, or a timeline.

        Returns:
            The rows with `clip`, `track`, `timeline_s` and `timeline_frame`.

        Raises:
            RecognitionError: `edit` is not an edit, or a column is missing.

        Example:
            >>> shown = table.tl.on(cut)
            >>> shown[["clip", "track", "timeline_s"]].head(1)
              clip track  timeline_s
            6   c1    V1         0.0
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
