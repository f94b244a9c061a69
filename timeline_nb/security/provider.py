"""A service that gives API keys: where a key is tried, and what answers mean."""

import re
from fnmatch import fnmatchcase
from typing import Final
from urllib.parse import SplitResult, urlsplit

import msgspec

from timeline_nb.core.near_names import quoted
from timeline_nb.errors import VaultError

__all__ = ["LOOPBACK_HOSTS", "KeyProvider"]

LOOPBACK_HOSTS: Final = frozenset({"127.0.0.1", "::1", "localhost"})
# Where the key stands in an address.
_PLACE: Final = "{key}"
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
# Without backslash, quotes and "<>": libraries read those in different ways.
_ADDRESS: Final = re.compile(r"https?://[!#-;=?-\[\]-~]{1,2000}")
# A token of HTTP (RFC 9110, 5.6.2).
_HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_HEADER_VALUE: Final = re.compile(r"[ -~]{0,1000}")
_VARIABLE: Final = re.compile(
    r"(?=[^*]*[A-Z])[A-Z0-9_]{0,99}(?:\*[A-Z0-9_]{0,99}){0,2}"
)
# What frames or routes a request is not a provider's to set.
_RESERVED_HEADERS: Final = frozenset(
    {"connection", "content-length", "cookie", "host", "te", "transfer-encoding"}
)


class KeyProvider(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A service that gives API keys, and how one of them is tried.

    Args:
        name: The key's name in the vault: `openai`.
        label: The service's name for people; the name if empty.
        address: What a GET asks, without cost: an https address, or http on this
            machine. `{key}` in its path is where the key stands, if in no header.
        header: The header that carries the key.
        scheme: What stands before the key in the header.
        headers: More headers, as names and values.
        proof: The field that the JSON object of a good answer has; any object will do
            if empty.
        invalid: Status codes that mean that the key is not known. Other codes than 401
            count only with a JSON object.
        invalid_texts: What the body of another 4xx answer contains if the key is bad.
        limited: Status codes that mean that the key is known, and may not do this now.
        variables: Names of environment variables that hold such a key; `*` is any text.
        page: Where a person makes a key, for messages.

    Raises:
        VaultError: A field cannot be used; the message names it.

    Example:
        >>> from timeline_nb.security.provider import KeyProvider
        >>> KeyProvider(name="acme", address="https://api.acme.example/me").host
        'api.acme.example'
    """

    name: str
    address: str
    label: str = ""
    header: str = "authorization"
    scheme: str = "Bearer "
    headers: tuple[tuple[str, str], ...] = ()
    proof: str = ""
    invalid: tuple[int, ...] = (401,)
    invalid_texts: tuple[str, ...] = ()
    limited: tuple[int, ...] = (402, 403, 429)
    variables: tuple[str, ...] = ()
    page: str = ""

    def __post_init__(self) -> None:
        if fault := _type_fault(self) or _fault(self):
            raise VaultError(f"the provider {quoted(self.name)}: {fault}")

    @property
    def title(self) -> str:
        """The service's name for people."""
        return self.label or self.name

    @property
    def host(self) -> str:
        """The host that gets the key, with its port if there is one."""
        return urlsplit(self.address).netloc

    @property
    def is_local(self) -> bool:
        """Whether the key stays on this machine."""
        return urlsplit(self.address).hostname in LOOPBACK_HOSTS

    @property
    def key_in_path(self) -> bool:
        """Whether the key stands in the address, and in no header."""
        return _PLACE in self.address

    def matches(self, variable: str) -> bool:
        """Return whether an environment variable of this name holds such a key."""
        name = variable.upper()
        return any(fnmatchcase(name, pattern) for pattern in self.variables)


def _type_fault(provider: KeyProvider) -> str:
    """Return which field has another type than it should; empty if none has."""
    for field in msgspec.structs.fields(KeyProvider):
        try:
            msgspec.convert(getattr(provider, field.name), field.type)
        except msgspec.ValidationError as error:
            return f"{field.name}: {error}"
    return ""


def _fault(provider: KeyProvider) -> str:
    """Return what is wrong with a provider; empty if nothing is."""
    if not _NAME.fullmatch(provider.name):
        return "name: give up to 64 small letters, digits, _ or -, such as 'acme'"
    return (
        _address_fault(provider.address)
        or _header_fault(provider)
        or _answers_fault(provider)
        or _variables_fault(provider.variables)
    )


def _address_fault(address: str) -> str:
    shown = f"address={quoted(address)}"
    try:
        parts = (
            urlsplit(address) if _ADDRESS.fullmatch(address) else SplitResult(*[""] * 5)
        )
        host, _ = parts.hostname or "", parts.port
    except ValueError:  # a port that is no number, or half an IPv6 address
        host = ""
    if not host:
        return f"{shown} is no address: give one like 'https://api.acme.example/v1/me'"
    if "@" in parts.netloc or "#" in address:
        return f"{shown} has a user's name or a fragment: leave it out"
    if parts.scheme != "https" and host not in LOOPBACK_HOSTS:
        return f"{shown} would send the key unencrypted: give an https address"
    braces = address.replace(_PLACE, "", 1) if _PLACE in parts.path else address
    if "{" in braces or "}" in braces:
        return f"{shown}: {_PLACE} may stand once, in the path"
    return ""


def _header_fault(provider: KeyProvider) -> str:
    own = provider.header
    pairs = [(own, provider.scheme), *provider.headers]
    for name, value in pairs:
        if not _HEADER.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            return f"the header {quoted(name)} or its value is none of HTTP"
        if name.lower() in _RESERVED_HEADERS:
            return f"the header {quoted(name)} is set by HTTP itself: leave it out"
    if own.lower() in {name.lower() for name, _ in provider.headers}:
        return f"headers: {quoted(own)} carries the key, and has one value"
    return ""


def _answers_fault(provider: KeyProvider) -> str:
    codes = (*provider.invalid, *provider.limited)
    if any(not 400 <= code <= 499 for code in codes):
        return "invalid and limited are status codes from 400 to 499"
    if both := set(provider.invalid) & set(provider.limited):
        return f"{min(both)} cannot mean both invalid and limited"
    if any(len(text) < 4 for text in provider.invalid_texts):
        return "invalid_texts: a text of less than 4 letters is in every answer"
    return ""


def _variables_fault(variables: tuple[str, ...]) -> str:
    for pattern in variables:
        if not _VARIABLE.fullmatch(pattern):
            return (
                f"variables: {quoted(pattern)} is no name: write capital letters, "
                "digits and _, and * for any text, such as 'ACME_API_KEY*'"
            )
    return ""
