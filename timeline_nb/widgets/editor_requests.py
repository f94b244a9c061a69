"""Requests of the editor's media bin."""

from typing import Literal

from timeline_nb.widgets.bounds import BinPath, Name, PathText, Seconds
from timeline_nb.widgets.request import Request

__all__ = [
    "CancelScanRequest",
    "OpenMediaRequest",
    "PlaceMediaRequest",
]


class OpenMediaRequest(Request, frozen=True, kw_only=True, tag="openMedia"):
    """Add a file, or all media of a folder, to the bin.

    Args:
        path: Of the file or folder.
        adds: Whether it is opened together with what was opened last, the problems of
            which stay listed.
    """

    path: PathText
    adds: bool = False


class CancelScanRequest(Request, frozen=True, kw_only=True, tag="cancelScan"):
    """Cancel the scan of a folder."""


class PlaceMediaRequest(Request, frozen=True, kw_only=True, tag="placeMedia"):
    """Place media of the bin on the timeline, or on a new track of it."""

    path: BinPath
    mode: Literal["append", "insert", "overwrite"]
    at_s: Seconds
    track: Name | None = None
    on_new_track: bool = False
