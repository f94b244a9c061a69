"""The built front end: one JavaScript module a widget."""

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

__all__ = ["STATIC", "digest_of", "read_bundle"]

STATIC: Final = Path(__file__).parent / "static"


@cache
def read_bundle(name: str) -> bytes:
    """Return a bundle; empty if it was not built."""
    path = STATIC / f"{name}.js"
    return path.read_bytes() if path.exists() else b""


def digest_of(name: str) -> str:
    """Return the digest of a bundle.

    Raises:
        FileNotFoundError: It was not built.
    """
    bundle = read_bundle(name)
    if not bundle:
        raise FileNotFoundError(
            f"{STATIC / name}.js is missing: build the front end with 'make build'"
        )
    return blake2b(bundle, digest_size=8).hexdigest()
