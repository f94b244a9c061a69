"""Requests and answers of the panel that brings back what is offline."""

from typing import Annotated

import msgspec
from msgspec import Meta

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.bounds import BinPath, PathText
from timeline_nb.widgets.refusal import Text
from timeline_nb.widgets.request import Request

__all__ = [
    "CancelRelinkRequest",
    "OfflineFileView",
    "OfflineView",
    "RelinkRequest",
    "RelinkView",
    "ReplacedFileView",
]


class OfflineFileView(msgspec.Struct, frozen=True, rename="camel"):
    """A file that is offline.

    Args:
        path: As the edit has it.
        name: As it is shown.
        reason: Why it is offline, and what brings it back; or what it lacks.
        used_by: What uses it, one text a use.
        is_refused: Whether it lies outside what may be read: a person allows it.
    """

    path: str
    name: str
    reason: Text
    used_by: list[Text]
    is_refused: bool


class ReplacedFileView(msgspec.Struct, frozen=True, rename="camel"):
    """A file with other content than the edit was made with.

    Args:
        path: As the edit has it.
        text: What became of it, and of the clips that show it.
        is_lacking: Whether clips lack something.
    """

    path: str
    text: Text
    is_lacking: bool


class OfflineView(Answer, frozen=True, kw_only=True, tag="offline"):
    """All files of the edit that are offline, or lack what clips show of them.

    Args:
        files: These files.
        replaced: Those that got other content while a view is open, or that lack
            something or are no media.
    """

    files: list[OfflineFileView]
    replaced: list[ReplacedFileView]


class RelinkView(Answer, frozen=True, kw_only=True, tag="relinking"):
    """How far the search for offline files is, and what the last one found.

    Args:
        folder: That is searched; empty if none is.
        done: Files looked at.
        total: Files to look at; 0 while they are counted.
        message: Of the last search, once it has ended.
    """

    folder: str
    done: int
    total: int
    message: Text


class RelinkRequest(Request, frozen=True, kw_only=True, tag="relink"):
    """Search a folder and those below it for offline files, by their contents.

    All that are offline are searched for if no paths are given. A file in place of a
    folder stands for the one path, if its contents are the same.
    """

    folder: PathText
    paths: Annotated[list[BinPath], Meta(max_length=1_000)]


class CancelRelinkRequest(Request, frozen=True, kw_only=True, tag="cancelRelink"):
    """Stop the search; nothing has changed."""
