"""What a vault cannot keep: names and values that are none."""

import re
from typing import Any, Final

from timeline_nb.core.near_names import kind_of, quoted
from timeline_nb.security.secret import Secret

__all__ = ["entry_fault"]

_NAME: Final = re.compile(
    # Controls, marks of direction (Unicode, Bidi_Control), and lone surrogates.
    r"[^\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
    r"{1,200}"
)
_MOST_LETTERS: Final = 100_000


def entry_fault(name: Any, secret: Any) -> str:
    """Return why something cannot be kept; empty if it can."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return (
            f"a secret cannot be named {quoted(name)}: give 1 to 200 letters, without "
            "line breaks, controls or marks of direction"
        )
    if type(secret) is not Secret:
        return f"the value of {quoted(name)} is {kind_of(secret)}: give a Secret"
    if not secret.is_text or len(secret.reveal()) > _MOST_LETTERS:
        return (
            f"the secret of {quoted(name)} is no text, or has more than "
            f"{_MOST_LETTERS:,} letters"
        )
    return ""
