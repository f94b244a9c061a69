"""Find traces of secrets in files, whatever form they have there."""

import base64
import json
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["leaks_in"]

# So many letters of a secret in a row count as a leak: a frame may cut or wrap it.
_WINDOW: Final = 8
_COLORS: Final = re.compile(rb"(?:\x1b|\\u001b|\\x1b)\[[0-9;]*m")
# What tracebacks draw around values that they wrap: blanks, bars, quotes, breaks.
_FRAMES: Final = re.compile(rb"(?:\\n|\\u[0-9a-f]{4}|[\s|\"',]|\xe2\x94.|\xe2\x95.)+")

# Eight letters or more: pieces of four may be digits alone, as any number is.
_HEXADECIMAL: Final = re.compile(rb"[0-9a-fA-F]{16,}")


def leaks_in(folder: Path, secrets: Mapping[str, str]) -> list[str]:
    """Return which secrets are in which files below a folder.

    Args:
        folder: The folder.
        secrets: Their texts by name; of random letters, so that no window is a word.
    """
    names = {word: name for name, text in secrets.items() for word in _words(text)}
    known = np.array(sorted(names), np.uint64)
    found = set()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for contents in _readings(path.read_bytes()):
            runs = _windows(contents)
            at = np.searchsorted(known, runs).clip(max=len(known) - 1)
            for word in np.unique(known[at[known[at] == runs]]).tolist():
                form = word.to_bytes(_WINDOW, "big")
                where = path.relative_to(folder)
                found.add(f"{where} holds {names[word]} as {form!r}")
    return sorted(found)


def _words(text: str) -> set[int]:
    return {w for form in _forms(text) for w in _windows(form).tolist()}


def _windows(contents: bytes) -> NDArray[np.uint64]:
    """Return all runs of eight bytes, each as a number."""
    many = max(len(contents) - _WINDOW + 1, 0)
    letters = np.frombuffer(contents, np.uint8).astype(np.uint64)
    found = np.zeros(many, np.uint64)
    for at in range(_WINDOW):
        found = (found << np.uint64(8)) | letters[at : at + many]
    return found


def _forms(text: str) -> Iterator[bytes]:
    """Yield a text as it is, reversed, in base64 and as JSON and addresses have it."""
    raw = text.encode()
    wholes = [raw, raw[::-1]]
    wholes += [json.dumps(text)[1:-1].encode(), urllib.parse.quote(text).encode()]
    # Base64 reads three bytes at a time, from any of three places.
    wholes += [base64.b64encode(raw[at:])[:-4] for at in range(3)]
    yield from wholes


def _readings(contents: bytes) -> Iterator[bytes]:
    plain = _COLORS.sub(b"", contents)
    for reading in (contents, plain, _FRAMES.sub(b"", plain)):
        yield reading
        # As UTF-16 has letters.
        yield reading.replace(b"\0", b"")
        yield _decoded(reading)


def _decoded(contents: bytes) -> bytes:
    """Return what runs of hexadecimal digits stand for, from either digit on."""
    runs = [
        run for found in _HEXADECIMAL.findall(contents) for run in (found, found[1:])
    ]
    return b"\n".join(bytes.fromhex(run[: len(run) // 2 * 2].decode()) for run in runs)
