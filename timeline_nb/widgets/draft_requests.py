"""The request that shows a change while it is dragged."""

from timeline_nb.widgets.effect_requests import (
    ChangeEffectRequest,
    SetTransitionRequest,
)
from timeline_nb.widgets.request import Request
from timeline_nb.widgets.requests import SetClipsRequest

__all__ = ["DraftRequest"]


class DraftRequest(Request, frozen=True, kw_only=True, tag="draft"):
    """Show a change in the player without making a step; nothing of it if None."""

    change: SetClipsRequest | ChangeEffectRequest | SetTransitionRequest | None = None
