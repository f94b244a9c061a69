"""What a test of a plugin found, line by line."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from timeline_nb.errors import TimelineNbError

__all__ = ["TrialFinding", "TrialReport", "Verdict"]

Verdict: TypeAlias = Literal["ok", "note", "FAILED"]


@dataclass(frozen=True)
class TrialFinding:
    """One line of a report.

    Args:
        verdict: `FAILED` is a fault, `note` what its author may want to know.
        what: What was tried.
        text: What was found.
    """

    verdict: Verdict
    what: str
    text: str = ""

    def __str__(self) -> str:
        return f"{self.verdict:<6}  {self.what}" + (
            f": {self.text}" if self.text else ""
        )


@dataclass
class TrialReport:
    """What a test of a plugin found.

    Args:
        title: The plugin's name and version.
        findings: In the order in which they were tried.
    """

    title: str
    findings: list[TrialFinding] = field(default_factory=list)

    @property
    def failures(self) -> int:
        """How many findings are faults."""
        return sum(one.verdict == "FAILED" for one in self.findings)

    def ok(self, what: str, text: str = "") -> None:
        """Add what is as it should be."""
        self.findings.append(TrialFinding("ok", what, text))

    def note(self, what: str, text: str = "") -> None:
        """Add what is no fault, and may surprise."""
        self.findings.append(TrialFinding("note", what, text))

    def failed(self, what: str, text: str = "") -> None:
        """Add a fault."""
        self.findings.append(TrialFinding("FAILED", what, text))

    @contextmanager
    def trying(self, what: str, error: str = "") -> Iterator[None]:
        """Add a fault if the block raises, or if it does not raise what it should.

        Args:
            what: What the block tries.
            error: A part of the error that it must raise; empty if it must raise none.
        """
        try:
            yield
        except TimelineNbError as raised:
            if error and error in str(raised):
                self.ok(what, f"refused: {raised}")
            elif error:
                self.failed(what, f"the error is {str(raised)!r}, not {error!r}")
            else:
                self.failed(what, str(raised))
        else:
            if error:
                self.failed(what, f"it raised no error with {error!r}")

    def __str__(self) -> str:
        count = self.failures
        end = f"{count} failed" if count else "all passed"
        return "\n".join([self.title, *map(str, self.findings), end])
