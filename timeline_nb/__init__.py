"""A video editor that lives in a notebook.

    import timeline_nb as tl

    src = tl.open("bikes.mp4")
    cut = tl.Edit("traffic", rate=src.rate, size=(1280, 720))
    cut.append(src.clip("1s", "4s"))
    job = cut.render("traffic.mp4")

Nothing heavy is loaded before it is used: the import takes milliseconds.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from timeline_nb.core.jobs import Job
    from timeline_nb.core.progress import Progress
    from timeline_nb.errors import TimelineNbError
    from timeline_nb.multicam.layouts import layout_names
    from timeline_nb.notebook.cameras import sync_cameras
    from timeline_nb.notebook.catalog import catalog, effect
    from timeline_nb.notebook.detection_result import DetectionResult
    from timeline_nb.notebook.edit import Edit, load
    from timeline_nb.notebook.media import Media
    from timeline_nb.notebook.models import models
    from timeline_nb.notebook.opening import open  # noqa: A004
    from timeline_nb.notebook.scanning import scan
    from timeline_nb.recognition.detections import Detections
    from timeline_nb.recognition.exchange.files import read_detections
    from timeline_nb.recognition.models.spec import ModelSpec, Pixels
    from timeline_nb.recognition.tables.zones import Line, Zone
    from timeline_nb.recognition.tracking.bytetrack import ByteTrack
    from timeline_nb.recognition.tracking.ocsort import OcSort
    from timeline_nb.render.platforms import profile, profile_names
    from timeline_nb.render.profile import Profile
    from timeline_nb.studio import Settings, Studio, open_studio
    from timeline_nb.timebase import TimeRange
    from timeline_nb.timeline.model import (
        Clip,
        Effect,
        Gap,
        Keyframe,
        Marker,
        MediaReference,
        Subtitle,
        Timeline,
        Track,
        Transform,
        Transition,
    )
    from timeline_nb.widgets.editor import Editor
    from timeline_nb.widgets.overlay import Overlay
    from timeline_nb.widgets.player import Player
    from timeline_nb.widgets.timeline import TimelineWidget

__version__ = "0.1.0"

# Each public name, and the module that holds it.
_HOMES = {
    "ByteTrack": "recognition.tracking.bytetrack",
    "Line": "recognition.tables.zones",
    "ModelSpec": "recognition.models.spec",
    "OcSort": "recognition.tracking.ocsort",
    "Pixels": "recognition.models.spec",
    "Zone": "recognition.tables.zones",
    "models": "notebook.models",
    "read_detections": "recognition.exchange.files",
    "Clip": "timeline.model",
    "Detections": "recognition.detections",
    "Edit": "notebook.edit",
    "Editor": "widgets.editor",
    "Effect": "timeline.model",
    "DetectionResult": "notebook.detection_result",
    "Gap": "timeline.model",
    "Job": "core.jobs",
    "Marker": "timeline.model",
    "Media": "notebook.media",
    "MediaReference": "timeline.model",
    "Overlay": "widgets.overlay",
    "Player": "widgets.player",
    "Profile": "render.profile",
    "Progress": "core.progress",
    "Settings": "studio",
    "Studio": "studio",
    "Subtitle": "timeline.model",
    "TimeRange": "timebase",
    "Timeline": "timeline.model",
    "TimelineNbError": "errors",
    "TimelineWidget": "widgets.timeline",
    "Track": "timeline.model",
    "Transform": "timeline.model",
    "Transition": "timeline.model",
    "Keyframe": "timeline.model",
    "catalog": "notebook.catalog",
    "effect": "notebook.catalog",
    "layout_names": "multicam.layouts",
    "load": "notebook.edit",
    "sync_cameras": "notebook.cameras",
    "open": "notebook.opening",
    "open_studio": "studio",
    "profile": "render.platforms",
    "profile_names": "render.platforms",
    "scan": "notebook.scanning",
}

__all__ = [
    "ByteTrack",
    "Clip",
    "DetectionResult",
    "Detections",
    "Edit",
    "Editor",
    "Effect",
    "Gap",
    "Job",
    "Keyframe",
    "Line",
    "Marker",
    "Media",
    "MediaReference",
    "ModelSpec",
    "OcSort",
    "Overlay",
    "Pixels",
    "Player",
    "Profile",
    "Progress",
    "Settings",
    "Studio",
    "Subtitle",
    "TimeRange",
    "Timeline",
    "TimelineNbError",
    "TimelineWidget",
    "Track",
    "Transform",
    "Transition",
    "Zone",
    "catalog",
    "effect",
    "layout_names",
    "load",
    "models",
    "open",
    "open_studio",
    "profile",
    "profile_names",
    "read_detections",
    "scan",
    "sync_cameras",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *_HOMES]
