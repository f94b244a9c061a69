"""What a job spent its time on: a table, a picture, and sentences."""

import math
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from timeline_nb.core.tables import table_of
from timeline_nb.core.telemetry.advice import sentences_of
from timeline_nb.core.telemetry.gantt import draw_trace
from timeline_nb.core.telemetry.records import SpanRecord, StageTime
from timeline_nb.core.telemetry.tree import Path, SpanNode, TimePart, path_of, tree_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Trace"]

_COSTS: Final = ("stage", "what", "owner", "seconds", "share", "work_s", "count", "ms")
_ROWS: Final = (
    "operation",
    "what",
    "worker",
    "start_s",
    "end_s",
    "stage",
    "detail",
    "owner",
    "seconds",
    "count",
    "critical",
)


class Trace:
    """What a job spent its time on; the last expression of a cell shows it.

    Args:
        name: The job's.
        spans: Its operations that have ended.
        dropped: How many there was no room for.

    Attributes:
        spans: As given.

    Example:
        >>> job = cut.render("explained.mp4", overwrite=True)
        >>> film = job.wait()
        >>> trace = job.trace()
        >>> trace.sentences[0]
        'render explained.mp4 took ...'
        >>> trace.seconds > 0
        True
    """

    def __init__(self, name: str, spans: list[SpanRecord], *, dropped: int = 0) -> None:
        self.name, self.spans, self._dropped = name, spans, dropped

    @cached_property
    def _tree(self) -> SpanNode | None:
        return tree_of(self.spans)

    @cached_property
    def _path(self) -> Path:
        return Path() if self._tree is None else path_of(self._tree)

    @property
    def seconds(self) -> float:
        """How long the job worked, without waiting for its turn."""
        return 0.0 if self._tree is None else self._tree.record.seconds

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Why it took as long as it did, and what to change, from what was measured."""
        if self._tree is None:
            return ("nothing was timed: the job has not begun, or traces are off",)
        lost = (
            (f"{self._dropped} operations were not kept: the numbers miss them",)
            if self._dropped
            else ()
        )
        return (*sentences_of(self.name, self._tree, self._path), *lost)

    def costs(self) -> "pd.DataFrame":
        """Return what the time went into, the most first.

        `seconds` and `share` are of the job's own time, by the path that decided how
        long it took: they sum up to it. `work_s` is the time of all workers together,
        `count` how often the stage ran, and `ms` its mean time: NaN of what was not
        counted.

        Example:
            >>> job = cut.render("film.mp4", end="1s")
            >>> film = job.wait()
            >>> costs = job.trace().costs()
            >>> list(costs.columns)
            ['stage', 'what', 'owner', 'seconds', 'share', 'work_s', 'count', 'ms']
        """
        work: defaultdict[TimePart, list[float]] = defaultdict(lambda: [0.0, 0])
        for record in self.spans:
            for one in record.stages:
                sums = work[TimePart(one.stage, one.detail, one.owner)]
                sums[0] += one.seconds
                sums[1] += one.count
        total = self.seconds or 1.0
        rows = []
        for part, seconds in self._path.parts.most_common():
            work_s, count = work.get(part, (seconds, 0))
            rows.append(
                {
                    "stage": part.stage,
                    "what": part.detail,
                    "owner": part.owner,
                    "seconds": round(seconds, 4),
                    "share": round(seconds / total, 4),
                    "work_s": round(work_s, 4),
                    "count": int(count),
                    "ms": round(1000 * work_s / count, 3) if count else math.nan,
                }
            )
        return table_of(rows, _COSTS)

    def to_dataframe(self) -> "pd.DataFrame":
        """Return a row for each stage of each operation, in the order of their starts.

        `start_s` and `end_s` are seconds from the job's start, `seconds` those of the
        stage; an operation without stages has one row. `critical` says whether it lay
        on the path that decided how long the job took.

        Example:
            >>> job = cut.render("film.mp4", end="1s")
            >>> film = job.wait()
            >>> stages = job.trace().to_dataframe()
            >>> list(stages.columns[:6])
            ['operation', 'what', 'worker', 'start_s', 'end_s', 'stage']
        """
        if self._tree is None:
            return table_of([], _ROWS)
        rows: list[dict[str, Any]] = []
        for node in sorted(self._tree.all(), key=lambda one: one.start_s):
            record = node.record
            shared = {
                "operation": record.name,
                "what": record.label,
                "worker": record.worker,
                "start_s": round(node.start_s, 4),
                "end_s": round(node.end_s, 4),
            }
            is_critical = record.span_id in self._path.spans
            stages = record.stages or (StageTime("", "", "", record.seconds, 1),)
            rows += [
                {
                    **shared,
                    "stage": one.stage,
                    "detail": one.detail,
                    "owner": one.owner,
                    "seconds": round(one.seconds, 4),
                    "count": one.count,
                    "critical": is_critical,
                }
                for one in stages
            ]
        return table_of(rows, _ROWS)

    def __repr__(self) -> str:
        lines = [f"<Trace of {self.name!r}, {self.seconds:.2f} s>"]
        return "\n".join([*lines, *(f"- {one}" for one in self.sentences)])

    def _repr_html_(self) -> str:
        return draw_trace(self.name, self.sentences, self._tree, self._path)
