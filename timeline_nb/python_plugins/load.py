"""Import a plugin's module, and check what it declares."""

import traceback
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any, Final

from timeline_nb.core.worker_threads import WorkerThreads, wait_for
from timeline_nb.errors import (
    JobCancelledError,
    MediaError,
    PluginError,
    TimelineNbError,
)
from timeline_nb.i18n import Message
from timeline_nb.python_plugins.declaration import PythonPlugin
from timeline_nb.python_plugins.entries import PluginEntry

__all__ = ["described", "load", "plugin_errors", "refuse_while_loading"]

# Large libraries take half a minute from a slow disk.
_LOADS_WITHIN_S: Final = 60.0
_OWN_FOLDER: Final = str(Path(__file__).parents[1])
# The plugin that this thread loads.
_loading: ContextVar[PluginEntry | None] = ContextVar("loading", default=None)


@dataclass(frozen=True)
class _Outcome:
    """What the import of a module gave."""

    value: Any = None
    error: BaseException | None = None


def load(entry: PluginEntry) -> PythonPlugin:
    """Import a plugin's module and return what it declares.

    The import runs on a thread, which is left behind if it does not end.

    Raises:
        PluginError: The import fails, ends the program, takes too long, or gives no
            `PythonPlugin`.
    """
    threads = WorkerThreads(1, f"plugin {entry.name}")
    future = threads.submit(_imported, entry)
    try:
        outcome = _waited_for(future, entry)
    except BaseException:
        threads.abandon(future)
        raise
    finally:
        threads.shutdown(wait=False)
    if outcome.error is not None:
        raise PluginError(
            Message(
                "{label} cannot be loaded: {why}",
                label=entry.label,
                why=described(outcome.error),
            )
        ) from outcome.error
    if not isinstance(outcome.value, PythonPlugin):
        kind = type(outcome.value).__name__
        raise PluginError(
            Message(
                "{label} cannot be used: {module}:{attribute} is of the type "
                "{kind}, not a tl.PythonPlugin",
                label=entry.label,
                module=entry.module,
                attribute=entry.attribute,
                kind=kind,
            )
        )
    return outcome.value


def refuse_while_loading(entry: PluginEntry) -> None:
    """Refuse a plugin that a plugin asks for while this thread imports it.

    Two that ask for each other would wait for ever.

    Raises:
        PluginError: This thread imports a plugin.
    """
    other = _loading.get()
    if other is not None:
        raise PluginError(
            Message(
                "{label} cannot be used while {other_label} is loaded",
                label=entry.label,
                other_label=other.label,
            )
        )


def described(error: BaseException) -> str:
    """Return an error of a plugin's code in a line, with the place it came from.

    That is in the plugin, though a call of ours raises what is wrong with it.
    """
    name = type(error).__name__
    try:
        text = str(error).strip().partition("\n")[0]
    except Exception:  # noqa: BLE001 - a foreign class's own method runs
        text = ""
    frames = traceback.extract_tb(error.__traceback__)
    foreign = [one for one in frames if not one.filename.startswith(_OWN_FOLDER)]
    last = (foreign or frames)[-1] if frames else None
    where = f" ({last.filename}, line {last.lineno})" if last else ""
    return f"{name}: {text}{where}" if text else f"{name}{where}"


@contextmanager
def plugin_errors(
    what: str, kind: type[TimelineNbError] = PluginError
) -> Iterator[None]:
    """Turn what a plugin's code raises in the block into an error that names it.

    Args:
        what: What runs: `presets of the plugin 'acme.film' of ...`.
        kind: The error's.

    Raises:
        TimelineNbError: Of that kind. Errors of media pass, the end of a job, and an
            interrupt.
    """
    try:
        yield
    except (JobCancelledError, MediaError):
        raise
    except TimelineNbError as error:
        raise kind(f"{what}: {error}") from error
    except (Exception, SystemExit) as error:
        raise kind(f"{what} failed: {described(error)}") from error


def _imported(entry: PluginEntry) -> _Outcome:
    _loading.set(entry)
    try:
        module = import_module(entry.module)
        return _Outcome(getattr(module, entry.attribute))
    except BaseException as error:  # noqa: BLE001 - SystemExit too: a thread's boundary
        return _Outcome(error=error)


def _waited_for(future: Future[_Outcome], entry: PluginEntry) -> _Outcome:
    deadline = monotonic() + _LOADS_WITHIN_S

    def check() -> None:
        if monotonic() > deadline:
            raise PluginError(
                Message(
                    "{label} cannot be loaded: importing {module} takes longer "
                    "than {loads_within_s} s",
                    label=entry.label,
                    module=entry.module,
                    loads_within_s=f"{_LOADS_WITHIN_S:g}",
                )
            )

    return wait_for(future, check)
