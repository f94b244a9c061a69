"""Requests of the export dialog, and of the list of renders."""

from typing import ClassVar, Literal, TypeAlias

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.bounds import Count, Name, PathText, Seconds
from timeline_nb.widgets.export_answers import ExportChoices, RenderReply
from timeline_nb.widgets.request import Request

__all__ = [
    "AskExportRequest",
    "CancelEstimateRequest",
    "ControlRenderRequest",
    "EstimateRequest",
    "RenderControl",
    "RenderRequest",
]

RenderControl: TypeAlias = Literal[
    "pause", "resume", "cancel", "sooner", "later", "remove"
]


class AskExportRequest(Request, frozen=True, kw_only=True, tag="askExport"):
    """Ask for what a film can be exported as, and where to."""

    answered_by: ClassVar[type[Answer]] = ExportChoices


class EstimateRequest(Request, frozen=True, kw_only=True, tag="estimateRender"):
    """Estimate a render; an earlier estimate of this view ends.

    `number` is repeated in the estimate. Without times, it is of all the timeline.
    """

    path: PathText
    profile: Name = ""
    start_s: Seconds | None = None
    end_s: Seconds | None = None
    number: Count


class CancelEstimateRequest(Request, frozen=True, kw_only=True, tag="cancelEstimate"):
    """End this view's estimate."""


class RenderRequest(Request, frozen=True, kw_only=True, tag="render"):
    """Render the edit to a file, unless another program's file is there."""

    answered_by: ClassVar[type[Answer]] = RenderReply

    path: PathText
    profile: Name = ""
    start_s: Seconds | None = None
    end_s: Seconds | None = None
    overwrite: bool = False


class ControlRenderRequest(Request, frozen=True, kw_only=True, tag="controlRender"):
    """Pause, resume, cancel or reorder a render, or remove one that has ended."""

    render: Count
    action: RenderControl
