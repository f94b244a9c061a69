"""A video editor that lives in a notebook.

    import timeline_nb as tl

    src = tl.open("bikes.mp4")
    cut = tl.Edit("traffic", rate=src.rate, size=(1280, 720))
    cut.append(src.clip("1s", "4s"))
    job = cut.render("traffic.mp4")

Begin with `help(tl.Edit)` and `help(tl.Media)`; each name below has help of its own.

Media
    open, scan, allow, Media, FrameSequence, MediaReference
Edits
    Edit, load, Clip, Gap, Transition, Track, Timeline, Marker, Subtitle, Effect,
    Keyframe, Transform, PastedItem, TimeRange, TimeLike
    unsaved_edits, recover: those that a killed kernel left
Review of edits
    diff, Diff, merge, Merged
Other programs
    Report, Finding; `export` of every edit, and `load`
Effects
    catalog, Catalog, NameTable, effect, parameters
Renders
    Profile, profile, profile_names, Plan, RenderResult
Proof
    verify, start_verify, Comparison; and `lock=` of every render
    Credentials, trial_credentials, sign, read_credentials, FilmCredentials
    unpack, PackResult; and `pack` of every edit
Publishing
    publish, start_publish, Published; and `publish` of every edit
Notebooks without a browser
    run_notebook, start_run_notebook, NotebookRun, run_batch, start_run_batch,
    render_batch, start_render_batch, BatchResult, RowResult; `timeline-nb run`
Several cameras
    sync_cameras, Multicam, layout_names
Detection
    models, ModelLimits, ModelSpec, Pixels, DetectionResult, Detections,
    read_detections, write_detections, ByteTrack, OcSort, Zone, Line;
    and `df.tl` of every DataFrame
Widgets
    Editor, TimelineWidget, Player, Overlay, Review
Serving
    serve, ServedFile; `timeline-nb serve` in a terminal
Secrets and accounts
    vault, Secret, accounts, OAuthProvider
Plugins
    plugins; and PythonPlugin, for packages that are plugins
Jobs, events and folders
    Job, JobStatus, Progress, events, Settings, EditorSettings, Studio, open_studio
What it does, and how long
    Trace (`job.trace()`), slow, health, metrics_text, TelemetrySettings, log_as_json
Errors
    TimelineNbError, ArgumentError, TimeError, MediaError, DamagedFrameError,
    UnsafeMediaError, TimelineError, ProjectError, CompositionError, RenderError,
    RecognitionError, AccessError, VaultError, AccountError, PublishError, PluginError,
    NotebookError, CredentialError, ServerError, OverloadError, JobCancelledError

Nothing heavy is loaded before it is used: the import takes milliseconds.
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING

from timeline_nb.core.import_hook import after_import as _after_import

if TYPE_CHECKING:
    from types import ModuleType as _ModuleType
    from typing import Any as _Any

    from timeline_nb.commands.placing import PastedItem as PastedItem
    from timeline_nb.core.jobs import Job as Job
    from timeline_nb.core.jobs import JobStatus as JobStatus
    from timeline_nb.core.logs import log_as_json as log_as_json
    from timeline_nb.core.progress import Progress as Progress
    from timeline_nb.core.telemetry.settings import (
        TelemetrySettings as TelemetrySettings,
    )
    from timeline_nb.core.telemetry.trace import Trace as Trace
    from timeline_nb.credentials.certificate import Credentials as Credentials
    from timeline_nb.credentials.read import FilmCredentials as FilmCredentials
    from timeline_nb.editor_settings import EditorSettings as EditorSettings
    from timeline_nb.effects import parameters as parameters
    from timeline_nb.errors import AccessError as AccessError
    from timeline_nb.errors import AccountError as AccountError
    from timeline_nb.errors import ArgumentError as ArgumentError
    from timeline_nb.errors import CompositionError as CompositionError
    from timeline_nb.errors import CredentialError as CredentialError
    from timeline_nb.errors import DamagedFrameError as DamagedFrameError
    from timeline_nb.errors import JobCancelledError as JobCancelledError
    from timeline_nb.errors import MediaError as MediaError
    from timeline_nb.errors import NotebookError as NotebookError
    from timeline_nb.errors import OverloadError as OverloadError
    from timeline_nb.errors import PluginError as PluginError
    from timeline_nb.errors import ProjectError as ProjectError
    from timeline_nb.errors import PublishError as PublishError
    from timeline_nb.errors import RecognitionError as RecognitionError
    from timeline_nb.errors import RenderError as RenderError
    from timeline_nb.errors import ServerError as ServerError
    from timeline_nb.errors import TimeError as TimeError
    from timeline_nb.errors import TimelineError as TimelineError
    from timeline_nb.errors import TimelineNbError as TimelineNbError
    from timeline_nb.errors import UnsafeMediaError as UnsafeMediaError
    from timeline_nb.errors import VaultError as VaultError
    from timeline_nb.interchange.report import Finding as Finding
    from timeline_nb.interchange.report import Report as Report
    from timeline_nb.multicam.layouts import layout_names as layout_names
    from timeline_nb.notebook.accounts import accounts as accounts
    from timeline_nb.notebook.cameras import Multicam as Multicam
    from timeline_nb.notebook.cameras import sync_cameras as sync_cameras
    from timeline_nb.notebook.catalog import Catalog as Catalog
    from timeline_nb.notebook.catalog import catalog as catalog
    from timeline_nb.notebook.catalog import effect as effect
    from timeline_nb.notebook.compared import diff as diff
    from timeline_nb.notebook.compared import merge as merge
    from timeline_nb.notebook.credentials import read_credentials as read_credentials
    from timeline_nb.notebook.credentials import sign as sign
    from timeline_nb.notebook.credentials import trial_credentials as trial_credentials
    from timeline_nb.notebook.detection_result import DetectionResult as DetectionResult
    from timeline_nb.notebook.edit import Edit as Edit
    from timeline_nb.notebook.events import events as events
    from timeline_nb.notebook.frames import FrameSequence as FrameSequence
    from timeline_nb.notebook.health import health as health
    from timeline_nb.notebook.loading import load as load
    from timeline_nb.notebook.media import Media as Media
    from timeline_nb.notebook.merged import Merged as Merged
    from timeline_nb.notebook.models import models as models
    from timeline_nb.notebook.name_tables import NameTable as NameTable
    from timeline_nb.notebook.naming import allow as allow
    from timeline_nb.notebook.opening import open as open  # noqa: A004
    from timeline_nb.notebook.packing import PackResult as PackResult
    from timeline_nb.notebook.plugins import plugins as plugins
    from timeline_nb.notebook.publish import publish as publish
    from timeline_nb.notebook.publish import start_publish as start_publish
    from timeline_nb.notebook.recovering import recover as recover
    from timeline_nb.notebook.recovering import unsaved_edits as unsaved_edits
    from timeline_nb.notebook.render_batch import render_batch as render_batch
    from timeline_nb.notebook.render_batch import (
        start_render_batch as start_render_batch,
    )
    from timeline_nb.notebook.run_batch import run_batch as run_batch
    from timeline_nb.notebook.run_batch import start_run_batch as start_run_batch
    from timeline_nb.notebook.runs import run_notebook as run_notebook
    from timeline_nb.notebook.runs import start_run_notebook as start_run_notebook
    from timeline_nb.notebook.scanning import scan as scan
    from timeline_nb.notebook.serving import ServedFile as ServedFile
    from timeline_nb.notebook.serving import serve as serve
    from timeline_nb.notebook.slow import metrics_text as metrics_text
    from timeline_nb.notebook.slow import slow as slow
    from timeline_nb.notebook.unpacking import unpack as unpack
    from timeline_nb.notebook.vault import vault as vault
    from timeline_nb.notebook.verifying import start_verify as start_verify
    from timeline_nb.notebook.verifying import verify as verify
    from timeline_nb.proof.comparison import Comparison as Comparison
    from timeline_nb.publishing.upload import Published as Published
    from timeline_nb.python_plugins.declaration import PythonPlugin as PythonPlugin
    from timeline_nb.recognition.detections import Detections as Detections
    from timeline_nb.recognition.exchange.files import (
        read_detections as read_detections,
    )
    from timeline_nb.recognition.exchange.files import (
        write_detections as write_detections,
    )
    from timeline_nb.recognition.models.limits import ModelLimits as ModelLimits
    from timeline_nb.recognition.models.spec import ModelSpec as ModelSpec
    from timeline_nb.recognition.models.spec import Pixels as Pixels
    from timeline_nb.recognition.tables.zones import Line as Line
    from timeline_nb.recognition.tables.zones import Zone as Zone
    from timeline_nb.recognition.tracking.bytetrack import ByteTrack as ByteTrack
    from timeline_nb.recognition.tracking.ocsort import OcSort as OcSort
    from timeline_nb.render.platforms import profile as profile
    from timeline_nb.render.platforms import profile_names as profile_names
    from timeline_nb.render.profile import Profile as Profile
    from timeline_nb.render.result import RenderResult as RenderResult
    from timeline_nb.runs.batch import BatchResult as BatchResult
    from timeline_nb.runs.batch import RowResult as RowResult
    from timeline_nb.runs.outcome import NotebookRun as NotebookRun
    from timeline_nb.security.oauth.provider import OAuthProvider as OAuthProvider
    from timeline_nb.security.secret import Secret as Secret
    from timeline_nb.segments.plan import Plan as Plan
    from timeline_nb.settings import Settings as Settings
    from timeline_nb.studio import Studio as Studio
    from timeline_nb.studio import open_studio as open_studio
    from timeline_nb.timebase import TimeLike as TimeLike
    from timeline_nb.timebase import TimeRange as TimeRange
    from timeline_nb.timeline.attributes import Effect as Effect
    from timeline_nb.timeline.attributes import Keyframe as Keyframe
    from timeline_nb.timeline.attributes import Marker as Marker
    from timeline_nb.timeline.attributes import Transform as Transform
    from timeline_nb.timeline.comparing.difference import Diff as Diff
    from timeline_nb.timeline.model import Clip as Clip
    from timeline_nb.timeline.model import Gap as Gap
    from timeline_nb.timeline.model import MediaReference as MediaReference
    from timeline_nb.timeline.model import Subtitle as Subtitle
    from timeline_nb.timeline.model import Timeline as Timeline
    from timeline_nb.timeline.model import Track as Track
    from timeline_nb.timeline.model import Transition as Transition
    from timeline_nb.widgets.editor import Editor as Editor
    from timeline_nb.widgets.overlay import Overlay as Overlay
    from timeline_nb.widgets.player import Player as Player
    from timeline_nb.widgets.review import Review as Review
    from timeline_nb.widgets.timeline import TimelineWidget as TimelineWidget

__version__ = "0.1.0"

# The module of each public name. Type checkers read the block above instead; a test
# holds the two together.
_HOMES = {
    name: home
    for home, names in {
        "commands.placing": "PastedItem",
        "core.jobs": "Job JobStatus",
        "core.logs": "log_as_json",
        "core.progress": "Progress",
        "core.telemetry.settings": "TelemetrySettings",
        "core.telemetry.trace": "Trace",
        "credentials.certificate": "Credentials",
        "credentials.read": "FilmCredentials",
        "effects": "parameters",
        "errors": "AccessError AccountError ArgumentError CompositionError "
        "CredentialError DamagedFrameError "
        "JobCancelledError MediaError NotebookError OverloadError PluginError "
        "ProjectError PublishError RecognitionError RenderError ServerError TimeError "
        "TimelineError TimelineNbError UnsafeMediaError VaultError",
        "interchange.report": "Finding Report",
        "multicam.layouts": "layout_names",
        "notebook.accounts": "accounts",
        "notebook.cameras": "Multicam sync_cameras",
        "notebook.catalog": "Catalog catalog effect",
        "notebook.compared": "diff merge",
        "notebook.merged": "Merged",
        "notebook.credentials": "read_credentials sign trial_credentials",
        "notebook.detection_result": "DetectionResult",
        "notebook.edit": "Edit",
        "notebook.events": "events",
        "notebook.frames": "FrameSequence",
        "notebook.health": "health",
        "notebook.loading": "load",
        "notebook.media": "Media",
        "notebook.models": "models",
        "notebook.name_tables": "NameTable",
        "notebook.naming": "allow",
        "notebook.opening": "open",
        "notebook.publish": "publish start_publish",
        "notebook.plugins": "plugins",
        "notebook.render_batch": "render_batch start_render_batch",
        "notebook.run_batch": "run_batch start_run_batch",
        "notebook.recovering": "recover unsaved_edits",
        "notebook.runs": "run_notebook start_run_notebook",
        "notebook.scanning": "scan",
        "notebook.serving": "ServedFile serve",
        "notebook.slow": "metrics_text slow",
        "notebook.packing": "PackResult",
        "notebook.unpacking": "unpack",
        "notebook.vault": "vault",
        "notebook.verifying": "start_verify verify",
        "proof.comparison": "Comparison",
        "publishing.upload": "Published",
        "python_plugins.declaration": "PythonPlugin",
        "recognition.detections": "Detections",
        "recognition.exchange.files": "read_detections write_detections",
        "recognition.models.limits": "ModelLimits",
        "recognition.models.spec": "ModelSpec Pixels",
        "recognition.tables.zones": "Line Zone",
        "recognition.tracking.bytetrack": "ByteTrack",
        "recognition.tracking.ocsort": "OcSort",
        "render.platforms": "profile profile_names",
        "render.profile": "Profile",
        "render.result": "RenderResult",
        "runs.batch": "BatchResult RowResult",
        "runs.outcome": "NotebookRun",
        "security.oauth.provider": "OAuthProvider",
        "security.secret": "Secret",
        "segments.plan": "Plan",
        "settings": "Settings",
        "editor_settings": "EditorSettings",
        "studio": "Studio open_studio",
        "timebase": "TimeLike TimeRange",
        "timeline.comparing.difference": "Diff",
        "timeline.attributes": "Effect Keyframe Marker Transform",
        "timeline.model": "Clip Gap MediaReference Subtitle Timeline Track Transition",
        "widgets.editor": "Editor",
        "widgets.overlay": "Overlay",
        "widgets.player": "Player",
        "widgets.review": "Review",
        "widgets.timeline": "TimelineWidget",
    }.items()
    for name in names.split()
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> "_Any":
    """Load a public name when it is first asked for."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = _import_module(f"{__name__}.{home}")
    value = getattr(module, name, None)
    if value is None:
        value = _import_module(f"{__name__}.{home}.{name}")
    # It needs msgspec, which the import of a home has loaded.
    from timeline_nb.core.call_errors import explain_calls

    value = globals()[name] = explain_calls(value)
    return value


def __dir__() -> list[str]:
    dunders = [name for name in globals() if name.startswith("__")]
    # pydoc would print every class in full, 5,300 lines: help is the text above.
    return dunders if _is_asked_by("pydoc") else sorted([*__all__, *dunders])


def _is_asked_by(module: str) -> bool:
    """Return whether a function of a module is among the callers."""
    from inspect import currentframe

    frame = currentframe()
    while frame is not None and frame.f_globals.get("__name__") != module:
        frame = frame.f_back
    return frame is not None


def _rename(module: "_ModuleType") -> None:
    """Have the public classes and functions of a module say `timeline_nb`.

    Help, tracebacks and pickles then name them as a user writes them; calls whose
    arguments do not fit are explained.
    """
    from timeline_nb.core.call_errors import explain_calls

    home = module.__name__.removeprefix(f"{__name__}.")
    for name in (own for own, other in _HOMES.items() if other == home):
        value = getattr(module, name, None)
        if callable(value) and getattr(value, "__module__", "") == module.__name__:
            _resolve_annotations(value)
            value.__module__ = __name__
        if value is not None:
            setattr(module, name, explain_calls(value))


def _resolve_annotations(value: "_Any") -> None:
    """Replace a class's quoted annotations by types.

    msgspec and dataclasses look names up in the module that a class says it is of.
    """
    from inspect import get_annotations
    from typing import get_type_hints

    if isinstance(value, type) and (own := get_annotations(value)):
        hints = get_type_hints(value, include_extras=True)
        value.__annotations__ = {name: hints[name] for name in own}


def _register_accessor(pandas: "_ModuleType") -> None:
    """Give every DataFrame the accessor `df.tl`, loaded when it is first used."""
    if hasattr(pandas.DataFrame, "tl"):
        return

    def tl(table: "_Any") -> "_Any":
        from timeline_nb.core.call_errors import explain_calls
        from timeline_nb.recognition.tables.accessor import DetectionAccessor

        explain_calls(DetectionAccessor)
        return DetectionAccessor(table)

    pandas.api.extensions.register_dataframe_accessor("tl")(tl)


_after_import({"pandas"}, _register_accessor)
_after_import({f"{__name__}.{home}" for home in _HOMES.values()}, _rename)
