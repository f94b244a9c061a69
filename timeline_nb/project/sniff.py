"""What a file is that is not a project, so that an error can say so."""

import json
from typing import Any, Final

__all__ = ["description_of"]

# Values of a larger JSON file, which is no project, are not built to describe it.
_MOST_READ_BYTES: Final = 5_000_000
# Signatures as libmagic has them: offset, bytes, what it is.
_SIGNATURES: Final = (
    (4, b"ftyp", "an MP4 or QuickTime file"),
    (0, b"\x1aE\xdf\xa3", "a Matroska or WebM file"),
    (8, b"AVI ", "an AVI file"),
    (8, b"WAVE", "a WAVE file"),
    (0, b"fLaC", "a FLAC file"),
    (0, b"OggS", "an Ogg file"),
    (0, b"ID3", "an MP3 file"),
    (0, b"\x89PNG", "a PNG picture"),
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"GIF8", "a GIF"),
    (0, b"PAR1", "a Parquet table"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"%PDF", "a PDF"),
    (0, b"WEBVTT", "a file of subtitles (WebVTT)"),
    (0, b"[Script Info]", "a file of subtitles (ASS)"),
    (0, b"<?xml", "an XML file"),
)
_MEDIA: Final = frozenset(what for _, _, what in _SIGNATURES[:10])


def description_of(data: bytes) -> str:
    """Return what a file's content is and how to open it; empty if that is not known.

    Args:
        data: All of the file, or its first few hundred bytes.
    """
    if not data:
        return "an empty file"
    for offset, mark, what in _SIGNATURES:
        if data[offset : offset + len(mark)] == mark:
            hint = ": open it with timeline_nb.open()" if what in _MEDIA else ""
            return what + hint
    if data[:1] in b"{[":
        return _of_json(data)
    return ""


def _of_json(data: bytes) -> str:
    if len(data) > _MOST_READ_BYTES:
        return ""
    try:
        document: Any = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(document, dict):
        return "a JSON file of a list"
    if "nbformat" in document:
        return "a Jupyter notebook"
    if "OTIO_SCHEMA" in document:
        return "an OpenTimelineIO file"
    return ""
