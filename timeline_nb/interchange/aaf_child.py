"""Convert between AAF and `.otio` by OpenTimelineIO's adapter, in a process of its own.

The library can crash, and AAF are binary files of strangers, so the kernel imports
neither. `python -m timeline_nb.interchange.aaf_child read` reads an AAF from the
standard input and writes `.otio` to the standard output; `write` does the reverse.
"""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

_ADAPTER = "AAF"


def main() -> int:
    """Convert, and return the exit code."""
    direction = sys.argv[1]
    # What the adapter prints must not come between.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    library: Any = import_module("opentimelineio")
    given = sys.stdin.buffer.read()
    file = Path("edit.aaf")
    try:
        if direction == "read":
            file.write_bytes(given)
            made = library.adapters.read_from_file(str(file), adapter_name=_ADAPTER)
            _forget_metadata(made)
            answer = library.adapters.write_to_string(made, "otio_json").encode()
        else:
            edit = library.adapters.read_from_string(given.decode(), "otio_json")
            number, _, divisor = sys.argv[2].partition("/")
            _count_frames(library, edit, int(number) / int(divisor or 1))
            library.adapters.write_to_file(
                edit, str(file), adapter_name=_ADAPTER, use_empty_mob_ids=True
            )
            answer = file.read_bytes()
    except Exception as error:  # noqa: BLE001 - the adapter raises anything
        sys.stderr.write(f"\n{type(error).__name__}: {str(error)[:400]}\n")
        return 1
    out.write(answer)
    out.close()
    return 0


def _count_frames(library: Any, edit: Any, rate: float) -> None:
    """Count all times in frames of one rate, as the adapter wants them."""

    def counted(span: Any) -> Any:
        start, length = (
            library.opentime.RationalTime(round(one.to_seconds() * rate), rate)
            for one in (span.start_time, span.duration)
        )
        return library.opentime.TimeRange(start, length)

    for item in edit.find_children():
        if getattr(item, "source_range", None) is not None:
            item.source_range = counted(item.source_range)
        reference = getattr(item, "media_reference", None)
        if reference is None:
            continue
        span = reference.available_range or item.source_range
        reference.available_range = counted(span)


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
        tracks = getattr(one, "tracks", None)
        if tracks is not None:
            left.append(tracks)
        if hasattr(one, "children"):
            children = one.children
            left += list(children() if callable(children) else children)
        elif type(one).__name__ == "SerializableCollection":
            left += list(one)


if __name__ == "__main__":
    sys.exit(main())
