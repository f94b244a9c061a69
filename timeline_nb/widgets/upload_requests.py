"""Requests and answers of uploads and of the dialog that picks files."""

from typing import Annotated

import msgspec
from msgspec import Meta

from timeline_nb.media.upload import PART_BYTES
from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.bounds import Count, Name, PathText
from timeline_nb.widgets.request import Request

__all__ = [
    "BrowseRequest",
    "CancelUploadRequest",
    "FinishUploadRequest",
    "FolderEntry",
    "FolderView",
    "StartUploadRequest",
    "UploadPartRequest",
    "UploadStarted",
    "Uploaded",
]


class FolderEntry(msgspec.Struct, frozen=True, rename="camel"):
    """A folder or a media file that a person can pick."""

    name: str
    path: str
    is_folder: bool
    size: int


class FolderView(Answer, frozen=True, kw_only=True, tag="folder"):
    """What a folder holds; the folders that may be read if `path` is empty.

    Args:
        path: The folder's.
        name: As it is shown.
        parent: The folder above it; empty at the top.
        home: At the top, the folder that uploads go to; empty if there is none.
        entries: Folders first, in the order of their names.
        is_cut: Whether there is more than is listed.
    """

    path: str
    name: str
    parent: str
    home: str
    entries: list[FolderEntry]
    is_cut: bool


class UploadStarted(Answer, frozen=True, kw_only=True, tag="uploadStarted"):
    """An upload's number, and the largest part that it takes."""

    upload: int
    part_bytes: int


class Uploaded(Answer, frozen=True, kw_only=True, tag="uploaded"):
    """The file that an upload became; its name has a number if another had it."""

    path: str
    name: str


class BrowseRequest(Request, frozen=True, kw_only=True, tag="browse"):
    """List a folder; the folders that may be read if it is empty."""

    answered_by = FolderView

    folder: PathText


class StartUploadRequest(Request, frozen=True, kw_only=True, tag="startUpload"):
    """Begin to send a file, to the first folder that may be read if none is named."""

    answered_by = UploadStarted

    folder: PathText
    name: Name
    size: Count


class UploadPartRequest(Request, frozen=True, kw_only=True, tag="uploadPart"):
    """The next part of a file, as base64."""

    upload: Count
    offset: Count
    data: Annotated[bytes, Meta(min_length=1, max_length=PART_BYTES)]


class FinishUploadRequest(Request, frozen=True, kw_only=True, tag="finishUpload"):
    """Name the file, and add it to the bin."""

    answered_by = Uploaded

    upload: Count


class CancelUploadRequest(Request, frozen=True, kw_only=True, tag="cancelUpload"):
    """Remove what of a file has arrived."""

    upload: Count
