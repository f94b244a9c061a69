"""Whether all works that a studio needs: a table in a cell, JSON for a server."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

from timeline_nb.core.tables import table_of
from timeline_nb.core.telemetry.health import CheckResult, HealthChecks, State
from timeline_nb.notebook.health_checks import checks_of
from timeline_nb.studio import Studio, default_studio

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HealthReport", "health"]

_COLUMNS: Final = ("check", "state", "detail", "seconds")
# A sign beside the word: colors alone are not seen by everyone.
_SIGNS: Final[dict[State, str]] = {
    "ok": "✓",
    "warning": "!",
    "failed": "✗",
    "no answer": "…",
}
_checks: Final = HealthChecks()


@dataclass(frozen=True)
class HealthReport:
    """What was found, by check.

    Args:
        checks: In the order in which they are shown.
        machine: Versions, encoders, devices and fonts, if they were asked for.

    Example:
        >>> found = tl.health(machine=False)
        >>> found.state in {"ok", "warning"}, found.is_ok
        (True, True)
    """

    checks: tuple[CheckResult, ...]
    machine: Mapping[str, Mapping[str, str]]

    @property
    def state(self) -> State:
        """The worst of all states."""
        order: tuple[State, ...] = ("failed", "no answer", "warning", "ok")
        states = {one.state for one in self.checks}
        return next((state for state in order if state in states), "ok")

    @property
    def is_ok(self) -> bool:
        """Whether all works; warnings do not count."""
        return self.state in {"ok", "warning"}

    def to_dataframe(self) -> "pd.DataFrame":
        """Return a row a check: `check`, `state`, `detail`, `seconds`.

        Example:
            >>> tl.health(machine=False).to_dataframe().columns.tolist()
            ['check', 'state', 'detail', 'seconds']
        """
        rows = [
            {
                "check": one.name,
                "state": one.state,
                "detail": one.detail,
                "seconds": round(one.seconds, 3),
            }
            for one in self.checks
        ]
        return table_of(rows, _COLUMNS)

    def to_json(self) -> dict[str, Any]:
        """Return the report as a server answers it; details name folders.

        Example:
            >>> sorted(tl.health(machine=False).to_json())
            ['checks', 'state']
        """
        return {
            "state": self.state,
            "checks": {
                one.name: {
                    "state": one.state,
                    "detail": one.detail,
                    "seconds": round(one.seconds, 3),
                }
                for one in self.checks
            },
        }

    def __repr__(self) -> str:
        width = max((len(one.name) for one in self.checks), default=0)
        lines = [
            f"{_SIGNS[one.state]} {one.name:<{width}}  {one.state}: {one.detail}"
            for one in self.checks
        ]
        for title, rows in self.machine.items():
            wide = max((len(name) for name in rows), default=0)
            lines += ["", title]
            lines += [f"  {name:<{wide}}  {value}" for name, value in rows.items()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{_SIGNS[one.state]} {escape(one.state)}</td>"
            f"<td>{escape(one.name)}</td>"
            f"<td style='text-align:left'>{escape(one.detail)}</td>"
            f"<td>{one.seconds:.2f}</td></tr>"
            for one in self.checks
        )
        head = "<th>state</th><th>check</th><th>found</th><th>seconds</th>"
        return (
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            f"{''.join(map(_details, self.machine.items()))}"
        )


def _details(part: tuple[str, Mapping[str, str]]) -> str:
    title, facts = part
    rows = "".join(
        f"<tr><td>{escape(name)}</td>"
        f"<td style='text-align:left'>{escape(value)}</td></tr>"
        for name, value in facts.items()
    )
    return (
        f"<details><summary>{escape(title)}</summary>"
        f"<table><tbody>{rows}</tbody></table></details>"
    )


def health(*, machine: bool = True, studio: Studio | None = None) -> HealthReport:
    """Prove what films need: folders, disk, decoder, encoder, detector, keyring, queue.

    The checks run side by side, each with a time limit; one that hangs is named, and
    left behind. `timeline-nb doctor` prints the same.

    Args:
        machine: Whether to list versions, encoders, devices and fonts, too, which
            tries every encoder and takes seconds the first time.
        studio: Whose folders and queue; the notebook's own if not given.

    Example:
        >>> found = tl.health()  # a cell shows it as a table
        >>> isinstance(found.is_ok, bool)
        True
    """
    from timeline_nb.notebook.machine import examine

    found = _checks.run(checks_of(studio or default_studio()))
    return HealthReport(tuple(found), examine() if machine else {})
