"""Detection of the text encoding of subtitle files and other lists."""

import codecs
import io
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from timeline_nb.core.file_limits import (
    MAX_SUBTITLE_BYTES,
    FileLimit,
    read_limited,
)
from timeline_nb.errors import TimelineError

__all__ = ["Decoded", "decode_text", "read_text"]

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Encodings of subtitle files. Of 120 single rows in 19 languages chardet alone gets 103
# right, and 113 together with the plausibility of words.
_LIKELY: Final = (
    *(f"windows-125{number}" for number in range(8)),
    "iso-8859-2",
    "koi8-r",
    "koi8-u",
    "gb18030",
    "big5",
    "shift_jis",
    "cp932",
    "euc-jp",
    "euc-kr",
    "cp949",
)
# Supersets that Windows wrote under the same names.
_WIDER: Final = {"shift_jis": "cp932", "euc_kr": "cp949", "big5": "cp950"}
# Encodings that are rarer than neighbors with almost the same letters.
_RARER: Final = {"cp1250": 0.7, "cp1254": 0.6, "cp1257": 0.2, "iso8859-2": 0.7}
_GUESSED_BYTES: Final = 100_000
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Decoded:
    """The decoded text of a file.

    Args:
        text: All of it, without a byte order mark.
        encoding: Python's name of the encoding.
        note: A note for the user: that the encoding was guessed, or that letters were
            lost; else empty.
    """

    text: str
    encoding: str
    note: str = ""


def read_text(
    path: Path,
    *,
    encoding: str | None,
    is_utf8: bool = False,
    limit: FileLimit = MAX_SUBTITLE_BYTES,
) -> Decoded:
    """Return the text of a file.

    Args:
        path: The file.
        encoding: Its encoding; detected if None.
        is_utf8: Whether the format allows only UTF-8.
        limit: The most bytes that it may have.

    Raises:
        TimelineError: The file is missing, too large or not text, or the encoding is
            unknown.
    """
    data = read_limited(path, limit, TimelineError)
    return decode_text(data, path, encoding=encoding, is_utf8=is_utf8)


def decode_text(
    data: bytes,
    path: Path | str,
    *,
    encoding: str | None = None,
    is_utf8: bool = False,
) -> Decoded:
    """Return the text of a file's bytes.

    Args:
        data: All of the file.
        path: The file, for messages.
        encoding: Its encoding; detected if None.
        is_utf8: Whether the format allows only UTF-8.

    Raises:
        TimelineError: It is no text, or the encoding is unknown.
    """
    if encoding is not None:
        return _decoded(data, path, encoding)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], name)
    wide = _wide(data)
    if wide:
        return _lenient(data, wide)
    _insist_on_text(data, path)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        if is_utf8 or _is_damaged_utf8(data):
            return _lenient(data, "utf-8")
    return _guessed(data)


def _decoded(data: bytes, path: Path | str, encoding: str) -> Decoded:
    try:
        name = codecs.lookup(encoding).name
        mark = next((m for m, own in _MARKS if data.startswith(m) and own == name), b"")
        decoded = _lenient(data[len(mark) :], name)
    except (LookupError, TypeError, ValueError) as error:
        raise TimelineError(
            f"{path}: {encoding!r} is not a text encoding: give 'utf-8', 'cp1251', "
            "'gb18030', 'shift_jis' ..."
        ) from error
    return Decoded(decoded.text.removeprefix("\ufeff"), name, decoded.note)


def _lenient(data: bytes, encoding: str) -> Decoded:
    """Decode bytes, with a note if some of them are invalid."""
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        text = data.decode(encoding, errors="replace")
        note = (
            f"row {row}: it is not {encoding} there; {text.count(chr(0xFFFD))} letters "
            "are lost: give encoding= if it is another one"
        )
        return Decoded(text, encoding, note)


def _wide(data: bytes) -> str:
    """Return UTF-16 or UTF-32 without a mark, found by zero bytes; else empty."""
    head = data[: 4096 - 4096 % 4]
    zeros = [head[place::4].count(0) for place in range(4)]
    quarter = len(head) // 4
    if sum(zeros) < max(2, quarter // 2):
        return ""
    for name, sides in (("utf-32-le", zeros[2:]), ("utf-32-be", zeros[:2])):
        if min(sides) > 0.9 * quarter:
            return name
    odd, even = zeros[1] + zeros[3], zeros[0] + zeros[2]
    if max(odd, even) < 10 * min(odd, even):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _insist_on_text(data: bytes, path: Path | str) -> None:
    """Refuse binary files before an encoding is guessed."""
    controls = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b")
    stripped = data.translate(None, controls)
    if len(data) - len(stripped) > max(4, len(data) // 50):
        row = data[: next(n for n, c in enumerate(data) if c in controls)].count(b"\n")
        raise TimelineError(
            f"{path} is not text: row {row + 1} holds control characters"
        )


def _is_damaged_utf8(data: bytes) -> bool:
    """Return whether nearly all letters beyond ASCII are valid UTF-8."""
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    return bad * 20 <= len(text) - len(text.encode("ascii", "ignore"))


def _guessed(data: bytes) -> Decoded:
    import chardet

    sample = _sample(data)
    found = chardet.detect_all(sample, include_encodings=_LIKELY, ignore_threshold=True)
    likely = {
        codecs.lookup(str(own["encoding"] or "cp1252")).name: own["confidence"] or 0.0
        for own in found
    }
    names = sorted(likely, key=lambda name: -likely[name] * _sense(sample, name))
    for name in names:
        for own in (name, _WIDER.get(name, name)):
            try:
                return Decoded(data.decode(own), own, _guess(own))
            except UnicodeDecodeError:
                continue
    lossy = _lenient(data, _WIDER.get(names[0], names[0]) if names else "cp1252")
    return Decoded(
        lossy.text, lossy.encoding, f"{_guess(lossy.encoding)}; {lossy.note}"
    )


def _sample(data: bytes) -> bytes:
    """Return the first rows that are not ASCII: times and numbers say nothing."""
    rows: list[bytes] = []
    missing = _GUESSED_BYTES
    for row in io.BytesIO(data.replace(b"\r", b"\n")):
        if not row.isascii():
            rows.append(row[:missing])
            missing -= len(row)
        if missing <= 0:
            break
    return b"".join(rows)


def _sense(sample: bytes, encoding: str) -> float:
    """Return how plausible text is in an encoding, 0 to 1.

    A wrong one mixes letters of several scripts, or upper case within words.
    """
    words = [
        word
        for word in _WORD.findall(sample.decode(encoding, errors="replace")[:4000])
        if not word.isascii()
    ]
    odd = sum(_is_odd(word) for word in words)
    rare = _RARER.get(encoding, 1.0)
    return rare * (1 - odd / len(words)) ** 2 if words else 0.0


def _is_odd(word: str) -> bool:
    # Latin letters end at U+024F; Greek, Cyrillic, Hebrew and Arabic follow.
    latin = any(letter < "\u0250" for letter in word)
    other = any("\u0370" <= letter < "\u0700" for letter in word)
    return (latin and other) or any(
        a.islower() and b.isupper() for a, b in pairwise(word)
    )


def _guess(encoding: str) -> str:
    return f"it was read as {encoding}, which is guessed: give encoding= if it is wrong"
