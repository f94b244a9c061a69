"""What an analyzer returned, checked, as a table on the media's clock.

=======  =======  ===================================================================
frame    int64    The frame's number, from 0; of sound, that shown at its beginning.
pts      int64    The time stamp of its beginning: of pictures in ticks of the file,
                  of sound in samples from media time 0.
end_pts  int64    Until when the row holds: the next frame that was measured, or the
                  end of the block of sound.
time_s   float64  Media seconds at which it begins.
...               The analyzer's own columns: float64, Int64, str, boolean.
=======  =======  ===================================================================

It has the `attrs` of a detection table, so that `df.tl` makes ranges, clips and markers
of it, and `media.clips` clips.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from timeline_nb.core.structs import to_json
from timeline_nb.recognition.analyzers import Column, ColumnType
from timeline_nb.recognition.measures import Measured
from timeline_nb.recognition.source import Source
from timeline_nb.recognition.tables.columns import FACTS, RUN, seconds_of

__all__ = ["table_of_measures"]

_DTYPES: Final[Mapping[ColumnType, str]] = {
    "number": "float64",
    "integer": "Int64",
    "text": "str",
    "boolean": "boolean",
}


def table_of_measures(
    measured: Measured, columns: Sequence[Column], source: Source
) -> pd.DataFrame:
    """Return one row for each that was measured, in the order of time.

    Args:
        measured: What was measured.
        columns: The analyzer's.
        source: The media, with the clock of the time stamps.
    """
    order = np.argsort(np.asarray(measured.places, np.int64), kind="stable")
    places = np.asarray(measured.places, np.int64)[order]
    starts, ends, frames = (
        np.asarray(part, np.int64)
        for part in (measured.starts, measured.ends, measured.frames)
    )
    times = {
        "frame": frames[places],
        "pts": starts[places],
        "end_pts": ends[places],
        "time_s": seconds_of(starts[places], source),
    }
    table = pd.DataFrame(times)
    for column in columns:
        cells = pd.Series(measured.cells[column.name], dtype=_DTYPES[column.type])
        table[column.name] = cells.take(order).reset_index(drop=True)
    seconds = float(sum((ends - starts).tolist()) * source.time_base)
    table.attrs[FACTS] = to_json(source).decode()
    table.attrs[RUN] = {
        "frames": len(starts),
        "seconds": seconds,
        "from_pts": int(starts[0]) if len(starts) else 0,
        "to_pts": int(ends[-1]) if len(ends) else 0,
    }
    return table
