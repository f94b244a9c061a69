"""The library of content credentials, loaded when it is used."""

import json
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

from timeline_nb.errors import CredentialError

__all__ = ["c2pa_library", "context_of", "media_type", "require_library"]

# What a film's or a still's suffix is, for those that can hold credentials.
_TYPES: Final = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".m4a": "audio/mp4",
    ".avi": "video/avi",
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".heif": "image/heif",
}


def c2pa_library() -> ModuleType:
    """Return the library.

    Raises:
        CredentialError: It is not installed.
    """
    require_library()
    import c2pa

    library: ModuleType = c2pa
    return library


def require_library() -> None:
    """Check that the library is installed, without loading it.

    Raises:
        CredentialError: It is not.
    """
    if find_spec("c2pa") is None:
        raise CredentialError(
            "content credentials need the package c2pa-python: "
            'pip install "timeline-nb[c2pa]"'
        )


def context_of(anchors: str = "") -> Any:
    """Return a context that asks nothing of any network.

    Args:
        anchors: Certificates of authorities that are trusted, as PEM.
    """
    settings: dict[str, Any] = {
        "verify": {
            "verify_trust": True,
            "remote_manifest_fetch": False,
            "ocsp_fetch": False,
        },
        "builder": {"thumbnail": {"enabled": False}},
    }
    if anchors:
        settings["trust"] = {"trust_anchors": anchors}
    return c2pa_library().Context.from_json(json.dumps(settings))


def media_type(suffix: str) -> str:
    """Return the media type of a suffix; empty if no credentials fit into it."""
    return _TYPES.get(suffix.lower(), "")
