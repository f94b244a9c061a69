"""How a cell shows an edit: in a line of text, as a picture, as the editor."""

from typing import Any

from timeline_nb.notebook.drawing import png_bytes
from timeline_nb.notebook.filmstrip import draw_filmstrip
from timeline_nb.studio import Studio
from timeline_nb.timebase import format_timecode
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import clips_of_track, duration

__all__ = ["bundle_of", "line_of"]

_FILMSTRIP_PX = 1920


def line_of(timeline: Timeline) -> str:
    """Return an edit in a line: its name, size, rate, clips, tracks and length."""
    clock = format_timecode(duration(timeline), timeline.rate)
    width, height = timeline.size
    clips, tracks = len(clips_of_track(timeline)), len(timeline.tracks)
    return (
        f"<Edit {timeline.name!r} {width}x{height} {float(timeline.rate):.6g} fps, "
        f"{clips} clip{'s' * (clips != 1)} on {tracks} track{'s' * (tracks != 1)}, "
        f"{clock}>"
    )


def bundle_of(
    timeline: Timeline, studio: Studio, widget: Any, options: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what Jupyter shows: a widget, and a filmstrip where there is none.

    Args:
        timeline: The edit.
        studio: Whose caches are used.
        widget: The editor, or None where the front end was not built.
        options: What Jupyter asks for.

    Returns:
        Data by MIME type, and their metadata.
    """
    image = draw_filmstrip(timeline, studio.library, width_px=_FILMSTRIP_PX)
    line = line_of(timeline)
    data = {"text/plain": line, "image/png": png_bytes(image)}
    made = widget._repr_mimebundle_(**options) if widget else None
    shown = dict((made[0] if isinstance(made, tuple) else made) or {})
    # The filmstrip shows more than the editor's drawing, which nbconvert would prefer.
    shown.pop("text/html", None)
    metadata = {"image/png": {"width": _FILMSTRIP_PX // 2, "alt": line}}
    return {**shown, **data}, metadata
