"""Identify unsupported files by their first bytes, for error messages."""

import io
import os
import re
from pathlib import Path
from typing import Final, NamedTuple

import av

from timeline_nb.access.use import open_file
from timeline_nb.errors import MediaError

__all__ = ["Refusal", "refusal_of", "undecodable"]

_HEAD_BYTES: Final = 1 << 16
# Bytes at either end of a file in which headers are.
_HEADER_BYTES: Final = 1 << 20
# A sample entry's four letters (ISO/IEC 14496-12, 8.5.2), and Matroska's CodecID
# (RFC 9559, 5.1.4.1.21): PyAV names no codec that FFmpeg does not decode.
_CODEC: Final = re.compile(
    rb"stsd.{12}(\w{4})|\x86[\x80-\xff]([VA]_[\w/.]+)", re.DOTALL
)
# Formats that name other files or addresses; they are recognized as text, since
# opening one would follow it.
_POINTING: Final = (
    (r"#EXTM3U", "an HLS or M3U playlist"),
    (r"ffconcat version", "a list of files to be joined (ffconcat)"),
    (r"v=0\s", "a session description (SDP)"),
    (r"\[playlist\]", "a playlist (PLS)"),
    (r"\[Reference\]", "a playlist (ASX)"),
    (r"<asx[\s>]", "a playlist (ASX)"),
    (r"<MPD[\s>]", "a DASH manifest"),
    (r"<smil[\s>]", "a playlist (SMIL)"),
    (r"<SmoothStreamingMedia", "a Smooth Streaming manifest"),
    (r"<playlist[\s>]", "a playlist (XSPF)"),
    (r"(RTSP|SMIL)text", "a reference movie"),
)
_PICTURE: Final = "save it as PNG or JPEG"
_UNPACK: Final = "unpack it first"
_CONVERT: Final = "convert it to MP4, Matroska, WAV or PNG"
# Bytes at the beginning, what they mean, and what to do.
_KNOWN: Final = (
    (b"\xff\x0a", "a JPEG XL picture, which nothing here decodes", _PICTURE),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture, which nothing here decodes", _PICTURE),
    (b"8BPS", "a Photoshop document", _PICTURE),
    (b"gimp xcf", "a GIMP document", _PICTURE),
    (b"FUJIFILMCCD-RAW", "a camera's raw picture", _PICTURE),
    (b"%PDF-", "a PDF document", "export its pages as pictures"),
    (b"PK\x03\x04", "a ZIP archive or an office document", _UNPACK),
    (b"PK\x05\x06", "an empty ZIP archive", ""),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ\0", "an xz archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
    (b"\x7fELF", "a program", ""),
    (b"MZ", "a Windows program", ""),
    (b"SQLite format 3\0", "an SQLite database", ""),
    (b"MThd", "MIDI: notes, not sound", "play it into a WAV file first"),
)
_WORDS: Final = (
    (r"(<!DOCTYPE svg[^>]*+>\s*+)?<svg[\s>]", "an SVG"),
    (r"(<!doctype html|<html)[\s>]", "a web page"),
    (r"\[Script Info\]|WEBVTT|\d+\s+\d+:\d\d:\d\d[,.]\d+ -->", "subtitles"),
)
_TO_DO: Final = {
    "an SVG": _PICTURE,
    "a web page": "download the media itself",
    "subtitles": "an edit reads them, beside its media",
}
# Demuxers that follow references, or take any bytes for their own.
_NOT_ASKED: Final = {
    "applehttp",
    "bin",
    "concat",
    "dash",
    "data",
    "hls",
    "image2",
    "imf",
    "rawvideo",
    "rtp",
    "rtsp",
    "sap",
    "sdp",
    "vapoursynth",
    "vobsub",
    "webm_dash_manifest",
}


class Refusal(NamedTuple):
    """What a file is, and what to do about it.

    Args:
        what: As in "a PDF document"; empty if it is not known.
        to_do: A sentence's end, or empty.
        points: Whether it names other files or addresses.
    """

    what: str
    to_do: str
    points: bool = False


def refusal_of(path: Path) -> Refusal:
    """Identify a file; nothing that it names is opened."""
    try:
        with open_file(path) as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return Refusal("", "")
    if not head:
        return Refusal("empty", "it holds no bytes at all")
    for magic, what, to_do in _KNOWN:
        if head.startswith(magic):
            return Refusal(what, to_do)
    words = _text_of(head)
    return _told_by_words(words) if words else _as_ffmpeg_names_it(head)


def undecodable(path: Path) -> MediaError:
    """Return the error for a file that opens, but of which nothing decodes."""
    try:
        with open_file(path) as file:
            data = file.read(_HEADER_BYTES)
            file.seek(max(len(data), os.fstat(file.fileno()).st_size - _HEADER_BYTES))
            data += file.read(_HEADER_BYTES)
    except OSError as error:
        return MediaError(f"{path} cannot be read: {error.strerror}")
    for magic, what, to_do in _KNOWN:
        if data.startswith(magic):
            return MediaError(f"{path} is {what}: {to_do}")
    found = (letters or name for letters, name in _CODEC.findall(data))
    named = ", ".join(dict.fromkeys(name.decode("ascii", "replace") for name in found))
    why = f" that FFmpeg here decodes: its codecs are {named}" if named else ""
    return MediaError(f"{path} holds neither pictures nor sound{why}")


def _told_by_words(words: str) -> Refusal:
    words = _without_prologue(words)
    for pattern, what in _POINTING:
        if re.match(pattern, words, re.IGNORECASE | re.DOTALL):
            return Refusal(what, "open the media it names", points=True)
    for pattern, what in _WORDS:
        if re.match(pattern, words, re.IGNORECASE | re.DOTALL):
            return Refusal(what, _TO_DO[what])
    return Refusal("a text file", "")


def _without_prologue(words: str) -> str:
    """Return the text after an XML declaration and comments, by one pass over it."""
    for opening, closing in (("<?xml", ">"), ("<!--", "-->")):
        while words[: len(opening)].lower() == opening:
            _, found, rest = words.partition(closing)
            if not found:
                break
            words = rest.lstrip()
    return words


def _text_of(head: bytes) -> str:
    """Return the first bytes as text, left-stripped; empty if they are binary."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "ignore").lstrip()
    if b"\0" in head:
        return ""
    try:
        # A letter of several bytes may be cut in two at the end.
        text = head[: -3 if len(head) == _HEAD_BYTES else None].decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return text.lstrip() if text.isprintable() or "\n" in text else ""


def _as_ffmpeg_names_it(head: bytes) -> Refusal:
    """Identify the first bytes by FFmpeg's demuxers, without opening the file."""
    known = ",".join(sorted(av.formats_available - _NOT_ASKED))
    options = {"format_whitelist": known, "protocol_whitelist": "none"}
    try:
        with av.open(io.BytesIO(head), options=options) as container:
            name = container.format.long_name or container.format.name
    except (av.error.FFmpegError, ValueError, OSError, OverflowError):
        return Refusal("", "")
    return Refusal(f"{name} (FFmpeg's name), which is not let in", _CONVERT)
