"""Digest values by what they contain, in whatever process.

Addresses, paths and the order of hash tables do not count. Objects count by what a copy
of them would be made of. What has no such contents is named, with the reason.
"""

import copyreg
import enum
import io
import random
import struct
import threading
from fractions import Fraction
from functools import singledispatch
from hashlib import blake2b
from types import FunctionType, MappingProxyType, ModuleType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from timeline_nb.core.locks import LOCK_TYPES
from timeline_nb.effects.installed_packages import installed_package

__all__ = ["MOST_BYTES", "MOST_VALUES", "Digester", "contents_of", "joined"]

_DIGEST_BYTES: Final = 16
# Each is about 0.2 s of work; what is larger is a model or a film, not a setting.
MOST_VALUES: Final = 50_000
MOST_BYTES: Final = 128_000_000
# Python's own recursion ends at a thousand calls, of which each level takes a few.
_MOST_DEPTH: Final = 100
# Values that their text tells apart.
_PLAIN: Final = (type(None), bool, int, str, type(...), type(NotImplemented), Fraction)
_LOCKS: Final = (*LOCK_TYPES, threading.Event)
# Their next result differs from the last.
_UNSTEADY: Final = (
    io.IOBase,
    random.Random,
    np.random.Generator,
    np.random.RandomState,
    np.random.BitGenerator,
)
_NETWORK: Final = frozenset({"aiohttp", "httpx", "requests", "socket", "urllib3"})


def joined(tag: str, *parts: bytes) -> bytes:
    """Return the digest of a tag and other digests."""
    digest = blake2b(tag.encode(), digest_size=_DIGEST_BYTES)
    for part in parts:
        digest.update(struct.pack("<Q", len(part)))
        digest.update(part)
    return digest.digest()


class Digester:
    """Digests values that may refer to each other in circles.

    A function, class or module is digested where it is met first, and counted after
    that. The order in which they are met does not depend on hash tables.
    """

    def __init__(self) -> None:
        self.reasons: list[str] = []
        self._met: dict[int, int] = {}
        self._open: dict[int, int] = {}
        self._known: dict[int, bytes] = {}
        # Held, so that no id becomes another value's meanwhile.
        self._held: list[Any] = []
        self._trail: list[str] = []
        self._values = self._bytes = 0

    def digest(self, value: Any, name: str = "") -> bytes:
        """Return the digest of a value that a name refers to."""
        self._values += 1
        if type(value) in _PLAIN and self._values <= MOST_VALUES:
            return joined(type(value).__name__, encoded(str(value)))
        key = id(value)
        if key in self._known:
            return self._known[key]
        if key in self._met:
            return joined("met", str(self._met[key]).encode())
        if key in self._open:
            return joined("circle", str(self._open[key]).encode())
        if name:
            self._trail.append(name)
        try:
            if self._values > MOST_VALUES or len(self._trail) > _MOST_DEPTH:
                return self._refuse_size(f"has more than {MOST_VALUES:,} values")
            return self._digest_new(key, value)
        finally:
            if name:
                self._trail.pop()

    def _digest_new(self, key: int, value: Any) -> bytes:
        is_named = isinstance(value, (type, FunctionType, ModuleType))
        self._held.append(value)
        if is_named:
            self._met[key] = len(self._met)
        self._open[key] = len(self._open)
        try:
            made = contents_of(value, self)
        except Exception:  # noqa: BLE001 - a foreign object's own methods run
            made = self.refuse_kind(value)
        finally:
            del self._open[key]
        if not is_named:
            self._known[key] = made
        return made

    def digest_alone(self, value: Any) -> bytes:
        """Return the digest of a value of a set, as if nothing was met before."""
        inner = Digester()
        inner.reasons, inner._trail = self.reasons, self._trail
        inner._values, inner._bytes = self._values, self._bytes
        made = inner.digest(value)
        self._values, self._bytes = inner._values, inner._bytes
        return made

    def digest_named(self, values: dict[str, Any]) -> bytes:
        """Return the digest of values by name, in whatever order."""
        parts = []
        for name in sorted(values):
            parts += [encoded(name), self.digest(values[name], name)]
        return joined("named", *parts)

    def digest_data(self, tag: str, data: "bytes | memoryview[Any]") -> bytes:
        """Return the digest of bytes."""
        self._bytes += len(data)
        if self._bytes > MOST_BYTES:
            return self._refuse_size(f"is larger than {MOST_BYTES // 1_000_000} MB")
        digest = blake2b(encoded(tag) + b"\0", digest_size=_DIGEST_BYTES)
        digest.update(data)
        return digest.digest()

    def refuse_kind(self, value: Any) -> bytes:
        """Note that a value cannot be compared with what it was."""
        kind = type(value).__name__
        article = "an" if kind[0].lower() in "aeiou" else "a"
        return self.refuse(f"is {article} {kind}, which cannot be compared")

    def refuse(self, what: str) -> bytes:
        """Note what is wrong with the value that is digested."""
        # The first name is that of the function itself.
        named = ".".join(self._trail[1:]).replace(".[", "[") or "it"
        reason = f"{named} {what}"
        if reason not in self.reasons:
            self.reasons.append(reason)
        return joined("refused", encoded(what))

    def _refuse_size(self, what: str) -> bytes:
        """Note that a variable is too large, however deep in it that is found."""
        whole, self._trail = self._trail, [n for n in self._trail if n[0] != "["]
        try:
            return self.refuse(what)
        finally:
            self._trail = whole


def encoded(text: str) -> bytes:
    """Return text as bytes, file names that are not UTF-8 as well."""
    return text.encode("utf-8", "surrogatepass")


@singledispatch
def contents_of(value: Any, digester: Digester) -> bytes:
    """Return the digest of what a value consists of; by its type."""
    kind = type(value)
    if isinstance(value, _LOCKS):
        return joined("lock")
    is_network = kind.__module__.partition(".")[0] in _NETWORK
    if isinstance(value, _UNSTEADY) or hasattr(kind, "__next__") or is_network:
        return digester.refuse_kind(value)
    if isinstance(value, np.generic):
        return digester.digest_data(f"numpy {value.dtype.str}", value.tobytes())
    wrapped = getattr(value, "__wrapped__", None) or getattr(value, "py_func", None)
    if callable(wrapped):
        parts = digester.digest(kind), digester.digest(wrapped)
        return joined("wrapper", *parts)
    return _reduced(value, digester)


def _reduced(value: Any, digester: Digester) -> bytes:
    """Digest what a copy of an object would be made of (pickle's protocol 4)."""
    reduce = copyreg.dispatch_table.get(type(value))
    made = reduce(value) if reduce else value.__reduce_ex__(4)
    if isinstance(made, str):
        package = installed_package(type(value).__module__)
        return joined("global", encoded(made), encoded(str(package)))
    function, arguments, *rest = made
    parts: tuple[Any, ...] = (*rest, None, None, None)
    state, items, pairs = parts[:3]
    named = type(state) is dict and all(type(name) is str for name in state)
    return joined(
        "object",
        digester.digest(function),
        digester.digest(tuple(arguments)),
        digester.digest_named(state) if named else digester.digest(state),
        digester.digest(list(items or ())),
        digester.digest([list(pair) for pair in pairs or ()]),
    )


@contents_of.register
def _float(value: float, digester: Digester) -> bytes:
    if type(value) is not float:
        return _reduced(value, digester)
    return joined("float", struct.pack("<d", value))


@contents_of.register
def _complex(value: complex, digester: Digester) -> bytes:
    if type(value) is not complex:
        return _reduced(value, digester)
    return joined("complex", struct.pack("<dd", value.real, value.imag))


@contents_of.register
def _bytes(value: bytes, digester: Digester) -> bytes:
    return digester.digest_data("bytes", bytes(value))


@contents_of.register
def _bytearray(value: bytearray, digester: Digester) -> bytes:
    return digester.digest_data("bytearray", bytes(value))


@contents_of.register
def _tuple(value: tuple, digester: Digester) -> bytes:  # type: ignore[type-arg]
    kind = b"" if type(value) is tuple else digester.digest(type(value))
    parts = (digester.digest(one, f"[{n}]") for n, one in enumerate(tuple(value)))
    return joined("tuple", kind, *parts)


@contents_of.register
def _list(value: list, digester: Digester) -> bytes:  # type: ignore[type-arg]
    if type(value) is not list:
        return _reduced(value, digester)
    parts = (digester.digest(one, f"[{n}]") for n, one in enumerate(tuple(value)))
    return joined("list", *parts)


@contents_of.register(set)
@contents_of.register(frozenset)
def _set(value: Any, digester: Digester) -> bytes:
    if type(value) not in {set, frozenset}:
        return _reduced(value, digester)
    parts = (digester.digest_alone(one) for one in tuple(value))
    return joined(type(value).__name__, *sorted(parts))


@contents_of.register
def _dict(value: dict, digester: Digester) -> bytes:  # type: ignore[type-arg]
    if type(value) is not dict:
        return _reduced(value, digester)
    parts = []
    # In its order, on which a function that goes through it may depend.
    for key, one in tuple(value.items()):
        name = f"[{str(key)[:20]!r}]" if isinstance(key, (str, int)) else "[…]"
        parts += [digester.digest_alone(key), digester.digest(one, name)]
    return joined("dict", *parts)


@contents_of.register(MappingProxyType)
def _mapping(value: MappingProxyType[Any, Any], digester: Digester) -> bytes:
    return joined("mapping", digester.digest(dict(value)))


@contents_of.register
def _enum(value: enum.Enum, digester: Digester) -> bytes:
    kind = digester.digest(type(value))
    return joined("enum", kind, encoded(str(value.name)), digester.digest(value.value))


@contents_of.register(np.ndarray)
def _array(value: NDArray[Any], digester: Digester) -> bytes:
    if type(value) not in {np.ndarray, np.memmap}:
        return _reduced(value, digester)
    head = f"array {value.shape} {value.dtype.descr}"
    if value.dtype.hasobject:
        return joined(head, digester.digest(value.tolist()))
    if value.nbytes > MOST_BYTES:
        # Refused before it is copied.
        return digester.refuse(f"is larger than {MOST_BYTES // 1_000_000} MB")
    plain = np.ascontiguousarray(value).reshape(-1).view(np.uint8)
    return digester.digest_data(head, plain.data)
