"""What all structs of the timeline model share."""

import msgspec

__all__ = ["Value", "short"]


class Value(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """The base of the model: frozen, keyword-only, refusing unknown fields."""


def short(text: str, most: int) -> str:
    """Return a text in quotes, cut to a number of letters."""
    return repr(text if len(text) <= most else f"{text[: most - 1]}…")
