"""A report: what an export or an import kept, approximated and lost."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from timeline_nb.core.tables import table_of
from timeline_nb.errors import ProjectError
from timeline_nb.interchange.report_html import draw_report

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Direction", "Finding", "Outcome", "Report"]

Outcome: TypeAlias = Literal["kept", "approximated", "lost", "offline"]
Direction: TypeAlias = Literal["export", "import"]
_COLUMNS: Final = ("where", "what", "outcome", "by_how_much", "detail")
# A foreign file may have a million things that are not known.
_MOST_FINDINGS: Final = 10_000
_SHOWN: Final = 3
_LONGEST_PATH: Final = 200


@dataclass(frozen=True)
class Finding:
    """One thing that an export or an import did not carry over as it was.

    Args:
        where: As a person says it: `V1, clip "bikes" at 00:00:04:12`.
        what: The thing: `speed`, `the effect 'sepia'`, `the transition 'wipe'`.
        outcome: `kept` where the other program may not show it, or in another form;
            `approximated`; `lost`; or `offline`, of media that are not there.
        by_how_much: The difference in frames, where there is a number.
        detail: What became of it, and what to do.

    Example:
        >>> import timeline_nb as tl
        >>> print(tl.Finding("V1", "the effect 'sepia'", "lost", detail="EDL has none"))
        V1: the effect 'sepia' lost: EDL has none
    """

    where: str
    what: str
    outcome: Outcome
    by_how_much: Fraction | None = None
    detail: str = ""

    def __str__(self) -> str:
        frames = self.by_how_much
        by = "" if frames is None else f" by {float(frames):.3g} frames"
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.where}: {self.what} {self.outcome}{by}{detail}"


@dataclass(eq=False)
class Report:
    """What an export or an import kept, approximated and lost; a cell shows it.

    What is not listed was carried over exactly.

    Args:
        path: The file.
        format: The name of its format: `otio`.
        direction: `export` or `import`.
        findings: In the order of the edit.
        files: All files that were written, with those beside the first; none of an
            import, or when nothing was written yet.
        more: How many findings beyond the first 10,000 are only counted.

    Example:
        >>> cut.effects.add("c1", "sepia")
        >>> report = cut.export("film.edl", dry_run=True)
        >>> report.summary
        '2 lost, ... kept'
        >>> report.is_exact, report.approximated
        (False, [])
        >>> print(report.lost[0])
        V1, clip "bikes" at 00:00:00:00: the effect 'sepia' lost
        >>> [one.what for one in report.kept]
        [...'the track'...]
    """

    path: Path
    format: str
    direction: Direction
    findings: list[Finding] = field(default_factory=list)
    files: tuple[Path, ...] = ()
    more: int = 0

    def add(
        self,
        where: str,
        what: str,
        outcome: Outcome,
        by_how_much: Fraction | None = None,
        detail: str = "",
    ) -> None:
        """Add a finding; one that stands there already is not added again.

        Example:
            >>> report = cut.export("film.edl", dry_run=True)
            >>> report.add("V1", "the look of my studio", "lost")
            >>> report.lost[-1].what
            'the look of my studio'
        """
        found = Finding(where, what, outcome, by_how_much, detail)
        if found in self.findings[-_SHOWN:]:
            return
        if len(self.findings) < _MOST_FINDINGS:
            self.findings.append(found)
        else:
            self.more += 1

    def add_offline(self, path: str) -> None:
        """Add that media are not there: the edit names them all the same.

        Example:
            >>> report = cut.export("film.edl", dry_run=True)
            >>> report.add_offline("/mnt/gone/b.mov")
            >>> print(report.offline[0])
            the media '/mnt/gone/b.mov': the file offline: cut.relink(FOLDER) ...
        """
        name = path[:_LONGEST_PATH]
        detail = "cut.relink(FOLDER) finds what was moved"
        self.add(f"the media {name!r}", "the file", "offline", None, detail)

    @property
    def offline(self) -> list[Finding]:
        """The media that are not there; clips name them all the same."""
        return self._of("offline")

    @property
    def lost(self) -> list[Finding]:
        """What was lost."""
        return self._of("lost")

    @property
    def approximated(self) -> list[Finding]:
        """What is another than it was, but near."""
        return self._of("approximated")

    @property
    def kept(self) -> list[Finding]:
        """What is kept, though other programs may not show it as this one does."""
        return self._of("kept")

    @property
    def is_exact(self) -> bool:
        """Whether nothing was lost or approximated, be media there or not."""
        return not self.more and not self.lost and not self.approximated

    @property
    def summary(self) -> str:
        """How many were lost, approximated, kept in another form, and offline."""
        counts = Counter(one.outcome for one in self.findings)
        order: tuple[Outcome, ...] = ("lost", "approximated", "kept", "offline")
        parts = [f"{counts[one]} {one}" for one in order if counts[one]]
        parts += [f"{self.more:,} more"] if self.more else []
        return ", ".join(parts) or "everything was carried over"

    def to_dataframe(self) -> "pd.DataFrame":
        """Return a table of one row a finding.

        The columns are `where`, `what`, `outcome`, `by_how_much` (frames; missing
        where there is no number) and `detail`.

        Example:
            >>> report = cut.export("film.edl", dry_run=True)
            >>> report.to_dataframe().columns.tolist()
            ['where', 'what', 'outcome', 'by_how_much', 'detail']
        """
        rows = [
            {
                "where": one.where,
                "what": one.what,
                "outcome": one.outcome,
                "by_how_much": None
                if one.by_how_much is None
                else float(one.by_how_much),
                "detail": one.detail,
            }
            for one in self.findings
        ]
        table = table_of(rows, _COLUMNS)
        return table.astype({"by_how_much": "float64"})

    def refuse_losses(self) -> None:
        """Refuse to go on if anything was lost.

        Raises:
            ProjectError: Something was; the first few losses are named.

        Example:
            >>> cut.export("film.edl", dry_run=True).refuse_losses()
            Traceback (most recent call last):
                ...
            timeline_nb.ProjectError: film.edl (edl) cannot hold all of the edit: ...
        """
        lost = self.lost
        if not lost:
            return
        shown = "; ".join(map(str, lost[:_SHOWN]))
        more = f"; and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
        fault = "cannot hold all of the edit"
        if self.direction == "import":
            fault = "has what an edit cannot hold"
        raise ProjectError(
            f"{self.path.name} ({self.format}) {fault}: {shown}{more}; strict=False "
            "goes on without"
        )

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        way = "to" if self.direction == "export" else "of"
        return (
            f"<Report of the {self.direction} {way} {self.path.name} ({self.format}): "
            f"{self.summary}>"
        )

    def _repr_html_(self) -> str:
        way = "Export to" if self.direction == "export" else "Import of"
        title = f"{way} {self.path.name} ({self.format}): {self.summary}"
        rows = [
            (
                one.outcome,
                one.where,
                one.what,
                "" if one.by_how_much is None else f"{float(one.by_how_much):.3g}",
                one.detail,
            )
            for one in self.findings
        ]
        return draw_report(title, rows, self.more)

    def _of(self, outcome: Outcome) -> list[Finding]:
        return [one for one in self.findings if one.outcome == outcome]
