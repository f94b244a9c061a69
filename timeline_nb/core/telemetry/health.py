"""Check what a program needs, side by side; a check that hangs is named."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from timeline_nb.core.locks import new_lock
from timeline_nb.core.telemetry.spans import span

__all__ = ["CheckResult", "CheckWarning", "HealthCheck", "HealthChecks", "State"]

State: TypeAlias = Literal["ok", "warning", "failed", "no answer"]
_DEADLINE_S: Final = 5.0


class CheckWarning(Exception):  # noqa: N818 - it is a warning, raised by a check
    """Raised by a check: it works, and something is worth knowing."""


@dataclass(frozen=True)
class HealthCheck:
    """Something that is tried.

    Args:
        name: Of what.
        run: Tries it, and returns in a few words what it found. It raises
            `CheckWarning`, or any other error if it does not work.
        deadline_s: How long it may take.
    """

    name: str
    run: Callable[[], str]
    deadline_s: float = _DEADLINE_S


@dataclass(frozen=True)
class CheckResult:
    """What a check found.

    Args:
        name: Of the check.
        state: `ok`, `warning`, `failed`, or `no answer` in time.
        detail: What was found, or what is wrong.
        seconds: How long it took, or has been running.
    """

    name: str
    state: State
    detail: str
    seconds: float


class _Running:
    """A check on a thread of its own, which may never end."""

    def __init__(self, check: HealthCheck) -> None:
        self.check = check
        self.began = time.monotonic()
        self.result: CheckResult | None = None
        self._thread = threading.Thread(
            target=self._run, daemon=True, name=f"health {check.name}"
        )
        self._thread.start()

    def _run(self) -> None:
        state: State = "ok"
        with span("health.check", self.check.name, check=self.check.name):
            try:
                detail = self.check.run()
            except CheckWarning as warning:
                state, detail = "warning", str(warning)
            except Exception as error:  # noqa: BLE001 - a check's failure is its answer
                state, detail = "failed", str(error).strip() or type(error).__name__
        taken = time.monotonic() - self.began
        self.result = CheckResult(self.check.name, state, detail, taken)

    def wait(self) -> CheckResult:
        """Return the result; `no answer` once its time is over."""
        left_s = self.began + self.check.deadline_s - time.monotonic()
        self._thread.join(max(0.0, left_s))
        if self.result is not None:
            return self.result
        taken = time.monotonic() - self.began
        detail = f"no answer within {self.check.deadline_s:g} s; it was left behind"
        return CheckResult(self.check.name, "no answer", detail, taken)


class HealthChecks:
    """Runs checks; one that still hangs from before is not begun again."""

    def __init__(self) -> None:
        self._lock = new_lock("health checks that run")
        self._hanging: dict[str, _Running] = {}

    def run(self, checks: Sequence[HealthCheck]) -> list[CheckResult]:
        """Run checks side by side, and return what each found, in their order.

        This takes as long as the longest deadline at most.
        """
        with self._lock:
            before = {
                name: one for name, one in self._hanging.items() if one.result is None
            }
        running = [before.get(one.name) or _Running(one) for one in checks]
        found = [one.wait() for one in running]
        with self._lock:
            self._hanging = {
                one.check.name: one for one in running if one.result is None
            }
        return found
