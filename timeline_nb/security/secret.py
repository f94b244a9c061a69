"""Text that does not show itself: in no repr, log, traceback, JSON or pickle."""

import hmac
import re
from collections.abc import Callable
from typing import Any, Final, NoReturn

from timeline_nb.core.near_names import kind_of
from timeline_nb.errors import VaultError

__all__ = ["MASK", "Secret", "is_key_like", "redact", "secret_of"]

MASK: Final = "••••••"
# What HTTP takes in a header (RFC 9110, 5.5), without spaces: a key with a line break
# in it would be printed by the library that refuses it.
_KEY: Final = re.compile(r"[\x21-\x7e]+")
# A key of which the last four letters say too little to matter.
_LEAST_HINTED: Final = 20
# What `os.environ` holds for bytes that are not UTF-8 (PEP 383).
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
# Shorter ones are parts of ordinary words.
_LEAST_REDACTED: Final = 6
# A key as PEM, or a word as long as keys are, and as names are not.
_KEY_LIKE: Final = re.compile("-----BEGIN|[A-Za-z0-9+/=]{40}")
# No name in a vault has more letters.
_LONGEST_NAME: Final = 200


class Secret:
    """Text that is shown only to who calls `reveal()`.

    It is held by a function, not by an attribute: tracebacks that print the variables
    of a frame, and debuggers that walk attributes, find a mask.

    Args:
        text: The secret text.

    Example:
        >>> key = tl.Secret("sk-0123456789abcdef0123456789abcdef")
        >>> key
        Secret(••••••)
        >>> key.hint, key.is_text
        ('…cdef', True)
    """

    __slots__ = ("_get",)

    def __init__(self, text: str) -> None:
        kind = _other_kind(text)
        if kind:
            # What an error shows of this call is then nothing.
            del text
            raise TypeError(f"a secret is made of text, not of {kind}")
        self._get: Callable[[], str] = lambda: text

    @classmethod
    def key(cls, text: "str | Secret", *, name: str) -> "Secret":
        """Return an API key or token, without the blanks around it.

        Args:
            text: As it was typed or read.
            name: Whose it is, for the error.

        Raises:
            VaultError: It is empty, or holds what no key holds: spaces, line breaks, or
                letters outside ASCII. The error does not show it.

        Example:
            >>> tl.Secret.key("  sk-0123456789abcdef  ", name="openai").reveal()
            'sk-0123456789abcdef'
        """
        kind = kind_of(text)
        secret = secret_of(text)
        # What an error shows of this call is then masked.
        del text
        if secret is None:
            raise VaultError(f"the key of {name!r} is {kind}: give its text")
        secret = cls(secret.reveal().strip())
        if not _KEY.fullmatch(secret.reveal()):
            what = "holds a space, a line break or a letter outside ASCII"
            fault = what if secret else "is empty"
            raise VaultError(f"the key of {name!r} {fault}: copy it again")
        return secret

    def reveal(self) -> str:
        """Return the text; use it at once, and do not keep it in a variable.

        Example:
            >>> key = tl.Secret("sk-0123456789abcdef0123456789abcdef")
            >>> sent = {"Authorization": f"Bearer {key.reveal()}"}
        """
        return self._get()

    @property
    def hint(self) -> str:
        """The last four letters of a long key, to tell one from another; else `…`."""
        is_key = len(self._get()) >= _LEAST_HINTED and _KEY.fullmatch(self._get())
        # JSON holds more than one secret, and ends alike.
        is_shown = is_key and not self._get().startswith(("{", "["))
        return f"…{self._get()[-4:]}" if is_shown else "…"

    @property
    def is_text(self) -> bool:
        """Whether UTF-8 has a form for it: it holds no lone surrogates."""
        return not _SURROGATES.search(self._get())

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __bool__(self) -> bool:
        return bool(self._get())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        # An error of the encoder would hold the text, so that it takes any text.
        return hmac.compare_digest(self._bytes(), other._bytes())

    def _bytes(self) -> bytes:
        return self._get().encode(errors="surrogatepass")

    # A hash would tell equal secrets apart from others.
    __hash__ = None  # type: ignore[assignment]

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, _: dict[int, Any]) -> "Secret":
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled: name it, and read it in the vault")


def _other_kind(value: Any) -> str:
    """Return the type's name of what is no text."""
    return "" if isinstance(value, str) else type(value).__name__


def secret_of(text: Any) -> Secret | None:
    """Return a secret of a text, or one as it is; None of anything else."""
    if isinstance(text, Secret):
        return text
    return Secret(text) if isinstance(text, str) else None


def is_key_like(name: object) -> bool:
    """Return whether a name may be a key by mistake, which no message may show."""
    if not isinstance(name, str):
        return False
    return len(name) > _LONGEST_NAME or bool(_KEY_LIKE.search(name))


def redact(text: str, *secrets: Secret) -> str:
    """Return a text with every secret in it masked: for messages of foreign code."""
    for secret in secrets:
        if len(secret.reveal()) >= _LEAST_REDACTED:
            text = text.replace(secret.reveal(), MASK)
    return text
