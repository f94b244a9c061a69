"""Requests of the source monitor: the second player, which shows one file."""

from timeline_nb.widgets.bounds import BinPath
from timeline_nb.widgets.request import Request

__all__ = ["CloseSourceRequest", "OpenSourceRequest"]


class OpenSourceRequest(Request, frozen=True, kw_only=True, tag="openSource"):
    """Show a file in the source monitor that sends this, by a view of its own."""

    path: BinPath


class CloseSourceRequest(Request, frozen=True, kw_only=True, tag="closeSource"):
    """Close the file that a source monitor shows."""
