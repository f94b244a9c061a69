"""What all answers of the kernel are."""

import msgspec

__all__ = ["Answer"]


class Answer(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", tag_field="kind"
):
    """What all answers are.

    Args:
        id: Of the request it answers; 0 where none asked.
        view: The view it is for; empty for all.
    """

    id: int = 0
    view: str = ""


# Any widget
