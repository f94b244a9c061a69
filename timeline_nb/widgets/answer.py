"""The base class of the kernel's answers, and the empty one."""

import msgspec

__all__ = ["Answer", "Done"]


class Answer(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", tag_field="kind"
):
    """The fields of every answer.

    Args:
        id: The id of the request it answers; 0 if there was none.
        view: The view that receives it; empty for all views.
    """

    id: int = 0
    view: str = ""


class Done(Answer, frozen=True, kw_only=True, tag="done"):
    """The request is done; `text` is its result, if it has one."""

    text: str = ""
