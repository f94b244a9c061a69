"""Edits: pure functions from a timeline to a new one, one module a verb.

Each raises `TimelineError` if the result would be invalid or a locked track would
change; the old value is never changed. Edits that ripple move what follows on every
unlocked track, so that tracks stay in sync; lock a track to keep it as it is. Clips
with the same link are edited together.
"""

from timeline_nb.timeline.edits.effects import (
    add_effect,
    add_effects,
    animate,
    change_effect,
    effects_from_start,
    move_effect,
    remove_effect,
    set_effects,
)
from timeline_nb.timeline.edits.freeze import freeze
from timeline_nb.timeline.edits.join import join
from timeline_nb.timeline.edits.lift import lift
from timeline_nb.timeline.edits.link import link, unlink
from timeline_nb.timeline.edits.mark import (
    add_marker,
    add_markers,
    remove_marker,
    set_marker,
)
from timeline_nb.timeline.edits.move import move
from timeline_nb.timeline.edits.overlay import overlay
from timeline_nb.timeline.edits.paste import paste
from timeline_nb.timeline.edits.place import append, insert, overwrite
from timeline_nb.timeline.edits.redaction import uncovered
from timeline_nb.timeline.edits.reorder import reorder
from timeline_nb.timeline.edits.resize import resize
from timeline_nb.timeline.edits.retime import retime
from timeline_nb.timeline.edits.ripple import ripple, ripple_delete
from timeline_nb.timeline.edits.roll import roll, slide, slip
from timeline_nb.timeline.edits.settings import set_clip, set_track
from timeline_nb.timeline.edits.shift import shift
from timeline_nb.timeline.edits.source import fit_to_fill, replace_media
from timeline_nb.timeline.edits.split import split
from timeline_nb.timeline.edits.subtitle import add_subtitle, set_subtitle
from timeline_nb.timeline.edits.title import set_title
from timeline_nb.timeline.edits.tracks import add_track, move_track, remove_track
from timeline_nb.timeline.edits.transition import remove_transition, transition
from timeline_nb.timeline.edits.trim import trim
from timeline_nb.timeline.edits.trim_range import trim_range

__all__ = [
    "add_effect",
    "add_effects",
    "add_marker",
    "add_markers",
    "add_subtitle",
    "add_track",
    "animate",
    "append",
    "change_effect",
    "effects_from_start",
    "fit_to_fill",
    "freeze",
    "insert",
    "join",
    "lift",
    "link",
    "move",
    "move_effect",
    "move_track",
    "overlay",
    "overwrite",
    "paste",
    "remove_effect",
    "remove_marker",
    "remove_track",
    "remove_transition",
    "reorder",
    "replace_media",
    "resize",
    "retime",
    "ripple",
    "ripple_delete",
    "roll",
    "set_clip",
    "set_effects",
    "set_marker",
    "set_subtitle",
    "set_title",
    "set_track",
    "shift",
    "slide",
    "slip",
    "split",
    "transition",
    "trim",
    "trim_range",
    "uncovered",
    "unlink",
]
