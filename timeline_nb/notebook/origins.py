"""Note what an edit's steps have read, for the locks of its films."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from timeline_nb.commands.session import EditSession
from timeline_nb.core.origins import Origin
from timeline_nb.core.structs import from_json
from timeline_nb.errors import MediaError
from timeline_nb.media.content_hash import content_hash
from timeline_nb.notebook.media_file import MediaFile
from timeline_nb.recognition.inference.detector import Detector
from timeline_nb.recognition.inference.objects import FrameDetector
from timeline_nb.recognition.tables.columns import FILE, MODEL

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.notebook.detect_frames import DetectionRequest

__all__ = ["note_subtitles", "note_table", "origin_of"]


def note_subtitles(session: EditSession, path: Path | str | MediaFile) -> None:
    """Note the file whose lines were put on a track."""
    own = Path(path.path) if isinstance(path, MediaFile) else Path(path)
    digest = ""
    if not isinstance(path, MediaFile):
        # It was read a moment ago; if it is gone by now, a lock says so.
        with suppress(MediaError):
            digest = content_hash(own).digest
    session.note_origin(
        Origin(what="subtitles", name=own.name, path=str(own.absolute()), sha256=digest)
    )


def note_table(session: EditSession, table: "pd.DataFrame") -> None:
    """Note the model that found the rows of a table, and the file they came from."""
    for name in (MODEL, FILE):
        text = table.attrs.get(name)
        if not isinstance(text, str):
            continue
        try:
            session.note_origin(from_json(text, Origin))
        except msgspec.MsgspecError:
            # A person may put anything into a table.
            continue


def origin_of(request: "DetectionRequest", detector: FrameDetector) -> Origin:
    """Return what found detections: the model, and what was asked of it."""
    model = request.model
    path = Path(model) if model is not None else Path()
    is_file = model is not None and path.suffix == ".onnx"
    options = {"search": request.search.key.decode()}
    if isinstance(detector, Detector):
        options["provider"] = detector.provider
    return Origin(
        what="model",
        name=detector.name,
        path=str(path.absolute()) if is_file else "",
        sha256=detector.sha256,
        options=options,
    )
