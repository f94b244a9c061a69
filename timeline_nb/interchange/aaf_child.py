"""Read AAF by pyaaf2 or OpenTimelineIO's adapter and write it, in an own process.

The library can crash, and AAF are binary files of strangers, so the kernel imports
neither. `python -m timeline_nb.interchange.aaf_child read` reads an AAF from the
standard input and writes `.otio` to the standard output; `write` reads the cuts of an
edit as JSON and writes AAF.
"""

import json
import os
import sys
from collections.abc import Iterable
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from timeline_nb.interchange.aaf_cuts import Cuts
from timeline_nb.interchange.aaf_file import EditFile

_ADAPTER = "AAF"


def main() -> int:
    """Convert, and return the exit code."""
    direction = sys.argv[1]
    # What the adapter prints must not come between.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    given = sys.stdin.buffer.read()
    file = Path("edit.aaf")
    try:
        answer = _read(given, file) if direction == "read" else _written(given, file)
    except Exception as error:  # noqa: BLE001 - the adapter raises anything
        sys.stderr.write(f"\n{type(error).__name__}: {str(error)[:400]}\n")
        return 1
    out.write(answer)
    out.close()
    return 0


def _read(given: bytes, file: Path) -> bytes:
    """Return the `.otio` of an AAF."""
    file.write_bytes(given)
    document = _cuts(file)
    if document is not None:
        return json.dumps(document).encode()
    library: Any = import_module("opentimelineio")
    made = library.adapters.read_from_file(str(file), adapter_name=_ADAPTER)
    _forget_metadata(made)
    answer: str = library.adapters.write_to_string(made, "otio_json")
    return answer.encode()


def _cuts(file: Path) -> dict[str, Any] | None:
    """Return the edit of a file that has clips and gaps alone; else None."""
    library = _pyaaf2()
    try:
        with library.open(str(file), "r") as opened:
            return Cuts(library, opened).document()
    except Exception:  # noqa: BLE001 - what is broken the adapter reads or refuses
        return None


def _pyaaf2() -> Any:
    for part in ("components", "mobid", "mobs", "mobslots", "rational"):
        import_module(f"aaf2.{part}")
    return import_module("aaf2")


def _written(given: bytes, file: Path) -> bytes:
    """Return the AAF of an edit, which says what it was to say."""
    edit: dict[str, Any] = json.loads(given)
    writer = EditFile(_pyaaf2(), edit, sha256(given).hexdigest())
    writer.write(str(file))
    wanted = [
        [[length, -1 if medium < 0 else first] for medium, _, length, first in items]
        for items in (track["items"] for track in edit["tracks"])
    ]
    if writer.rows(str(file)) != wanted:
        raise ValueError("the file says other cuts than it was to say")
    return file.read_bytes()


def _forget_metadata(made: Any) -> None:
    """Leave out what the adapter knows of the AAF, which is most of it."""
    left = [made]
    while left:
        one = left.pop()
        for part in (one, *getattr(one, "effects", ()), *getattr(one, "markers", ())):
            part.metadata.clear()
        references = getattr(one, "media_references", None)
        for reference in references().values() if references else ():
            if reference is not None:
                reference.metadata.clear()
        if hasattr(one, "tracks"):
            left.append(one.tracks)
        elif isinstance(one, Iterable):
            left += list(one)


if __name__ == "__main__":
    sys.exit(main())
