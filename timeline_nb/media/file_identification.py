"""Identify unsupported files by their first bytes, for error messages."""

import io
import os
import re
from pathlib import Path
from typing import Final, NamedTuple

import av

from timeline_nb.access.use import open_file
from timeline_nb.errors import MediaError, UnsafeMediaError
from timeline_nb.i18n import Message

__all__ = ["no_media", "undecodable"]

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


def _playlist(format_name: str) -> Message:
    return Message("a playlist ({format})", format=format_name)


def _archive(format_name: str) -> Message:
    return Message("an archive ({format})", format=format_name)


_POINTING: Final = (
    (r"#EXTM3U", Message("an HLS or M3U playlist")),
    (r"ffconcat version", Message("a list of files to be joined (ffconcat)")),
    (r"v=0\s", Message("a session description (SDP)")),
    (r"\[playlist\]", _playlist("PLS")),
    (r"\[Reference\]", _playlist("ASX")),
    (r"<asx[\s>]", _playlist("ASX")),
    (r"<MPD[\s>]", Message("a DASH manifest")),
    (r"<smil[\s>]", _playlist("SMIL")),
    (r"<SmoothStreamingMedia", Message("a Smooth Streaming manifest")),
    (r"<playlist[\s>]", _playlist("XSPF")),
    (r"(RTSP|SMIL)text", Message("a reference movie")),
)
_PICTURE: Final = Message("save it as PNG or JPEG")
_UNPACK: Final = Message("unpack it first")
_CONVERT: Final = Message("convert it to MP4, Matroska, WAV or PNG")
# Bytes at the beginning, what they mean, and what to do.
_KNOWN: Final = (
    (b"\xff\x0a", Message("a JPEG XL picture, which nothing here decodes"), _PICTURE),
    (
        b"\0\0\0\x0cJXL ",
        Message("a JPEG XL picture, which nothing here decodes"),
        _PICTURE,
    ),
    (b"8BPS", Message("a Photoshop document"), _PICTURE),
    (b"gimp xcf", Message("a GIMP document"), _PICTURE),
    (b"FUJIFILMCCD-RAW", Message("a camera's raw picture"), _PICTURE),
    (b"%PDF-", Message("a PDF document"), Message("export its pages as pictures")),
    (b"PK\x03\x04", Message("a ZIP archive or an office document"), _UNPACK),
    (b"PK\x05\x06", Message("an empty ZIP archive"), ""),
    (b"\x1f\x8b", _archive("gzip"), _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", _archive("7z"), _UNPACK),
    (b"Rar!\x1a\x07", _archive("RAR"), _UNPACK),
    (b"BZh", _archive("bzip2"), _UNPACK),
    (b"\xfd7zXZ\0", _archive("xz"), _UNPACK),
    (b"\x28\xb5\x2f\xfd", _archive("Zstandard"), _UNPACK),
    (b"\x7fELF", Message("a program"), ""),
    (b"MZ", Message("a Windows program"), ""),
    (b"SQLite format 3\0", Message("an SQLite database"), ""),
    (
        b"MThd",
        Message("MIDI: notes, not sound"),
        Message("play it into a WAV file first"),
    ),
)
_WORDS: Final = (
    (r"(<!DOCTYPE svg[^>]*+>\s*+)?<svg[\s>]", Message("an SVG")),
    (r"(<!doctype html|<html)[\s>]", Message("a web page")),
    (r"\[Script Info\]|WEBVTT|\d+\s+\d+:\d\d:\d\d[,.]\d+ -->", Message("subtitles")),
)
_TO_DO: Final = {
    "an SVG": _PICTURE,
    "a web page": Message("download the media itself"),
    "subtitles": Message("an edit reads them, beside its media"),
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


class _Refusal(NamedTuple):
    """What a file is, and what to do about it.

    Args:
        what: As in "a PDF document"; empty if it is not known.
        to_do: A sentence's end, or empty.
        points: Whether it names other files or addresses.
    """

    what: str
    to_do: str
    points: bool = False


def no_media(path: Path, why: str) -> MediaError:
    """Return the error of a file that does not open, which says what the file is.

    Args:
        path: The file; nothing that it names is opened.
        why: What the decoder says; empty if that is nothing.
    """
    what, to_do, points = _refusal_of(path)
    if to_do:
        kind = UnsafeMediaError if points else MediaError
        return kind(
            Message("{path} is {what}: {to_do}", path=path, what=what, to_do=to_do)
        )
    if what:
        return MediaError(
            Message("{path} is {what}, not a media file", path=path, what=what)
        )
    if not why:
        return MediaError(
            Message("{path} is not a media file, or one of no known format", path=path)
        )
    return MediaError(
        Message(
            "{path} is not a media file, or one of no known format: {why}",
            path=path,
            why=why,
        )
    )


def _refusal_of(path: Path) -> _Refusal:
    """Identify a file; nothing that it names is opened."""
    try:
        with open_file(path) as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return _Refusal("", "")
    if not head:
        return _Refusal(Message("empty"), Message("it holds no bytes at all"))
    for magic, what, to_do in _KNOWN:
        if head.startswith(magic):
            return _Refusal(what, to_do)
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
        return MediaError(
            Message("{path} cannot be read: {why}", path=path, why=error.strerror)
        )
    for magic, what, to_do in _KNOWN:
        if data.startswith(magic):
            return MediaError(
                Message("{path} is {what}: {to_do}", path=path, what=what, to_do=to_do)
            )
    found = (letters or name for letters, name in _CODEC.findall(data))
    named = ", ".join(dict.fromkeys(name.decode("ascii", "replace") for name in found))
    if not named:
        return MediaError(Message("{path} holds neither pictures nor sound", path=path))
    return MediaError(
        Message(
            "{path} holds neither pictures nor sound that FFmpeg here decodes: its "
            "codecs are {codecs}",
            path=path,
            codecs=named,
        )
    )


def _told_by_words(words: str) -> _Refusal:
    words = _without_prologue(words)
    for pattern, what in _POINTING:
        if re.match(pattern, words, re.IGNORECASE | re.DOTALL):
            return _Refusal(what, Message("open the media it names"), points=True)
    for pattern, what in _WORDS:
        if re.match(pattern, words, re.IGNORECASE | re.DOTALL):
            return _Refusal(what, _TO_DO[what])
    return _Refusal(Message("a text file"), "")


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


def _as_ffmpeg_names_it(head: bytes) -> _Refusal:
    """Identify the first bytes by FFmpeg's demuxers, without opening the file."""
    known = ",".join(sorted(av.formats_available - _NOT_ASKED))
    options = {"format_whitelist": known, "protocol_whitelist": "none"}
    try:
        with av.open(io.BytesIO(head), options=options) as container:
            name = container.format.long_name or container.format.name
    except (av.error.FFmpegError, ValueError, OSError, OverflowError):
        return _Refusal("", "")
    return _Refusal(
        Message("{format} (FFmpeg's name), which is not let in", format=name), _CONVERT
    )
