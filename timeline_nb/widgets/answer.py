"""The base of the kernel's answers, and the plainest."""

import msgspec

__all__ = ["Answer", "Done"]


class Answer(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", tag_field="kind"
):
    """The fields of every answer.

    Args:
        id: Of the request it answers; 0 where there was none.
        view: The view it is for; empty for all.
    """

    id: int = 0
    view: str = ""


class Done(Answer, frozen=True, kw_only=True, tag="done"):
    """It was done; `text` is what was asked for, if any."""

    text: str = ""
