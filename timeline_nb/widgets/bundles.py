"""The built front end: one JavaScript module a widget, and what it loads later."""

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

__all__ = ["STATIC", "digest_of", "later_than", "read_bundle"]

STATIC: Final = Path(__file__).parent / "static"


@cache
def read_bundle(name: str) -> bytes:
    """Return a bundle; empty if it was not built."""
    path = STATIC / f"{name}.js"
    return path.read_bytes() if path.exists() else b""


def later_than(name: str) -> str:
    """Return the name of the bundle that a widget's program loads once it is open."""
    return f"{name}Later"


def digest_of(name: str) -> str:
    """Return the digest of a bundle, with the one that it loads later.

    Raises:
        FileNotFoundError: It was not built.
    """
    bundle = read_bundle(name)
    if not bundle:
        raise FileNotFoundError(
            f"{STATIC / name}.js is missing: build the front end with 'make build'"
        )
    # Both are read now: of one build, whatever is installed meanwhile.
    return blake2b(bundle + read_bundle(later_than(name)), digest_size=8).hexdigest()
