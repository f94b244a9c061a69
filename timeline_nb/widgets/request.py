"""What all requests of the browser are."""

import msgspec

__all__ = ["Request"]


class Request(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    tag_field="kind",
    forbid_unknown_fields=True,
):
    """What all requests are.

    Args:
        id: Echoed by the answer.
        view: Which view asks; the browser draws it by chance.
    """

    id: int
    view: str


# Any widget
