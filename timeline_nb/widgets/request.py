"""The base class of the browser's requests."""

from typing import ClassVar

import msgspec

from timeline_nb.widgets.answer import Answer, Done
from timeline_nb.widgets.bounds import Count, ViewName

__all__ = ["Request"]


class Request(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    tag_field="kind",
    forbid_unknown_fields=True,
):
    """The fields of every request.

    Args:
        id: Repeated in the answer; 0 if no answer is expected.
        view: The view that sends it; a random name.
    """

    # The kind of answer, unless it is refused.
    answered_by: ClassVar[type[Answer]] = Done

    id: Count
    view: ViewName
