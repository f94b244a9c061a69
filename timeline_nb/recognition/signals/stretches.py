"""Stretches of film in which something holds: black, freezes."""

from fractions import Fraction
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from timeline_nb.core.structs import to_json
from timeline_nb.recognition.signals.curves import Curves
from timeline_nb.recognition.source import Source
from timeline_nb.recognition.tables.columns import FACTS, seconds_of
from timeline_nb.recognition.tables.ranges import timed
from timeline_nb.timebase import TimeLike, parse_duration

__all__ = ["as_stretches", "black_of", "curve_table", "freezes_of", "runs_of"]

_COLUMNS: Final = ("luma", "dark", "motion", "content", "histogram")


def runs_of(holds: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return first and last place of each run of True, the last excluded: `(n, 2)`."""
    padded = np.concatenate([[False], holds, [False]]).astype(np.int8)
    return np.flatnonzero(np.diff(padded)).reshape(-1, 2)


def black_of(
    curves: Curves,
    source: Source,
    *,
    least_dark: float = 0.98,
    min_duration: TimeLike = "0.5s",
) -> pd.DataFrame:
    """Return one row per range of black frames.

    Args:
        curves: As measured.
        source: The media.
        least_dark: The least share of black pixels.
        min_duration: Drop shorter ranges.
    """
    return _lasting(curves, source, runs_of(curves.dark >= least_dark), min_duration)


def freezes_of(
    curves: Curves,
    source: Source,
    *,
    most_motion: float = 0.001,
    min_duration: TimeLike = "1s",
) -> pd.DataFrame:
    """Return one row per range in which the frame stands still.

    Args:
        curves: As measured.
        source: The media.
        most_motion: The mean change of brightness from frame to frame, 0 to 1.
        min_duration: Drop shorter ranges.
    """
    still = curves.motion <= most_motion
    if len(still):
        still[0] = False
    runs = runs_of(still)
    # The frame that the others repeat belongs to the range.
    runs[:, 0] -= 1
    return _lasting(curves, source, runs, min_duration)


def _lasting(
    curves: Curves, source: Source, runs: NDArray[np.intp], min_duration: TimeLike
) -> pd.DataFrame:
    ticks = parse_duration(min_duration, source.rate) / source.time_base
    ends = np.append(curves.pts, source.end_pts)
    long = [run for run in runs if ends[run[1]] - curves.pts[run[0]] >= ticks]
    return as_stretches(curves, source, np.array(long, np.intp).reshape(-1, 2), {})


def as_stretches(
    curves: Curves, source: Source, runs: NDArray[np.intp], columns: dict[str, Any]
) -> pd.DataFrame:
    """Return runs of places in the curves as a table in media time.

    Args:
        curves: As measured.
        source: The media.
        runs: `(n, 2)`, first and last place, the last excluded.
        columns: More columns; the first goes in front.
    """
    ends = np.append(curves.pts, source.end_pts)
    rows = pd.DataFrame(
        {
            "pts": curves.pts[runs[:, 0]],
            "end_pts": ends[runs[:, 1]],
            "first_frame": curves.frame[runs[:, 0]],
            "last_frame": curves.frame[runs[:, 1] - 1],
            **columns,
        }
    )
    like = pd.DataFrame()
    like.attrs[FACTS] = to_json(source).decode()
    head = tuple(columns)[:1]
    return timed(
        rows,
        source,
        Fraction(0),
        like=like,
        columns=("first_frame", "last_frame", *tuple(columns)[1:]),
        head=head,
    )


def curve_table(curves: Curves, source: Source) -> pd.DataFrame:
    """Return the curves as a table, one row per frame."""
    table = pd.DataFrame(
        {
            "frame": curves.frame,
            "pts": curves.pts,
            "time_s": seconds_of(curves.pts, source),
            **{name: getattr(curves, name) for name in _COLUMNS},
        }
    )
    table.attrs[FACTS] = to_json(source).decode()
    return table
