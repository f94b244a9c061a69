"""Requests that change tracks and markers, and add lines of subtitles."""

from typing import Literal

from timeline_nb.timeline.choices import SyncLock
from timeline_nb.widgets.bounds import CommentText, Count, Gain, Name, Seconds, Text
from timeline_nb.widgets.request import Request

__all__ = [
    "AddMarkerRequest",
    "AddSubtitleRequest",
    "AddTrackRequest",
    "MoveTrackRequest",
    "RemoveMarkerRequest",
    "RemoveTrackRequest",
    "RenameTrackRequest",
    "SetMarkerRequest",
    "SetTrackRequest",
]


class SetTrackRequest(Request, frozen=True, kw_only=True, tag="setTrack"):
    """Change the given fields of a track."""

    track: Name
    enabled: bool | None = None
    locked: bool | None = None
    sync_lock: SyncLock | None = None
    gain_db: Gain | None = None


class RenameTrackRequest(Request, frozen=True, kw_only=True, tag="renameTrack"):
    """Give a track another name."""

    track: Name
    name: Name


class AddTrackRequest(Request, frozen=True, kw_only=True, tag="addTrack"):
    """Add an empty track."""

    type: Literal["video", "audio", "subtitle"]


class AddSubtitleRequest(Request, frozen=True, kw_only=True, tag="addSubtitle"):
    """Add a line at a time, until the next one at most; the answer is its id.

    Without a track's name it goes on the first one, which is made if there is none.
    """

    at_s: Seconds
    text: Text
    track: Name | None = None


class MoveTrackRequest(Request, frozen=True, kw_only=True, tag="moveTrack"):
    """Move a track to a place among those of its kind; 0 is the lowest video track."""

    track: Name
    index: Count


class RemoveTrackRequest(Request, frozen=True, kw_only=True, tag="removeTrack"):
    """Remove a track."""

    track: Name


class AddMarkerRequest(Request, frozen=True, kw_only=True, tag="addMarker"):
    """Add a marker at a time, or for a range of time."""

    at_s: Seconds
    name: Name
    duration_s: Seconds = 0.0


class SetMarkerRequest(Request, frozen=True, kw_only=True, tag="setMarker"):
    """Change the given fields of the marker at a place of the list."""

    marker: Count
    name: Name | None = None
    color: Name | None = None
    note: CommentText | None = None
    start_s: Seconds | None = None
    duration_s: Seconds | None = None


class RemoveMarkerRequest(Request, frozen=True, kw_only=True, tag="removeMarker"):
    """Remove the marker at a place of the list."""

    marker: Count
