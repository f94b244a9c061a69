"""Hide what was detected, or keep it in sight, in every clip of its media."""

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from timeline_nb.commands.changing import SetClip
from timeline_nb.commands.session import EditSession
from timeline_nb.errors import RecognitionError
from timeline_nb.i18n import Message
from timeline_nb.notebook.origins import note_table
from timeline_nb.recognition.follow import follow_parameters
from timeline_nb.recognition.redaction import cover_parameters
from timeline_nb.recognition.tables.columns import source_of, table_of
from timeline_nb.timebase import TimeLike
from timeline_nb.timeline.model import Clip, Effect, Timeline

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.notebook.detection_result import DetectionResult

__all__ = ["cover", "follow"]


def cover(  # noqa: PLR0913 - what is hidden, and how
    session: EditSession,
    found: "DetectionResult | pd.DataFrame",
    *,
    how: str,
    grow: float,
    hold: TimeLike,
    cells: float,
) -> None:
    """Put a `redaction` on every clip of the media that was examined; one step.

    Raises:
        RecognitionError: The edit has no such clip, or a value is wrong.
    """
    table = table_of(found)
    parameters = cover_parameters(table, how=how, grow=grow, hold=hold, cells=cells)
    effect = Effect(kind="redaction", parameters=parameters)
    _put_on_clips(session, Message("redact"), table, effect)


def follow(
    session: EditSession,
    found: "DetectionResult | pd.DataFrame",
    *,
    smooth: TimeLike,
    height: float,
) -> None:
    """Put a `reframe` on every clip of the media that was examined; one step.

    Raises:
        RecognitionError: The edit has no such clip, or there are no rows.
    """
    table, (width, tall) = table_of(found), session.timeline.size
    parameters = follow_parameters(
        table, aspect=Fraction(width, tall), smooth=smooth, height=height
    )
    _put_on_clips(
        session, Message("follow"), table, Effect(kind="reframe", parameters=parameters)
    )


def _put_on_clips(
    session: EditSession, label: str, table: "pd.DataFrame", effect: Effect
) -> None:
    note_table(session, table)
    with session.group(label):
        for clip in _clips_of(session.timeline, table):
            session.perform(SetClip(clip=clip.id, effects=_with_effect(clip, effect)))


def _clips_of(timeline: Timeline, table: "pd.DataFrame") -> list[Clip]:
    """Return the clips with pictures of the media that a table is of."""
    source = source_of(table)
    found = [
        item
        for track in timeline.tracks
        if track.kind == "video"
        for item in track.items
        if isinstance(item, Clip) and item.media.fingerprint == source.fingerprint
    ]
    if not found:
        raise RecognitionError(
            f"{timeline.name!r} has no clip of {Path(source.path).name}, which the "
            "table is of: append one first"
        )
    return found


def _with_effect(clip: Clip, made: Effect) -> tuple[Effect, ...]:
    """Return a clip's effects with one more; a reframing replaces another one.

    Redactions go before reframings: their boxes are in pixels of the whole picture.
    """
    kept = [e for e in clip.effects if e.kind != "reframe" or made.kind == "redaction"]
    return tuple(sorted([*kept, made], key=lambda effect: effect.kind == "reframe"))
