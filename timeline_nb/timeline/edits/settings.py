"""Settings: change the fields of a clip or a track, not where it is."""

from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.core.audio_choice import (
    AudioChoice,
    AudioChoiceLike,
    audio_choice,
)
from timeline_nb.errors import TimelineError
from timeline_nb.timeline.edits.draft import Draft
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.timeline.queries import find, track_index
from timeline_nb.timeline.validate import validate

__all__ = ["set_clip", "set_track"]

_CLIP_FIELDS: Final = (
    "name",
    "transform",
    "gain_db",
    "pan",
    "audio",
    "keyframes",
    "media",
    "fade_in",
    "fade_out",
    "effects",
    "markers",
    "metadata",
)
_TRACK_FIELDS: Final = (
    "name",
    "enabled",
    "locked",
    "sync_lock",
    "gain_db",
    "pan",
    "effects",
    "style",
    "metadata",
)


def set_clip(timeline: Timeline, item_id: str, **fields: Any) -> Timeline:
    """Change a clip's `name`, `transform`, `gain_db`, `fade_in`, `effects` ...

    Raises:
        TimelineError: There is no such clip or field, a value is not valid, or the
            track is locked.
    """
    _check_names("clip", fields, _CLIP_FIELDS)
    if "audio" in fields:
        fields["audio"] = _choice(fields["audio"])
    place = find(timeline, item_id)
    draft = Draft(timeline)
    clip = draft.tracks[place.track].items[place.item]
    if not isinstance(clip, Clip):
        raise TimelineError(
            f"{item_id!r} is a subtitle, not a clip: use cut.subtitles.set"
        )
    draft.splice(place.track, place.item, place.item + 1, [replace(clip, **fields)])
    return draft.finish()


def _choice(choice: AudioChoiceLike) -> AudioChoice:
    try:
        return audio_choice(choice)
    except (TypeError, ValueError) as error:
        raise TimelineError(str(error)) from error


def set_track(timeline: Timeline, track: str, **fields: Any) -> Timeline:
    """Change a track's `name`, `enabled`, `locked`, `sync_lock`, `gain_db` ...

    Raises:
        TimelineError: There is no such track or field, or a value is not valid.
    """
    _check_names("track", fields, _TRACK_FIELDS)
    number = track_index(timeline, track)
    tracks = list(timeline.tracks)
    tracks[number] = replace(tracks[number], **fields)
    changed = replace(timeline, tracks=tuple(tracks))
    validate(changed)
    return changed


def _check_names(what: str, fields: dict[str, Any], known: tuple[str, ...]) -> None:
    unknown = [name for name in fields if name not in known]
    if unknown:
        raise TimelineError(
            f"a {what} has no setting {unknown[0]!r}; it has {', '.join(known)}"
        )
