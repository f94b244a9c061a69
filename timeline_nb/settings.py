"""The folders and limits that a studio works with."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from timeline_nb.access.roots import default_roots
from timeline_nb.core.app_dirs import cache_dir as default_cache_dir
from timeline_nb.core.app_dirs import data_dir as default_data_dir
from timeline_nb.core.near_names import kind_of
from timeline_nb.core.telemetry.settings import TelemetrySettings
from timeline_nb.editor_settings import EditorSettings
from timeline_nb.errors import TimelineError
from timeline_nb.i18n import LANGUAGES, matching_language
from timeline_nb.media.apart.isolation import Isolate, checked_isolate
from timeline_nb.recognition.models.limits import ModelLimits

__all__ = ["Settings"]


@dataclass(frozen=True, kw_only=True, init=False)
class Settings:
    """Folders and limits of a studio.

    Args:
        cache_dir: The folder of files that can be recomputed: indexes, detections,
            segments; the user's cache folder if not given.
        data_dir: The folder of files that the user added, such as models; the user's
            data folder if not given.
        jobs_at_once: How many renders, scans and detections run at the same time.
        segment_bytes: The disk space that encoded segments may use.
        model_limits: What models that do not come with the package may take.
        roots: The folders whose files projects, widgets and plugins may name, with all
            below them; those of `TIMELINE_NB_ROOTS`, else the working folder, if not
            given. What a person names in a cell is allowed besides.
        project_bytes: The memory that a project may take when it is opened.
        isolate: Which media are decoded in processes apart, where a decoder that
            crashes, hangs or takes too much memory costs its file and not the kernel:
            those `"outside"` the roots, `"always"` all, or `"never"` any. Windows has
            only `"never"`.
        language: That of the widgets: `en`, `ru`, `es`, `pt`, `fr`, `de`, `zh`, `ja`,
            `ko`, `tr`, `th`, `it`, `hi`, `ar` or `he`; what `TIMELINE_NB_LANGUAGE` says
            if not given, and else the page's own, which is JupyterLab's.
        telemetry: What is recorded, and where it is sent; what `TIMELINE_NB_TELEMETRY`
            says if not given, and else nothing leaves this machine.
        editor: How the editor behaves where a person chose nothing in its dialog.
        autosave: Whether each step is kept until it is saved: beside the project, in a
            hidden file for its owner alone, else in the data folder.

    Example:
        >>> settings = tl.Settings(jobs_at_once=1, language="de")
        >>> with tl.open_studio(settings) as studio:
        ...     studio.language
        'de'
    """

    cache_dir: Path
    data_dir: Path
    jobs_at_once: int
    segment_bytes: int
    model_limits: ModelLimits
    roots: tuple[Path, ...]
    project_bytes: int
    isolate: Isolate
    telemetry: TelemetrySettings
    language: str
    editor: EditorSettings
    autosave: bool

    def __init__(  # noqa: PLR0913 - all settings
        self,
        *,
        cache_dir: Path | str | None = None,
        data_dir: Path | str | None = None,
        jobs_at_once: int = 2,
        segment_bytes: int = 20_000_000_000,
        model_limits: ModelLimits | None = None,
        roots: Iterable[Path | str] | None = None,
        project_bytes: int = 1_000_000_000,
        isolate: Isolate | None = None,
        telemetry: TelemetrySettings | None = None,
        language: str | None = None,
        editor: EditorSettings | None = None,
        autosave: bool = True,
    ) -> None:
        folders = {
            "cache_dir": default_cache_dir() if cache_dir is None else cache_dir,
            "data_dir": default_data_dir() if data_dir is None else data_dir,
        }
        for name, folder in folders.items():
            object.__setattr__(self, name, Path(folder).expanduser())
        counts: dict[str, Any] = {
            "jobs_at_once": jobs_at_once,
            "segment_bytes": segment_bytes,
            "project_bytes": project_bytes,
        }
        for name, count in counts.items():
            if isinstance(count, bool) or not isinstance(count, int) or count < 1:
                raise TimelineError(
                    f"{name}={count!r}: give a whole number of 1 or more"
                )
        object.__setattr__(self, "jobs_at_once", jobs_at_once)
        object.__setattr__(self, "segment_bytes", segment_bytes)
        object.__setattr__(self, "project_bytes", project_bytes)
        object.__setattr__(self, "model_limits", model_limits or ModelLimits())
        object.__setattr__(self, "isolate", checked_isolate(isolate))
        object.__setattr__(self, "telemetry", _checked_telemetry(telemetry))
        object.__setattr__(self, "language", _checked_language(language))
        object.__setattr__(self, "editor", editor or EditorSettings())
        object.__setattr__(self, "autosave", autosave)
        places = default_roots() if roots is None else roots
        object.__setattr__(
            self, "roots", tuple(Path(place).expanduser() for place in places)
        )


def _checked_telemetry(given: TelemetrySettings | None) -> TelemetrySettings:
    """Return what was given, or what the environment says.

    Raises:
        TimelineError: It is of another kind, or the variable says nothing known.
    """
    said = TelemetrySettings.from_environment() if given is None else given
    if not isinstance(said, TelemetrySettings):
        # Its value is not shown: headers of a receiver are secret.
        raise TimelineError(
            f"telemetry is {kind_of(said)}: give tl.TelemetrySettings(export='metrics')"
        )
    return said


def _checked_language(language: str | None) -> str:
    """Return the language that was given or that the environment names, or none.

    Raises:
        TimelineError: There is no such language.
    """
    if language is None:
        given = os.environ.get("TIMELINE_NB_LANGUAGE", "")
        return matching_language(given) if given else ""
    if language and language not in LANGUAGES:
        raise TimelineError(
            f"language={language!r}: give one of {', '.join(LANGUAGES)}, "
            "or None for the page's own"
        )
    return language
