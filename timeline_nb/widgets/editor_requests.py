"""Requests of the editor's media bin and render button."""

from typing import Literal

from timeline_nb.widgets.bounds import BinPath, Name, PathText, Seconds
from timeline_nb.widgets.request import Request

__all__ = [
    "CancelRenderRequest",
    "CancelScanRequest",
    "OpenMediaRequest",
    "PlaceMediaRequest",
    "RenderRequest",
]


class OpenMediaRequest(Request, frozen=True, kw_only=True, tag="openMedia"):
    """Add a file, or all media of a folder, to the bin."""

    path: PathText


class CancelScanRequest(Request, frozen=True, kw_only=True, tag="cancelScan"):
    """Cancel the scan of a folder."""


class PlaceMediaRequest(Request, frozen=True, kw_only=True, tag="placeMedia"):
    """Place media of the bin on the timeline."""

    path: BinPath
    mode: Literal["append", "insert", "overwrite"]
    at_s: Seconds
    track: Name | None = None


class RenderRequest(Request, frozen=True, kw_only=True, tag="render"):
    """Render the edit to a file."""

    path: PathText


class CancelRenderRequest(Request, frozen=True, kw_only=True, tag="cancelRender"):
    """Cancel the render."""
