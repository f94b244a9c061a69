"""What a person gives for a sign-in, checked before anything is started."""

import math
import re
from collections.abc import Iterable
from typing import Any, Final

from timeline_nb.errors import AccountError, VaultError
from timeline_nb.i18n import Message
from timeline_nb.security.secret import Secret

__all__ = ["checked_client_secret", "checked_scopes", "checked_timeout_s"]

# RFC 6749, 3.3: printable ASCII without the space, the quote and the backslash.
_SCOPE: Final = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")


def checked_client_secret(given: Secret | None) -> Secret | None:
    """Return a client secret without the blanks around it; None stays None.

    Raises:
        AccountError: It is empty, or holds what no secret holds. The error does not
            show it.
    """
    if given is None:
        return None
    try:
        return Secret.key(given, name="client_secret")
    except VaultError:
        fault = Message(
            "client_secret is empty, or holds a space, a line break or a letter "
            "outside ASCII: copy it again"
        )
    raise AccountError(fault)


def checked_scopes(scopes: Any) -> tuple[str, ...]:
    """Return scopes as a tuple; a text holds one, or several with spaces between.

    Raises:
        AccountError: They are no texts, or no scopes of OAuth (RFC 6749, 3.3).
    """
    if isinstance(scopes, str):
        scopes = scopes.split() or [scopes]
    found = tuple(scopes) if isinstance(scopes, Iterable) else (None,)
    for scope in found:
        if not isinstance(scope, str) or not _SCOPE.fullmatch(scope):
            raise AccountError(
                Message(
                    "scopes are texts in ASCII without spaces, as the provider lists "
                    "them: give one, or a list of them"
                )
            )
    return found


def checked_timeout_s(timeout_s: Any) -> float:
    """Return how long a person may take, in seconds.

    Raises:
        AccountError: It is no number above zero.
    """
    is_number = isinstance(timeout_s, int | float) and not isinstance(timeout_s, bool)
    if not is_number or not math.isfinite(timeout_s) or timeout_s <= 0:
        raise AccountError(
            Message("timeout_s is a number of seconds above 0, such as 900")
        )
    return float(timeout_s)
