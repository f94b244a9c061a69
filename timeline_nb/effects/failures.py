"""Effects of plugins that fail: left out of previews, and errors of renders."""

from collections.abc import Callable
from typing import Final, TypeVar

from timeline_nb.core.locks import new_lock
from timeline_nb.effects.spec import Spec
from timeline_nb.errors import (
    CompositionError,
    JobCancelledError,
    PluginError,
    TimelineNbError,
)
from timeline_nb.i18n import Message

__all__ = ["EffectRun", "FailedEffectError", "FailedEffects"]

T = TypeVar("T")
_MOST_FAILURES: Final = 3


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


class EffectRun:
    """Runs one effect of a clip, a track or a timeline, picture after picture.

    In a preview, one of a plugin that failed for three pictures in a row is not tried
    any more: each may have taken all of its time limit.

    Args:
        spec: The effect, transition or generator.
        failed: Notes effects of plugins that fail, whose pictures are shown without
            them; None, and they are errors.
    """

    def __init__(self, spec: Spec, failed: FailedEffects | None) -> None:
        self._spec, self._failed = spec, failed
        self._failures, self._sentence = 0, ""

    def __call__(self, work: Callable[[], T], without: Callable[[], T]) -> T:
        """Return what an effect makes.

        Args:
            work: Calls it.
            without: Returns the picture without it.

        Raises:
            FailedEffectError: It fails; the effect and its plugin are named.
            TimelineNbError: One of the package's own says itself why it fails.
        """
        if self._failed is not None and self._failures >= _MOST_FAILURES:
            self._failed.note(self._sentence)
            return without()
        try:
            made = work()
        except JobCancelledError:
            raise
        except Exception as error:
            if not self._spec.origin and isinstance(error, TimelineNbError):
                raise
            reason = self._reason(error)
            if self._failed is None or not self._spec.origin:
                name = self._name
                raise FailedEffectError(
                    Message("the {name} failed: {reason}", name=name, reason=reason)
                ) from error
        else:
            self._failures = 0
            return made
        self._failures += 1
        self._sentence = Message(
            "without the {name}: {why}", name=self._name, why=reason
        )
        self._failed.note(self._sentence)
        return without()

    @property
    def _name(self) -> str:
        spec = self._spec
        return Message("{noun} {kind}", noun=spec.noun, kind=repr(spec.kind))

    def _reason(self, error: Exception) -> str:
        said = isinstance(error, TimelineNbError)
        reason = str(error) if said else f"{type(error).__name__}: {error}"
        if self._spec.origin and not isinstance(error, PluginError):
            return f"in the plugin {self._spec.origin}: {reason}"
        return reason
