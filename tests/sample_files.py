"""Files that other programs wrote, for readers: see `tests/samples/README.md`.

The variable `TIMELINE_NB_OTIO_SAMPLES` names a folder with more of them.
"""

import os
import zipfile
from pathlib import Path
from typing import Final

__all__ = ["sample_files"]

_ARCHIVE: Final = Path(__file__).parent / "samples" / "opentimelineio.zip"
_MORE: Final = os.environ.get("TIMELINE_NB_OTIO_SAMPLES", "")


def sample_files(suffix: str) -> dict[str, bytes]:
    """Return what the files of a suffix hold, by their names."""
    found = {}
    with zipfile.ZipFile(_ARCHIVE) as archive:
        for name in archive.namelist():
            if name.endswith(suffix):
                found[name] = archive.read(name)
    for path in sorted(Path(_MORE).rglob(f"*{suffix}")) if _MORE else ():
        found[str(path)] = path.read_bytes()
    return found
