"""Effects of plugins that fail: left out of previews, and errors of renders."""

from collections.abc import Callable
from typing import TypeVar

from timeline_nb.core.locks import new_lock
from timeline_nb.effects.spec import Spec
from timeline_nb.errors import (
    CompositionError,
    JobCancelledError,
    PluginError,
    TimelineNbError,
)

__all__ = ["FailedEffectError", "FailedEffects", "run_effect"]

T = TypeVar("T")


class FailedEffectError(CompositionError):
    """An effect, a transition or a generator fails at a moment."""


class FailedEffects:
    """Effects of plugins that previews show pictures without; thread-safe.

    Args:
        report: Takes a sentence about an effect, once for each way in which it fails.
    """

    def __init__(self, report: Callable[[str], object]) -> None:
        self._report = report
        self._lock = new_lock("failed effects")
        self._said: set[str] = set()
        self._count = 0

    @property
    def count(self) -> int:
        """How many pictures lack an effect."""
        return self._count

    def note(self, sentence: str) -> None:
        """Note that a picture lacks an effect, and report it if that is new."""
        with self._lock:
            self._count += 1
            is_new = sentence not in self._said
            self._said.add(sentence)
        if is_new:
            self._report(sentence)


def run_effect(
    spec: Spec,
    work: Callable[[], T],
    without: Callable[[], T],
    failed: FailedEffects | None,
) -> T:
    """Return what an effect makes.

    Args:
        spec: The effect, transition or generator.
        work: Calls it.
        without: Returns the picture without it.
        failed: Notes effects of plugins that fail, whose pictures are shown without
            them; None, and they are errors.

    Raises:
        FailedEffectError: It fails; the effect and its plugin are named.
        TimelineNbError: One of the package's own says itself why it fails.
    """
    noun = "effect" if spec.medium == "picture" else spec.medium
    try:
        return work()
    except JobCancelledError:
        raise
    except Exception as error:
        if not spec.origin and isinstance(error, TimelineNbError):
            raise
        said = isinstance(error, TimelineNbError)
        reason = str(error) if said else f"{type(error).__name__}: {error}"
        if spec.origin and not isinstance(error, PluginError):
            reason = f"in the plugin {spec.origin}: {reason}"
        if failed is None or not spec.origin:
            raise FailedEffectError(
                f"the {noun} {spec.kind!r} failed: {reason}"
            ) from error
    failed.note(f"without the {noun} {spec.kind!r}: {reason}")
    return without()
