"""Requests about steps that were not saved."""

from timeline_nb.widgets.request import Request

__all__ = ["DiscardRecoveryRequest", "RecoverRequest"]


class RecoverRequest(Request, frozen=True, kw_only=True, tag="recover"):
    """Take the steps that were not saved into the edit, as one step."""


class DiscardRecoveryRequest(Request, frozen=True, kw_only=True, tag="discardRecovery"):
    """Forget the steps that were not saved."""
