"""Lists that are cut short, and say so."""

from timeline_nb.i18n import Message

__all__ = ["and_more"]


def and_more(shown: str, more: int) -> str:
    """Return the part of a list that is shown, and how many more there are.

    Args:
        shown: The first of them, as text.
        more: How many are not shown; none if less than 1.
    """
    if more < 1:
        return shown
    # Some languages have several forms of it, English has one.
    return Message.counted(
        "{names} and {count} more", "{names} and {count} more", more, names=shown
    )
