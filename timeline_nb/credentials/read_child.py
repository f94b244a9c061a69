"""Read the content credentials of a file, in a process of its own.

The library parses binary files of strangers. Its arguments are the file's media type,
a file of trusted authorities, and its limits of bytes and seconds. It reads the file
that is its standard input, and writes what that states to the standard output.
"""

import json
import sys
from pathlib import Path
from typing import IO, Final

import msgspec

from timeline_nb.credentials.library import c2pa_library, context_of
from timeline_nb.credentials.stated import StatedCredentials, cut, stated_in
from timeline_nb.media.apart.limits import take_limits

__all__ = ["TOO_LARGE", "stated_by"]

# The exit code of a process that needs more memory than it may take.
TOO_LARGE: Final = 3
_ANSWER_BYTES: Final = 16 << 20
# What the library says of a manifest that only an address stands for.
_ELSEWHERE: Final = "must fetch remote manifests from url "
_STRANGE: Final = "unreadable: it is not as C2PA says"


def stated_by(file: IO[bytes], kind: str, anchors: str) -> StatedCredentials:
    """Return what a file states, read in this very process.

    Args:
        file: The file.
        kind: Its media type.
        anchors: Certificates of authorities that are trusted, as PEM.
    """
    c2pa = c2pa_library()
    try:
        reader = c2pa.Reader.try_create(kind, file, context=context_of(anchors))
        if reader is None:
            return StatedCredentials(state="none")
        with reader:
            text, state = reader.json(), str(reader.get_validation_state())
    except c2pa.C2paError as error:
        _, is_remote, address = str(error).partition(_ELSEWHERE)
        if is_remote:
            reason = f"elsewhere: they are kept at {cut(address)}; nothing is fetched"
            return StatedCredentials(state="none", reasons=(reason,))
        reason = f"unreadable: {cut(error)}"
        return StatedCredentials(state="invalid", reasons=(reason,))
    try:
        return stated_in(json.loads(text), state)
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError):
        return StatedCredentials(state="invalid", reasons=(_STRANGE,))


def _main() -> int:
    kind, anchors, memory, seconds = sys.argv[1:]
    trusted = Path(anchors).read_text("ascii")
    # Loaded before programs are refused: it looks for its library.
    c2pa_library()
    take_limits(int(memory), written_bytes=_ANSWER_BYTES, cpu_s=int(seconds))
    try:
        data = msgspec.json.encode(stated_by(sys.stdin.buffer, kind, trusted))
    except MemoryError:
        return TOO_LARGE
    sys.stdout.buffer.write(data)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
