"""Files that other programs wrote, for readers.

OpenTimelineIO and its adapters come with them in their sources, which `make
.venv/samples` fetches from the package index by the hashes of `.ci/samples.txt`.
"""

import tarfile
from functools import cache
from pathlib import Path
from typing import Final

import pytest

__all__ = ["sample_files"]

_SOURCES: Final = Path(__file__).parents[1] / ".venv" / "samples"
_MOST_BYTES: Final = 200_000


@cache
def sample_files(suffix: str, most_bytes: int = _MOST_BYTES) -> dict[str, bytes]:
    """Return what the sample files of a suffix hold, by their names.

    Args:
        suffix: As ".edl".
        most_bytes: What is larger is left out.
    """
    archives = sorted(_SOURCES.glob("*.tar.gz"))
    if not archives:
        pytest.skip("needs `make .venv/samples`")
    found = {}
    for path in archives:
        with tarfile.open(path) as archive:
            for member in archive:
                parts = Path(member.name).parts
                is_sample = "sample_data" in parts and parts[-1].endswith(suffix)
                if is_sample and member.size <= most_bytes:
                    file = archive.extractfile(member)
                    assert file is not None
                    found[f"{parts[0]}/{parts[-1]}"] = file.read()
    return found
