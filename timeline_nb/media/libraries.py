"""The libraries of FFmpeg that decode, scale and encode, by version."""

import av

__all__ = ["library_versions"]


def library_versions() -> dict[str, str]:
    """Return the versions of FFmpeg's libraries: `{"libavcodec": "62.28.102"}`."""
    return {
        name: ".".join(map(str, numbers))
        for name, numbers in av.library_versions.items()
    }
