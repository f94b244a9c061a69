"""Which bytes of a file a request asks for: RFC 9110, sections 13 and 14."""

import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from typing import Final

__all__ = ["FileAnswer", "answer_to", "parse_range"]

# RFC 9110, 14.1.2; of a number, more digits than any file has bytes.
_RANGE: Final = re.compile(
    r"bytes\s*=\s*(?P<first>[0-9]{0,18})\s*-\s*(?P<last>[0-9]{0,18})\s*",
    re.IGNORECASE | re.ASCII,
)
_BEYOND: Final = re.compile(r"bytes\s*=\s*[0-9]{19,30}\s*-\s*[0-9]*\s*", re.IGNORECASE)


class UnsatisfiableError(ValueError):
    """A range lies outside the file."""


@dataclass(frozen=True)
class FileAnswer:
    """What is answered: a status, headers, and the first and last byte that is sent.

    `last` is below `first` where no byte is sent.
    """

    status: HTTPStatus
    headers: Mapping[str, str]
    first: int = 0
    last: int = -1


def parse_range(header: str, size: int) -> tuple[int, int] | None:
    """Return the first and last byte that a `Range` header asks for.

    Returns:
        None for the whole file: what is malformed, of another unit, or several ranges
        at once, is ignored. A server may do so, and no player asks for several.

    Raises:
        UnsatisfiableError: The range lies outside the file.
    """
    if _BEYOND.fullmatch(header):
        raise UnsatisfiableError
    match = _RANGE.fullmatch(header)
    if match is None or not (match["first"] or match["last"]):
        return None
    if not match["first"]:
        if int(match["last"]) == 0 or size == 0:
            raise UnsatisfiableError
        return max(0, size - int(match["last"])), size - 1
    first = int(match["first"])
    last = int(match["last"] or size - 1)
    if match["last"] and last < first:
        return None
    if first >= size:
        raise UnsatisfiableError
    return first, min(last, size - 1)


def answer_to(
    method: str, asked: Mapping[str, str], file: os.stat_result
) -> FileAnswer:
    """Return the answer to a request for a file.

    Args:
        method: `GET` or `HEAD`; ranges are of `GET` alone (RFC 9110, 14.2).
        asked: The request's headers.
        file: The facts of the file that is open.
    """
    size = file.st_size
    etag = f'"{file.st_mtime_ns:x}-{size:x}-{file.st_ino:x}"'
    modified_s = int(file.st_mtime)
    headers = {"Accept-Ranges": "bytes", "ETag": etag}
    modified = _date(modified_s)
    if modified:
        headers["Last-Modified"] = modified
    if not _is_as_asked(asked, etag, modified_s):
        headers["Content-Length"] = "0"
        return FileAnswer(HTTPStatus.PRECONDITION_FAILED, headers)
    if _is_known_already(asked, etag, modified_s):
        return FileAnswer(HTTPStatus.NOT_MODIFIED, headers)
    first, last, status = 0, size - 1, HTTPStatus.OK
    # 13.1.5: by a strong match or the very date, else the whole file is sent.
    if method == "GET" and asked.get("If-Range", etag) in {etag, modified or etag}:
        try:
            found = parse_range(asked.get("Range", ""), size)
        except UnsatisfiableError:
            headers |= {"Content-Range": f"bytes */{size}", "Content-Length": "0"}
            return FileAnswer(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers)
        if found is not None:
            first, last = found
            headers["Content-Range"] = f"bytes {first}-{last}/{size}"
            status = HTTPStatus.PARTIAL_CONTENT
    headers["Content-Length"] = str(last - first + 1)
    return FileAnswer(status, headers, first, last if method == "GET" else -1)


def _date(seconds: int) -> str:
    """Return a date as HTTP has it; empty for one to come, or that it cannot write.

    A server sends no date that is later than its own (8.8.2.1).
    """
    if seconds > time.time():
        return ""
    try:
        return formatdate(seconds, usegmt=True)
    except (ValueError, OverflowError, OSError):
        return ""


def _seconds_of(date: str | None) -> int | None:
    """Return the seconds since 1970 of a date in a header; None if it is none."""
    try:
        return None if date is None else int(parsedate_to_datetime(date).timestamp())
    except (ValueError, OverflowError):
        return None


def _is_as_asked(asked: Mapping[str, str], etag: str, modified_s: int) -> bool:
    """Return whether the file is the one that is asked for (13.2.2, steps 1 and 2)."""
    tags = asked.get("If-Match")
    if tags is not None:
        # By the strong comparison: a tag with `W/` is none (13.1.1).
        return not {etag, "*"}.isdisjoint(map(str.strip, tags.split(",")))
    since = _seconds_of(asked.get("If-Unmodified-Since"))
    return since is None or modified_s <= since


def _is_known_already(asked: Mapping[str, str], etag: str, modified_s: int) -> bool:
    """Return whether who asks has the file as it is (13.2.2, steps 3 and 4)."""
    tags = asked.get("If-None-Match")
    if tags is not None:
        # By the weak comparison (13.1.2).
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return not {etag, "*"}.isdisjoint(known)
    since = _seconds_of(asked.get("If-Modified-Since"))
    return since is not None and modified_s <= since
