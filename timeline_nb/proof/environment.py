"""What films are made with: this package's code, other packages, libraries, machine."""

import platform
import re
import sys
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from timeline_nb.media.libraries import library_versions

__all__ = ["code_facts", "library_facts", "machine_facts", "package_facts"]

# What computes pictures, sound and detections.
_PACKAGES: Final = (
    "av",
    "numpy",
    "scipy",
    "opencv-python",
    "opencv-python-headless",
    "pillow",
    "onnxruntime",
    "onnxruntime-gpu",
    "msgspec",
    "pysubs2",
    "fonttools",
    "wasmtime",
)
# Of processors, what numerical libraries choose their code by.
_FEATURES: Final = {"sse4_2", "avx2", "avx512f", "avx512vl", "asimd", "sve"}
_FEATURE_LINE: Final = re.compile(r"^(?:flags|Features)\s*:\s*(.*)$", re.MULTILINE)


@cache
def code_facts() -> dict[str, str]:
    """Return the version of this package, and the SHA-256 of its Python files."""
    folder = Path(__file__).parents[1]
    digest = sha256()
    for path in sorted(folder.rglob("*.py"), key=lambda p: p.relative_to(folder).parts):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return {"timeline_nb": version("timeline-nb"), "sha256": digest.hexdigest()}


def package_facts() -> dict[str, str]:
    """Return the versions of the packages that make pictures and sound."""
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def library_facts() -> dict[str, str]:
    """Return the versions of FFmpeg's libraries."""
    return library_versions()


def machine_facts() -> dict[str, str]:
    """Return Python, the system and the processor: none of them names the person."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "architecture": platform.machine(),
        "processor": " ".join(sorted(_features())),
    }


def _features() -> set[str]:
    if sys.platform != "linux":
        return set()
    try:
        found = _FEATURE_LINE.search(
            Path("/proc/cpuinfo").read_text("ascii", "replace")
        )
    except OSError:
        return set()
    return _FEATURES & set(found[1].split()) if found else set()
